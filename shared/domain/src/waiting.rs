//! Waiting for the citizen: pauses of the promises, and the times after which nobody waits any longer. All of them begin
//! when a post of ours is confirmed, and are rebuilt from the ticket's events.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clocks::{Due, Span, Terms, Timer};
use crate::event::{Actor, Event, EventBody, ReplyKind};
use crate::ticket::{Status, Ticket};

/// How long one waits for citizens, as the pack's `sla.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waits {
    /// For the place, after it was asked for.
    pub place: Wait,
    /// For the answer to an agency's question; meanwhile promises pause.
    pub answer: Wait,
    /// For an objection to a resolution; then the ticket is closed.
    pub objection: Wait,
}

/// How long one waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// For so long.
    pub within: Span,
    /// Where the number comes from, or "unconfirmed".
    pub source: String,
}

/// A time in which the promises of a ticket pause, for the citizen has been asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When the question was posted.
    pub from: Timestamp,
    /// When it was answered, or will be waited for no longer.
    pub until: Timestamp,
}

impl Terms<'_> {
    /// The pauses of a ticket with that history, in order.
    pub fn pauses(&self, ticket: &Ticket, events: &[Event]) -> Vec<Pause> {
        let waits = &self.policy(ticket).waits;
        let longest = |from| waits.answer.within.after(from, self.calendar);
        let mut pauses = Vec::new();
        let mut is_waiting = false;
        let mut asked_at = None;
        for event in events {
            match event.body {
                EventBody::CitizenAsked { .. } => (is_waiting, asked_at) = (true, None),
                EventBody::ReplySent { kind: ReplyKind::Ask, .. } if is_waiting && asked_at.is_none() => {
                    asked_at = Some(event.at);
                }
                _ if is_waiting && ends_waiting(event, asked_at.is_some()) => {
                    is_waiting = false;
                    let pause = |from| Pause { from, until: longest(from).min(event.at) };
                    pauses.extend(asked_at.take().map(pause));
                }
                _ => {}
            }
        }
        pauses.extend(asked_at.map(|from| Pause { from, until: longest(from) }));
        pauses
    }

    /// When something is waited for no longer, of what is waited for in the ticket's state.
    pub(crate) fn end_of_waiting(&self, ticket: &Ticket, events: &[Event]) -> Option<Due> {
        match ticket.status {
            Status::Triage | Status::Assigned if ticket.decision.needs_location => self.place_overdue(ticket, events),
            Status::WaitingCitizen => {
                let until = self.pauses(ticket, events).last()?.until;
                let is_posted = events.iter().rev().find_map(|event| match event.body {
                    EventBody::ReplySent { kind: ReplyKind::Ask, .. } => Some(true),
                    EventBody::CitizenAsked { .. } => Some(false),
                    _ => None,
                });
                (is_posted == Some(true)).then_some(Due { at: until, timer: Timer::Answer })
            }
            Status::Resolved => {
                let at = self.policy(ticket).waits.objection.within.after(objection_from(events)?, self.calendar);
                Some(Due { at, timer: Timer::Close })
            }
            _ => None,
        }
    }

    /// Whether a citizen was told of the latest resolution: only then is silence an answer.
    pub fn was_told_of_resolution(&self, events: &[Event]) -> bool {
        since_resolution(events)
            .any(|event| matches!(event.body, EventBody::ReplySent { kind: ReplyKind::Resolved, .. }))
    }

    /// The place is waited for once, from the post that asks for it; not at all, where that post could not be made; and
    /// not after people have moved the ticket, who knew what is missing.
    fn place_overdue(&self, ticket: &Ticket, events: &[Event]) -> Option<Due> {
        let is_over = |event: &Event| match event.body {
            EventBody::PlaceOverdue => true,
            EventBody::Reassigned { .. } => matches!(event.actor, Actor::Agency(_)),
            _ => false,
        };
        if events.iter().any(is_over) {
            return None;
        }
        let at = events.iter().find_map(|event| match event.body {
            EventBody::ReplySent { kind: ReplyKind::AskPlace, .. } => {
                Some(self.policy(ticket).waits.place.within.after(event.at, self.calendar))
            }
            EventBody::ReplyFailed { kind: ReplyKind::AskPlace, .. } => Some(event.at),
            _ => None,
        })?;
        Some(Due { at, timer: Timer::Place })
    }
}

/// What ends the wait for an answer. `is_posted`: whether the question has been posted; one that could not be is not
/// waited for.
fn ends_waiting(event: &Event, is_posted: bool) -> bool {
    match event.body {
        EventBody::CitizenReplied { .. }
        | EventBody::Placed { .. }
        | EventBody::AnswerOverdue
        | EventBody::Started
        | EventBody::Responded { .. }
        | EventBody::Resolved { .. }
        | EventBody::Reassigned { .. }
        | EventBody::Rejected { .. }
        | EventBody::Joined { .. }
        | EventBody::Withdrawn => true,
        EventBody::ReplyFailed { kind: ReplyKind::Ask, .. } => !is_posted,
        _ => false,
    }
}

/// The events from the latest resolution on.
fn since_resolution(events: &[Event]) -> impl Iterator<Item = &Event> {
    let latest = events.iter().rposition(|event| matches!(event.body, EventBody::Resolved { .. }));
    events.get(latest.unwrap_or(events.len())..).unwrap_or_default().iter()
}

/// From when on an objection is waited for: the confirmed post that tells of the resolution, or what the citizen wrote
/// after it; the resolution itself, where nobody could be told.
fn objection_from(events: &[Event]) -> Option<Timestamp> {
    let counts = |event: &&Event| {
        matches!(
            event.body,
            EventBody::Resolved { .. }
                | EventBody::ReplySent { kind: ReplyKind::Resolved, .. }
                | EventBody::CitizenReplied { .. }
        )
    };
    since_resolution(events).filter(counts).map(|event| event.at).max()
}
