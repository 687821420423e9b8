//! A report in every format.

use std::collections::BTreeMap;

use jiff::ZonedDateTime;
use kemala_domain::figures::Format;

use crate::lines::Report;
use crate::{csv_file, json, page, table};

/// A report that could not be written: of numbers and names that is not to be expected.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// As CSV.
    #[error("the report could not be written as CSV")]
    Csv(#[from] csv::Error),
    /// As JSON.
    #[error("the report could not be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// The report in every format, as of the moment at which it is made, in the time zone of who reads it.
///
/// # Errors
/// [`NotWritten`]
pub fn files(report: &Report, made_at: &ZonedDateTime) -> Result<BTreeMap<Format, String>, NotWritten> {
    let file = |format| -> Result<String, NotWritten> {
        Ok(match format {
            Format::Txt => table::Table::for_people(report, made_at.date()).to_string(),
            Format::Csv => csv_file::csv(report)?,
            Format::Json => serde_json::to_string(&json::report(report))?,
            Format::Html => page::page(report, made_at).into_string(),
        })
    };
    Format::ALL.into_iter().map(|format| Ok((format, file(format)?))).collect()
}
