//! Which change follows from which report, action, word of a citizen, due clock, or post of ours.
//!
//! Every function here takes the ticket's whole [`Case`] and returns a [`Change`]: what the ticket is now, and the
//! new events with who must hear of them. Nothing is written here; the store writes a change whole or not at all.
//! [`table`] says what is possible in which state.

mod agency;
mod citizen;
mod clock;
mod draft;
mod joins;
mod opening;
mod replies;
pub mod table;
mod voices;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::author::Activity;
use crate::decision::Decision;
use crate::event::Event;
use crate::ids::{PostKey, TicketId};
use crate::incident::{Incidents, Signature};
use crate::report::Voice;
use crate::ticket::Ticket;

pub use agency::{Bodies, Deed, Refused, act};
pub use citizen::{ask_status, confirm, place, reopen, stop, withdraw};
pub use clock::{take_due_step, tell_silence};
pub use joins::{Join, Unjoin, desk_join, join, unjoin};
pub use opening::open;
pub use replies::{reply_failed, reply_sent};
pub use table::{Action, Word};
pub use voices::{add_voice, edit, join_report, withdraw_voice};

/// A ticket with its whole history, as read at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The ticket after its latest event.
    pub ticket: Ticket,
    /// All its events, in order, from 1 without holes.
    pub events: Vec<Event>,
}

/// What a change does to the voices of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum VoiceChange {
    /// A post speaks of the ticket for the first time, and becomes a known post.
    Add(Box<Voice>),
    /// A known post was edited; a lower or equal edit must change nothing.
    Edit(Box<Voice>),
    /// A known post was deleted: its row goes, the post stays known as deleted.
    Erase(PostKey),
    /// A post becomes known, and nothing of it is kept: it asks that nothing be kept.
    Hear(Box<Voice>),
}

/// One change of one ticket, to be written in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The version it is based on; 0 where the ticket must not exist yet. The write is conditional on it.
    pub based_on: u32,
    /// The ticket as it will be.
    pub ticket: Ticket,
    /// The new events. Empty where only the next due time moved.
    pub events: Vec<Event>,
    /// What happens to its voices, each at most once.
    pub voices: Vec<VoiceChange>,
    /// What is written with it.
    pub beside: Beside,
}

/// Rows that are written with a change, in the same transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// What places remember, each conditional on the version it was read with.
    pub incidents: Vec<Incidents>,
    /// What is counted of an author, conditional on the version it was read with.
    pub activity: Option<Activity>,
    /// A ticket that could not be compared with others when it was opened: the sweep shall do it.
    pub late_join: Option<Signature>,
    /// A link to a photo that no ticket has shown before.
    pub photo: Option<String>,
    /// What a desk decided about a text otherwise than the classifier, for its next training.
    pub label: Option<Label>,
}

/// A decision that a desk has corrected. It names the post and does not repeat it: what a citizen deletes is gone here too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The ticket.
    pub ticket: TicketId,
    /// First post of the report that opened it.
    pub post: PostKey,
    /// What the desk decided.
    pub decision: Decision,
    /// When.
    pub at: Timestamp,
}

impl Change {
    /// The case after this change; `before` is the history it is based on.
    pub fn applied_to(self, mut before: Vec<Event>) -> Case {
        before.extend(self.events);
        Case { ticket: self.ticket, events: before }
    }
}

#[cfg(test)]
#[path = "life_tests.rs"]
pub(crate) mod life_tests;
#[cfg(test)]
#[path = "stories_tests.rs"]
mod stories_tests;
#[cfg(test)]
#[path = "two_way_tests.rs"]
mod two_way_tests;
