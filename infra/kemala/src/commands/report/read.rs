//! Daily rows of a time.

use std::collections::BTreeMap;

use kemala_domain::figures::{Figure, Figures, FiguresKey, Month, Subject};
use kemala_store::ReadError;
use kemala_store::figures::FiguresRows;

use super::Period;

/// What was counted in a time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counted {
    pub(super) period: Period,
    /// Rows of its days.
    pub(super) days: Vec<(FiguresKey, Figures)>,
    /// Tickets that were open when it began.
    pub(super) open_before: BTreeMap<Subject, i64>,
}

/// Reads them.
pub(super) async fn counted(rows: &FiguresRows<'_>, period: Period) -> Result<Counted, ReadError> {
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
