//! What an agency may read: the tickets in its hands.

use std::borrow::Cow;

use jiff::Timestamp;
use kemala_casework::tickets::{self, State, page_start, page_token, to_json, view};
use kemala_casework::{Casework, problem};
use kemala_domain::{AgencyCode, TicketId};
use kemala_messages::agency_api::{Problem, TicketList};
use kemala_runtime::request::{Request, parameters};

/// Tickets on a page, where the caller says nothing.
const USUAL_PAGE: usize = 50;
/// Most tickets on a page.
const LARGEST_PAGE: usize = 100;

/// The tickets of an agency that have not ended: `?state=open|due|late`, `?limit=`, `?after=`.
///
/// # Errors
/// 400 for a parameter that cannot be read, 503 where the table does not answer.
pub async fn list(
    work: &Casework<'_>,
    agency: &AgencyCode,
    request: &Request,
    now: Timestamp,
) -> Result<String, Problem> {
    let state = match parameter(request, "state")?.as_deref() {
        None | Some("open") => State::Open,
        Some("due") => State::Due,
        Some("late") => State::Late,
        Some(_) => return Err(problem::bad_request("state: one of open, due, late")),
    };
    let limit = match parameter(request, "limit")?.map(|limit| limit.parse()) {
        None => USUAL_PAGE,
        Some(Ok(limit)) if (1..=LARGEST_PAGE).contains(&limit) => limit,
        Some(_) => return Err(problem::bad_request(format!("limit: a number from 1 to {LARGEST_PAGE}"))),
    };
    let after = match parameter(request, "after")? {
        None => None,
        Some(text) => Some(page_start(&text).ok_or_else(|| {
            problem::bad_request("after: give the `next` of the page before, as it was, or leave it out")
        })?),
    };
    let (tickets, next) = tickets::page(work, agency, state, limit, after, now).await?;
    let tickets = tickets.iter().map(|ticket| view(ticket, None, work.terms())).collect();
    to_json(&TicketList { tickets, next: next.as_ref().map(page_token) })
}

/// One ticket in an agency's hands.
///
/// # Errors
/// 404 where it is not there or not theirs, 503 where the table does not answer.
pub async fn one(work: &Casework<'_>, agency: &AgencyCode, id: &TicketId) -> Result<String, Problem> {
    to_json(&tickets::one(work, agency, id).await?)
}

/// A query parameter.
///
/// # Errors
/// 400 where it is given more than once: which of them is meant?
pub fn parameter<'a>(request: &'a Request, name: &str) -> Result<Option<Cow<'a, str>>, Problem> {
    let mut values = parameters(request, name);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(problem::bad_request(format!("{name}: is given twice; give it once"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_is_given_twice_is_refused() {
        let mut request = Request::default();
        request.raw_query_string = Some("state=due&state=late&limit=1".to_owned());
        assert_eq!(parameter(&request, "state").unwrap_err().status, 400);
        assert_eq!(parameter(&request, "limit").unwrap().as_deref(), Some("1"));
        assert_eq!(parameter(&request, "after").unwrap(), None);
    }
}
