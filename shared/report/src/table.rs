//! A report as a table in plain text.

use std::fmt;

use jiff::civil::Date;
use kemala_domain::figures::{Figure, Ratio, Share};

use crate::labels::{self, number};
use crate::lines::{Line, Report};

/// Below this a share says little.
pub const FEW: i64 = 30;

/// A table: totals on top, then the agencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What stands above it.
    pub title: String,
    /// Titles of the columns.
    pub head: Vec<String>,
    /// Its rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
    /// What stands below it.
    pub note: String,
}

impl Table {
    /// For a terminal: codes, and English.
    pub fn for_operators(report: &Report, today: Date) -> Self {
        let until = if is_over(report, today) { "" } else { "; not over yet" };
        let head = [
            "agency",
            "received",
            "1st hop",
            "ack",
            "answered",
            "in time",
            "median",
            "p90",
            "reopened",
            "confirmed",
            "no action",
            "handed back",
            "unreachable",
            "open",
            "voices",
        ];
        let cells = |name: &str, line: &Line| {
            let texts = Texts {
                number: |number| number.to_string(),
                share: |share, ratio| match share {
                    Share::VoicesPerTicket => ratio.value().map_or("-".to_owned(), |value| format!("{value:.1}")),
                    _ => percent(ratio),
                },
                hours,
            };
            texts.row(name, line)
        };
        let rows = report.agencies.iter().map(|line| cells(&line.code, line));
        Self {
            title: format!("{} to {}{until}", report.period.first, report.period.last),
            head: head.map(str::to_owned).into(),
            rows: std::iter::once(cells("all", &report.total)).chain(rows).collect(),
            note: format!(
                "* of fewer than {FEW}; median and p90: working hours held, read to 6 %; \
                 what each share is of, says the page (--out)"
            ),
        }
    }

    /// For who gets the report: names, and Indonesian.
    pub fn for_people(report: &Report, today: Date) -> Self {
        let until = if is_over(report, today) { "" } else { "; belum berakhir" };
        let (first, last) = (labels::day(report.period.first), labels::day(report.period.last));
        let head = [
            "Instansi",
            "Diterima",
            "Tepat tujuan",
            "Ditangani",
            "Dijawab",
            "Tepat waktu",
            "Median",
            "P90",
            "Dibuka lagi",
            "Dikonfirmasi",
            "Tanpa tindakan",
            "Dikembalikan",
            "Tak terjangkau",
            "Terbuka",
            "Suara",
        ];
        let cells =
            |name: &str, line: &Line| Texts { number, share: labels::value, hours: labels::hours }.row(name, line);
        let rows = report.agencies.iter().map(|line| cells(&line.name, line));
        Self {
            title: format!("Laporan Kemala, {first} sampai {last}{until}"),
            head: head.map(str::to_owned).into(),
            rows: std::iter::once(cells("Semua", &report.total)).chain(rows).collect(),
            note: format!(
                "* kurang dari {FEW} laporan. Median dan P90: jam kerja sejak laporan berada di instansi, ketelitian 6 %. \
                 Cara menghitung setiap angka tertulis pada halaman HTML."
            ),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = || std::iter::once(&self.head).chain(&self.rows);
        let width = |text: &String| text.chars().count();
        let widths: Vec<usize> = (0..self.head.len())
            .map(|column| rows().filter_map(|row| row.get(column)).map(width).max().unwrap_or(0))
            .collect();
        writeln!(f, "{}", self.title)?;
        for row in rows() {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        writeln!(f, "{}", self.note)
    }
}

fn is_over(report: &Report, today: Date) -> bool {
    report.period.last < today
}

/// How numbers are written.
struct Texts {
    number: fn(i64) -> String,
    share: fn(Share, Ratio) -> String,
    hours: fn(Option<f64>) -> String,
}

impl Texts {
    fn row(&self, name: &str, line: &Line) -> Vec<String> {
        let figures = &line.figures;
        let share = |share: Share| (self.share)(share, share.of(figures));
        vec![
            name.to_owned(),
            (self.number)(figures.get(Figure::Received)),
            share(Share::FirstHopRight),
            share(Share::Acknowledged),
            share(Share::Answered),
            share(Share::ResolvedInTime),
            (self.hours)(figures.held.percentile(50)),
            (self.hours)(figures.held.percentile(90)),
            share(Share::Reopened),
            share(Share::Confirmed),
            share(Share::ClosedWithoutAction),
            share(Share::HandedBack),
            share(Share::Unreachable),
            (self.number)(line.open),
            share(Share::VoicesPerTicket),
        ]
    }
}

/// A share in percent, marked where it is one of few.
pub fn percent(ratio: Ratio) -> String {
    let mark = if ratio.whole < FEW { "*" } else { "" };
    ratio.value().map_or("-".to_owned(), |value| format!("{:.0}%{mark}", value * 100.0))
}

/// Working minutes in hours.
pub fn hours(minutes: Option<f64>) -> String {
    minutes.map_or("-".to_owned(), |minutes| format!("{:.1} h", minutes / 60.0))
}
