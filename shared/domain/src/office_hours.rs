//! Office hours: when a working day's time runs.

use jiff::SignedDuration;
use jiff::civil::{Time, Weekday};

/// A stretch of a day in which offices work, such as 07:30 to 12:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// First moment.
    pub from: Time,
    /// First moment after it, on the same day.
    pub until: Time,
}

/// The openings of each weekday. Every day with openings has the same working time, so that a "working day" is one length
/// however its breaks lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHours {
    /// From Monday.
    week: [Vec<Opening>; 7],
    /// Working time of a working day.
    day: SignedDuration,
}

/// Why office hours cannot be counted by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfficeHoursError {
    /// No day has openings.
    #[error("no weekday has hours; give at least one")]
    NeverOpen,
    /// An opening ends before it begins, or before the one before it has ended.
    #[error("{0:?}: write the hours in order, each from an earlier to a later time, without overlap")]
    Disorder(Weekday),
    /// Two days work for different times.
    #[error(
        "{0:?} has {1} working minutes and {2:?} {3}; a working day must have one length, so give all days the same"
    )]
    Uneven(Weekday, i64, Weekday, i64),
}

impl OfficeHours {
    /// The hours of the days that have some; all others are free.
    ///
    /// # Errors
    /// [`OfficeHoursError`]
    pub fn new(days: impl IntoIterator<Item = (Weekday, Vec<Opening>)>) -> Result<Self, OfficeHoursError> {
        let mut week: [Vec<Opening>; 7] = Default::default();
        let mut measure: Option<(Weekday, SignedDuration)> = None;
        for (weekday, openings) in days {
            let ends = std::iter::once(Time::midnight()).chain(openings.iter().map(|opening| opening.until));
            if ends.zip(&openings).any(|(end, next)| next.from < end || next.until <= next.from) {
                return Err(OfficeHoursError::Disorder(weekday));
            }
            let total: SignedDuration = openings.iter().map(|opening| opening.until.duration_since(opening.from)).sum();
            match measure {
                _ if openings.is_empty() => continue,
                Some((other, length)) if length != total => {
                    return Err(OfficeHoursError::Uneven(other, length.as_mins(), weekday, total.as_mins()));
                }
                _ => measure = Some((weekday, total)),
            }
            if let Some(slot) = week.get_mut(index(weekday)) {
                *slot = openings;
            }
        }
        let (_, day) = measure.ok_or(OfficeHoursError::NeverOpen)?;
        Ok(Self { week, day })
    }

    /// Working time of a working day.
    pub fn day(&self) -> SignedDuration {
        self.day
    }

    /// The openings of a weekday; none where it is free.
    pub fn on(&self, weekday: Weekday) -> &[Opening] {
        self.week.get(index(weekday)).map_or(&[], Vec::as_slice)
    }
}

fn index(weekday: Weekday) -> usize {
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    fn opening(from: i8, until: i8) -> Opening {
        Opening { from: time(from, 0, 0, 0), until: time(until, 0, 0, 0) }
    }

    #[test]
    fn a_working_day_has_one_length() {
        let days = [(Weekday::Monday, vec![opening(8, 12), opening(13, 16)]), (Weekday::Friday, vec![opening(8, 15)])];
        let hours = OfficeHours::new(days).unwrap();
        assert_eq!(hours.day(), SignedDuration::from_hours(7));
        assert_eq!((hours.on(Weekday::Monday).len(), hours.on(Weekday::Tuesday).len()), (2, 0));
    }

    #[test]
    fn what_cannot_be_counted_by_is_refused() {
        let refused = |days: Vec<(Weekday, Vec<Opening>)>| OfficeHours::new(days).unwrap_err().to_string();
        insta::assert_snapshot!(refused(vec![]), @"no weekday has hours; give at least one");
        let uneven = vec![(Weekday::Monday, vec![opening(8, 15)]), (Weekday::Friday, vec![opening(8, 11)])];
        insta::assert_snapshot!(refused(uneven), @"Monday has 420 working minutes and Friday 180; a working day must have one length, so give all days the same");
        let overlap = vec![(Weekday::Monday, vec![opening(8, 12), opening(11, 16)])];
        insta::assert_snapshot!(refused(overlap), @"Monday: write the hours in order, each from an earlier to a later time, without overlap");
    }
}
