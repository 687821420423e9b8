//! Formats in which a month's figures are written.

use std::fmt;
use std::str::FromStr;

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A table in plain text.
    Txt,
    /// CSV, for spreadsheets.
    Csv,
    /// JSON, for programs.
    Json,
    /// A page to print.
    Html,
}

/// A text that is no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a format is one of csv, json, html, txt")]
pub struct InvalidFormat;

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Txt, Self::Csv, Self::Json, Self::Html];

    /// Its name, which also ends a file's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// What it is sent as.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Txt => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = InvalidFormat;
    fn from_str(text: &str) -> Result<Self, InvalidFormat> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(InvalidFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        for text in ["", "CSV", "xlsx", "json "] {
            assert_eq!(text.parse::<Format>(), Err(InvalidFormat), "{text}");
        }
    }
}
