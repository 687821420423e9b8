//! Working time of the jurisdiction: office hours on the days that are neither weekends, holidays nor collective leave.
//!
//! All sums go over one measure, the working time since a fixed day: to add is to look up the measure of the start and to
//! find the moment of the sum. That takes a binary search among the holidays, whatever the distance.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::office_hours::OfficeHours;

/// Where the measure begins, a Monday. Earlier moments have a negative one.
const EPOCH: Date = Date::constant(2000, 1, 3);

/// Working time in one time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    hours: OfficeHours,
    /// Days with office hours on which offices are closed, in order.
    holidays: Vec<Date>,
}

impl Calendar {
    /// A calendar of the zone with the days on which government offices are closed besides the week's free days.
    pub fn new(zone: TimeZone, hours: OfficeHours, holidays: impl IntoIterator<Item = Date>) -> Self {
        let on_working_days = holidays.into_iter().filter(|day| !hours.on(day.weekday()).is_empty());
        let mut holidays: Vec<Date> = on_working_days.collect();
        holidays.sort_unstable();
        holidays.dedup();
        Self { zone, hours, holidays }
    }

    /// The time as people there read it.
    pub fn local(&self, at: Timestamp) -> ZonedDateTime {
        at.to_zoned_datetime(self.zone.clone())
    }

    /// Date and time of day there.
    pub fn civil(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    /// The moment of a date and time there; `None` outside of what time can hold.
    pub fn moment(&self, there: DateTime) -> Option<Timestamp> {
        self.zone.to_timestamp(there).ok()
    }

    /// Whether government offices work on that day.
    pub fn is_working_day(&self, day: Date) -> bool {
        !self.hours.on(day.weekday()).is_empty() && self.holidays.binary_search(&day).is_err()
    }

    /// Whether government offices work at that moment.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let there = self.civil(at);
        let time = there.time();
        let is_within = self.hours.on(there.date().weekday()).iter().any(|open| open.from <= time && time < open.until);
        is_within && self.is_working_day(there.date())
    }

    /// Working time of so many working days.
    pub fn working_days(&self, days: u32) -> SignedDuration {
        self.hours.day().saturating_mul(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// How much working time lies between two moments, to the microsecond; zero where `until` is not after `from`.
    pub fn working_time(&self, from: Timestamp, until: Timestamp) -> SignedDuration {
        SignedDuration::from_micros(self.measure(until).saturating_sub(self.measure(from)).max(0))
    }

    /// The first moment after so much working time; `from` itself for none. `None` where time ends (the year 9999).
    pub fn add_working_time(&self, from: Timestamp, time: SignedDuration) -> Option<Timestamp> {
        let time = micros(time);
        if time <= 0 {
            return Some(from);
        }
        self.at_measure(self.measure(from).checked_add(time)?)
    }

    /// Working microseconds since [`EPOCH`].
    fn measure(&self, at: Timestamp) -> i64 {
        let there = self.civil(at);
        let day = there.date();
        let whole = self.working_days_before(day).saturating_mul(micros(self.hours.day()));
        if !self.is_working_day(day) {
            return whole;
        }
        let so_far = self.hours.on(day.weekday()).iter().map(|open| {
            let reached = there.time().clamp(open.from, open.until);
            micros(reached.duration_since(open.from))
        });
        whole.saturating_add(so_far.sum())
    }

    /// The first moment with that measure.
    fn at_measure(&self, measure: i64) -> Option<Timestamp> {
        let length = micros(self.hours.day());
        // The end of a day and the beginning of the next have one measure; the end comes first.
        let before = measure.checked_sub(1)?;
        let day = self.nth_working_day(before.div_euclid(length))?;
        let mut left = before.rem_euclid(length).checked_add(1)?;
        for open in self.hours.on(day.weekday()) {
            let length = micros(open.until.duration_since(open.from));
            if left <= length {
                let there = day.to_datetime(open.from).checked_add(SignedDuration::from_micros(left)).ok()?;
                return self.moment(there);
            }
            left = left.checked_sub(length)?;
        }
        None
    }

    /// Working days from [`EPOCH`] up to a day, which is not counted.
    fn working_days_before(&self, day: Date) -> i64 {
        let days = day.duration_since(EPOCH).as_hours().div_euclid(24);
        let begun = usize::try_from(days.rem_euclid(7)).unwrap_or_default();
        let of_week = WEEK.iter().take(begun).filter(|weekday| !self.hours.on(**weekday).is_empty()).count();
        let weekly = days.div_euclid(7).saturating_mul(self.days_of_week()).saturating_add(count(of_week));
        weekly.saturating_sub(count(self.holidays.partition_point(|holiday| *holiday < day)))
    }

    /// The working day before which there are so many.
    fn nth_working_day(&self, n: i64) -> Option<Date> {
        let mut nth = n;
        loop {
            // With holidays left aside; then as many later as there were holidays until then.
            let day = self.nth_day_of_hours(nth)?;
            let with_holidays = n.checked_add(count(self.holidays.partition_point(|holiday| *holiday <= day)))?;
            if with_holidays == nth {
                return Some(day);
            }
            nth = with_holidays;
        }
    }

    /// The same, with no holidays.
    fn nth_day_of_hours(&self, n: i64) -> Option<Date> {
        let each = self.days_of_week();
        let in_week = usize::try_from(n.rem_euclid(each)).ok()?;
        let mut open = (0i64..).zip(WEEK).filter(|(_, weekday)| !self.hours.on(*weekday).is_empty());
        let (offset, _) = open.nth(in_week)?;
        let days = n.div_euclid(each).checked_mul(7)?.checked_add(offset)?;
        EPOCH.checked_add(SignedDuration::from_hours(days.checked_mul(24)?)).ok()
    }

    fn days_of_week(&self) -> i64 {
        count(WEEK.iter().filter(|weekday| !self.hours.on(**weekday).is_empty()).count()).max(1)
    }
}

const WEEK: [jiff::civil::Weekday; 7] = {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday]
};

fn micros(time: SignedDuration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
