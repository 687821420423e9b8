//! Events that somebody still has to hear of.

use std::ops::RangeInclusive;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use kemala_domain::{Destination, Event, EventId};

use crate::error::{ReadError, WriteError};
use crate::items::{self, Item, text};
use crate::keys;
use crate::store::{Store, key};
use crate::write::HEAD_START;

/// Events that somebody still has to hear of, as the index has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Those that were tried in vain or could not be, at most 200 of each of the index's four partitions.
    pub events: u32,
    /// When the oldest of them happened.
    pub oldest: Option<Timestamp>,
    /// Those that were given up, at most 200.
    pub parked_events: u32,
}

/// Rows of a partition that are counted: a larger number says nothing more.
const MOST_COUNTED: i32 = 200;
/// Events that are written while the index is asked are new, too.
const WHILE_ASKED: SignedDuration = SignedDuration::from_secs(5);

impl Store {
    /// What still waits at a time shortly after the sweep: what was tried in vain, and what the sweep could not try. An event
    /// whose next attempt lies within the next minute is not counted, for it is most likely new.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn waiting_events(&self, now: Timestamp) -> Result<Waiting, ReadError> {
        let mut waiting = Waiting::default();
        let new = new_until(now);
        for shard in 0..keys::SHARDS {
            let partition = keys::undelivered_shard(shard);
            let mut found = self.find_in(&keys::UNDELIVERED_INDEX, partition, Timestamp::MAX, MOST_COUNTED).await?;
            found.retain(|item| !new.contains(&items::attribute(item, "next_attempt_at")));
            waiting.events += u32::try_from(found.len()).unwrap_or(u32::MAX);
            // Waits between attempts grow with an event's age, so the oldest stands at the end, or was not even tried.
            for id in [found.first(), found.last()].into_iter().flatten().filter_map(event_of) {
                let at = self.event(&id).await?.map(|event| event.at);
                waiting.oldest = [waiting.oldest, at].into_iter().flatten().min();
            }
        }
        let parked = self.find_in(&keys::UNDELIVERED_INDEX, keys::PARKED_SHARD.to_owned(), now, MOST_COUNTED).await?;
        waiting.parked_events = u32::try_from(parked.len()).unwrap_or(u32::MAX);
        Ok(waiting)
    }

    /// Events whose next attempt is due, the longest waiting first, at most `limit`.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn undelivered(&self, now: Timestamp, limit: i32) -> Result<Vec<EventId>, ReadError> {
        let found = self.find_until(&keys::UNDELIVERED_INDEX, now, limit).await?;
        Ok(found.iter().filter_map(event_of).collect())
    }

    /// Takes a destination off an event: it has been told. Done twice, it changes nothing.
    ///
    /// `event.undelivered` is brought up to date, so that the last destination also takes the row out of the index.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn mark_delivered(&self, event: &mut Event, destination: &Destination) -> Result<(), WriteError> {
        event.undelivered.remove(destination);
        let told = AttributeValue::Ss(vec![destination.to_string()]);
        let update = self.update(event);
        let update = if event.undelivered.is_empty() {
            // Only if nobody else is waiting: another attempt may have read an older or newer set.
            update
                .update_expression("REMOVE undelivered, undelivered_shard, next_attempt_at")
                .condition_expression("undelivered = :told OR attribute_not_exists(undelivered)")
        } else {
            update.update_expression("DELETE undelivered :told").condition_expression("attribute_exists(pk)")
        };
        let sent = update.expression_attribute_values(":told", told).send().await;
        sent.map(drop).map_err(conflict_or_remote)
    }

    /// Takes an event that nobody has to hear of any more out of the index (two attempts ended at the same moment).
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn settle(&self, event: &Event) -> Result<(), WriteError> {
        let settled = self
            .update(event)
            .update_expression("REMOVE undelivered_shard, next_attempt_at")
            .condition_expression("attribute_not_exists(undelivered)");
        settled.send().await.map(drop).map_err(conflict_or_remote)
    }

    /// Sets when an event that could not be delivered is tried again.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn postpone(&self, event: &Event, next_attempt_at: Timestamp) -> Result<(), WriteError> {
        let shard = keys::undelivered_shard(keys::shard(&event.ticket));
        self.set_attempt(event, shard, next_attempt_at).await
    }

    /// Gives an event up: it stays undelivered, in sight of people and out of the sweep's.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn park(&self, event: &Event, now: Timestamp) -> Result<(), WriteError> {
        self.set_attempt(event, keys::PARKED_SHARD.to_owned(), now).await
    }

    async fn set_attempt(&self, event: &Event, shard: String, at: Timestamp) -> Result<(), WriteError> {
        let sent = self
            .update(event)
            .update_expression("SET undelivered_shard = :shard, next_attempt_at = :at")
            // What has been delivered meanwhile must not come back.
            .condition_expression("attribute_exists(undelivered)")
            .expression_attribute_values(":shard", text(shard))
            .expression_attribute_values(":at", text(keys::time(at)))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) => match conflict_or_remote(error) {
                WriteError::Conflict => Ok(()),
                other => Err(other),
            },
        }
    }

    fn update(&self, event: &Event) -> UpdateItemFluentBuilder {
        let row = key(keys::ticket(&event.ticket), keys::event(event.seq));
        self.client.update_item().table_name(&self.table).set_key(Some(row))
    }
}

/// Where the next attempt of a new event lies, as it stands in the index. The end is a little later than an event of this
/// moment has it, for others write while this is asked.
fn new_until(now: Timestamp) -> RangeInclusive<String> {
    let end = now.saturating_add(HEAD_START).and_then(|end| end.saturating_add(WHILE_ASKED)).unwrap_or(now);
    keys::time(now)..=keys::time(end)
}

/// The event of an index row.
fn event_of(item: &Item) -> Option<EventId> {
    let ticket = keys::ticket_of(&items::attribute(item, "pk"))?;
    Some(EventId { ticket, seq: keys::seq_of(&items::attribute(item, "sk"))? })
}

fn conflict_or_remote(error: SdkError<UpdateItemError>) -> WriteError {
    match error.as_service_error() {
        Some(service) if service.is_conditional_check_failed_exception() => WriteError::Conflict,
        _ => WriteError::remote(error),
    }
}

#[cfg(test)]
mod tests {
    use kemala_domain::samples::monday;

    use super::*;

    #[test]
    fn an_event_is_new_until_the_sweep_has_had_it() {
        let next = |seconds| keys::time(monday() + SignedDuration::from_secs(seconds));
        let is_new = |seconds| new_until(monday()).contains(&next(seconds));
        assert!(is_new(0) && is_new(60), "written a minute ago, and now");
        assert!(is_new(62), "written while this is asked");
        assert!(!is_new(-1), "overdue");
        assert!(!is_new(90), "tried in vain when it was a minute and a half old");
    }
}
