//! Which tickets or news a query asks for. A parameter that is empty counts as not given.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use kemala_classifier::{Categories, Jurisdiction};
use kemala_domain::decision::Category;
use kemala_domain::{Ticket, TicketId};
use kemala_runtime::request::{Request, parameters};

use crate::refusal::Refusal;
use crate::view::status;
use crate::wire::OpenOrClosed;

/// The longest time that one query looks at (GeoReport v2).
const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The longest time of which updates are told at once, and the time where none is named.
const LONGEST_OF_UPDATES: SignedDuration = SignedDuration::from_hours(31 * 24);
const USUAL_OF_UPDATES: SignedDuration = SignedDuration::from_hours(24);

/// Requests of a page where none are named, and at most.
const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 100;
/// How deep one may page; who wants more asks for less time.
const DEEPEST: u32 = 2_000;
/// Updates that are told at once: a client that knows no pages must miss none.
const UPDATES: u32 = 1_000;

/// Which tickets.
#[derive(Debug, PartialEq)]
pub enum Wanted {
    /// These, whatever else is asked for.
    Ids(Vec<TicketId>),
    /// Those opened in a time that fit.
    Opened(Span, Fits, Page),
}

/// From when until when, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The earliest.
    pub from: Timestamp,
    /// The latest.
    pub until: Timestamp,
}

/// What a ticket must be.
#[derive(Debug, Default, PartialEq)]
pub struct Fits {
    services: BTreeSet<Category>,
    statuses: Vec<OpenOrClosed>,
}

/// A part of a long list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// How many members come before it.
    pub skip: usize,
    /// How many it has at most.
    pub size: usize,
}

/// Whether the request is for this jurisdiction; it need not say.
///
/// # Errors
/// 404 for another one.
pub fn check_jurisdiction(given: Option<&str>, jurisdiction: &Jurisdiction) -> Result<(), Refusal> {
    match given.filter(|given| !given.is_empty()) {
        Some(other) if other != jurisdiction.name => {
            Err(Refusal::unknown(format!("jurisdiction_id: there is only {} here", jurisdiction.name)))
        }
        _ => Ok(()),
    }
}

/// Reads what `GET /requests` asks for.
///
/// # Errors
/// 400, with what is wrong.
pub fn wanted(request: &Request, categories: &Categories, now: Timestamp) -> Result<Wanted, Refusal> {
    let ids = listed(request, "service_request_id");
    if !ids.is_empty() {
        if ids.len() > LARGEST_PAGE as usize {
            return Err(Refusal::bad(format!("service_request_id: give at most {LARGEST_PAGE} at once")));
        }
        // What is no number is unknown like one that nobody has.
        return Ok(Wanted::Ids(ids.iter().filter_map(|id| id.parse().ok()).collect()));
    }
    Ok(Wanted::Opened(span(request, LONGEST, LONGEST, now)?, fits(request, categories)?, page(request)?))
}

/// Reads which updates are asked for.
///
/// # Errors
/// 400, with what is wrong.
pub fn wanted_updates(request: &Request, now: Timestamp) -> Result<(Span, Page), Refusal> {
    let page = part(request, UPDATES, UPDATES)?;
    Ok((span(request, LONGEST_OF_UPDATES, USUAL_OF_UPDATES, now)?, page))
}

impl Fits {
    /// Whether a ticket of that service fits.
    pub fn fits(&self, ticket: &Ticket, service: Option<&Category>) -> bool {
        let is_of_service = self.services.is_empty() || service.is_some_and(|service| self.services.contains(service));
        let has_status = self.statuses.is_empty() || self.statuses.contains(&status(ticket.status));
        is_of_service && has_status
    }
}

fn fits(request: &Request, categories: &Categories) -> Result<Fits, Refusal> {
    let mut fits = Fits::default();
    for code in listed(request, "service_code") {
        let known = code.parse().ok().and_then(|code| categories.get(&code));
        let known = known.ok_or_else(|| Refusal::unknown("service_code: see /v2/services.json for those there are"))?;
        fits.services.insert(known.code.clone());
    }
    for status in listed(request, "status") {
        fits.statuses.push(match status.as_str() {
            "open" => OpenOrClosed::Open,
            "closed" => OpenOrClosed::Closed,
            _ => return Err(Refusal::bad("status: open or closed")),
        });
    }
    Ok(fits)
}

fn page(request: &Request) -> Result<Page, Refusal> {
    part(request, PAGE, LARGEST_PAGE)
}

fn part(request: &Request, usual: u32, largest: u32) -> Result<Page, Refusal> {
    let number = |name: &str, usual: u32, most: u32| match one(request, name)? {
        None => Ok(usual),
        Some(text) => match text.parse() {
            Ok(number) if (1..=most).contains(&number) => Ok(number),
            _ => Err(Refusal::bad(format!("{name}: a number from 1 to {most}"))),
        },
    };
    let size = number("page_size", usual, largest)?;
    let before = number("page", 1, u32::MAX)?.saturating_sub(1).saturating_mul(size);
    if before.saturating_add(size) > DEEPEST {
        return Err(Refusal::bad(format!(
            "page: only the first {DEEPEST} can be had; ask for less time, by start_date and end_date"
        )));
    }
    Ok(Page { skip: before as usize, size: size as usize })
}

fn span(request: &Request, longest: SignedDuration, usual: SignedDuration, now: Timestamp) -> Result<Span, Refusal> {
    let [start, end] = [moment(request, "start_date")?, moment(request, "end_date")?];
    let after = |at: Timestamp, by: SignedDuration| at.saturating_add(by).unwrap_or(Timestamp::MAX);
    let before = |at: Timestamp, by: SignedDuration| at.saturating_sub(by).unwrap_or(Timestamp::MIN);
    let span = match (start, end) {
        (None, None) => Span { from: before(now, usual), until: now },
        (Some(from), None) => Span { from, until: after(from, longest).min(now.max(from)) },
        (None, Some(until)) => Span { from: before(until, usual), until },
        (Some(from), Some(until)) => Span { from, until },
    };
    if span.until < span.from {
        return Err(Refusal::bad("end_date: it lies before start_date"));
    }
    if span.until.duration_since(span.from) > longest {
        let days = longest.as_hours() / 24;
        return Err(Refusal::bad(format!("start_date and end_date: at most {days} days lie between them")));
    }
    Ok(span)
}

fn moment(request: &Request, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = one(request, name)? else { return Ok(None) };
    // A plus that was not encoded comes as a space.
    match text.parse().or_else(|_| text.replace(' ', "+").parse()) {
        Ok(at) => Ok(Some(at)),
        Err(_) => Err(Refusal::bad(format!("{name}: write it like 2026-11-24T08:00:00+07:00 or 2026-11-24T01:00:00Z"))),
    }
}

/// The value of a parameter that may be given once.
pub fn one(request: &Request, name: &str) -> Result<Option<String>, Refusal> {
    let mut values = parameters(request, name).filter(|value| !value.is_empty());
    let first = values.next().map(|value| value.into_owned());
    if values.next().is_some() {
        return Err(Refusal::bad(format!("{name}: give it once")));
    }
    Ok(first)
}

/// The members of a parameter that may be given again, and may hold several with commas between them.
fn listed(request: &Request, name: &str) -> Vec<String> {
    let members = |value: std::borrow::Cow<'_, str>| -> Vec<String> {
        value.split(',').map(|member| member.trim().to_owned()).filter(|member| !member.is_empty()).collect()
    };
    parameters(request, name).flat_map(members).collect()
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
