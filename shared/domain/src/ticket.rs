//! One incident in the agencies' hands. Holds no personal data.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clocks::{Clock, Due};
use crate::decision::{Decision, Urgency};
use crate::ids::{AgencyCode, PostKey, TicketId};
use crate::incident::IncidentKey;
use crate::waiting::Pause;

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
    /// How many posts speak of it, copies of one text counted once.
    pub voices: u32,
    /// How many posts only copy the text of a voice.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub copies: u32,
    /// Whether nothing may be posted about it: its author reports more than anybody answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// Whether the platform does not let us answer who reported it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreachable: bool,
    /// Where it is remembered, so that other reports of its incident find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentKey>,
    /// The ticket of the same incident that it was joined into; of [`Status::Joined`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_to: Option<TicketId>,
    /// Whether it is, or once was, an accusation: then the public never hears of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once_supervisory: bool,
    /// When it first was an emergency; its promises of minutes count from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_since: Option<Timestamp>,
    /// Since when it is in these hands, as rebuilt at its latest event.
    pub held_since: Timestamp,
    /// When its holder first showed that it has taken it on, as rebuilt at its latest event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// When its promises paused, as rebuilt at its latest event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Promises that are broken and still not kept, as rebuilt at its latest event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Clock>,
    /// Desks above its holder that a rung of a clock has told, as rebuilt at its latest event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalated_to: Vec<AgencyCode>,
    /// What comes next by its clocks; `None` when all have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Ticket {
    /// Whether a report of the same incident, about which that is decided, may become a voice of this ticket. Danger must
    /// reach who acts on it: where the ticket is no emergency and in somebody else's hands, it gets one of its own. So
    /// does a report that comes after the matter was said to be settled.
    pub fn may_take_in(&self, decision: &Decision) -> bool {
        let is_heard = decision.urgency != Urgency::Emergency
            || self.decision.urgency == Urgency::Emergency
            || self.status == Status::Triage
            || self.holder == decision.addressee;
        self.status.is_open()
            && self.status != Status::Resolved
            && !self.decision.supervisory
            && !decision.supervisory
            && is_heard
    }
}

/// Where a ticket is in its life. Every state is entered by a named action or event (see [`crate::lifecycle`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// With the triage desk: unsure, or nobody with a queue is responsible.
    Triage,
    /// In an agency's queue.
    Assigned,
    /// The agency said that it is theirs.
    Accepted,
    /// The agency works on it.
    InProgress,
    /// The agency has asked the citizen something.
    WaitingCitizen,
    /// The agency says that it is settled; the citizen may still object.
    Resolved,
    /// The citizen said that it is settled, or did not object in time.
    Closed,
    /// The citizen said that it is not settled; the same agency has it again.
    Reopened,
    /// Its incident had a ticket already, which has its voices now.
    Joined,
    /// No voice is left, or who reported it asked for that.
    Withdrawn,
    /// A desk said that nobody can act on it.
    Rejected,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 11] = [
        Status::Triage,
        Status::Assigned,
        Status::Accepted,
        Status::InProgress,
        Status::WaitingCitizen,
        Status::Resolved,
        Status::Closed,
        Status::Reopened,
        Status::Joined,
        Status::Withdrawn,
        Status::Rejected,
    ];

    /// Whether something may still come: work, an answer, an objection, or the end of the time for it.
    pub fn is_open(self) -> bool {
        match self {
            Self::Triage
            | Self::Assigned
            | Self::Accepted
            | Self::InProgress
            | Self::WaitingCitizen
            | Self::Resolved
            | Self::Reopened => true,
            Self::Closed | Self::Joined | Self::Withdrawn | Self::Rejected => false,
        }
    }
}
