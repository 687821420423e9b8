//! Counts as the public sees them: where a place has so few that a number may point at somebody, only that there are some.

use kemala_web::language::Language;
use kemala_web::words;

/// Counts below this are not told apart.
pub const FEW_BELOW: i64 = 3;

/// A count of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// As it is.
    Exact(i64),
    /// One or two.
    Few,
}

impl Count {
    /// Of a number. Sums may be below zero for a moment (what is open, counted in another order); that is none.
    pub fn of(number: i64) -> Self {
        if (1..FEW_BELOW).contains(&number) { Self::Few } else { Self::Exact(number.max(0)) }
    }

    /// For people.
    pub fn shown(self, language: Language) -> String {
        match self {
            Self::Exact(number) => words::number(number, language),
            Self::Few => "1–2".to_owned(),
        }
    }

    /// For files.
    pub fn in_data(self) -> String {
        match self {
            Self::Exact(number) => number.to_string(),
            Self::Few => format!("<{FEW_BELOW}"),
        }
    }

    /// How dark a place is on the map, from 0 to 5; the steps stand in its legend.
    pub fn level(self) -> usize {
        match self {
            Self::Exact(0) => 0,
            Self::Few => 1,
            Self::Exact(number) => 2 + [10, 30, 100].iter().filter(|from| number >= **from).count(),
        }
    }
}

/// What each level means.
pub const LEVELS: [&str; 6] = ["0", "1–2", "3–9", "10–29", "30–99", "100+"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_two_are_told_apart_nowhere() {
        let counts = [-1, 0, 1, 2, 3, 9, 10, 99, 1234].map(Count::of);
        assert_eq!(
            counts.map(|count| count.shown(Language::Indonesian)),
            ["0", "0", "1–2", "1–2", "3", "9", "10", "99", "1.234"]
        );
        assert_eq!(counts.map(Count::in_data), ["0", "0", "<3", "<3", "3", "9", "10", "99", "1234"]);
        assert_eq!(counts.map(Count::level), [0, 0, 1, 1, 2, 2, 3, 4, 5]);
    }
}
