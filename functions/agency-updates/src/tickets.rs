//! What an agency may read: the tickets in its hands.

use data_encoding::BASE64URL_NOPAD;
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::Case;
use kemala_domain::{AgencyCode, Ticket, TicketId, Voice};
use kemala_messages::agency::{Deadline, EventView, Snapshot, TicketView, event_view};
use kemala_runtime::request::{Request, only_parameter};
use kemala_store::Store;
use kemala_store::lists::PageStart;
use serde::Serialize;

use crate::problem::Problem;

/// Tickets on a page.
const PAGE: i32 = 50;

/// A page of open tickets, the next deadline first. Texts come with the single ticket.
#[derive(Serialize)]
struct Listed {
    tickets: Vec<TicketView>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A ticket with its time line.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    ticket: TicketView,
    events: Vec<EventView>,
}

/// The open tickets of an agency: `?due_by=<time>` leaves those whose next deadline lies before, `?after=` pages.
///
/// # Errors
/// 400 for a parameter that cannot be read, 503 where the table does not answer.
pub async fn list(store: &Store, terms: Terms<'_>, agency: &AgencyCode, request: &Request) -> Result<String, Problem> {
    let due_by = match only_parameter(request, "due_by") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| {
            Problem::bad_request(format!("due_by: {text:?} is no time; write it like 2026-11-27T00:00:00Z"))
        })?),
    };
    let after = match only_parameter(request, "after") {
        None => None,
        Some(text) => Some(page_start(&text).ok_or_else(|| {
            Problem::bad_request("after: give the `next` of the page before, as it was, or leave it out")
        })?),
    };
    let page = store.agency_tickets(agency, due_by, after, PAGE).await.map_err(|error| Problem::unavailable(&error))?;
    let tickets = page.tickets.iter().map(|ticket| view(ticket, None, terms)).collect();
    to_json(&Listed { tickets, next: page.next.as_ref().map(page_token) })
}

/// One ticket in an agency's hands, with text and time line.
///
/// # Errors
/// 404 where it is not there or not theirs, 503 where the table does not answer.
pub async fn one(store: &Store, terms: Terms<'_>, agency: &AgencyCode, id: &TicketId) -> Result<String, Problem> {
    let case = in_hands(store, agency, id).await?;
    let opening = store.voice(id, &case.ticket.origin).await.map_err(|error| Problem::unavailable(&error))?;
    let mut events = Vec::with_capacity(case.events.len());
    for event in &case.events {
        let spoken = match event.body.post() {
            Some(post) => store.voice(id, post).await.map_err(|error| Problem::unavailable(&error))?,
            None => None,
        };
        events.push(event_view(event, spoken.as_ref()));
    }
    to_json(&Whole { ticket: view(&case.ticket, opening.as_ref(), terms), events })
}

/// The case of a ticket that the agency holds.
///
/// # Errors
/// 404 where it is not there or not theirs, 503 where the table does not answer.
pub async fn in_hands(store: &Store, agency: &AgencyCode, id: &TicketId) -> Result<Case, Problem> {
    let case = store.case(id).await.map_err(|error| Problem::unavailable(&error))?;
    case.filter(|case| case.ticket.holder == *agency).ok_or_else(Problem::no_ticket)
}

/// A ticket as its holder sees it.
pub fn view(ticket: &Ticket, opening: Option<&Voice>, terms: Terms<'_>) -> TicketView {
    let deadlines = Deadline::all(ticket, terms);
    TicketView::for_holder(Snapshot { ticket, opening, deadlines: &deadlines })
}

/// The answer as JSON text.
pub fn to_json(answer: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(answer).map_err(|error| Problem::unavailable(&error))
}

/// Where the next page begins, as text that callers give back unread.
fn page_token(start: &PageStart) -> String {
    BASE64URL_NOPAD.encode(format!("{} {}", start.ticket, start.due_at).as_bytes())
}

fn page_start(token: &str) -> Option<PageStart> {
    let text = String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()?;
    let (ticket, due_at) = text.split_once(' ')?;
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
        for token in ["", "?", "AAAA", &BASE64URL_NOPAD.encode(b"KJ-1 x")] {
            assert_eq!(page_start(token), None, "{token}");
        }
    }
}
