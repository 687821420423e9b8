//! What is read of tickets. Nobody else decides who may be seen: what is not public looks as if it did not exist.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};
use kemala_domain::public::{is_listed, is_public, was_always_public};
use kemala_domain::seen_live::SeenLive;
use kemala_domain::{Event, Status, Ticket, TicketId, Voice};
use kemala_store::{ReadError, Store};

use crate::filter::{Fits, Page, Span};
use crate::site::Site;

/// Tickets that are looked at in one step.
const STEP: usize = 100;
/// Tickets that are looked at for one page, however few fit.
const MOST_LOOKED_AT: usize = 10_000;
/// Histories that are read side by side.
const AT_ONCE: usize = 25;

/// A public ticket.
#[derive(Debug)]
pub struct Known {
    /// Its row.
    pub ticket: Ticket,
    /// Its history.
    pub events: Vec<Event>,
    /// The voice that opened it, while it is kept.
    pub opening: Option<Voice>,
    /// What the platform last showed of its posts.
    pub seen: Option<SeenLive>,
}

/// Those of these tickets that the public may hear of, in their order.
///
/// # Errors
/// [`ReadError`]
pub async fn these(store: &Store, ids: &[TicketId]) -> Result<Vec<Known>, ReadError> {
    let unique: BTreeSet<&TicketId> = ids.iter().collect();
    let unique: Vec<TicketId> = unique.into_iter().cloned().collect();
    let mut rows: BTreeMap<TicketId, Ticket> =
        store.tickets(&unique).await?.into_iter().map(|ticket| (ticket.id.clone(), ticket)).collect();
    let tickets = ids.iter().filter_map(|id| rows.remove(id)).filter(is_public).collect();
    with_history(store, tickets).await
}

/// A page of the tickets that were opened in a time, the newest first.
///
/// # Errors
/// [`ReadError`]
pub async fn opened(store: &Store, site: &Site, span: Span, fits: &Fits, page: Page) -> Result<Vec<Known>, ReadError> {
    let found = store.opened(span.from, span.until, None).await?;
    let ids: Vec<TicketId> = found.into_iter().map(|opened| opened.ticket).take(MOST_LOOKED_AT).collect();
    let mut fitting = Vec::new();
    for step in ids.chunks(STEP) {
        let mut rows: BTreeMap<TicketId, Ticket> =
            store.tickets(step).await?.into_iter().map(|ticket| (ticket.id.clone(), ticket)).collect();
        let service = |ticket: &Ticket| site.service_of(ticket.decision.category.as_ref()).map(|entry| &entry.code);
        let is_wanted = |ticket: &Ticket| is_listed(ticket) && fits.fits(ticket, service(ticket));
        fitting.extend(step.iter().filter_map(|id| rows.remove(id)).filter(is_wanted));
        if fitting.len() >= page.skip.saturating_add(page.size) {
            break;
        }
    }
    with_history(store, fitting.into_iter().skip(page.skip).take(page.size).collect()).await
}

/// News of a time, the oldest first, with the tickets that they are about.
///
/// # Errors
/// [`ReadError`]
pub async fn news(store: &Store, span: Span, page: Page) -> Result<Vec<Event>, ReadError> {
    let news: Vec<_> = store.news(span.from, span.until).await?.into_iter().skip(page.skip).take(page.size).collect();
    let ids: BTreeSet<TicketId> = news.iter().map(|news| news.event.ticket.clone()).collect();
    let ids: Vec<TicketId> = ids.into_iter().collect();
    let tickets = store.tickets(&ids).await?.into_iter().filter(is_public).collect();
    let histories = histories(store, going_on_in_public(store, tickets).await?).await?;
    let of: BTreeMap<&TicketId, &(Ticket, Vec<Event>)> =
        histories.iter().map(|history| (&history.0.id, history)).collect();
    let event = |news: &kemala_store::news::News| {
        let (ticket, events) = of.get(&news.event.ticket)?;
        let event = events.iter().find(|event| event.seq == news.event.seq)?;
        // Who withdraws a report wants what was said of it forgotten.
        let is_forgotten =
            ticket.status == Status::Withdrawn && !matches!(event.body, kemala_domain::EventBody::Withdrawn);
        (!is_forgotten).then(|| event.clone())
    };
    Ok(news.iter().filter_map(event).collect())
}

/// With history, voice and what was seen; without those that were accusations once.
async fn with_history(store: &Store, tickets: Vec<Ticket>) -> Result<Vec<Known>, ReadError> {
    let histories = histories(store, tickets).await?;
    let tickets: Vec<Ticket> = histories.iter().map(|(ticket, _)| ticket.clone()).collect();
    let (mut openings, mut seen) = tokio::try_join!(store.opening_voices(&tickets), store.seen_live_of(&tickets))?;
    let known = |(ticket, events): (Ticket, Vec<Event>)| {
        let (opening, seen) = (openings.remove(&ticket.id), seen.remove(&ticket.id));
        Known { ticket, events, opening, seen }
    };
    Ok(histories.into_iter().map(known).collect())
}

/// Without those that were joined into one that is not for everybody: they would say what it is about.
async fn going_on_in_public(store: &Store, tickets: Vec<Ticket>) -> Result<Vec<Ticket>, ReadError> {
    let mut public = Vec::with_capacity(tickets.len());
    for ticket in tickets {
        let goes_on = match ticket.joined_to {
            None => true,
            Some(_) => store.standing(&ticket.id).await?.as_ref().is_some_and(is_public),
        };
        if goes_on {
            public.push(ticket);
        }
    }
    Ok(public)
}

async fn histories(store: &Store, tickets: Vec<Ticket>) -> Result<Vec<(Ticket, Vec<Event>)>, ReadError> {
    let history = |ticket: Ticket| async move {
        let events = store.events(&ticket.id).await?;
        Ok::<_, ReadError>((ticket, events))
    };
    let read: Vec<_> = stream::iter(tickets).map(history).buffered(AT_ONCE).try_collect().await?;
    Ok(read.into_iter().filter(|(_, events)| was_always_public(events)).collect())
}
