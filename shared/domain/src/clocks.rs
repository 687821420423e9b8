//! Deadlines. They are rebuilt each time from events, policy and calendar, never kept as counters.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::decision::{Decision, Kind, Urgency};
use crate::event::{Event, EventBody};

/// A promise to the citizen that time can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    fn after(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        let moment = match self {
            Self::WorkingDays(days) => calendar.add_working_days(from, days),
            Self::Minutes(minutes) => from.checked_add(SignedDuration::from_mins(i64::from(minutes))).ok(),
        };
        moment.unwrap_or(Timestamp::MAX)
    }
}

/// The next step of a ticket's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// Which clock.
    pub clock: Clock,
    /// Which step.
    pub step: Step,
}

/// The law and the calendar that a ticket's deadlines follow from.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The SLA policy.
    pub policy: &'a Policy,
    /// The working days.
    pub calendar: &'a Calendar,
}

impl Terms<'_> {
    /// The earliest step that has not been taken, over all clocks of a ticket that still run.
    ///
    /// `events` is the ticket's whole history, `decision` what is currently decided.
    pub fn next_due(&self, decision: &Decision, events: &[Event]) -> Option<Due> {
        let opened_at = events.first()?.at;
        let promises = self.policy.classes.get(&Class::of(decision))?;
        promises
            .iter()
            .filter(|(clock, _)| !is_met(**clock, events))
            .flat_map(|(&clock, promise)| {
                [(Step::Reminder, promise.remind_after), (Step::Breach, promise.within)].map(|(step, span)| Due {
                    at: span.after(opened_at, self.calendar),
                    clock,
                    step,
                })
            })
            .filter(|due| !is_taken(due, events))
            .min()
    }

    /// When the promise of a clock ends, whether met or not; `None` where the class has no such promise.
    pub fn deadline(&self, decision: &Decision, opened_at: Timestamp, clock: Clock) -> Option<Timestamp> {
        let promise = self.policy.classes.get(&Class::of(decision))?.get(&clock)?;
        Some(promise.within.after(opened_at, self.calendar))
    }
}

/// Whether the clock's promise has been kept.
fn is_met(clock: Clock, events: &[Event]) -> bool {
    match clock {
        Clock::Acknowledge => events.iter().any(|event| event.body == EventBody::Accepted),
        // Answers and resolutions are not taken in yet, so these promises are open while the ticket is.
        Clock::FirstResponse | Clock::Resolution => false,
    }
}

/// Whether the step has been taken, however often the clocks are looked at.
fn is_taken(due: &Due, events: &[Event]) -> bool {
    events.iter().any(|event| {
        matches!(event.body, EventBody::ClockStep { clock, step, .. } if (clock, step) == (due.clock, due.step))
    })
}
