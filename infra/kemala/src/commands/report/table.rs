//! A report on the terminal.

use std::io::Write;

use anyhow::Result;
use jiff::civil::Date;
use kemala_report::Report;

use crate::terminal::{BOLD, DIM, Table, styled};

/// Totals on top, then the agencies.
pub(super) fn show(report: &Report, today: Date, out: &mut impl Write) -> Result<()> {
    let shown = kemala_report::Table::for_operators(report, today);
    writeln!(out, "{}", styled(BOLD, shown.title))?;
    let mut table = Table::with_head(&shown.head.iter().map(String::as_str).collect::<Vec<_>>());
    shown.rows.into_iter().for_each(|row| table.row(row));
    table.write(out)?;
    writeln!(out, "{}", styled(DIM, shown.note))?;
    Ok(())
}
