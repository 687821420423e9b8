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
use crate::ladder::Target;

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
    /// The holder said that work has begun.
    Started,
    /// The holder asks the citizen something. Texts of agencies are masked before they come here.
    CitizenAsked {
        /// The question, as it is posted.
        text: String,
    },
    /// The holder answers the citizen.
    Responded {
        /// The answer, as it is posted.
        text: String,
    },
    /// The holder says that the matter is settled.
    Resolved {
        /// What was done, as it is posted.
        text: String,
        /// A link to a photo that shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        photo: Option<String>,
    },
    /// The photo of a resolution had been shown for another ticket.
    PhotoReused {
        /// The other ticket.
        ticket: TicketId,
    },
    /// The holder said that it is not theirs; [`EventBody::Reassigned`] follows.
    Refused {
        /// Why.
        reason: String,
        /// Whose it is, by what they say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        named: Option<AgencyCode>,
    },
    /// The holder notes something for whoever looks at the ticket.
    Noted {
        /// The note.
        text: String,
    },
    /// A desk said that nobody can act on it.
    Rejected {
        /// Why, as it is posted.
        reason: String,
    },
    /// A desk took a joined ticket out of the one that had its voices; told of both.
    Unjoined {
        /// The other of the two tickets.
        ticket: TicketId,
    },
    /// A desk decided otherwise than the classifier.
    Corrected {
        /// What is decided now.
        decision: Box<Decision>,
    },
    /// The citizen said that the matter is settled.
    Confirmed {
        /// The post that says so.
        post: PostKey,
    },
    /// The citizen said that the matter is not settled.
    Reopened {
        /// The post that says so; `None` where a desk did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        post: Option<PostKey>,
    },
    /// A citizen asked that their report be deleted.
    WithdrawalAsked {
        /// The post that asks.
        post: PostKey,
    },
    /// A citizen wants no more posts about this.
    Stopped {
        /// The post that says so.
        post: PostKey,
    },
    /// A citizen asked how things stand.
    StatusAsked {
        /// The post that asks.
        post: PostKey,
    },
    /// The citizen said where it is; the decision was made again.
    Placed {
        /// The post that says so.
        post: PostKey,
        /// What is decided now.
        decision: Box<Decision>,
    },
    /// The place was asked for and not given in time.
    PlaceOverdue,
    /// The agency's question was not answered in time.
    AnswerOverdue,
    /// The time to object to a resolution has passed.
    Closed {
        /// Whether the citizen had been told of the resolution, and was silent; else nobody could be told.
        told: bool,
    },
    /// A post of ours was confirmed by the platform.
    ReplySent {
        /// What it says.
        kind: ReplyKind,
        /// The post that it answers.
        to: PostKey,
        /// Our post; `None` where the platform has it and does not show it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        post: Option<PostKey>,
    },
    /// A post of ours was not made.
    ReplyFailed {
        /// What it was to say.
        kind: ReplyKind,
        /// The post that it was to answer.
        to: PostKey,
        /// Why.
        why: ReplyFailure,
    },
    /// A clock reached a rung of its ladder.
    ClockStep {
        /// Which clock.
        clock: Clock,
        /// Whether its deadline had passed.
        step: Step,
        /// Which rung.
        rung: String,
        /// When that was due.
        due_at: Timestamp,
        /// Who is told.
        told: BTreeSet<Target>,
        /// Who should be, and has no address in the pack.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        unreached: BTreeSet<Target>,
    },
    /// The holder has acknowledged nothing for long, of all that it has.
    AgencySilent {
        /// Since when it was not heard; `None` where it never was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        /// How many tickets wait for it.
        waiting: u32,
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
            Self::Started => "started",
            Self::CitizenAsked { .. } => "citizen_asked",
            Self::Responded { .. } => "responded",
            Self::Resolved { .. } => "resolved",
            Self::PhotoReused { .. } => "photo_reused",
            Self::Refused { .. } => "refused",
            Self::Noted { .. } => "noted",
            Self::Rejected { .. } => "rejected",
            Self::Unjoined { .. } => "unjoined",
            Self::Corrected { .. } => "corrected",
            Self::Confirmed { .. } => "confirmed",
            Self::Reopened { .. } => "reopened",
            Self::WithdrawalAsked { .. } => "withdrawal_asked",
            Self::Stopped { .. } => "stopped",
            Self::StatusAsked { .. } => "status_asked",
            Self::Placed { .. } => "placed",
            Self::PlaceOverdue => "place_overdue",
            Self::AnswerOverdue => "answer_overdue",
            Self::Closed { .. } => "closed",
            Self::ReplySent { .. } => "reply_sent",
            Self::ReplyFailed { .. } => "reply_failed",
            Self::ClockStep { .. } => "clock_step",
            Self::AgencySilent { .. } => "agency_silent",
        }
    }

    /// The post that the event is about, by the first post of its report.
    pub fn post(&self) -> Option<&PostKey> {
        match self {
            Self::VoiceAdded { post }
            | Self::CitizenReplied { post }
            | Self::Edited { post, .. }
            | Self::VoiceWithdrawn { post }
            | Self::TicketJoined { post, .. }
            | Self::Confirmed { post }
            | Self::WithdrawalAsked { post }
            | Self::Stopped { post }
            | Self::StatusAsked { post }
            | Self::Placed { post, .. } => Some(post),
            Self::Reopened { post } => post.as_ref(),
            Self::Opened { .. }
            | Self::Reassigned { .. }
            | Self::Withdrawn
            | Self::Joined { .. }
            | Self::Accepted
            | Self::Started
            | Self::CitizenAsked { .. }
            | Self::Responded { .. }
            | Self::Resolved { .. }
            | Self::PhotoReused { .. }
            | Self::Refused { .. }
            | Self::Noted { .. }
            | Self::Rejected { .. }
            | Self::Unjoined { .. }
            | Self::Corrected { .. }
            | Self::PlaceOverdue
            | Self::AnswerOverdue
            | Self::Closed { .. }
            | Self::ReplySent { .. }
            | Self::ReplyFailed { .. }
            | Self::ClockStep { .. }
            | Self::AgencySilent { .. } => None,
        }
    }
}

