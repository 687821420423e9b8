//! Daily rows of a time.

use std::collections::BTreeMap;

use kemala_domain::figures::{Figure, Figures, FiguresKey, Month, Subject};
use kemala_store::ReadError;
use kemala_store::figures::FiguresRows;

use crate::Period;

/// What was counted in a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The time.
    pub period: Period,
    /// Rows of its days.
    pub days: Vec<(FiguresKey, Figures)>,
    /// Tickets that were open when it began.
    pub open_before: BTreeMap<Subject, i64>,
}

/// Reads what was counted in a time.
///
/// # Errors
/// [`ReadError`]
pub async fn counted(rows: &FiguresRows<'_>, period: Period) -> Result<Counted, ReadError> {
    let mut month = Month::of(period.first);
    let mut open_before = rows.open_before(month).await?;
    let mut days = Vec::new();
    while month.first_day() <= period.last {
        for (key, figures) in rows.days(month).await? {
            if key.day < period.first {
                *open_before.entry(key.subject).or_insert(0) += figures.get(Figure::Open);
            } else if key.day <= period.last {
                days.push((key, figures));
            }
        }
        let next = month.after();
        if next == month {
            break;
        }
        month = next;
    }
    Ok(Counted { period, days, open_before })
}

impl Counted {
    /// What all days add up to.
    pub fn total(&self) -> Figures {
        let mut total = Figures::default();
        self.days.iter().for_each(|(_, figures)| total.add(figures));
        total
    }

    /// Tickets that were open at its end.
    pub fn open_after(&self) -> BTreeMap<Subject, i64> {
        let mut open = self.open_before.clone();
        for (key, figures) in &self.days {
            *open.entry(key.subject.clone()).or_insert(0) += figures.get(Figure::Open);
        }
        open
    }
}
