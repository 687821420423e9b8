//! The public board is added up anew, where something was counted since it last was.

use jiff::{SignedDuration, Timestamp};
use kemala_domain::Calendar;
use kemala_domain::figures::{Board, Month};
use kemala_store::figures::FiguresRows;
use kemala_store::{ReadError, WriteError};

/// How old a board may be. It reads all rows of a month's days, so not every round adds it up.
const EVERY: SignedDuration = SignedDuration::from_mins(10);
/// Days of a month in which events of the one before may still be counted: delivery gives an event up after one.
const GRACE_DAYS: i8 = 2;

/// Why a board could not be written; the next round tries again.
#[derive(Debug, thiserror::Error)]
pub enum NotAddedUp {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Adds up the board of the present month, and in its first days that of the month before; how many were written. In most
/// rounds that is one look at a row.
pub async fn add_up_board(rows: &FiguresRows<'_>, calendar: &Calendar, now: Timestamp) -> Result<usize, NotAddedUp> {
    let today = calendar.local(now).date();
    let month = Month::of(today);
    let mut written = 0;
    if today.day() <= GRACE_DAYS {
        written += usize::from(add_up(rows, month.before(), now).await?);
    }
    written += usize::from(add_up(rows, month, now).await?);
    Ok(written)
}

async fn add_up(rows: &FiguresRows<'_>, month: Month, now: Timestamp) -> Result<bool, NotAddedUp> {
    let last = rows.last_board(month).await?;
    if last.is_some_and(|last| now.duration_since(last.at) < EVERY) {
        return Ok(false);
    }
    let places = rows.places(month).await?;
    let counted: i64 = places.iter().map(|(_, _, counted)| counted).sum();
    if last.is_some_and(|last| last.counted == counted) {
        return Ok(false);
    }
    let open_before = rows.open_at_places_before(month).await?;
    let board = Board::of(month, now, open_before, places, &rows.days(month).await?);
    Ok(rows.put_board(&board).await?)
}
