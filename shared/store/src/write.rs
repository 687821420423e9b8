//! One change, one transaction.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use jiff::{SignedDuration, Timestamp};
use kemala_domain::lifecycle::{Change, VoiceChange};
use kemala_domain::{PostKey, TicketId, Voice};

use crate::error::WriteError;
use crate::idempotency::Answered;
use crate::items::{self, Item, number, text};
use crate::keys;
use crate::posts::KnownPost;
use crate::store::{Store, key};

/// Time that the stream has to deliver a new event before the sweep takes it up.
pub(crate) const HEAD_START: SignedDuration = SignedDuration::from_secs(60);

impl Store {
    /// Writes a change whole, or not at all. `now` is the time at which it was decided.
    ///
    /// A repeat of a change that was written is a [`WriteError::Conflict`], whatever became of the first answer.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn write(&self, change: &Change, answered: Option<&Answered>, now: Timestamp) -> Result<(), WriteError> {
        self.transact(self.transaction(change, answered, now).map_err(WriteError::Unwritable)?).await
    }

    pub(crate) async fn transact(&self, items: Vec<TransactWriteItem>) -> Result<(), WriteError> {
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        sent.map(drop).map_err(|error| match error.as_service_error() {
            Some(service) if is_conflict(service) => WriteError::Conflict,
            _ => WriteError::remote(error),
        })
    }

    pub(crate) fn transaction(
        &self,
        change: &Change,
        answered: Option<&Answered>,
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>, serde_dynamo::Error> {
        let ticket = self.put(items::ticket_row(&change.ticket)?);
        let mut items = vec![match change.based_on {
            0 => ticket.condition_expression("attribute_not_exists(pk)"),
            version => ticket
                .condition_expression("version = :version")
                .expression_attribute_values(":version", number(version)),
        }];
        let sweep_from = now.saturating_add(HEAD_START).unwrap_or(Timestamp::MAX);
        for event in &change.events {
            items.push(self.put(items::event_row(event, sweep_from)?).condition_expression("attribute_not_exists(pk)"));
        }
        if let Some(answered) = answered {
            let expires_at = now.saturating_add(self.retention.traces).unwrap_or(Timestamp::MAX);
            items.push(self.put(answered.row(expires_at)?).condition_expression("attribute_not_exists(pk)"));
            if let Some(deed) = &answered.deed {
                items.push(self.put_deed(&answered.agency, deed, &answered.request_hash)?);
            }
        }
        for incidents in &change.beside.incidents {
            items.push(self.put_incidents(incidents, now)?);
        }
        if let Some(activity) = &change.beside.activity {
            items.push(self.put_activity(activity, now)?);
        }
        if let Some(signature) = &change.beside.late_join {
            items.push(self.put(self.late_join_row(&change.ticket.id, Some(signature), now)?));
        }
        if let Some(photo) = &change.beside.photo {
            items.push(self.put_photo(photo, &change.ticket.id, now)?);
        }
        if let Some(label) = &change.beside.label {
            items.push(self.put_label(&change.ticket.pack, label)?);
        }
        let mut items: Vec<TransactWriteItem> = items.into_iter().map(put).collect::<Result<_, _>>()?;
        for voice in &change.voices {
            items.extend(self.voice_change(change, voice)?);
        }
        Ok(items)
    }

    fn voice_change(
        &self,
        change: &Change,
        voice: &VoiceChange,
    ) -> Result<Vec<TransactWriteItem>, serde_dynamo::Error> {
        let ticket = &change.ticket.id;
        let mut items = Vec::new();
        match voice {
            VoiceChange::Add(voice) => {
                items.push(self.new_post(ticket, voice)?);
                items.extend(self.voice_rows(ticket, voice)?);
                if let (0, Some(repeated)) = (change.based_on, &voice.report.relation.repost_of) {
                    let known = repeated_post_row(ticket, repeated)?;
                    items.push(put(self.put(known).condition_expression("attribute_not_exists(pk)"))?);
                }
            }
            VoiceChange::Edit(voice) => {
                let newer = self
                    .put(post_row(ticket, voice)?)
                    .condition_expression("edit < :edit AND deleted = :no")
                    .expression_attribute_values(":edit", number(voice.report.edit))
                    .expression_attribute_values(":no", AttributeValue::Bool(false));
                items.push(put(newer)?);
                items.extend(self.voice_rows(ticket, voice)?);
            }
            VoiceChange::Erase(post) => items.extend(self.erasure(ticket, post)?),
            VoiceChange::Hear(voice) => items.push(self.new_post(ticket, voice)?),
        }
        Ok(items)
    }

    /// The row of a post that was not known, or only by one that repeats it.
    fn new_post(&self, ticket: &TicketId, voice: &Voice) -> Result<TransactWriteItem, serde_dynamo::Error> {
        put(self
            .put(post_row(ticket, voice)?)
            .condition_expression("attribute_not_exists(pk) OR (heard = :no AND deleted = :no)")
            .expression_attribute_values(":no", AttributeValue::Bool(false)))
    }

    /// The voice's own row, and the row by which an edited version of its post is found.
    pub(crate) fn voice_rows(
        &self,
        ticket: &TicketId,
        voice: &Voice,
    ) -> Result<Vec<TransactWriteItem>, serde_dynamo::Error> {
        let expires_at = voice.received_at.saturating_add(self.retention.voices).unwrap_or(Timestamp::MAX);
        let mut rows = vec![put(self.put(items::voice_row(ticket, voice, expires_at)?))?];
        if voice.report.post != voice.report.first_post {
            // Replies name the version they answer.
            let mut alias = post_row(ticket, voice)?;
            alias.insert("pk".to_owned(), text(keys::post(&voice.report.post)));
            rows.push(put(self.put(alias))?);
        }
        Ok(rows)
    }

    fn erasure(&self, ticket: &TicketId, post: &PostKey) -> Result<[TransactWriteItem; 2], serde_dynamo::Error> {
        let gone = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key(keys::ticket(ticket), keys::report(post))))
            .build()
            .map_err(unbuilt)?;
        let known =
            KnownPost { ticket: Some(ticket.clone()), first_post: post.clone(), edit: 0, deleted: true, heard: true };
        let deleted = self
            .put(items::row(keys::post(post), keys::POST.to_owned(), &known)?)
            .condition_expression("deleted = :no")
            .expression_attribute_values(":no", AttributeValue::Bool(false));
        Ok([TransactWriteItem::builder().delete(gone).build(), put(deleted)?])
    }

    pub(crate) fn put(&self, item: Item) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder().table_name(&self.table).set_item(Some(item))
    }
}

