//! A month that is over is closed: what it adds up to, which tickets are open at its end, and its report in every format.

use std::path::Path;

use jiff::Timestamp;
use kemala_classifier::{Pack, PackErrors};
use kemala_domain::Calendar;
use kemala_domain::figures::Month;
use kemala_report::{Names, NotWritten, Report, counted, files};
use kemala_runtime::deadline::Deadline;
use kemala_store::figures::{ClosedMonth, FiguresRows};
use kemala_store::{ReadError, WriteError};
use tokio::time::error::Elapsed;

/// Why a month could not be closed; the next round tries again.
#[derive(Debug, thiserror::Error)]
pub enum NotClosed {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Report(#[from] NotWritten),
    #[error("the pack that names agencies and places cannot be read")]
    Pack(#[from] PackErrors),
    #[error("the round has no time left")]
    Late(#[from] Elapsed),
}

/// Months to close, and what names agencies, categories and places in their reports.
#[derive(Debug, Clone)]
pub struct Months<'a> {
    /// The figures.
    pub rows: FiguresRows<'a>,
    /// Folder of the shipped pack. What names things no override replaces; it is read in the one round that closes a
    /// month, for the others have no use for categories and places.
    pub pack_dir: &'a Path,
    /// Whose days and hours.
    pub calendar: &'a Calendar,
}

impl Months<'_> {
    /// Closes the latest month that is over, if nobody has. In all other rounds that is one look at a row.
    ///
    /// # Errors
    /// [`NotClosed`]; nothing was written then, for row and files are one transaction.
    pub async fn close(&self, now: Timestamp, deadline: Deadline) -> Result<Option<Month>, NotClosed> {
        tokio::time::timeout_at(deadline.instant(), self.close_at(now)).await?
    }

    async fn close_at(&self, now: Timestamp) -> Result<Option<Month>, NotClosed> {
        let made_at = self.calendar.local(now);
        let month = Month::to_close_on(made_at.date());
        if self.rows.closed(month).await?.is_some() {
            return Ok(None);
        }
        let counted = counted(&self.rows, month.into()).await?;
        let pack = Pack::load_untrained(self.pack_dir)?;
        let files = files(&Report::new(&counted, &Names { pack: Some(&pack) }), &made_at)?;
        drop(pack);
        let closed = ClosedMonth { month, closed_at: now, total: counted.total(), open: counted.open_after() };
        let Some(left_out) = self.rows.close(&closed, &files).await? else { return Ok(None) };
        for format in left_out {
            tracing::error!(%month, %format, "no room for a month's file; cargo kemala report makes it");
        }
        Ok(Some(month))
    }
}
