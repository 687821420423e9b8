//! What the stream missed is delivered.

use futures::StreamExt;
use futures::stream;
use jiff::Timestamp;
use kemala_delivery::{Courier, Outcome};
use kemala_runtime::deadline::Deadline;
use kemala_runtime::guard::guarded;
use kemala_store::{ReadError, Store};
use serde::Serialize;

/// Events delivered side by side.
const AT_ONCE: usize = 16;
/// Events found by one look at the index.
const PAGE: i32 = 200;

/// What became of the undelivered events.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Events of which everybody has been told.
    pub delivered: usize,
    /// Events that will be tried again.
    pub postponed: usize,
    /// Events that were given up.
    pub parked: usize,
}

/// Delivers every event whose next attempt is due by `now`, until the deadline.
///
/// # Errors
/// Where the index cannot be read; a single event that fails is logged and stays undelivered.
pub async fn sweep(
    store: &Store,
    courier: &Courier<'_>,
    now: Timestamp,
    deadline: Deadline,
) -> Result<Swept, ReadError> {
    let mut total = Swept::default();
    loop {
        let waiting = store.undelivered(now, PAGE).await?;
        let found = waiting.len();
        let outcomes = stream::iter(waiting).map(|id| async move {
            let outcome = guarded(deadline, courier.deliver(&id, now)).await;
            outcome.inspect_err(|error| tracing::error!(event.id = %id, %error, "not swept")).ok()
        });
        let outcomes: Vec<Option<Outcome>> = outcomes.buffer_unordered(AT_ONCE).collect().await;
        let count = |wanted: fn(&Outcome) -> bool| outcomes.iter().flatten().filter(|outcome| wanted(outcome)).count();
        total.delivered += count(|outcome| matches!(outcome, Outcome::Delivered));
        total.postponed += count(|outcome| matches!(outcome, Outcome::Postponed(_)));
        total.parked += count(|outcome| matches!(outcome, Outcome::Parked));
        // A page of which nothing was settled would only come again.
        let settled = outcomes.iter().any(Option::is_some);
        if found < usize::try_from(PAGE).unwrap_or(usize::MAX) || !settled || deadline.has_passed() {
            return Ok(total);
        }
    }
}

/// Posts of ours that are woken in one round: more than the platform takes in the minute until the next.
const MOST_WOKEN: i32 = 50;

/// Wakes who posts, for each post of ours for which something is to be done; how many.
///
/// # Errors
/// Where the table cannot be read.
pub async fn wake_replies(store: &Store, courier: &Courier<'_>, now: Timestamp) -> Result<usize, ReadError> {
    let due = store.due_replies(now, MOST_WOKEN).await?;
    for id in &due {
        if let Some(reply) = store.reply(id).await? {
            courier.wake(&reply).await;
        }
    }
    Ok(due.len())
}
