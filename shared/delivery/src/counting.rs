//! Events into the figures.

use std::time::Duration;

use kemala_domain::clocks::Terms;
use kemala_domain::figures::contribution;
use kemala_domain::{Destination, Event, Ticket};
use kemala_store::figures::FiguresRows;
use kemala_store::{ReadError, Store, WriteError};

/// Attempts while others write the same rows; what is not counted then is so a minute later.
const ATTEMPTS: u32 = 6;
/// Longest wait before the second attempt, in milliseconds; doubles each time.
const FIRST_WAIT: u64 = 25;

/// Why an event was not counted; it still says that it has to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotCounted {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Adds to the figures what an event adds, once, however often this is called. `event.undelivered` is brought up to date.
pub(crate) async fn count(
    store: &Store,
    ticket: &Ticket,
    event: &mut Event,
    terms: Terms<'_>,
) -> Result<(), NotCounted> {
    let mut events = store.events(&ticket.id).await?;
    // What came after it is none of its business.
    events.retain(|other| other.seq <= event.seq);
    let added = contribution(ticket, &events, terms);
    let rows = FiguresRows::new(store, &ticket.pack);
    for attempt in 1.. {
        match rows.count(event, &added).await {
            Ok(()) => break,
            Err(WriteError::Conflict) if attempt < ATTEMPTS => {
                let wait = fastrand::u64(0..=FIRST_WAIT << attempt.min(8));
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            Err(error) => return Err(error.into()),
        }
        let Some(now) = store.event(&event.id()).await? else { break };
        *event = now;
        if !event.undelivered.contains(&Destination::Figures) {
            break;
        }
    }
    Ok(())
}
