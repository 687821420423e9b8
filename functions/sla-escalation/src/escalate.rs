//! Clocks that are due take their step, once.

use futures::StreamExt;
use futures::stream;
use jiff::Timestamp;
use kemala_domain::TicketId;
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::guard::guarded;
use kemala_store::{ReadError, Store, WriteError};
use serde::Serialize;

/// Tickets looked at side by side.
const AT_ONCE: usize = 16;
/// Tickets found by one look at the index.
const PAGE: i32 = 200;

/// What became of the due tickets.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Escalated {
    /// Steps taken.
    pub steps: usize,
    /// Tickets that could not be moved now; they stay due.
    pub failed: usize,
}

/// Why a ticket could not be moved.
#[derive(Debug, thiserror::Error)]
enum NotMoved {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Moves every ticket that is due by `now`, until the deadline.
///
/// # Errors
/// Where the index cannot be read; a single ticket that fails is logged and stays due.
pub async fn escalate(
    store: &Store,
    terms: Terms<'_>,
    now: Timestamp,
    deadline: Deadline,
) -> Result<Escalated, ReadError> {
    let mut total = Escalated::default();
    loop {
        let due = store.due(now, PAGE).await?;
        let found = due.len();
        let moved = stream::iter(due).map(|id| async move {
            let outcome = guarded(deadline, move_up(store, &id, terms, now)).await;
            outcome.inspect_err(|error| tracing::error!(ticket.id = %id, %error, "not escalated")).ok()
        });
        let moved: Vec<Option<usize>> = moved.buffer_unordered(AT_ONCE).collect().await;
        let steps: usize = moved.iter().flatten().sum();
        total.steps += steps;
        total.failed += moved.iter().filter(|steps| steps.is_none()).count();
        // A page that moved nothing would only come again: the index lags, or the table fails.
        if found < usize::try_from(PAGE).unwrap_or(usize::MAX) || steps == 0 || deadline.has_passed() {
            return Ok(total);
        }
    }
}

/// Takes all steps of one ticket that are due. Another run at the same ticket wins or loses each step as a whole.
async fn move_up(store: &Store, id: &TicketId, terms: Terms<'_>, now: Timestamp) -> Result<usize, NotMoved> {
    let mut steps = 0;
    while let Some(case) = store.case(id).await? {
        let Some(change) = lifecycle::take_due_step(&case, terms, now) else { break };
        match store.write(&change, None, now).await {
            Ok(()) => steps += change.events.len(),
            // Somebody else moved it; the next look shows what is left.
            Err(WriteError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(steps)
}
