//! One fact in a ticket's life. The ticket's events are its audit trail, its outbox and its history at once.
//! Holds no personal data: posts are named by key.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clocks::{Clock, Step};
use crate::decision::Decision;
use crate::ids::{AgencyCode, EventId, InvalidId, PostKey, TicketId};

/// A fact, who made it, and who still has to hear of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The ticket.
    pub ticket: TicketId,
    /// Its place in the ticket's life, from 1 without holes.
    pub seq: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub body: EventBody,
    /// Who still has to be told. Delivery removes them one by one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub undelivered: BTreeSet<Destination>,
}

impl Event {
    /// Identity of the event everywhere.
    pub fn id(&self) -> EventId {
        EventId { ticket: self.ticket.clone(), seq: self.seq }
    }
}

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A citizen, by the post named in the event.
    Citizen,
    /// An agency or desk.
    Agency(AgencyCode),
    /// The clock.
    Clock,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    /// The ticket was opened and handed to its first holder.
    Opened {
        /// What was decided, with its reasons.
        decision: Box<Decision>,
    },
    /// Another post spoke of the same incident.
    VoiceAdded {
        /// The post.
        post: PostKey,
    },
    /// A citizen wrote in the thread.
    CitizenReplied {
        /// The post.
        post: PostKey,
    },
    /// A voice's text was changed by its author; the decision was made again.
    Edited {
        /// First post of the edited report.
        post: PostKey,
        /// Which edit, from 1.
        edit: u32,
        /// What is decided now.
        decision: Box<Decision>,
    },
    /// Moved to another holder.
    Reassigned {
        /// Who had it.
        from: AgencyCode,
        /// Who has it now.
        to: AgencyCode,
    },
    /// A voice's post was deleted, and its row here with it.
    VoiceWithdrawn {
        /// First post of the report.
        post: PostKey,
    },
    /// No voice is left: the ticket is withdrawn.
    Withdrawn,
    /// The ticket was joined into another one of the same incident.
    Joined {
        /// The ticket that has its voices now.
        into: TicketId,
    },
    /// Another ticket of the same incident was joined into this one.
    TicketJoined {
        /// The other ticket.
        ticket: TicketId,
        /// The post that had opened it.
        post: PostKey,
    },
    /// The holder said that it is theirs.
    Accepted,
    /// A clock reached a step.
    ClockStep {
        /// Which clock.
        clock: Clock,
        /// Which step of it.
        step: Step,
        /// When that step was due.
        due_at: Timestamp,
    },
}

impl EventBody {
    /// Name of what happened, as it stands in the event's row.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::VoiceAdded { .. } => "voice_added",
            Self::CitizenReplied { .. } => "citizen_replied",
            Self::Edited { .. } => "edited",
            Self::Reassigned { .. } => "reassigned",
            Self::VoiceWithdrawn { .. } => "voice_withdrawn",
            Self::Withdrawn => "withdrawn",
            Self::Joined { .. } => "joined",
            Self::TicketJoined { .. } => "ticket_joined",
            Self::Accepted => "accepted",
            Self::ClockStep { .. } => "clock_step",
        }
    }

    /// The post that the event is about, by the first post of its report.
    pub fn post(&self) -> Option<&PostKey> {
        match self {
            Self::VoiceAdded { post }
            | Self::CitizenReplied { post }
            | Self::Edited { post, .. }
            | Self::VoiceWithdrawn { post }
            | Self::TicketJoined { post, .. } => Some(post),
            Self::Opened { .. }
            | Self::Reassigned { .. }
            | Self::Withdrawn
            | Self::Joined { .. }
            | Self::Accepted
            | Self::ClockStep { .. } => None,
        }
    }
}

/// Who has to be told of an event. Written `skpd:PEMKAB3316`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Destination {
    /// An agency or desk, by its own queue.
    Agency(AgencyCode),
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agency(code) => write!(f, "skpd:{code}"),
        }
    }
}

impl FromStr for Destination {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.strip_prefix("skpd:").unwrap_or("").parse().map(Self::Agency)
    }
}

impl TryFrom<String> for Destination {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<Destination> for String {
    fn from(destination: Destination) -> String {
        destination.to_string()
    }
}
