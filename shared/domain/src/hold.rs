//! How long each agency had a ticket in its hands, by its events. The citizen's clock runs over all of them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::event::{Event, EventBody};
use crate::ids::AgencyCode;

/// One time in which an agency had a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Which agency or desk.
    pub agency: AgencyCode,
    /// Since when.
    pub from: Timestamp,
    /// Until it was handed on or ended; `None` while it has the ticket.
    pub until: Option<Timestamp>,
}

/// Who had a ticket with that history, in order.
pub fn holds(events: &[Event]) -> Vec<Hold> {
    let mut holds: Vec<Hold> = Vec::new();
    for event in events {
        let next = match &event.body {
            EventBody::Opened { decision } => Some(&decision.addressee),
            EventBody::Reassigned { to, .. } => Some(to),
            EventBody::Closed { .. }
            | EventBody::Confirmed { .. }
            | EventBody::Rejected { .. }
            | EventBody::Withdrawn
            | EventBody::Joined { .. } => None,
            // A closed ticket that goes on does so in the same hands.
            EventBody::Reopened { .. } | EventBody::Unjoined { .. } if is_over(&holds) => {
                let agency = holds.last().map(|hold| hold.agency.clone());
                holds.extend(agency.map(|agency| Hold { agency, from: event.at, until: None }));
                continue;
            }
            _ => continue,
        };
        if let Some(hold) = holds.last_mut().filter(|hold| hold.until.is_none()) {
            hold.until = Some(event.at);
        }
        holds.extend(next.map(|agency| Hold { agency: agency.clone(), from: event.at, until: None }));
    }
    holds
}

fn is_over(holds: &[Hold]) -> bool {
    holds.last().is_some_and(|hold| hold.until.is_some())
}

/// How long each agency had the ticket until `now`, all its times together.
pub fn hold_times(events: &[Event], now: Timestamp) -> BTreeMap<AgencyCode, SignedDuration> {
    let mut times = BTreeMap::new();
    for Hold { agency, from, until } in holds(events) {
        let time = times.entry(agency).or_insert(SignedDuration::ZERO);
        *time = time.saturating_add(until.unwrap_or(now).duration_since(from));
    }
    times
}
