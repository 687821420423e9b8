//! Deadlines. They are rebuilt each time from events, policy and calendar, never kept as counters. What is waited for
//! citizens is in [`crate::waiting`], who hears of a deadline in [`crate::ladder`].

mod policy;
mod standing;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::decision::{Decision, Kind, Urgency};
use crate::event::{Actor, Event, EventBody};
use crate::ids::AgencyCode;
use crate::ladder::{Hierarchy, Target};
use crate::ticket::{Status, Ticket};

pub use policy::{Exception, Policies, Policy, Promise, QuietHours, Silence, Span};
pub use standing::{ClockStanding, State};

/// A promise to the citizen that time can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// The holder says that it is theirs.
    Acknowledge,
    /// The citizen hears from the agency.
    FirstResponse,
    /// The matter is settled.
    Resolution,
}

impl Clock {
    /// Every clock, in the order in which a ticket meets them.
    pub const ALL: [Clock; 3] = [Clock::Acknowledge, Clock::FirstResponse, Clock::Resolution];
}

/// On which side of its deadline a clock is when a rung is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Before the deadline, so that it can still be met.
    Reminder,
    /// The deadline has passed.
    Breach,
}

/// Which promises a ticket has. The order of the checks in [`Class::of`] is the law's: danger first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Danger to life or health.
    Emergency,
    /// Officials are accused.
    Supervisory,
    /// Something is wrong or missing.
    Complaint,
    /// A question.
    Information,
}

impl Class {
    /// Every class.
    pub const ALL: [Class; 4] = [Class::Emergency, Class::Supervisory, Class::Complaint, Class::Information];

    /// The class that a decision puts its ticket in.
    pub fn of(decision: &Decision) -> Self {
        match decision {
            Decision { urgency: Urgency::Emergency, .. } => Self::Emergency,
            Decision { supervisory: true, .. } => Self::Supervisory,
            Decision { kind: Kind::Question, .. } => Self::Information,
            _ => Self::Complaint,
        }
    }
}

/// The next thing that time does to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// What.
    pub timer: Timer,
}

/// What time can do to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// A promise comes near its end, or is broken: the next rung of its ladder is reached.
    Promise {
        /// Which promise.
        clock: Clock,
        /// Which rung, from 0, of the ladder that the ticket's policy gives it.
        rung: u8,
        /// Whether the deadline has passed then.
        step: Step,
    },
    /// The place is waited for no longer.
    Place,
    /// The answer to an agency's question is waited for no longer.
    Answer,
    /// An objection to a resolution is waited for no longer.
    Close,
}

impl Timer {
    /// Every timer; of promises, one for all.
    pub const ALL: [Timer; 4] = [
        Timer::Promise { clock: Clock::Resolution, rung: 0, step: Step::Breach },
        Timer::Place,
        Timer::Answer,
        Timer::Close,
    ];
}

/// What the life of a ticket follows from beside its own history.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The SLA policies.
    pub policies: &'a Policies,
    /// The working time.
    pub calendar: &'a Calendar,
    /// Who stands above whom.
    pub hierarchy: &'a Hierarchy,
    /// The desk that takes what nobody may guess.
    pub triage_desk: &'a AgencyCode,
}

