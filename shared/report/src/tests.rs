//! Reports of a small month.

use jiff::ZonedDateTime;
use kemala_domain::figures::{Figure, Format};

use super::samples::november;
use super::*;

fn december() -> ZonedDateTime {
    "2026-12-01T09:30+07:00[Asia/Jakarta]".parse().unwrap()
}

#[test]
fn the_table_has_totals_on_top() {
    let table = Table::for_operators(&november(), "2026-12-01".parse().unwrap());
    insta::assert_snapshot!(table, @"
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
    let json = crate::json(&november());
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
    let html = page::page(&november(), &december()).into_string();
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
    let html = page::page(&report, &december()).into_string();
    assert!(!html.contains("<script>"), "{html}");
}

#[test]
fn numbers_are_written_as_in_indonesia() {
    assert_eq!([0, 12, 1234, -1_234_567].map(labels::number), ["0", "12", "1.234", "−1.234.567"]);
    assert_eq!(labels::hours(Some(90.0)), "1,5 jam");
}

#[test]
fn who_gets_the_report_reads_indonesian() {
    let table = Table::for_people(&november(), "2026-11-24".parse().unwrap());
    insta::assert_snapshot!(table, @"
    Laporan Kemala, 1 November 2026 sampai 30 November 2026; belum berakhir
    Instansi    Diterima  Tepat tujuan  Ditangani  Dijawab  Tepat waktu  Median    P90       Dibuka lagi  Dikonfirmasi  Tanpa tindakan  Dikembalikan  Tak terjangkau  Terbuka  Suara
    Semua       40        95 %          95 %       75 %     84 %         49,1 jam  89,6 jam  0 %          33 %          0 %*            5 %           0 %             31       1,5
    PEMKAB3316  40        95 %          95 %       75 %     84 %         49,1 jam  89,6 jam  0 %          33 %          0 %*            5 %           0 %             30       1,5
    TRIAGE      0         –             –          –        –            –         –         –            –             –               –             –               1        –
    * kurang dari 30 laporan. Median dan P90: jam kerja sejak laporan berada di instansi, ketelitian 6 %. Cara menghitung setiap angka tertulis pada halaman HTML.
    ");
}

#[test]
fn every_format_is_written_and_says_the_same() {
    let files = files(&november(), &december()).unwrap();
    assert_eq!(files.keys().copied().collect::<Vec<_>>(), Format::ALL);
    for (format, received) in
        [(Format::Csv, ",40,40,"), (Format::Json, "\"received\":40"), (Format::Html, "<td>40</td>")]
    {
        assert!(files[&format].contains(received), "{format}");
    }
    assert!(files[&Format::Txt].starts_with("Laporan Kemala, 1 November 2026 sampai 30 November 2026\n"));
}

#[test]
fn a_months_end_is_its_beginning_and_what_changed() {
    let counted = samples::november_counted();
    assert_eq!(counted.open_after().values().sum::<i64>(), november().total.open);
    assert_eq!(counted.total(), november().total.figures);
    assert_eq!(counted.total().get(Figure::Received), 40);
}
