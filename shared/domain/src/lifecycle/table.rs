//! The state × action table: what may be done in which state, and where it leads. All else in this module tree adds
//! conditions to it and says who hears of what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clocks::Timer;
use crate::ticket::Status;

/// What an agency or desk may do with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// "This is ours, we are on it."
    Accept,
    /// "Work has begun."
    Start,
    /// A question to the citizen, once an agency.
    AskCitizen,
    /// An answer to the citizen.
    Respond,
    /// "It is settled", with what was done.
    Resolve,
    /// "This is not ours", with whose it is, where they know.
    NotOurs,
    /// A note that only agencies and desks see.
    Note,
    /// A desk hands it to an agency.
    Assign,
    /// A desk says that nobody can act on it, and why.
    Reject,
    /// A desk says that another ticket is about the same incident; that one goes on.
    Join,
    /// A desk takes a joined ticket out again.
    Unjoin,
    /// A desk decides otherwise than the classifier.
    Correct,
}

/// What a citizen does in the ticket's thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// "It is settled."
    Confirm,
    /// "It is not settled."
    Reopen,
    /// "Delete my report", where no other voice is left.
    Withdraw,
    /// "No more posts."
    Stop,
    /// "How do things stand?"
    Status,
    /// Says where it is.
    Place,
    /// Anything else.
    Reply,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 12] = [
        Action::Accept,
        Action::Start,
        Action::AskCitizen,
        Action::Respond,
        Action::Resolve,
        Action::NotOurs,
        Action::Note,
        Action::Assign,
        Action::Reject,
        Action::Join,
        Action::Unjoin,
        Action::Correct,
    ];

    /// Whether only desks may do it.
    pub fn is_for_desks(self) -> bool {
        matches!(self, Self::Assign | Self::Reject | Self::Join | Self::Unjoin | Self::Correct)
    }

    /// The state that this action leads to; `None` where it is not allowed. Where a ticket changes hands,
    /// [`Status::Assigned`] stands for [`Status::Triage`] too, where the triage desk gets it.
    pub fn leads_to(self, from: Status) -> Option<Status> {
        use Status::{Accepted, Assigned, InProgress, Joined, Rejected, Reopened, Resolved, Triage, WaitingCitizen};
        match (self, from) {
            (Self::Accept, Triage | Assigned | Reopened) => Some(Accepted),
            (Self::Start, Assigned | Accepted | WaitingCitizen | Reopened) => Some(InProgress),
            (Self::AskCitizen, Assigned | Accepted | InProgress | Reopened) => Some(WaitingCitizen),
            (Self::Respond, Assigned | Accepted | InProgress | WaitingCitizen | Reopened) => Some(InProgress),
            (Self::Resolve, Assigned | Accepted | InProgress | WaitingCitizen | Reopened) => Some(Resolved),
            (Self::NotOurs, Assigned | Accepted | InProgress | WaitingCitizen | Reopened) => Some(Assigned),
            (Self::Note, _) if from.is_open() => Some(from),
            (Self::Unjoin, Joined) => Some(Assigned),
            // What is said to be settled is the citizen's to judge.
            (Self::Assign | Self::Reject | Self::Join | Self::Correct, Resolved) => None,
            (Self::Assign, _) if from.is_open() => Some(Assigned),
            (Self::Reject, _) if from.is_open() => Some(Rejected),
            (Self::Join, _) if from.is_open() => Some(Joined),
            (Self::Correct, _) if from.is_open() => Some(from),
            _ => None,
        }
    }

    /// What may be done in a state, by a desk or by an agency.
    pub fn allowed_in(status: Status, is_desk: bool) -> Vec<Action> {
        let is_allowed = |action: &Action| action.leads_to(status).is_some() && (is_desk || !action.is_for_desks());
        Self::ALL.into_iter().filter(is_allowed).collect()
    }
}

impl Word {
    /// Every word.
    pub const ALL: [Word; 7] =
        [Word::Confirm, Word::Reopen, Word::Withdraw, Word::Stop, Word::Status, Word::Place, Word::Reply];

    /// The state that this word leads to. A citizen may say everything at any time; where a word means nothing in a
    /// state ("it is settled" of what nobody has settled), it is `None`, and counts as a [`Word::Reply`].
    pub fn leads_to(self, from: Status) -> Option<Status> {
        use Status::{Closed, InProgress, Reopened, Resolved, WaitingCitizen, Withdrawn};
        match (self, from) {
            (Self::Confirm, Resolved) => Some(Closed),
            (Self::Reopen, Resolved | Closed) => Some(Reopened),
            (Self::Confirm | Self::Reopen, _) => None,
            (Self::Withdraw, _) if from.is_open() => Some(Withdrawn),
            (Self::Place, _) if !from.is_open() => None,
            (Self::Place | Self::Reply, WaitingCitizen) => Some(InProgress),
            (Self::Withdraw | Self::Stop | Self::Status | Self::Place | Self::Reply, _) => Some(from),
        }
    }
}

impl Timer {
    /// The state that it leads to when its time has come; `None` where it does not run. Here too
    /// [`Status::Assigned`] stands for [`Status::Triage`].
    pub fn leads_to(self, from: Status) -> Option<Status> {
        use Status::{Assigned, Closed, InProgress, Resolved, Triage, WaitingCitizen};
        match (self, from) {
            (Self::Promise { .. }, Resolved) => None,
            (Self::Promise { .. }, _) if from.is_open() => Some(from),
            (Self::Place, Triage | Assigned) => Some(Assigned),
            (Self::Answer, WaitingCitizen) => Some(InProgress),
            (Self::Close, Resolved) => Some(Closed),
            _ => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accept => "accept",
            Self::Start => "start",
            Self::AskCitizen => "ask_citizen",
            Self::Respond => "respond",
            Self::Resolve => "resolve",
            Self::NotOurs => "not_ours",
            Self::Note => "note",
            Self::Assign => "assign",
            Self::Reject => "reject",
            Self::Join => "join",
            Self::Unjoin => "unjoin",
            Self::Correct => "correct",
        })
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