/// What a post of ours to a citizen says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// The report has come in: number and agency.
    Receipt,
    /// A receipt that also asks where it is.
    AskPlace,
    /// The agency's question.
    Ask,
    /// The agency's answer.
    Answer,
    /// The matter is settled; asks to confirm it.
    Resolved,
    /// How things stand.
    Status,
    /// The matter is open again.
    Reopened,
    /// Another agency has it now.
    HandedOn,
    /// Nobody can act on it, and why.
    Rejected,
    /// It takes longer than promised; where the policy's rung says that citizens hear of it.
    Late,
}

/// Why a post of ours was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplyFailure {
    /// The platform does not let us answer this author.
    Unreachable,
    /// It was tried in vain; people must look.
    Parked,
}

impl ReplyKind {
    /// Its name, as rows and logs have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::AskPlace => "ask_place",
            Self::Ask => "ask",
            Self::Answer => "answer",
            Self::Resolved => "resolved",
            Self::Status => "status",
            Self::Reopened => "reopened",
            Self::HandedOn => "handed_on",
            Self::Rejected => "rejected",
            Self::Late => "late",
        }
    }
}

/// Who has to be told of an event. Written `skpd:PEMKAB3316`, `citizens` or `people`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Destination {
    /// An agency or desk, by its own queue.
    Agency(AgencyCode),
    /// The citizens whose reports the ticket has, in their threads; which of them, and with what, is decided when it is
    /// delivered.
    Citizens,
    /// People without a queue: who is on duty, an agency's head. What rings them is outside of the system.
    People,
}

const CITIZENS: &str = "citizens";
const PEOPLE: &str = "people";

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agency(code) => write!(f, "skpd:{code}"),
            Self::Citizens => f.write_str(CITIZENS),
            Self::People => f.write_str(PEOPLE),
        }
    }
}

impl FromStr for Destination {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text {
            CITIZENS => Ok(Self::Citizens),
            PEOPLE => Ok(Self::People),
            _ => text.strip_prefix("skpd:").unwrap_or("").parse().map(Self::Agency),
        }
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
