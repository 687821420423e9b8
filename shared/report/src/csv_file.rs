//! A report as CSV, for spreadsheets.

use std::borrow::Cow;

use kemala_domain::figures::Figure;

use crate::lines::{Cell, Report};

/// One row for each agency, category and regency. Shares are left to the reader: those of several rows are not the mean of
/// the rows' own. For the same reason times are given with their count.
pub(crate) fn csv(report: &Report) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let figures = || Figure::ALL.into_iter().filter(|figure| *figure != Figure::Open);
    let names = ["agency", "agency_name", "category", "category_name", "regency", "regency_name"];
    let times = ["open_at_end", "held_count", "held_median_minutes", "held_p90_minutes"];
    writer.write_record(names.into_iter().chain(figures().map(Figure::name)).chain(times))?;
    for Cell { agency, category, regency, figures: counted, open } in &report.cells {
        let texts = [&agency.0, &agency.1, &category.0, &category.1, &regency.0, &regency.1];
        let minutes = |percent| counted.held.percentile(percent).map(|minutes| minutes.to_string()).unwrap_or_default();
        let numbers = figures().map(|figure| counted.get(figure).to_string()).chain([
            open.to_string(),
            counted.held.count().to_string(),
            minutes(50),
            minutes(90),
        ]);
        writer.write_record(texts.map(|text| safe(text).into_owned()).into_iter().chain(numbers))?;
    }
    let written = writer.into_inner().map_err(|error| error.into_error())?;
    String::from_utf8(written).map_err(|error| std::io::Error::other(error).into())
}

/// A text that no spreadsheet takes for a formula: one that could begin a formula gets an apostrophe before it. Numbers,
/// negative ones too, are not texts.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}
