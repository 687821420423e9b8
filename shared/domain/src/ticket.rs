//! One incident in the agencies' hands. Holds no personal data.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clocks::Due;
use crate::decision::Decision;
use crate::ids::{AgencyCode, PostKey, TicketId};

/// A ticket as it stands after its latest event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number.
    pub id: TicketId,
    /// Sequence number of its latest event; every change is conditional on it.
    pub version: u32,
    /// Where it is in its life.
    pub status: Status,
    /// The pack it belongs to.
    pub pack: String,
    /// First post of the report that opened it.
    pub origin: PostKey,
    /// What is currently decided about it.
    pub decision: Decision,
    /// In whose hands it is: an agency with a queue, or a desk.
    pub holder: AgencyCode,
    /// The SLA policy that counts for it, pinned when it was opened.
    pub policy_version: String,
    /// When the citizen's clock began.
    pub opened_at: Timestamp,
    /// How many posts speak of it.
    pub voices: u32,
    /// The next step of its clocks; `None` when all have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

/// Where a ticket is in its life. Every state is entered by a named action or event (see [`crate::lifecycle`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// With the triage desk: unsure, or nobody with a queue is responsible.
    Triage,
    /// In an agency's queue.
    Assigned,
    /// The agency said that it is theirs.
    Accepted,
    /// No voice is left.
    Withdrawn,
}

impl Status {
    /// Whether somebody still has to act.
    pub fn is_open(self) -> bool {
        match self {
            Self::Triage | Self::Assigned | Self::Accepted => true,
            Self::Withdrawn => false,
        }
    }
}
