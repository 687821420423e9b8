//! The numbers of the law, as the pack's `sla.toml` gives them.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Class, Clock};
use crate::calendar::Calendar;
use crate::decision::Category;
use crate::ids::AgencyCode;
use crate::ladder::Ladder;
use crate::waiting::{Pause, Waits};

/// One version of the law's numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Name of this version; pinned in each ticket.
    pub version: String,
    /// Promises by class.
    pub classes: BTreeMap<Class, BTreeMap<Clock, Promise>>,
    /// Promises of single categories, in the place of their class's.
    pub exceptions: Vec<Exception>,
    /// The ladders that promises name.
    pub ladders: BTreeMap<String, Ladder>,
    /// How long citizens are waited for.
    pub waits: Waits,
    /// When an agency counts as silent.
    pub silence: Silence,
    /// When nobody is told of a step, but for ladders that run around the clock.
    pub quiet_hours: Option<QuietHours>,
}

/// How long a clock runs, and who hears of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Time until the deadline.
    pub within: Span,
    /// Name of its ladder.
    pub ladder: String,
    /// Where the number comes from, or "unconfirmed".
    pub source: String,
}

/// A promise of one category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Which category.
    pub category: Category,
    /// In which class.
    pub class: Class,
    /// Which clock.
    pub clock: Clock,
    /// Time until the deadline.
    pub within: Span,
    /// Where the number comes from, or "unconfirmed".
    pub source: String,
}

/// When an agency counts as silent: it has acknowledged nothing for so long while something of that age waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silence {
    /// For so long.
    pub within: Span,
    /// The desk that is told, beside the people who run the system.
    pub tells: AgencyCode,
    /// Where the number comes from, or "unconfirmed".
    pub source: String,
}

/// A time of night, from one day to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// First moment, in the evening.
    pub from: Time,
    /// First moment after it, in the morning.
    pub until: Time,
}

impl QuietHours {
    /// The end of the quiet hours in which a moment lies; the moment itself outside of them.
    pub fn end(self, at: Timestamp, calendar: &Calendar) -> Timestamp {
        let there = calendar.civil(at);
        let (day, time) = (there.date(), there.time());
        let morning = match (time >= self.from, time < self.until) {
            (true, _) => day.tomorrow().ok(),
            (false, true) => Some(day),
            (false, false) => None,
        };
        morning.and_then(|day| calendar.moment(day.to_datetime(self.until))).unwrap_or(at)
    }
}

/// All versions that open tickets may name.
#[derive(Debug, Clone, PartialEq)]
pub struct Policies {
    /// What counts for new tickets.
    pub current: Policy,
    /// What counted before, by version.
    pub former: BTreeMap<String, Policy>,
}

impl Policies {
    /// The policy of that version; the current one, where nobody knows it any more.
    pub fn of(&self, version: &str) -> &Policy {
        self.former.get(version).unwrap_or(&self.current)
    }
}

impl Policy {
    /// The promise of a clock for that class and category; `None` where there is none.
    pub fn promise(&self, class: Class, category: Option<&Category>, clock: Clock) -> Option<(Span, &Ladder)> {
        let promise = self.classes.get(&class)?.get(&clock)?;
        let is_it = |exception: &&Exception| {
            exception.class == class && exception.clock == clock && Some(&exception.category) == category
        };
        let within = self.exceptions.iter().find(is_it).map_or(promise.within, |exception| exception.within);
        Some((within, self.ladders.get(&promise.ladder)?))
    }
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

/// A length of time, and which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// Office hours count.
    Working(SignedDuration),
    /// All time counts.
    Elapsed(SignedDuration),
}

impl Span {
    pub(crate) fn length(self, calendar: &Calendar) -> Length {
        match self {
            Self::WorkingDays(days) => Length::Working(calendar.working_days(days)),
            Self::Minutes(minutes) => Length::Elapsed(SignedDuration::from_mins(i64::from(minutes))),
        }
    }

    /// The moment this long after `from`; the end of time where it would lie beyond.
    pub(crate) fn after(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        self.length(calendar).after(from, &[], calendar)
    }
}

impl Length {
    /// That many hundredths of it, rounded down to the microsecond.
    pub(crate) fn percent(self, percent: u8) -> Self {
        let part = |time: SignedDuration| {
            let micros = time.as_micros().saturating_mul(i128::from(percent)) / 100;
            SignedDuration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
        };
        match self {
            Self::Working(time) => Self::Working(part(time)),
            Self::Elapsed(time) => Self::Elapsed(part(time)),
        }
    }

    /// The moment this long after `from`, put off by the pauses before it: time stands still in them. The pauses are in
    /// order and do not overlap. The end of time, where it would lie beyond.
    pub(crate) fn after(self, from: Timestamp, pauses: &[Pause], calendar: &Calendar) -> Timestamp {
        let add = |at: Timestamp, length: Self| {
            let moment = match length {
                Self::Working(time) => calendar.add_working_time(at, time),
                Self::Elapsed(time) => at.checked_add(time).ok(),
            };
            moment.unwrap_or(Timestamp::MAX)
        };
        let between = |from: Timestamp, until: Timestamp| match self {
            Self::Working(_) => Self::Working(calendar.working_time(from, until)),
            Self::Elapsed(_) => Self::Elapsed(until.duration_since(from).max(SignedDuration::ZERO)),
        };
        let mut at = add(from, self);
        for pause in pauses {
            let begins = pause.from.max(from);
            if pause.until > begins && begins < at {
                at = add(at, between(begins, pause.until));
            }
        }
        at
    }
}