impl Terms<'_> {
    /// The policy that counts for a ticket: the one that counted when it was opened.
    pub fn policy(&self, ticket: &Ticket) -> &Policy {
        self.policies.of(&ticket.policy_version)
    }

    /// What comes next for a ticket with that history: the earliest rung of its promises that has not been reached, or
    /// the end of something that is waited for. `None` where the ticket has ended, or nothing is left to come.
    pub fn next_due(&self, ticket: &Ticket, events: &[Event]) -> Option<Due> {
        self.all_due(ticket, events).min()
    }

    /// The next of each promise, and of what is waited for.
    pub(crate) fn all_due<'a>(&'a self, ticket: &'a Ticket, events: &'a [Event]) -> impl Iterator<Item = Due> + 'a {
        let is_open = ticket.status.is_open();
        let tracks = is_open.then(|| self.clocks_of(ticket, events)).into_iter().flatten();
        let waiting = is_open.then(|| self.end_of_waiting(ticket, events)).flatten();
        tracks.filter_map(|track| track.next_rung()).chain(waiting)
    }

    /// When what is due may be done: not in quiet hours, where people are told of it who are not on duty at night.
    pub fn may_be_done(&self, due: Due, ticket: &Ticket, now: Timestamp) -> Timestamp {
        let Timer::Promise { clock, .. } = due.timer else { return now };
        let policy = self.policy(ticket);
        let is_loud = self.promise(ticket, clock).is_some_and(|(_, ladder)| ladder.around_the_clock);
        match policy.quiet_hours.filter(|_| !is_loud) {
            Some(quiet) => quiet.end(now, self.calendar),
            None => now,
        }
    }
}

impl Clock {
    /// Whether the promise has been kept, as things stand.
    pub fn is_met(self, status: Status, events: &[Event]) -> bool {
        self.met_at(status, events).is_some()
    }

    /// When the promise was kept, as things stand.
    pub fn met_at(self, status: Status, events: &[Event]) -> Option<Timestamp> {
        match self {
            // Whoever refused a ticket has not taken it on, whatever they said before.
            Self::Acknowledge => {
                let refused = events.iter().rposition(|event| matches!(event.body, EventBody::Refused { .. }));
                let since = events.get(refused.map_or(0, |index| index + 1)..).unwrap_or_default();
                since.iter().find(|event| is_taken_on(event)).map(|event| event.at)
            }
            Self::FirstResponse => {
                let is_response = |event: &&Event| {
                    matches!(
                        event.body,
                        EventBody::CitizenAsked { .. } | EventBody::Responded { .. } | EventBody::Resolved { .. }
                    )
                };
                events.iter().find(is_response).map(|event| event.at)
            }
            // Runs on after the citizen objected.
            Self::Resolution => {
                let is_resolution = |event: &&Event| matches!(event.body, EventBody::Resolved { .. });
                let is_settled = matches!(status, Status::Resolved | Status::Closed);
                events.iter().rev().find(is_resolution).filter(|_| is_settled).map(|event| event.at)
            }
        }
    }
}

/// The promises of a ticket with that history that are broken and still not kept.
pub fn late(ticket: &Ticket, events: &[Event]) -> Vec<Clock> {
    let is_broken = |clock: &Clock| {
        let breach = |event: &Event| match &event.body {
            EventBody::ClockStep { clock: broken, step, .. } => broken == clock && *step == Step::Breach,
            _ => false,
        };
        events.iter().any(breach) && !clock.is_met(ticket.status, events)
    };
    let clocks = Clock::ALL.into_iter().filter(is_broken);
    if ticket.status.is_open() { clocks.collect() } else { Vec::new() }
}

/// The desks that rungs have told of a ticket with that history, each once, in the order of their codes.
pub fn escalated_to(events: &[Event]) -> Vec<AgencyCode> {
    let mut desks = BTreeSet::new();
    for event in events {
        if let EventBody::ClockStep { told, .. } = &event.body {
            desks.extend(told.iter().filter_map(|target| match target {
                Target::Desk(desk) => Some(desk.clone()),
                Target::Holder | Target::Head | Target::Secretary | Target::People => None,
            }));
        }
    }
    desks.into_iter().collect()
}

/// Whether an agency shows that it has taken the ticket on.
pub(crate) fn is_taken_on(event: &Event) -> bool {
    let is_work = matches!(
        event.body,
        EventBody::Accepted
            | EventBody::Started
            | EventBody::CitizenAsked { .. }
            | EventBody::Responded { .. }
            | EventBody::Resolved { .. }
    );
    is_work && matches!(event.actor, Actor::Agency(_))
}

#[cfg(test)]
mod tests;
