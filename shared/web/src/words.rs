//! Numbers, days and times as people read them.

use jiff::ZonedDateTime;
use jiff::civil::Date;

use crate::language::Language;

/// A whole number, three digits a group.
pub fn number(value: i64, language: Language) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push_str(language.say(".", ","));
        }
        grouped.push(digit);
    }
    if value < 0 { format!("−{grouped}") } else { grouped }
}

/// A number with one digit after the comma.
pub fn decimal(value: f64, language: Language) -> String {
    let text = format!("{value:.1}");
    match language {
        Language::Indonesian => text.replace('.', ","),
        Language::English => text,
    }
}

/// A day: `24 November 2026`.
pub fn day(day: Date, language: Language) -> String {
    format!("{} {} {}", day.day(), month(day, language), day.year())
}

/// The name of a day's month.
pub fn month(day: Date, language: Language) -> &'static str {
    let (indonesian, english) = match day.month() {
        1 => ("Januari", "January"),
        2 => ("Februari", "February"),
        3 => ("Maret", "March"),
        4 => ("April", "April"),
        5 => ("Mei", "May"),
        6 => ("Juni", "June"),
        7 => ("Juli", "July"),
        8 => ("Agustus", "August"),
        9 => ("September", "September"),
        10 => ("Oktober", "October"),
        11 => ("November", "November"),
        _ => ("Desember", "December"),
    };
    language.say(indonesian, english)
}

/// A moment where the reader is: `24 November 2026, 09.30`.
pub fn moment(at: &ZonedDateTime, language: Language) -> String {
    format!("{}, {}", day(at.date(), language), clock(at, language))
}

/// The time of day: `09.30`.
pub fn clock(at: &ZonedDateTime, language: Language) -> String {
    format!("{:02}{}{:02}", at.hour(), language.say(".", ":"), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Indonesian};

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 1234, -1_234_567].map(|n| number(n, Indonesian)), ["0", "12", "1.234", "−1.234.567"]);
        assert_eq!(number(1_234_567, English), "1,234,567");
        assert_eq!((decimal(1.25, Indonesian), decimal(1.25, English)), ("1,2".into(), "1.2".into()));
    }

    #[test]
    fn moments_are_written_as_the_language_does() {
        let at: ZonedDateTime = "2026-05-04T09:05+07:00[Asia/Jakarta]".parse().unwrap();
        assert_eq!(moment(&at, Indonesian), "4 Mei 2026, 09.05");
        assert_eq!(moment(&at, English), "4 May 2026, 09:05");
    }
}
