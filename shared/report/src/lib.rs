#![doc = include_str!("../README.md")]

mod csv_file;
mod json;
pub mod labels;
mod lines;
pub mod page;
mod plot;
mod read;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod table;
mod write;

use jiff::civil::Date;
use kemala_domain::figures::Month;

pub use json::report as json;
pub use lines::{Cell, Day, Line, Names, Report};
pub use read::{Counted, counted};
pub use table::{FEW, Table, hours, percent};
pub use write::{NotWritten, files};

/// Days, from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub first: Date,
    /// The last, which belongs to it.
    pub last: Date,
}

impl From<Month> for Period {
    fn from(month: Month) -> Self {
        Self { first: month.first_day(), last: month.last_day() }
    }
}

#[cfg(test)]
mod tests;
