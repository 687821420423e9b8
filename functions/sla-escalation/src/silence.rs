//! Agencies that do nothing are told to who stands above them, and to who runs the system.

use jiff::Timestamp;
use kemala_domain::AgencyCode;
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle;
use kemala_domain::silence::silence;
use kemala_store::{Store, WriteError};

use crate::escalate::NotMoved;

/// Tickets of an agency that are looked at, in pages: more tell nothing new.
const PAGE: i32 = 100;
const MOST_PAGES: usize = 5;

/// Tells that an agency is silent, where it is and nobody has been told; whether it did.
pub async fn tell_silence(
    store: &Store,
    agency: &AgencyCode,
    terms: Terms<'_>,
    now: Timestamp,
) -> Result<bool, NotMoved> {
    let mut tickets = Vec::new();
    let mut from = None;
    for _ in 0..MOST_PAGES {
        let page = store.agency_tickets(agency, None, from, PAGE).await?;
        tickets.extend(page.tickets);
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    let policy = &terms.policies.current.silence;
    let Some(silent) = silence(&tickets, policy, terms.calendar, now) else { return Ok(false) };
    // The index only finds; the rows decide, and of two rounds the second finds it told.
    let Some(case) = store.case(&silent.ticket).await?.filter(|case| case.ticket.holder == *agency) else {
        return Ok(false);
    };
    let change = lifecycle::tell_silence(&case, silent.since, silent.waiting, terms, now);
    let Some(change) = change else { return Ok(false) };
    match store.write(&change, None, now).await {
        Ok(()) => {
            tracing::error!(agency.code = %agency, waiting = silent.waiting, "agency silent");
            Ok(true)
        }
        Err(WriteError::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
