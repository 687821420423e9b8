//! A moment in the past, as people give it on a command line.

use std::str::FromStr;

use jiff::{Span, Timestamp, ZonedDateTime};

/// A moment, or how long ago.
#[derive(Debug, Clone, Copy)]
pub enum Since {
    /// That moment.
    At(Timestamp),
    /// So long before now.
    Ago(Span),
}

impl Since {
    /// The moment, seen from `now`; of calendar units such as days, in that time zone.
    ///
    /// # Errors
    /// Where it lies outside of what time can hold.
    pub fn before(self, now: &ZonedDateTime) -> Result<Timestamp, jiff::Error> {
        match self {
            Self::At(moment) => Ok(moment),
            Self::Ago(span) => Ok(now.checked_sub(span.abs())?.timestamp()),
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = || text.parse().map(Self::At).ok();
        let span = || text.parse().map(Self::Ago).ok();
        moment().or_else(span).ok_or_else(|| {
            "give a moment with its offset, such as 2026-11-20T08:00+07:00, or how long ago, such as 36h".to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans() {
        let now: ZonedDateTime = "2026-11-24T09:00+07:00[Asia/Jakarta]".parse().unwrap();
        let before = |text: &str| text.parse::<Since>().map(|since| since.before(&now).unwrap().to_string());
        assert_eq!(before("36h").unwrap(), "2026-11-22T14:00:00Z");
        assert_eq!(before("3 days").unwrap(), "2026-11-21T02:00:00Z");
        assert_eq!(before("2026-11-20T08:00+07:00").unwrap(), "2026-11-20T01:00:00Z");
        for text in ["", "kemarin", "2026-11-20", "2026-11-20T08:00"] {
            assert!(before(text).is_err(), "{text}");
        }
    }
}
