//! Domain values as rows and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use kemala_domain::public::{is_news, is_public};
use kemala_domain::{Event, Ticket, TicketId, Urgency, Voice};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ReadError;
use crate::keys;

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A row of the value's own fields under a key.
pub(crate) fn row(pk: String, sk: String, value: &impl Serialize) -> Result<Item, serde_dynamo::Error> {
    let mut item: Item = serde_dynamo::to_item(value)?;
    item.insert("pk".to_owned(), text(pk));
    item.insert("sk".to_owned(), text(sk));
    Ok(item)
}

/// The value of a row.
pub(crate) fn value<T: DeserializeOwned>(item: Item) -> Result<T, ReadError> {
    let (pk, sk) = (attribute(&item, "pk"), attribute(&item, "sk"));
    serde_dynamo::from_item(item).map_err(|_| ReadError::Unreadable { pk, sk })
}

/// A text attribute, or nothing.
pub(crate) fn attribute(item: &Item, name: &str) -> String {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

/// The ticket row with its index attributes: open tickets stand in `agency`, those with a running clock in `due`, and all in
/// `opened` that the public may hear of.
pub(crate) fn ticket_row(ticket: &Ticket) -> Result<Item, serde_dynamo::Error> {
    let mut item = row(keys::ticket(&ticket.id), keys::TICKET.to_owned(), ticket)?;
    if ticket.status.is_open() {
        item.insert("agency_open".to_owned(), text(keys::agency_open(ticket.holder.as_str())));
        // Without a running clock a ticket still stands in its agency's list, at the end.
        item.insert("due_at".to_owned(), text(due_at(ticket)));
    }
    if ticket.status.is_open() && !ticket.escalated_to.is_empty() {
        item.insert("escalated".to_owned(), text(keys::ESCALATED));
    }
    if ticket.due.is_some() {
        let is_emergency = ticket.decision.urgency == Urgency::Emergency;
        let shard = if is_emergency { keys::EMERGENCIES } else { keys::shard(&ticket.id) };
        item.insert("due_shard".to_owned(), text(keys::due_shard(shard)));
    }
    if is_public(ticket) {
        let regency = ticket.decision.place.regency();
        item.insert("opened_day".to_owned(), text(keys::opened_day(ticket.opened_at)));
        item.insert("opened_place".to_owned(), text(keys::opened_place(regency.as_ref(), ticket.opened_at)));
    }
    Ok(item)
}

/// When a ticket's next step is due, as it stands in the indexes.
pub(crate) fn due_at(ticket: &Ticket) -> String {
    keys::time(ticket.due.map_or(Timestamp::MAX, |due| due.at))
}

/// The event row. Destinations are a string set, so that delivery can take one out; an event that nobody has to
/// hear of stands in no index but that of news.
pub(crate) fn event_row(event: &Event, first_attempt_at: Timestamp) -> Result<Item, serde_dynamo::Error> {
    let mut item = row(keys::ticket(&event.ticket), keys::event(event.seq), event)?;
    if !event.undelivered.is_empty() {
        let destinations = event.undelivered.iter().map(ToString::to_string).collect();
        item.insert("undelivered".to_owned(), AttributeValue::Ss(destinations));
        let shard = keys::undelivered_shard(keys::shard(&event.ticket));
        item.insert("undelivered_shard".to_owned(), text(shard));
        item.insert("next_attempt_at".to_owned(), text(keys::time(first_attempt_at)));
    }
    let is_accusation = event.filed.as_ref().is_some_and(|filed| filed.supervisory);
    if is_news(&event.body) && !is_accusation {
        item.insert("opened_day".to_owned(), text(keys::news_day(event.at)));
        item.insert("opened_place".to_owned(), text(keys::time(event.at)));
    }
    Ok(item)
}

/// The voice's row, which expires.
pub(crate) fn voice_row(ticket: &TicketId, voice: &Voice, expires_at: Timestamp) -> Result<Item, serde_dynamo::Error> {
    let mut item = row(keys::ticket(ticket), keys::report(&voice.report.first_post), voice)?;
    item.insert("expires_at".to_owned(), number(expires_at.as_second()));
    Ok(item)
}

#[cfg(test)]
#[path = "items_tests.rs"]
mod tests;
