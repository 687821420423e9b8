//! What the public board shows of a month, in one piece: it is written every few minutes and read whole, so that all numbers
//! of a page are of one moment and a page costs one read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Figure, Figures, FiguresKey, Month, PlaceKey, Spot};
use crate::decision::Category;
use crate::ids::AgencyCode;

/// A month as far as it has come. Counts alone: no ticket, no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The month.
    pub month: Month,
    /// When these numbers were added up.
    pub at: Timestamp,
    /// How many additions had been made to the figures of places by then: more of them, and the board is out of date.
    pub counted: i64,
    /// Tickets open when the month began, by where they were.
    pub open_before: BTreeMap<Spot, i64>,
    /// What the month brought, by place ([`PlaceKey::FIGURES`]); accusations are [`Spot::Supervisory`].
    pub places: BTreeMap<Spot, Figures>,
    /// The same numbers day by day, without places.
    pub days: BTreeMap<Date, Figures>,
    /// By what tickets are about; `None` is what was not known.
    pub categories: Vec<(Option<Category>, Figures)>,
    /// Each agency's fair figures ([`super::Share`]).
    pub agencies: BTreeMap<AgencyCode, Figures>,
}

impl Board {
    /// Adds up a month's rows: those of places, with how many additions they have, and those of days.
    pub fn of(
        month: Month,
        at: Timestamp,
        open_before: BTreeMap<Spot, i64>,
        places: impl IntoIterator<Item = (Spot, Figures, i64)>,
        days: &[(FiguresKey, Figures)],
    ) -> Self {
        let mut board = Self {
            month,
            at,
            counted: 0,
            open_before,
            places: BTreeMap::new(),
            days: BTreeMap::new(),
            categories: Vec::new(),
            agencies: BTreeMap::new(),
        };
        for (spot, figures, counted) in places {
            board.counted += counted;
            board.places.insert(spot, figures.normal());
        }
        let mut categories: BTreeMap<Option<Category>, Figures> = BTreeMap::new();
        for (key, figures) in days {
            let few = PlaceKey::figures(figures);
            board.days.entry(key.day).or_default().add(&few);
            categories.entry(key.subject.category.clone()).or_default().add(&few);
            board.agencies.entry(key.subject.agency.clone()).or_default().add(figures);
        }
        board.categories = categories.into_iter().collect();
        board
    }

    /// Everything together, accusations too.
    pub fn total(&self) -> Figures {
        self.sum(|_| true)
    }

    /// The figures of the places that are meant.
    pub fn sum(&self, is_meant: impl Fn(&Spot) -> bool) -> Figures {
        let mut sum = Figures::default();
        self.places.iter().filter(|(spot, _)| is_meant(spot)).for_each(|(_, figures)| sum.add(figures));
        sum
    }

    /// Tickets open now (of a month that is over: at its end) at the places that are meant.
    pub fn open(&self, is_meant: impl Fn(&Spot) -> bool) -> i64 {
        let before: i64 = self.open_before.iter().filter(|(spot, _)| is_meant(spot)).map(|(_, open)| open).sum();
        before + self.sum(is_meant).get(Figure::Open)
    }

    /// Tickets open at its end so far, by where they are: what the next month begins with.
    pub fn open_after(&self) -> BTreeMap<Spot, i64> {
        let mut open = self.open_before.clone();
        for (spot, figures) in &self.places {
            *open.entry(spot.clone()).or_insert(0) += figures.get(Figure::Open);
        }
        open.retain(|_, count| *count != 0);
        open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Subject;
    use crate::samples::{agency, monday};

    fn figures(counts: &[(Figure, i64)]) -> Figures {
        let mut figures = Figures::default();
        counts.iter().for_each(|(figure, count)| figures.count(*figure, *count));
        figures
    }

    fn board() -> Board {
        let spot = |text: &str| text.parse::<Spot>().unwrap();
        let subject = Subject { agency: agency("DINKES"), category: None, regency: None };
        let key = FiguresKey { day: "2026-11-23".parse().unwrap(), subject };
        let places = [
            (spot("33.16.08"), figures(&[(Figure::Opened, 4), (Figure::Open, 3)]), 9),
            (spot("33.16"), figures(&[(Figure::Opened, 1), (Figure::Open, -1)]), 2),
            (Spot::Supervisory, figures(&[(Figure::Opened, 1), (Figure::Open, 1)]), 1),
        ];
        let days = [(key, figures(&[(Figure::Opened, 6), (Figure::Received, 6), (Figure::Open, 3)]))];
        let before = [(spot("33.16"), 2), (spot("33.74"), 5)].into();
        Board::of("2026-11".parse().unwrap(), monday(), before, places, &days)
    }

    #[test]
    fn a_months_rows_are_added_up() {
        let board = board();
        assert_eq!(board.counted, 12);
        assert_eq!((board.total().get(Figure::Opened), board.open(|_| true)), (6, 10));
        let blora = "33.16".parse().unwrap();
        let is_blora = |spot: &Spot| spot.is_in(&blora);
        assert_eq!((board.sum(is_blora).get(Figure::Opened), board.open(is_blora)), (5, 4));
        assert_eq!(board.agencies[&agency("DINKES")].get(Figure::Received), 6);
        let after: Vec<String> = board.open_after().iter().map(|(spot, open)| format!("{spot} {open}")).collect();
        assert_eq!(after.join(", "), "33.16 1, 33.16.08 3, 33.74 5, SUPERVISORY 1");
    }

    #[test]
    fn it_is_read_back() {
        let board = board();
        let json = serde_json::to_string(&board).unwrap();
        assert_eq!(serde_json::from_str::<Board>(&json).unwrap(), board);
    }
}
