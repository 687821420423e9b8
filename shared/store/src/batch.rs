//! Many rows at once.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use kemala_domain::seen_live::SeenLive;
use kemala_domain::{Ticket, TicketId, Voice};

use crate::error::ReadError;
use crate::items::{self, Item};
use crate::keys;
use crate::store::{Store, key};

/// Rows that one call reads, the platform's most.
const AT_ONCE: usize = 100;
/// Calls for what earlier ones left out.
const ATTEMPTS: u64 = 6;

impl Store {
    /// Rows of these tickets, in no order; those that are not there are left out. They may be some milliseconds old.
    ///
    /// # Errors
    /// [`ReadError`], also where the table leaves rows out again and again.
    pub async fn tickets(&self, ids: &[TicketId]) -> Result<Vec<Ticket>, ReadError> {
        let keys = ids.iter().map(|id| key(keys::ticket(id), keys::TICKET.to_owned())).collect();
        self.batch(keys).await?.into_iter().map(items::value).collect()
    }

    /// The voices that opened these tickets; those that have expired or were erased are left out. They may be some
    /// milliseconds old.
    ///
    /// # Errors
    /// [`ReadError`], also where the table leaves rows out again and again.
    pub async fn opening_voices(&self, tickets: &[Ticket]) -> Result<BTreeMap<TicketId, Voice>, ReadError> {
        let keys = tickets.iter().map(|ticket| key(keys::ticket(&ticket.id), keys::report(&ticket.origin))).collect();
        let voices = self.batch(keys).await?.into_iter().filter_map(|item| {
            let ticket = keys::ticket_of(&items::attribute(&item, "pk"))?;
            Some(items::value(item).map(|voice| (ticket, voice)))
        });
        voices.collect()
    }

    /// What the platform last showed of these tickets' posts; those it was not asked of late are left out.
    ///
    /// # Errors
    /// [`ReadError`], also where the table leaves rows out again and again.
    pub async fn seen_live_of(&self, tickets: &[Ticket]) -> Result<BTreeMap<TicketId, SeenLive>, ReadError> {
        let keys = tickets.iter().map(|ticket| key(keys::ticket(&ticket.id), keys::SEEN_LIVE.to_owned())).collect();
        let seen = self.batch(keys).await?.into_iter().filter_map(|item| {
            let ticket = keys::ticket_of(&items::attribute(&item, "pk"))?;
            Some(items::value(item).map(|seen| (ticket, seen)))
        });
        seen.collect()
    }

    /// Rows of these keys, in no order.
    pub(crate) async fn batch(&self, wanted: Vec<Item>) -> Result<Vec<Item>, ReadError> {
        let mut rows = Vec::with_capacity(wanted.len());
        for keys in wanted.chunks(AT_ONCE) {
            let mut left = keys.to_vec();
            for attempt in 1..=ATTEMPTS {
                let (found, unread) = self.some_of(left).await?;
                rows.extend(found);
                left = unread;
                if left.is_empty() {
                    break;
                }
                // Too much at once, for the table or for one answer.
                tokio::time::sleep(std::time::Duration::from_millis(10 << attempt)).await;
            }
            if !left.is_empty() {
                return Err(ReadError::LeftOut);
            }
        }
        Ok(rows)
    }

    /// One call: what it brought, and what it left out.
    async fn some_of(&self, keys: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), ReadError> {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .build()
            .map_err(|error| ReadError::Remote { code: "request not built".to_owned(), source: error.into() })?;
        let answer =
            self.client.batch_get_item().request_items(&self.table, request).send().await.map_err(ReadError::remote)?;
        let found = answer.responses.unwrap_or_default().remove(&self.table).unwrap_or_default();
        let unread = answer.unprocessed_keys.unwrap_or_default().remove(&self.table);
        Ok((found, unread.map(|left| left.keys).unwrap_or_default()))
    }
}
