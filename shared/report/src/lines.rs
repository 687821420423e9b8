//! What a report says: figures of all, and by agency, category and regency.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kemala_classifier::Pack;
use kemala_domain::figures::{Figure, Figures, Subject, Sums};

use crate::Period;
use crate::read::Counted;

/// Names for people; codes stand for themselves without a pack.
pub struct Names<'a> {
    /// What names them.
    pub pack: Option<&'a Pack>,
}

/// Figures of one agency, category or regency, or of several of them at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its code; empty where it is not known.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What was counted.
    pub figures: Figures,
    /// Tickets that were open at the end.
    pub open: i64,
}

/// A cell of the finest table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Code and name.
    pub agency: (String, String),
    /// Code and name; empty where it is not known.
    pub category: (String, String),
    /// Code and name; empty where it is not known.
    pub regency: (String, String),
    /// What was counted.
    pub figures: Figures,
    /// Tickets that were open at the end.
    pub open: i64,
}

/// A day, all agencies together.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Which.
    pub day: Date,
    /// What was counted.
    pub figures: Figures,
    /// Tickets that were open at its end.
    pub open: i64,
}

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Its time.
    pub period: Period,
    /// All at once.
    pub total: Line,
    /// Who received most first.
    pub agencies: Vec<Line>,
    /// The same order.
    pub categories: Vec<Line>,
    /// The same order.
    pub regencies: Vec<Line>,
    /// The finest table.
    pub cells: Vec<Cell>,
    /// Every day, also those on which nothing happened.
    pub days: Vec<Day>,
}

impl Report {
    /// The report of what was counted.
    pub fn new(counted: &Counted, names: &Names<'_>) -> Self {
        let mut sums = Sums::default();
        counted.days.iter().for_each(|(key, figures)| sums.add(&key.subject, figures));
        // Open tickets of which nothing was heard have a line as well.
        let untouched = counted.open_before.iter().filter(|(_, open)| **open != 0);
        untouched.for_each(|(subject, _)| sums.add(subject, &Figures::default()));
        let open_of = |subject: &Subject, figures: &Figures| {
            counted.open_before.get(subject).copied().unwrap_or(0) + figures.get(Figure::Open)
        };
        let cells: Vec<Cell> = sums
            .iter()
            .map(|(subject, figures)| Cell {
                agency: names.agency(subject),
                category: names.category(subject),
                regency: names.regency(subject),
                figures: figures.clone(),
                open: open_of(subject, figures),
            })
            .filter(|cell| cell.open != 0 || !cell.figures.is_nothing())
            .collect();
        let open_before = counted.open_before.values().sum();
        let total = sums.total();
        let open = open_before + total.get(Figure::Open);
        Self {
            period: counted.period,
            total: Line { code: String::new(), name: String::new(), figures: total, open },
            agencies: lines(&cells, |cell| &cell.agency),
            categories: lines(&cells, |cell| &cell.category),
            regencies: lines(&cells, |cell| &cell.regency),
            cells,
            days: days(counted, open_before),
        }
    }
}

/// Lines by a part of the cells, those that received most first.
fn lines(cells: &[Cell], part: impl Fn(&Cell) -> &(String, String)) -> Vec<Line> {
    let mut lines: BTreeMap<&(String, String), Line> = BTreeMap::new();
    for cell in cells {
        let (code, name) = part(cell);
        let line = lines.entry(part(cell)).or_insert_with(|| Line {
            code: code.clone(),
            name: name.clone(),
            figures: Figures::default(),
            open: 0,
        });
        line.figures.add(&cell.figures);
        line.open += cell.open;
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.figures.get(Figure::Received), line.open)));
    lines
}

fn days(counted: &Counted, mut open: i64) -> Vec<Day> {
    let Period { first, last } = counted.period;
    let mut by_day: BTreeMap<Date, Figures> = BTreeMap::new();
    counted.days.iter().for_each(|(key, figures)| by_day.entry(key.day).or_default().add(figures));
    let days = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last);
    days.map(|day| {
        let figures = by_day.remove(&day).unwrap_or_default();
        open += figures.get(Figure::Open);
        Day { day, figures, open }
    })
    .collect()
}

impl Names<'_> {
    fn agency(&self, subject: &Subject) -> (String, String) {
        let code = &subject.agency;
        let agency = self.pack.and_then(|pack| pack.jurisdiction.agencies.get(code));
        (code.to_string(), agency.map_or_else(|| code.to_string(), |agency| agency.name.clone()))
    }

    fn category(&self, subject: &Subject) -> (String, String) {
        let Some(code) = &subject.category else { return Default::default() };
        let category = self.pack.and_then(|pack| pack.categories.get(code));
        (code.to_string(), category.map_or_else(|| code.to_string(), |category| category.title.clone()))
    }

    fn regency(&self, subject: &Subject) -> (String, String) {
        let Some(code) = &subject.regency else { return Default::default() };
        let name = self.pack.and_then(|pack| pack.place_name(code));
        (code.to_string(), name.unwrap_or_else(|| code.to_string()))
    }
}