/// The row by which a repeat, a reply or an edit finds the ticket of a voice.
fn post_row(ticket: &TicketId, voice: &Voice) -> Result<Item, serde_dynamo::Error> {
    let report = &voice.report;
    let known = KnownPost {
        ticket: Some(ticket.clone()),
        first_post: report.first_post.clone(),
        edit: report.edit,
        deleted: false,
        heard: true,
    };
    items::row(keys::post(&report.first_post), keys::POST.to_owned(), &known)
}

/// The row of a post that is known only because the opening voice repeats it.
fn repeated_post_row(ticket: &TicketId, post: &PostKey) -> Result<Item, serde_dynamo::Error> {
    let first_post = post.clone();
    let known = KnownPost { ticket: Some(ticket.clone()), first_post, edit: 0, deleted: false, heard: false };
    items::row(keys::post(post), keys::POST.to_owned(), &known)
}

pub(crate) fn put(
    builder: aws_sdk_dynamodb::types::builders::PutBuilder,
) -> Result<TransactWriteItem, serde_dynamo::Error> {
    Ok(TransactWriteItem::builder().put(builder.build().map_err(unbuilt)?).build())
}

/// A request part without a required field cannot happen here; it is an error, not a panic, all the same.
pub(crate) fn unbuilt(error: aws_sdk_dynamodb::error::BuildError) -> serde_dynamo::Error {
    serde::ser::Error::custom(error)
}

/// Whether a transaction failed because of what somebody else wrote: a condition, or a collision under way.
fn is_conflict(error: &TransactWriteItemsError) -> bool {
    match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled
            .cancellation_reasons()
            .iter()
            .any(|reason| matches!(reason.code(), Some("ConditionalCheckFailed" | "TransactionConflict"))),
        TransactWriteItemsError::TransactionInProgressException(_) => true,
        _ => false,
    }
}
