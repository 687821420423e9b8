//! The agencies' HTTP API: what they send, and what they are answered.

use jiff::Timestamp;
use kemala_domain::figures::Month;
use kemala_domain::lifecycle::Action;
use kemala_domain::{AgencyCode, Kind, PingId, RegionCode, TicketId, Urgency, decision::Category};
use serde::{Deserialize, Serialize};

use crate::agency::{EventView, TicketView};

/// The body of an update: an action with what belongs to it. Texts that are posted (`reply_text`, and the `reason` of
/// `reject`) have at most 200 weighted characters as X counts them, and neither links nor bare domains. Personal data in
/// them is masked before they are kept or posted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum Update {
    /// "This is ours, we are on it."
    Accept {},
    /// "Work has begun."
    Start {},
    /// A question to the citizen; an agency asks once. The deadlines pause from its post to the answer, at most for the
    /// days of the policy.
    AskCitizen {
        /// The question.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
        reply_text: String,
    },
    /// An answer to the citizen.
    Respond {
        /// The answer.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
        reply_text: String,
    },
    /// "It is settled." The citizen is asked to confirm it.
    Resolve {
        /// What was done.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
        reply_text: String,
        /// A link to a photo that shows it; some categories want one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "String", length(max = 500), extend("pattern" = PHOTO_PATTERN)))]
        photo: Option<String>,
    },
    /// "This is not ours." It goes to whom you name, or to who comes next; after the third refusal to the triage desk.
    NotOurs {
        /// Why; only agencies and desks see it.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 500)))]
        reason: String,
        /// Whose it is, where you know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "AgencyCode"))]
        to: Option<AgencyCode>,
    },
    /// A note that only agencies and desks see.
    Note {
        /// The note.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 500)))]
        text: String,
    },
    /// Desks only: hands the ticket to an agency.
    Assign {
        /// Who gets it.
        to: AgencyCode,
    },
    /// Desks only: nobody can act on it. The citizen is told why.
    Reject {
        /// Why.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
        reason: String,
    },
    /// Desks only: another ticket is about the same incident and goes on with this one's voices.
    Join {
        /// The ticket that goes on.
        into: TicketId,
    },
    /// Desks only: takes a joined ticket out again.
    Unjoin {},
    /// Desks only: what is decided about the ticket is otherwise; at least one field.
    #[cfg_attr(feature = "schema", schemars(extend("minProperties" = 2)))]
    Correct {
        /// What it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Category"))]
        category: Option<Category>,
        /// Where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "RegionCode"))]
        place: Option<RegionCode>,
        /// Complaint, question, or nothing to act on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Kind"))]
        kind: Option<Kind>,
        /// How soon somebody must act.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Urgency"))]
        urgency: Option<Urgency>,
        /// Whether officials are accused: then only the inspectorate may have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "bool"))]
        supervisory: Option<bool>,
    },
}

/// What a link to a photo looks like.
pub const PHOTO_PATTERN: &str = r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:[0-9]{1,5})?(/[!-~]*)?$";

impl Update {
    /// Which action it is.
    pub fn action(&self) -> Action {
        match self {
            Self::Accept {} => Action::Accept,
            Self::Start {} => Action::Start,
            Self::AskCitizen { .. } => Action::AskCitizen,
            Self::Respond { .. } => Action::Respond,
            Self::Resolve { .. } => Action::Resolve,
            Self::NotOurs { .. } => Action::NotOurs,
            Self::Note { .. } => Action::Note,
            Self::Assign { .. } => Action::Assign,
            Self::Reject { .. } => Action::Reject,
            Self::Join { .. } => Action::Join,
            Self::Unjoin {} => Action::Unjoin,
            Self::Correct { .. } => Action::Correct,
        }
    }
}

/// Updates of many tickets at once, for desks in a flood of reports. Each stands for itself: some may be done and others
/// refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// At most 25, each of another ticket.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 25)))]
    pub updates: Vec<BulkItem>,
}

/// Most updates of a [`Bulk`].
pub const MOST_IN_BULK: usize = 25;

/// One update of many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkItem {
    /// Which ticket.
    pub ticket: TicketId,
    /// What is done with it.
    pub update: Update,
}

/// What became of a [`Bulk`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BulkAnswer {
    /// In the order of the request.
    pub outcomes: Vec<Outcome>,
}

/// What became of one update of many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// Which ticket.
    pub ticket: TicketId,
    /// The status that the update alone would have been answered with.
    pub status: u16,
    /// Where it was done: the ticket as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "TicketView"))]
    pub done: Option<Box<TicketView>>,
    /// Where it was not: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Problem"))]
    pub problem: Option<Problem>,
}

/// The answer to an acknowledged ping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PingAnswer {
    /// Which ping.
    pub ping: PingId,
    /// When it was sent (UTC).
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub sent_at: Timestamp,
    /// When it was acknowledged first (UTC).
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub acknowledged_at: Timestamp,
}

/// A page of an agency's open tickets, the next deadline first. Texts come with the single ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketList {
    /// The tickets.
    pub tickets: Vec<TicketView>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub next: Option<String>,
}

/// A ticket with its time line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WholeTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketView,
    /// What happened, in order.
    pub events: Vec<EventView>,
    /// What you may do with it now.
    pub allowed: Vec<Action>,
}

/// Months of which there is a report, for desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportList {
    /// The newest first.
    pub reports: Vec<ReportEntry>,
}

/// A month that is over and was closed: its report does not change any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportEntry {
    /// The month, such as `2026-11`.
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = MONTH_PATTERN)))]
    pub month: Month,
    /// When it was closed and its report made (UTC).
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub closed_at: Timestamp,
}

/// What a month looks like.
pub const MONTH_PATTERN: &str = "^[0-9]{4}-(0[1-9]|1[0-2])$";

/// Why a request was not done, in the shape of RFC 9457.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What kind of problem, in few words.
    pub title: String,
    /// What is wrong here, and what to do.
    pub detail: String,
    /// Of an action that is not possible now: what is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Action>"))]
    pub allowed: Option<Vec<Action>>,
    /// Of a body that does not fit: each fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

/// One fault of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fault {
    /// Where, as a JSON pointer (RFC 6901), such as `/reply_text`; empty for the whole body.
    pub pointer: String,
    /// What is wrong, and what fits.
    pub detail: String,
}
