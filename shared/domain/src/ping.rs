//! The handshake before an agency's first day: a message that it has to acknowledge through the API, which shows that
//! its queue, its role and its calls work.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AgencyCode, PingId};

/// The last ping of an agency, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {
    /// Its id, a new one for each ping.
    pub id: PingId,
    /// Who has to acknowledge it.
    pub agency: AgencyCode,
    /// When it was sent (UTC).
    pub sent_at: Timestamp,
    /// When it was acknowledged first (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
}

impl Ping {
    /// A new ping; its id follows from the time, to the millisecond.
    pub fn new(agency: AgencyCode, now: Timestamp) -> Result<Self, crate::ids::InvalidId> {
        let id = format!("ping-{}", now.as_millisecond()).parse()?;
        Ok(Self { id, agency, sent_at: now, acknowledged_at: None })
    }

    /// The ping once it is acknowledged; the first time counts.
    pub fn acknowledged(self, now: Timestamp) -> Self {
        Self { acknowledged_at: self.acknowledged_at.or(Some(now)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_acknowledgement_counts() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ping = Ping::new("DINKES".parse().unwrap(), at(1_795_500_000)).unwrap();
        assert_eq!(ping.id.as_str(), "ping-1795500000000");
        let twice = ping.acknowledged(at(1_795_500_001)).acknowledged(at(1_795_500_002));
        assert_eq!(twice.acknowledged_at, Some(at(1_795_500_001)));
    }

    #[test]
    fn an_id_is_short_and_plain() {
        for text in ["", "Ping-1", "ping/1", &"a".repeat(65)] {
            assert!(text.parse::<PingId>().is_err(), "{text}");
        }
    }
}
