//! A report on the terminal.

use std::io::Write;

use anyhow::Result;
use jiff::civil::Date;
use kemala_domain::figures::{Figure, Ratio, Share};

use super::lines::{Line, Report};
use crate::terminal::{BOLD, DIM, Table, styled};

/// Below this a share says little.
pub(super) const FEW: i64 = 30;

/// Totals on top, then the agencies.
pub(super) fn show(report: &Report, today: Date, out: &mut impl Write) -> Result<()> {
    let until = if report.period.last >= today { "; not over yet" } else { "" };
    writeln!(out, "{}{until}", styled(BOLD, format!("{} to {}", report.period.first, report.period.last)))?;
    let mut table = Table::with_head(&[
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
    ]);
    table.row(cells("all", &report.total));
    report.agencies.iter().for_each(|line| table.row(cells(&line.code, line)));
    table.write(out)?;
    writeln!(
        out,
        "{}",
        styled(
            DIM,
            format!(
                "* of fewer than {FEW}; median and p90: working hours held, read to 6 %; \
                 what each share is of, says the page (--out)"
            )
        )
    )?;
    Ok(())
}

fn cells(name: &str, line: &Line) -> Vec<String> {
    let figures = &line.figures;
    let share = |share: Share| percent(share.of(figures));
    vec![
        name.to_owned(),
        figures.get(Figure::Received).to_string(),
        share(Share::FirstHopRight),
        share(Share::Acknowledged),
        share(Share::Answered),
        share(Share::ResolvedInTime),
        hours(figures.held.percentile(50)),
        hours(figures.held.percentile(90)),
        share(Share::Reopened),
        share(Share::Confirmed),
        share(Share::ClosedWithoutAction),
        share(Share::HandedBack),
        share(Share::Unreachable),
        line.open.to_string(),
        Share::VoicesPerTicket.of(figures).value().map_or("-".to_owned(), |value| format!("{value:.1}")),
    ]
}

/// A share in percent, marked where it is one of few.
pub(super) fn percent(ratio: Ratio) -> String {
    let mark = if ratio.whole < FEW { "*" } else { "" };
    ratio.value().map_or("-".to_owned(), |value| format!("{:.0}%{mark}", value * 100.0))
}

pub(super) fn hours(minutes: Option<f64>) -> String {
    minutes.map_or("-".to_owned(), |minutes| format!("{:.1} h", minutes / 60.0))
}
