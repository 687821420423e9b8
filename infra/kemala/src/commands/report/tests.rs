//! Reports of a small month.

use kemala_domain::figures::{Figure, Figures, FiguresKey, Held, Month, Subject};

use super::read::Counted;
use super::*;

fn subject(agency: &str, category: Option<&str>) -> Subject {
    let regency = category.map(|_| "33.16".parse().unwrap());
    Subject { agency: agency.parse().unwrap(), category: category.map(|code| code.parse().unwrap()), regency }
}

fn figures(counts: &[(Figure, i64)], hours: &[u64]) -> Figures {
    let mut figures = Figures::default();
    counts.iter().for_each(|(figure, count)| figures.count(*figure, *count));
    hours.iter().for_each(|hours| figures.held.add(&Held::of_minutes(hours * 60)));
    figures
}

/// A month in which Blora does 40 tickets well, and one lies on the triage desk from before.
fn november() -> Report {
    let month: Month = "2026-11".parse().unwrap();
    let key = |day: &str, subject: &Subject| FiguresKey { day: day.parse().unwrap(), subject: subject.clone() };
    let blora = subject("PEMKAB3316", Some("road_damage"));
    let opened = [
        (Figure::Opened, 40),
        (Figure::Received, 40),
        (Figure::FirstHopKnown, 40),
        (Figure::FirstHopRight, 38),
        (Figure::Acknowledged, 38),
        (Figure::Voices, 60),
        (Figure::Open, 40),
    ];
    let resolved = [
        (Figure::Answered, 30),
        (Figure::Resolved, 30),
        (Figure::PromiseKept, 27),
        (Figure::PromiseBroken, 5),
        (Figure::HandedBack, 2),
        (Figure::Confirmed, 10),
        (Figure::Ended, 10),
        (Figure::Open, -10),
    ];
    let days = vec![
        (key("2026-11-02", &blora), figures(&opened, &[])),
        (key("2026-11-20", &blora), figures(&resolved, &[10, 20, 30, 40, 50, 60, 70, 80, 90, 100])),
    ];
    let period = Period { first: month.first_day(), last: month.last_day() };
    let open_before = [(subject("TRIAGE", None), 1), (subject("DINKES", None), 0)].into();
    Report::new(Counted { period, days, open_before }, &Names { pack: None })
}

#[test]
fn the_table_has_totals_on_top() {
    let mut written = Vec::new();
    table::show(&november(), "2026-12-01".parse().unwrap(), &mut written).unwrap();
    let plain = String::from_utf8(anstream::adapter::strip_bytes(&written).into_vec()).unwrap();
    insta::assert_snapshot!(plain, @"
    2026-11-01 to 2026-11-30
    agency      received  1st hop  ack  answered  in time  median  p90     reopened  confirmed  no action  handed back  unreachable  open  voices
    all         40        95%      95%  75%       84%      49.1 h  89.6 h  0%        33%        0%*        5%           0%           31    1.5
    PEMKAB3316  40        95%      95%  75%       84%      49.1 h  89.6 h  0%        33%        0%*        5%           0%           30    1.5
    TRIAGE      0         -        -    -         -        -       -       -         -          -          -            -            1     -
    * of fewer than 30; median and p90: working hours held, read to 6 %; what each share is of, says the page (--out)
    ");
}

#[test]
fn the_csv_has_a_row_for_each_cell() {
    insta::assert_snapshot!(csv_file::csv(&november()).unwrap(), @"
    agency,agency_name,category,category_name,regency,regency_name,opened,received,first_hop_known,first_hop_right,acknowledged,answered,resolved,promise_kept,promise_broken,reopened,confirmed,ended,closed_without_action,handed_back,unreachable,joined,voices,open_at_end,held_count,held_median_minutes,held_p90_minutes
    PEMKAB3316,PEMKAB3316,road_damage,road_damage,33.16,33.16,40,40,40,38,38,30,30,27,5,0,10,10,0,2,0,0,60,30,10,2943.5,5375.5
    TRIAGE,TRIAGE,,,,,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,,
    ");
}

#[test]
fn no_text_of_the_csv_is_a_formula() {
    let hostile = [
        "=1+1",
        "=cmd|'/c calc'!A1",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=HYPERLINK(\"http://x\",\"y\")",
        "＝1",
        " =1",
        "'=1",
        "Dinas Kesehatan",
        "",
        "\"=1\"",
        "=\"a,b\"\n",
    ];
    let mut report = november();
    let cell = report.cells[0].clone();
    report.cells = hostile
        .iter()
        .map(|text| lines::Cell { agency: ("A".to_owned(), (*text).to_owned()), ..cell.clone() })
        .collect();
    let written = csv_file::csv(&report).unwrap();
    let read: Vec<csv::StringRecord> =
        csv::Reader::from_reader(written.as_bytes()).into_records().map(Result::unwrap).collect();
    assert_eq!(read.len(), hostile.len());
    for (record, text) in read.iter().zip(hostile) {
        let cell = &record[1];
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{cell:?} was {text:?}");
    }
}

#[test]
fn the_json_names_every_denominator() {
    let json = json::report(&november());
    assert_eq!(
        json["total"]["shares"]["resolved_in_time"],
        serde_json::json!({"part": 27, "whole": 32, "value": 0.84375})
    );
    assert_eq!(json["agencies"][1]["open_at_end"], 1);
    assert_eq!(json["agencies"].as_array().unwrap().len(), 2, "an agency without anything has no line");
    assert_eq!(json["cells"][1]["category"], serde_json::Value::Null);
    assert_eq!(json["total"]["counts"].get("open"), None, "a change of a number is no number");
}

#[test]
fn the_page_is_one_file_and_speaks_indonesian() {
    let made_at = "2026-12-01T09:30+07:00[Asia/Jakarta]".parse().unwrap();
    let html = page::page(&november(), "2026-12-01".parse().unwrap(), &made_at).into_string();
    for wanted in ["Diterima", "Selesai tepat waktu", "84 %", "Belum diketahui", "<svg", "1 Desember 2026, pukul 09.30"]
    {
        assert!(html.contains(wanted), "{wanted}");
    }
    for unwanted in ["<script", "http://", "https://", "url(", "belum berakhir; angka"] {
        assert!(!html.contains(unwanted), "{unwanted}");
    }
    assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
}

#[test]
fn names_are_escaped_in_pages() {
    let mut report = november();
    report.agencies[0].name = "<script>alert(1)</script>".to_owned();
    let made_at = "2026-12-01T09:30+07:00[Asia/Jakarta]".parse().unwrap();
    let html = page::page(&report, "2026-12-01".parse().unwrap(), &made_at).into_string();
    assert!(!html.contains("<script>"), "{html}");
}

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
    let nothing = Report::new(
        Counted { period: november().period, days: Vec::new(), open_before: Default::default() },
        &Names { pack: None },
    );
    let pilot = Pilot::new(&nothing, &november());
    let mut written = Vec::new();
    pilot.show(&mut written).unwrap();
    assert!(String::from_utf8(written).unwrap().contains("nothing was counted before 2026-11-01"));
}

#[test]
fn numbers_are_written_as_in_indonesia() {
    assert_eq!([0, 12, 1234, -1_234_567].map(labels::number), ["0", "12", "1.234", "−1.234.567"]);
    assert_eq!(labels::hours(Some(90.0)), "1,5 jam");
}
