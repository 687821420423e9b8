//! Pilots of a small month.

use kemala_domain::figures::Figure;
use kemala_report::samples::{figures, november};
use kemala_report::{Counted, Period};

use super::*;

#[test]
fn a_pilot_is_compared_with_as_many_days_before() {
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    let (before, since) = pilot::periods(day("2026-11-16"), day("2026-11-23")).unwrap();
    assert_eq!((since.first, since.last), (day("2026-11-16"), day("2026-11-22")));
    assert_eq!((before.first, before.last), (day("2026-11-09"), day("2026-11-15")));
    assert_eq!(pilot::periods(day("2026-11-23"), day("2026-11-23")), None);
    assert_eq!(pilot::periods(day("2026-12-01"), day("2026-11-23")), None);
    let far = pilot::periods(day("2026-01-31"), day("2026-11-23")).unwrap();
    let days = |period: Period| period.first.until(period.last).unwrap().get_days();
    assert_eq!(days(far.0), days(far.1));
}

#[test]
fn a_pilot_says_where_counts_are_small() {
    let since = november();
    let mut before = november();
    before.total.figures =
        figures(&[(Figure::PromiseKept, 16), (Figure::PromiseBroken, 16), (Figure::Received, 12)], &[200]);
    let pilot = Pilot::new(&before, &since);
    let mut written = Vec::new();
    pilot.show(&mut written).unwrap();
    let plain = String::from_utf8(anstream::adapter::strip_bytes(&written).into_vec()).unwrap();
    insta::assert_snapshot!(plain, @"
    2026-11-01 to 2026-11-30 against 2026-11-01 to 2026-11-30
    figure                 before       since        difference  
    opened                 0            40           +40
    received               12           40           +28
    resolved               0            30           +30
    ended                  0            10           +10
    open at end            31           31           +0
    first hop right        - (0/0)      95% (38/40)  -
    acknowledged           0% (0/12)    95% (38/40)  +95 points  few
    answered               0% (0/12)    75% (30/40)  +75 points  few
    resolved in time       50% (16/32)  84% (27/32)  +34 points  better
    reopened               - (0/0)      0% (0/30)    -
    confirmed              - (0/0)      33% (10/30)  -
    closed without action  - (0/0)      0% (0/10)    -
    handed back            0% (0/12)    5% (2/40)    +5 points   few
    unreachable            - (0/0)      0% (0/40)    -
    voices per ticket      -            1.5          -
    held median            196.3 h      49.1 h       -147.2 h    few
    held p90               196.3 h      89.6 h       -106.7 h    few
    few: one side is of fewer than 30, and the difference may well be chance
    ");
    let made_at = "2026-12-01T09:30+07:00[Asia/Jakarta]".parse().unwrap();
    let html = pilot_page::page(&pilot, &made_at).into_string();
    assert!(!html.contains("belum ada pembanding") && !plain.contains("nothing was counted"));
    assert!(html.contains("lebih baik") && html.contains("data masih sedikit"), "{html}");
}

#[test]
fn a_pilot_without_a_time_before_is_compared_with_nothing() {
    let counted = Counted { period: november().period, days: Vec::new(), open_before: Default::default() };
    let nothing = Report::new(&counted, &Names { pack: None });
    let pilot = Pilot::new(&nothing, &november());
    let mut written = Vec::new();
    pilot.show(&mut written).unwrap();
    assert!(String::from_utf8(written).unwrap().contains("nothing was counted before 2026-11-01"));
}
