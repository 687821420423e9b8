//! What an agency finds in its queue: messages about tickets, and the ping of the handshake.

use serde::Deserialize;

use crate::agency::AgencyMessage;
use crate::ping::PingMessage;

/// A message of an agency's queue; its `type` tells which.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum InQueue {
    /// About a ticket.
    Ticket(Box<AgencyMessage>),
    /// Please acknowledge.
    Ping(PingMessage),
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kemala_domain::Ping;

    use super::*;

    #[test]
    fn a_ping_is_told_from_tickets_and_anything_else_is_refused() {
        let ping = Ping::new("DINKES".parse().unwrap(), Timestamp::UNIX_EPOCH).unwrap();
        let json = PingMessage::new(&ping, "jateng").to_json().unwrap();
        assert!(matches!(serde_json::from_str(&json).unwrap(), InQueue::Ping(read) if read.id == ping.id));
        let newer = json.replace("ping.v1", "ticket.assigned.v9");
        assert!(serde_json::from_str::<InQueue>(&newer).is_err());
    }
}
