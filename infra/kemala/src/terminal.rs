//! How things look: colour where it is shown to people, and tables.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde::Serialize;

/// Headings and names.
pub(crate) const BOLD: Style = Style::new().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What is well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What is not.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What may not be.
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();

/// Standard output; colours are left out where it is no terminal or `NO_COLOR` is set.
pub(crate) fn out() -> anstream::AutoStream<std::io::StdoutLock<'static>> {
    anstream::stdout().lock()
}

/// Writes a value as one line of JSON.
pub(crate) fn json_line(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    Ok(writeln!(out)?)
}

/// The value in the style, which ends with it.
pub(crate) fn styled(style: Style, value: impl std::fmt::Display) -> String {
    format!("{style}{value}{style:#}")
}

/// Rows with aligned columns, and lines between them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn with_head(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|title| styled(DIM, title)).collect()] }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// A line as long as it is.
    pub(crate) fn line(&mut self, line: String) {
        self.rows.push(vec![line]);
    }

    pub(crate) fn write(&self, out: &mut impl Write) -> Result<()> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell_width = |row: &Vec<String>, column: usize| match row.as_slice() {
            [_] => 0,
            cells => cells.get(column).map_or(0, |cell| width(cell)),
        };
        let widths: Vec<usize> =
            (0..columns).map(|column| self.rows.iter().map(|row| cell_width(row, column)).max().unwrap_or(0)).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, wanted) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat((wanted + 2).saturating_sub(width(cell))));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// How many characters are seen.
fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_whatever_their_colour() {
        let mut table = Table::with_head(&["a", "b"]);
        table.row([styled(GOOD, "lampu"), "x".into()]);
        table.line("a longer line between".into());
        table.row(["é".into(), "y".into()]);
        let mut written = Vec::new();
        table.write(&mut written).unwrap();
        let plain = anstream::adapter::strip_bytes(&written).into_vec();
        assert_eq!(String::from_utf8(plain).unwrap(), "a      b\nlampu  x\na longer line between\né      y\n");
    }
}
