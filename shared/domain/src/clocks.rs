//! Deadlines. They are rebuilt each time from events, policy and calendar, never kept as counters. What is waited for
//! citizens is in [`crate::waiting`].

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::decision::{Decision, Kind, Urgency};
use crate::event::{Actor, Event, EventBody};
use crate::ids::AgencyCode;
use crate::ticket::{Status, Ticket};
use crate::waiting::{Pause, Waits};

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

/// A step that a clock takes on its way.
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

/// The numbers of the law, as the pack's `sla.toml` gives them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name of this version; pinned in each ticket.
    pub version: String,
    /// Promises by class.
    pub classes: BTreeMap<Class, BTreeMap<Clock, Promise>>,
    /// How long citizens are waited for.
    pub waits: Waits,
}

/// How long a clock runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Time until the deadline.
    pub within: Span,
    /// Time until the reminder, less than `within`.
    pub remind_after: Span,
    /// Where the number comes from, or "unconfirmed".
    pub source: String,
}

/// A span of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Working days of the jurisdiction.
    WorkingDays(u32),
    /// Minutes around the clock.
    Minutes(u32),
}

impl Span {
    /// The moment this long after `from`; the end of time where it would lie beyond.
    pub(crate) fn after(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        let moment = match self {
            Self::WorkingDays(days) => calendar.add_working_days(from, days),
            Self::Minutes(minutes) => from.checked_add(SignedDuration::from_mins(i64::from(minutes))).ok(),
        };
        moment.unwrap_or(Timestamp::MAX)
    }

    /// A moment that lies this span after the opening, put off by the pauses before it: by their working time, where the
    /// span is one of working days.
    fn put_off(self, at: Timestamp, pauses: &[Pause], calendar: &Calendar) -> Timestamp {
        pauses.iter().fold(at, |at, pause| {
            if at <= pause.from {
                return at;
            }
            let moment = match self {
                Self::WorkingDays(_) => calendar.add_working_time(at, calendar.working_time(pause.from, pause.until)),
                Self::Minutes(_) => at.checked_add(pause.until.duration_since(pause.from)).ok(),
            };
            moment.unwrap_or(Timestamp::MAX)
        })
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
    /// A promise comes near its end, or is broken.
    Promise {
        /// Which promise.
        clock: Clock,
        /// Which step.
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
    pub const ALL: [Timer; 4] =
        [Timer::Promise { clock: Clock::Resolution, step: Step::Breach }, Timer::Place, Timer::Answer, Timer::Close];
}

/// What the life of a ticket follows from beside its own history.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The SLA policy.
    pub policy: &'a Policy,
    /// The working days.
    pub calendar: &'a Calendar,
    /// The desk that takes what nobody may guess.
    pub triage_desk: &'a AgencyCode,
}

impl Terms<'_> {
    /// What comes next for a ticket with that history: the earliest step of its promises that has not been taken, or
    /// the end of something that is waited for. `None` where the ticket has ended, or nothing is left to come.
    pub fn next_due(&self, ticket: &Ticket, events: &[Event]) -> Option<Due> {
        if !ticket.status.is_open() {
            return None;
        }
        self.next_step(ticket, events).into_iter().chain(self.end_of_waiting(ticket, events)).min()
    }

    /// The earliest step that has not been taken, over all promises that still run.
    fn next_step(&self, ticket: &Ticket, events: &[Event]) -> Option<Due> {
        let opened_at = events.first()?.at;
        let pauses = self.pauses(events);
        let promises = self.policy.classes.get(&Class::of(&ticket.decision))?;
        promises
            .iter()
            .filter(|(clock, _)| !clock.is_met(ticket.status, events))
            .flat_map(|(&clock, promise)| {
                [(Step::Reminder, promise.remind_after), (Step::Breach, promise.within)].map(|(step, span)| Due {
                    at: span.put_off(span.after(opened_at, self.calendar), &pauses, self.calendar),
                    timer: Timer::Promise { clock, step },
                })
            })
            .filter(|due| !is_taken(due.timer, events))
            .min()
    }

    /// When a ticket's promise ends, whether met or not; `None` where its class has no such promise.
    pub fn deadline(&self, ticket: &Ticket, clock: Clock) -> Option<Timestamp> {
        let span = self.policy.classes.get(&Class::of(&ticket.decision))?.get(&clock)?.within;
        Some(span.put_off(span.after(ticket.opened_at, self.calendar), &ticket.pauses, self.calendar))
    }
}

impl Clock {
    /// Whether the promise has been kept, as things stand.
    pub fn is_met(self, status: Status, events: &[Event]) -> bool {
        match self {
            // Whoever refused a ticket has not taken it on, whatever they said before.
            Self::Acknowledge => {
                let since = events.iter().rev().take_while(|event| !matches!(event.body, EventBody::Refused { .. }));
                since.into_iter().any(is_taken_on)
            }
            Self::FirstResponse => events.iter().any(|event| {
                matches!(
                    event.body,
                    EventBody::CitizenAsked { .. } | EventBody::Responded { .. } | EventBody::Resolved { .. }
                )
            }),
            // Runs on after the citizen objected.
            Self::Resolution => matches!(status, Status::Resolved | Status::Closed),
        }
    }
}

/// The promises of a ticket with that history that are broken and still not kept.
pub fn late(ticket: &Ticket, events: &[Event]) -> Vec<Clock> {
    let is_broken = |clock: &Clock| {
        let breach = |event: &Event| match event.body {
            EventBody::ClockStep { clock: broken, step, .. } => broken == *clock && step == Step::Breach,
            _ => false,
        };
        events.iter().any(breach) && !clock.is_met(ticket.status, events)
    };
    let clocks = Clock::ALL.into_iter().filter(is_broken);
    if ticket.status.is_open() { clocks.collect() } else { Vec::new() }
}

/// Whether an agency shows that it has taken the ticket on.
fn is_taken_on(event: &Event) -> bool {
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

/// Whether the step has been taken, however often the clocks are looked at. After a citizen's objection the ladder
/// starts anew.
fn is_taken(timer: Timer, events: &[Event]) -> bool {
    let since = events.iter().rev().take_while(|event| !matches!(event.body, EventBody::Reopened { .. }));
    since.into_iter().any(|event| match event.body {
        EventBody::ClockStep { clock, step, .. } => timer == Timer::Promise { clock, step },
        _ => false,
    })
}
