//! Working days of the jurisdiction: Monday to Friday without the pack's holidays and collective leave.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

/// Working days in one time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    holidays: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar of the zone with the days on which government offices are closed besides weekends.
    pub fn new(zone: TimeZone, holidays: impl IntoIterator<Item = Date>) -> Self {
        Self { zone, holidays: holidays.into_iter().collect() }
    }

    /// The time as people there read it.
    pub fn local(&self, at: Timestamp) -> ZonedDateTime {
        at.to_zoned_datetime(self.zone.clone())
    }

    /// Whether government offices work on that day.
    pub fn is_working_day(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }

    /// The same time of day on the `days`-th working day after `from`'s own day, which is not counted.
    ///
    /// `None` where time ends (the year 9999).
    pub fn add_working_days(&self, from: Timestamp, days: u32) -> Option<Timestamp> {
        let start = self.local(from);
        let mut day = start.date();
        for _ in 0..days {
            day = day.tomorrow().ok()?;
            while !self.is_working_day(day) {
                day = day.tomorrow().ok()?;
            }
        }
        Some(day.to_datetime(start.time()).to_zoned_datetime(self.zone.clone()).ok()?.timestamp())
    }

    /// How much of the time between two moments lies on working days, which count from midnight to midnight.
    pub fn working_time(&self, from: Timestamp, until: Timestamp) -> SignedDuration {
        let mut total = SignedDuration::ZERO;
        let mut at = from;
        while at < until {
            let Some(midnight) = self.next_midnight(at) else { break };
            if self.is_working_day(self.local(at).date()) {
                total = total.saturating_add(midnight.min(until).duration_since(at));
            }
            at = midnight;
        }
        total
    }

    /// The moment after so much time on working days; `None` where time ends.
    pub fn add_working_time(&self, from: Timestamp, time: SignedDuration) -> Option<Timestamp> {
        let (mut at, mut left) = (from, time);
        loop {
            let midnight = self.next_midnight(at)?;
            if self.is_working_day(self.local(at).date()) {
                let today = midnight.duration_since(at);
                if left < today {
                    return at.checked_add(left).ok();
                }
                left -= today;
            }
            at = midnight;
        }
    }

    fn next_midnight(&self, at: Timestamp) -> Option<Timestamp> {
        let tomorrow = self.local(at).date().tomorrow().ok()?;
        Some(tomorrow.to_datetime(Time::midnight()).to_zoned_datetime(self.zone.clone()).ok()?.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn jakarta() -> Calendar {
        // 17 August 2026 is a Monday.
        Calendar::new(TimeZone::get("Asia/Jakarta").unwrap(), [date(2026, 8, 17)])
    }

    fn after(from: &str, days: u32) -> String {
        let due = jakarta().add_working_days(from.parse().unwrap(), days).unwrap();
        jakarta().local(due).strftime("%a %F %R").to_string()
    }

    #[test]
    fn weekends_and_holidays_are_not_counted() {
        assert_eq!(after("2026-08-13T09:00+07", 1), "Fri 2026-08-14 09:00");
        assert_eq!(after("2026-08-14T09:00+07", 1), "Tue 2026-08-18 09:00");
        assert_eq!(after("2026-08-14T09:00+07", 3), "Thu 2026-08-20 09:00");
    }

    #[test]
    fn a_pause_over_a_weekend_is_as_long_as_its_working_time() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Friday 15:00 to Tuesday 12:00, with a holiday on Monday.
        let paused = jakarta().working_time(at("2026-08-14T15:00+07"), at("2026-08-18T12:00+07"));
        assert_eq!(paused, SignedDuration::from_hours(9 + 12));
        let later = jakarta().add_working_time(at("2026-08-13T09:00+07"), paused).unwrap();
        assert_eq!(jakarta().local(later).strftime("%a %R").to_string(), "Fri 06:00");
        let over = jakarta().add_working_time(at("2026-08-14T09:00+07"), paused).unwrap();
        assert_eq!(jakarta().local(over).strftime("%a %R").to_string(), "Tue 06:00");
    }

    #[test]
    fn a_report_at_night_or_on_a_holiday_counts_from_the_next_working_day() {
        // 18:30 UTC on Friday is Saturday 01:30 in Jakarta.
        assert_eq!(after("2026-08-14T18:30Z", 1), "Tue 2026-08-18 01:30");
        assert_eq!(after("2026-08-17T10:00+07", 1), "Tue 2026-08-18 10:00");
    }
}
