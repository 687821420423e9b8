use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::samples::office_hours;

fn jakarta() -> Calendar {
    // 17 August 2026 is a Monday.
    Calendar::new(TimeZone::get("Asia/Jakarta").unwrap(), office_hours(), [date(2026, 8, 17)])
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn show(calendar: &Calendar, moment: Timestamp) -> String {
    calendar.local(moment).strftime("%a %F %R").to_string()
}

fn after(from: &str, days: u32) -> String {
    let calendar = jakarta();
    let due = calendar.add_working_time(at(from), calendar.working_days(days)).unwrap();
    show(&calendar, due)
}

#[test]
fn weekends_and_holidays_are_not_counted() {
    assert_eq!(after("2026-08-12T09:00+07", 1), "Thu 2026-08-13 09:00");
    assert_eq!(after("2026-08-14T09:00+07", 1), "Tue 2026-08-18 09:00");
    assert_eq!(after("2026-08-14T09:00+07", 3), "Thu 2026-08-20 09:00");
    assert_eq!(after("2026-11-24T09:00+07", 60), "Tue 2027-02-16 09:00");
}

#[test]
fn what_comes_outside_of_office_hours_counts_from_the_next_opening() {
    // Friday 22:00, Saturday, a holiday, and Tuesday before the doors open: all of Tuesday is one day.
    for from in ["2026-08-14T22:00+07", "2026-08-15T11:00+07", "2026-08-17T10:00+07", "2026-08-18T06:00+07"] {
        assert_eq!(after(from, 1), "Tue 2026-08-18 16:00", "{from}");
    }
    // 18:30 UTC on Thursday is Friday 01:30 in Jakarta.
    assert_eq!(after("2026-08-13T18:30Z", 1), "Fri 2026-08-14 16:30");
}

#[test]
fn breaks_do_not_count() {
    let calendar = jakarta();
    let noon = calendar.working_time(at("2026-08-12T11:00+07"), at("2026-08-12T14:00+07"));
    assert_eq!(noon, SignedDuration::from_hours(2));
    let due = calendar.add_working_time(at("2026-08-12T11:30+07"), SignedDuration::from_hours(1)).unwrap();
    assert_eq!(show(&calendar, due), "Wed 2026-08-12 13:30");
    // In the break it is as if the afternoon began.
    assert_eq!(after("2026-08-12T12:20+07", 1), "Thu 2026-08-13 12:00");
    assert!(calendar.is_open(at("2026-08-12T11:59+07")) && !calendar.is_open(at("2026-08-12T12:00+07")));
    assert!(!calendar.is_open(at("2026-08-17T10:00+07")));
}

#[test]
fn a_pause_over_a_weekend_is_as_long_as_its_working_time() {
    // Friday 15:00 to Tuesday 12:00, with a holiday on Monday.
    let calendar = jakarta();
    let paused = calendar.working_time(at("2026-08-14T15:00+07"), at("2026-08-18T12:00+07"));
    assert_eq!(paused, SignedDuration::from_mins(90 + 270));
    assert_eq!(calendar.working_time(at("2026-08-18T12:00+07"), at("2026-08-14T15:00+07")), SignedDuration::ZERO);
}

#[test]
fn the_end_of_time_is_no_moment() {
    let calendar = jakarta();
    assert_eq!(calendar.add_working_time(Timestamp::MAX, calendar.working_days(1)), None);
    assert_eq!(calendar.add_working_time(at("2026-08-14T15:00+07"), SignedDuration::MAX), None);
    assert_eq!(calendar.working_time(Timestamp::MIN, Timestamp::MIN), SignedDuration::ZERO);
}

proptest! {
    #[test]
    fn what_is_added_lies_between(from in 1_400_000_000i64..1_900_000_000, minutes in 1i64..100_000) {
        let calendar = jakarta();
        let from = Timestamp::from_second(from).unwrap();
        let time = SignedDuration::from_mins(minutes);
        let until = calendar.add_working_time(from, time).unwrap();
        prop_assert_eq!(calendar.working_time(from, until), time);
        // It is the first such moment.
        let just_before = until - SignedDuration::from_secs(1);
        prop_assert!(calendar.working_time(from, just_before) < time);
    }
}
