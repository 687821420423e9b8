//! What an agency may read: the tickets in its hands.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::{Action, Case};
use kemala_domain::{AgencyCode, Status, Ticket, TicketId, Voice};
use kemala_messages::agency::{Deadline, Snapshot, TicketView, event_view};
use kemala_messages::agency_api::{Problem, WholeTicket};
use kemala_store::lists::PageStart;
use serde::Serialize;

use crate::{Casework, problem};

/// Looks at the index for one page: a list that leaves much out says where it stopped, and goes on when asked.
const MOST_LOOKS: usize = 10;
/// What is due within this time is on the list of what is due.
const SOON: SignedDuration = SignedDuration::from_hours(24);

/// Which tickets a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All that have not ended.
    Open,
    /// Those for which something comes within a day.
    Due,
    /// Those with a promise that is broken and not kept.
    Late,
}

impl State {
    fn fits(self, ticket: &Ticket) -> bool {
        self != Self::Late || !ticket.late.is_empty()
    }
}

/// A page of the tickets of an agency that have not ended, and where the next one begins.
///
/// # Errors
/// 503 where the table does not answer.
pub async fn page(
    work: &Casework<'_>,
    agency: &AgencyCode,
    state: State,
    limit: usize,
    mut after: Option<PageStart>,
    now: Timestamp,
) -> Result<(Vec<Ticket>, Option<PageStart>), Problem> {
    let until = (state == State::Due).then(|| now.saturating_add(SOON).unwrap_or(Timestamp::MAX));
    let mut tickets = Vec::new();
    for _ in 0..MOST_LOOKS {
        let look = i32::try_from(limit).unwrap_or(i32::MAX);
        let page = work.store.agency_tickets(agency, until, after, look).await;
        let page = page.map_err(|error| problem::unavailable(&error))?;
        after = page.next;
        for ticket in page.tickets.into_iter().filter(|ticket| state.fits(ticket)) {
            tickets.push(ticket);
            if let (true, Some(last)) = (tickets.len() == limit, tickets.last()) {
                after = after.map(|_| PageStart::after(last));
                break;
            }
        }
        if tickets.len() == limit || after.is_none() {
            break;
        }
    }
    Ok((tickets, after))
}

/// One ticket in an agency's hands, with text, time line, and what may be done.
///
/// # Errors
/// 404 where it is not there or not theirs, 503 where the table does not answer.
pub async fn one(work: &Casework<'_>, agency: &AgencyCode, id: &TicketId) -> Result<WholeTicket, Problem> {
    let case = in_hands(work, agency, id).await?;
    let voice = async |post| work.store.voice(id, post).await.map_err(|error| problem::unavailable(&error));
    let opening = voice(&case.ticket.origin).await?;
    let mut events = Vec::with_capacity(case.events.len());
    for event in &case.events {
        let spoken = match event.body.post() {
            Some(post) => voice(post).await?,
            None => None,
        };
        events.push(event_view(event, spoken.as_ref()));
    }
    let allowed = allowed(work, agency, &case.ticket);
    Ok(WholeTicket { ticket: view(&case.ticket, opening.as_ref(), work.terms()), events, allowed })
}

/// The case of a ticket that the agency holds. The triage desk also sees what was joined: it may take it out again.
///
/// # Errors
/// 404 where it is not there or not theirs, 503 where the table does not answer.
pub async fn in_hands(work: &Casework<'_>, agency: &AgencyCode, id: &TicketId) -> Result<Case, Problem> {
    let case = work.store.case(id).await.map_err(|error| problem::unavailable(&error))?;
    case.filter(|case| is_in_hands(work, agency, &case.ticket)).ok_or_else(problem::no_ticket)
}

/// Whether a ticket is an agency's to see and to act on.
pub fn is_in_hands(work: &Casework<'_>, agency: &AgencyCode, ticket: &Ticket) -> bool {
    let is_joined = ticket.status == Status::Joined && !ticket.decision.supervisory;
    ticket.holder == *agency || (is_joined && *agency == work.pack.jurisdiction.triage_desk)
}

/// What an agency may do with its ticket as it is.
pub fn allowed(work: &Casework<'_>, agency: &AgencyCode, ticket: &Ticket) -> Vec<Action> {
    Action::allowed_in(ticket.status, work.bodies.desks.contains(agency))
}

/// A ticket as its holder sees it.
pub fn view(ticket: &Ticket, opening: Option<&Voice>, terms: Terms<'_>) -> TicketView {
    let deadlines = Deadline::all(ticket, terms);
    TicketView::for_holder(Snapshot { ticket, opening, deadlines: &deadlines })
}

/// The answer as JSON text.
pub fn to_json(answer: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(answer).map_err(|error| problem::unavailable(&error))
}

/// Where the next page begins, as text that callers give back unread.
pub fn page_token(start: &PageStart) -> String {
    BASE64URL_NOPAD.encode(format!("{} {}", start.ticket, start.due_at).as_bytes())
}

/// Reads what [`page_token`] wrote; `None` for anything else.
pub fn page_start(token: &str) -> Option<PageStart> {
    let text = String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()?;
    let (ticket, due_at) = text.split_once(' ')?;
    due_at.parse::<Timestamp>().ok()?;
    Some(PageStart { ticket: ticket.parse().ok()?, due_at: due_at.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_is_read_back() {
        let start =
            PageStart { ticket: "KJ-45RQ0X8XD".parse().unwrap(), due_at: "2026-11-27T00:00:00.000Z".to_owned() };
        assert_eq!(page_start(&page_token(&start)), Some(start));
        for token in ["", "?", "AAAA", &BASE64URL_NOPAD.encode(b"KJ-1 x"), &BASE64URL_NOPAD.encode(b"KJ-45RQ0X8XD x")] {
            assert_eq!(page_start(token), None, "{token}");
        }
    }
}
