//! Clocks that are due take their step, once.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use futures::stream;
use jiff::Timestamp;
use kemala_domain::clocks::{Step, Terms};
use kemala_domain::lifecycle;
use kemala_domain::{AgencyCode, Event, EventBody, TicketId};
use kemala_runtime::deadline::Deadline;
use kemala_runtime::guard::guarded;
use kemala_store::{ReadError, Store, WriteError};
use serde::Serialize;

use crate::silence::tell_silence;

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
    /// Agencies that were found silent.
    pub silent: u32,
    /// Steps taken, by rung of the ladder.
    #[serde(skip)]
    pub rungs: BTreeMap<String, u32>,
    /// Steps after a deadline had passed.
    #[serde(skip)]
    pub breaches: u32,
}

/// What one ticket's look brought.
#[derive(Debug, Default)]
struct Moved {
    steps: usize,
    rungs: Vec<String>,
    breaches: u32,
    /// Who has not acknowledged it in time.
    unheard: Option<AgencyCode>,
}

/// Why a ticket could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum NotMoved {
    /// A row could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A row could not be written.
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
    let mut unheard = BTreeSet::new();
    loop {
        let due = store.due(now, PAGE).await?;
        let found = due.len();
        let moved = stream::iter(due).map(|id| async move {
            let outcome = guarded(deadline, move_up(store, &id, terms, now)).await;
            outcome.inspect_err(|error| tracing::error!(ticket.id = %id, %error, "not escalated")).ok()
        });
        let moved: Vec<Option<Moved>> = moved.buffer_unordered(AT_ONCE).collect().await;
        let steps: usize = moved.iter().flatten().map(|moved| moved.steps).sum();
        total.steps += steps;
        total.failed += moved.iter().filter(|moved| moved.is_none()).count();
        for moved in moved.iter().flatten() {
            total.breaches += moved.breaches;
            for rung in &moved.rungs {
                *total.rungs.entry(rung.clone()).or_default() += 1;
            }
        }
        unheard.extend(moved.into_iter().flatten().filter_map(|moved| moved.unheard));
        // A page that moved nothing would only come again: the index lags, or the table fails.
        if found < usize::try_from(PAGE).unwrap_or(usize::MAX) || steps == 0 || deadline.has_passed() {
            break;
        }
    }
    for agency in unheard {
        match guarded(deadline, tell_silence(store, &agency, terms, now)).await {
            Ok(told) => total.silent += u32::from(told),
            // The next rung of the same ticket looks again.
            Err(error) => tracing::error!(agency.code = %agency, %error, "silence not looked for"),
        }
    }
    Ok(total)
}

/// Takes all steps of one ticket that are due. Another run at the same ticket wins or loses each step as a whole.
async fn move_up(store: &Store, id: &TicketId, terms: Terms<'_>, now: Timestamp) -> Result<Moved, NotMoved> {
    let mut moved = Moved::default();
    let mut read = store.case(id).await?;
    while let Some(case) = read {
        let Some(change) = lifecycle::take_due_step(&case, terms, now) else { break };
        read = match store.write(&change, None, now).await {
            Ok(()) => {
                moved.steps += change.events.len();
                moved.rungs.extend(change.events.iter().filter_map(rung));
                let breaches = change.events.iter().filter(|event| is_breach(event)).count();
                moved.breaches += u32::try_from(breaches).unwrap_or(u32::MAX);
                if change.ticket.acknowledged_at.is_none() && breaches > 0 {
                    moved.unheard = Some(change.ticket.holder.clone());
                }
                // As it was written; whoever comes in between makes the next write a conflict.
                Some(change.applied_to(case.events))
            }
            // Somebody else moved it; the next look shows what is left.
            Err(WriteError::Conflict) => store.case(id).await?,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(moved)
}

/// The rung that an event tells of, if it does.
fn rung(event: &Event) -> Option<String> {
    match &event.body {
        EventBody::ClockStep { rung, .. } => Some(rung.clone()),
        _ => None,
    }
}

/// Whether an event is a rung at or after a breach. Each such rung of a ticket that its holder has not taken on looks for
/// silence again: a look that a crash cut off is made up for.
fn is_breach(event: &Event) -> bool {
    matches!(event.body, EventBody::ClockStep { step: Step::Breach, .. })
}
