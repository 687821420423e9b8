//! The table, and what is read from it: always consistently, for decisions read rows and indexes only find them.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use jiff::SignedDuration;
use kemala_domain::lifecycle::Case;
use kemala_domain::{Event, EventId, PostKey, Ticket, TicketId, Voice};

use crate::calls::Calls;
use crate::error::ReadError;
use crate::items::{self, Item, text};
use crate::keys;

/// How long rows that expire are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retention {
    /// Voices: the original text, handle and media.
    pub(crate) voices: SignedDuration,
    /// Memory of requests that were answered and of posts that never came: longer than any platform repeats itself
    /// (X replays at most 5 days back).
    pub(crate) traces: SignedDuration,
}

/// Voices are kept this long where the pack says nothing else: a year of clocks and appeals, and a month.
const KEEP_VOICES: SignedDuration = SignedDuration::from_hours(400 * 24);
const KEEP_TRACES: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The table of one stage and pack.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) retention: Retention,
    calls: Calls,
}

impl Store {
    /// The table of that name.
    pub fn new(config: &SdkConfig, table: String) -> Self {
        let calls = Calls::default();
        let config = aws_sdk_dynamodb::config::Builder::from(config).interceptor(calls.clone()).build();
        let retention = Retention { voices: KEEP_VOICES, traces: KEEP_TRACES };
        Self { client: Client::from_conf(config), table, retention, calls }
    }

    /// Requests to the table so far, by this store and its clones.
    pub fn calls(&self) -> u64 {
        self.calls.so_far()
    }

    /// The same table, with the pack's own time for personal data.
    pub fn keeping_voices_for_days(mut self, days: u32) -> Self {
        self.retention.voices = SignedDuration::from_hours(i64::from(days) * 24);
        self
    }

    /// A ticket with its whole history.
    ///
    /// # Errors
    /// [`ReadError`]; [`ReadError::Torn`] where the ticket changed three times while it was read.
    pub async fn case(&self, id: &TicketId) -> Result<Option<Case>, ReadError> {
        // Row and events are two reads; a change in between shows as a version that the events do not end with.
        for _ in 0..3 {
            let Some(ticket) = self.ticket(id).await? else { return Ok(None) };
            let events = self.events(id).await?;
            if events.last().map(|event| event.seq) == Some(ticket.version) {
                return Ok(Some(Case { ticket, events }));
            }
        }
        Err(ReadError::Torn)
    }

    /// A ticket's row.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn ticket(&self, id: &TicketId) -> Result<Option<Ticket>, ReadError> {
        self.get(keys::ticket(id), keys::TICKET.to_owned()).await?.map(items::value).transpose()
    }

    /// A ticket's events, in order.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn events(&self, id: &TicketId) -> Result<Vec<Event>, ReadError> {
        self.partition(keys::ticket(id), keys::EVENT_PREFIX).await
    }

    /// One event.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn event(&self, id: &EventId) -> Result<Option<Event>, ReadError> {
        self.get(keys::ticket(&id.ticket), keys::event(id.seq)).await?.map(items::value).transpose()
    }

    /// One voice of a ticket, by the first post of its report; `None` where it has expired or was erased.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn voice(&self, id: &TicketId, first_post: &PostKey) -> Result<Option<Voice>, ReadError> {
        self.get(keys::ticket(id), keys::report(first_post)).await?.map(items::value).transpose()
    }

    /// All voices of a ticket.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn voices(&self, id: &TicketId) -> Result<Vec<Voice>, ReadError> {
        self.partition(keys::ticket(id), keys::REPORT_PREFIX).await
    }

    pub(crate) async fn get(&self, pk: String, sk: String) -> Result<Option<Item>, ReadError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(ReadError::remote)?;
        Ok(answer.item)
    }

    /// All rows of a partition with that sort key prefix, page by page.
    async fn partition<T: serde::de::DeserializeOwned>(&self, pk: String, prefix: &str) -> Result<Vec<T>, ReadError> {
        let query = self.query(pk, prefix);
        all_pages(query).await?.into_iter().map(items::value).collect()
    }

    /// Sort keys of all rows of a partition that begin with a prefix.
    pub(crate) async fn keys(&self, pk: String, prefix: &str) -> Result<Vec<String>, ReadError> {
        let query = self.query(pk, prefix).projection_expression("sk");
        Ok(all_pages(query).await?.iter().map(|item| items::attribute(item, "sk")).collect())
    }

    /// Rows of a partition whose sort keys begin with a prefix, in their order.
    pub(crate) fn query(&self, pk: String, prefix: &str) -> QueryFluentBuilder {
        self.whole(pk)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":prefix", text(prefix))
    }

    /// A whole partition.
    pub(crate) fn whole(&self, pk: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk))
    }
}

pub(crate) async fn all_pages(query: QueryFluentBuilder) -> Result<Vec<Item>, ReadError> {
    let mut rows = Vec::new();
    let mut from = None;
    loop {
        let page = query.clone().set_exclusive_start_key(from).send().await.map_err(ReadError::remote)?;
        rows.extend(page.items.unwrap_or_default());
        from = page.last_evaluated_key;
        if from.is_none() {
            return Ok(rows);
        }
    }
}

pub(crate) fn key(pk: String, sk: String) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}
