//! A month of the calendar.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A month, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    first: Date,
}

/// Day of the next month on which a month is closed.
const CLOSES_ON: i8 = 3;

/// A text that is no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a month is written like 2026-11")]
pub struct InvalidMonth;

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self { first: day.first_of_month() }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first.last_of_month()
    }

    /// The day on which it is closed: the third of the next month. Delivery gives an event up after a day, so that all of
    /// its last day have been counted by then.
    pub fn closes_on(self) -> Date {
        let first = self.after().first;
        first.with().day(CLOSES_ON).build().unwrap_or(first)
    }

    /// The latest month that may be closed on a day.
    pub fn to_close_on(today: Date) -> Self {
        let over = Self::of(today).before();
        if over.closes_on() <= today { over } else { over.before() }
    }

    /// The one before; itself, where time begins.
    #[must_use]
    pub fn before(self) -> Self {
        self.first.yesterday().map_or(self, Self::of)
    }

    /// The one after; itself, where time ends.
    #[must_use]
    pub fn after(self) -> Self {
        self.last_day().tomorrow().map_or(self, Self::of)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;
    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let month = Self::of(format!("{text}-01").parse().map_err(|_| InvalidMonth)?);
        // Dates have more than one spelling, keys have one.
        if month.to_string() == text { Ok(month) } else { Err(InvalidMonth) }
    }
}

impl TryFrom<String> for Month {
    type Error = InvalidMonth;
    fn try_from(text: String) -> Result<Self, InvalidMonth> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_follow_each_other() {
        let december: Month = "2026-12".parse().unwrap();
        assert_eq!((december.after().to_string(), december.before().to_string()), ("2027-01".into(), "2026-11".into()));
        assert_eq!("2028-02".parse::<Month>().unwrap().last_day().to_string(), "2028-02-29");
        assert_eq!(Month::of(Date::MAX).after(), Month::of(Date::MAX));
        assert_eq!(Month::of(Date::MIN).before(), Month::of(Date::MIN));
    }

    #[test]
    fn a_month_is_closed_on_the_third_day_of_the_next() {
        let closed_on = |day: &str| Month::to_close_on(day.parse().unwrap()).to_string();
        assert_eq!(["2026-12-02", "2026-12-03", "2026-12-31"].map(closed_on), ["2026-10", "2026-11", "2026-11"]);
        assert_eq!("2026-12".parse::<Month>().unwrap().closes_on().to_string(), "2027-01-03");
        assert_eq!(Month::to_close_on(Date::MIN), Month::of(Date::MIN));
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_written_or_refused(text in "\\PC{0,12}|[0-9]{4}-[0-9]{1,2}") {
            if let Ok(month) = text.parse::<Month>() {
                prop_assert_eq!(month.to_string(), text);
            }
        }
    }
}
