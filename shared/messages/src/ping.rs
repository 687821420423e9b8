//! The handshake on an agency's queue: a CloudEvent that asks for nothing but an acknowledgement through the API
//! (`POST /agencies/{code}/pings/{ping}`).

use jiff::Timestamp;
use kemala_domain::{AgencyCode, Ping, PingId};
use serde::{Deserialize, Serialize};

use crate::json;

/// A ping in an agency's queue (CloudEvents 1.0, structured mode).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PingMessage {
    /// Always `1.0`.
    pub specversion: String,
    /// The ping's id; acknowledge it under this id. The same in every repeat.
    pub id: PingId,
    /// Who sends: `urn:kemala:<pack>`.
    pub source: String,
    /// Always `id.kemala.ping.v1`.
    #[serde(rename = "type")]
    pub message_type: PingType,
    /// Who has to acknowledge it: the agency's code.
    pub subject: AgencyCode,
    /// When it was sent.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub time: Timestamp,
}

/// The one type of a ping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PingType {
    /// Please acknowledge.
    #[serde(rename = "id.kemala.ping.v1")]
    Ping,
}

impl PingMessage {
    /// The message of a ping, from a pack.
    pub fn new(ping: &Ping, pack: &str) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id: ping.id.clone(),
            source: format!("urn:kemala:{pack}"),
            message_type: PingType::Ping,
            subject: ping.agency.clone(),
            time: ping.sent_at,
        }
    }

    /// Writes the message as the queue carries it.
    ///
    /// # Errors
    /// None in practice: see [`serde_json::to_string`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        json::for_sqs(self)
    }

    /// Identity of the message for its agency's FIFO queue.
    pub fn deduplication_id(&self) -> String {
        format!("{}/{}", self.id, self.subject)
    }

    /// Group in the FIFO queue: no ticket's message waits for a ping.
    pub fn group_id(&self) -> &str {
        "ping"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ping_is_a_cloud_event() {
        let ping = Ping::new("DINKES".parse().unwrap(), Timestamp::from_second(1_795_500_000).unwrap()).unwrap();
        let message = PingMessage::new(&ping, "jateng");
        let json = message.to_json().unwrap();
        insta::assert_snapshot!(json, @r#"{"specversion":"1.0","id":"ping-1795500000000","source":"urn:kemala:jateng","type":"id.kemala.ping.v1","subject":"DINKES","time":"2026-11-24T06:00:00Z"}"#);
        assert_eq!(serde_json::from_str::<PingMessage>(&json).unwrap(), message);
        assert_eq!(message.deduplication_id(), "ping-1795500000000/DINKES");
        let other = json.replace("id.kemala.ping.v1", "id.kemala.ping.v2");
        assert!(serde_json::from_str::<PingMessage>(&other).is_err());
    }
}
