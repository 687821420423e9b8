//! A month that is over is closed: what it adds up to, and which tickets are open at its end.

use jiff::Timestamp;
use kemala_domain::Calendar;
use kemala_domain::figures::{Figure, Figures, Month};
use kemala_store::figures::{ClosedMonth, FiguresRows};
use kemala_store::{ReadError, WriteError};

/// Days after which the last events of a month have been counted: delivery gives an event up after one.
const GRACE_DAYS: i8 = 2;

/// Why a month could not be closed; the next round tries again.
#[derive(Debug, thiserror::Error)]
pub enum NotClosed {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Closes the latest month that is over, if nobody has. In all other rounds that is one look at a row.
pub async fn close_month(
    rows: &FiguresRows<'_>,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<Option<Month>, NotClosed> {
    let today = calendar.local(now).date();
    let over = Month::of(today).before();
    let month = if today.day() > GRACE_DAYS { over } else { over.before() };
    if rows.closed(month).await?.is_some() {
        return Ok(None);
    }
    let mut open = rows.open_before(month).await?;
    let mut total = Figures::default();
    for (key, figures) in rows.days(month).await? {
        *open.entry(key.subject).or_insert(0) += figures.get(Figure::Open);
        total.add(&figures);
    }
    let is_closed = rows.close(&ClosedMonth { month, closed_at: now, total, open }).await?;
    Ok(Some(month).filter(|_| is_closed))
}
