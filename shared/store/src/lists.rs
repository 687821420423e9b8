//! What the indexes find. They lag a little, so whoever decides reads the rows again.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use kemala_domain::{AgencyCode, Ticket, TicketId};

use crate::error::ReadError;
use crate::items::{self, Item, text};
use crate::keys;
use crate::store::Store;

/// A page of an agency's tickets.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Tickets, the most urgent deadline first.
    pub tickets: Vec<Ticket>,
    /// Where the next page begins: the last ticket of this one and its due time as it stands in the index.
    pub next: Option<PageStart>,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageStart {
    /// The last ticket before it.
    pub ticket: TicketId,
    /// That ticket's due time, as it stands in the index.
    pub due_at: String,
}

impl PageStart {
    /// The place after a ticket of a list.
    pub fn after(ticket: &Ticket) -> Self {
        Self { ticket: ticket.id.clone(), due_at: items::due_at(ticket) }
    }
}

impl Store {
    /// Tickets with a clock step due by `now`, at most `limit`: emergencies, then all others, the earliest first.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn due(&self, now: Timestamp, limit: i32) -> Result<Vec<TicketId>, ReadError> {
        let emergencies = self.find_in(&keys::DUE_INDEX, keys::due_shard(keys::EMERGENCIES), now, limit);
        let others = self.find_until(&keys::DUE_INDEX, now, limit);
        let (mut found, others) = futures::future::try_join(emergencies, others).await?;
        found.extend(others);
        found.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(found.iter().filter_map(|item| keys::ticket_of(&items::attribute(item, "pk"))).collect())
    }

    /// A page of the tickets whose clocks run, of one shard, by their next step; and where the next page begins.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn running(
        &self,
        shard: u32,
        from: Option<PageStart>,
        limit: i32,
    ) -> Result<(Vec<TicketId>, Option<PageStart>), ReadError> {
        let partition = keys::due_shard(shard);
        let start = from.map(|start| start.key("due_shard", &partition));
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::DUE_INDEX.name)
            .key_condition_expression("due_shard = :shard")
            .expression_attribute_values(":shard", text(partition))
            .set_exclusive_start_key(start)
            .limit(limit)
            .send()
            .await
            .map_err(ReadError::remote)?;
        let next = page.last_evaluated_key.as_ref().and_then(page_start);
        let items = page.items.unwrap_or_default();
        Ok((items.iter().filter_map(|item| keys::ticket_of(&items::attribute(item, "pk"))).collect(), next))
    }

    /// How many shards [`Store::running`] has.
    pub const SHARDS: u32 = keys::SHARDS + 1;

    /// The open tickets of an agency, the most urgent deadline first; `late_by` leaves only those due by then.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn agency_tickets(
        &self,
        agency: &AgencyCode,
        late_by: Option<Timestamp>,
        from: Option<PageStart>,
        limit: i32,
    ) -> Result<Page, ReadError> {
        let partition = keys::agency_open(agency.as_str());
        let until = keys::time(late_by.unwrap_or(Timestamp::MAX));
        let start = from.map(|start| start.key("agency_open", &partition));
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::AGENCY_INDEX)
            .key_condition_expression("agency_open = :agency AND due_at <= :until")
            .expression_attribute_values(":agency", text(partition))
            .expression_attribute_values(":until", text(until))
            .set_exclusive_start_key(start)
            .limit(limit)
            .send()
            .await
            .map_err(ReadError::remote)?;
        let next = page.last_evaluated_key.as_ref().and_then(page_start);
        let tickets = page.items.unwrap_or_default().into_iter().map(items::value).collect::<Result<_, _>>()?;
        Ok(Page { tickets, next })
    }

    /// The open tickets of which a rung has told some desk, the most urgent deadline first: at most one page of 1 MB.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn escalated(&self) -> Result<Vec<Ticket>, ReadError> {
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::ESCALATED_INDEX)
            .key_condition_expression("escalated = :escalated")
            .expression_attribute_values(":escalated", text(keys::ESCALATED))
            .send()
            .await
            .map_err(ReadError::remote)?;
        page.items.unwrap_or_default().into_iter().map(items::value).collect()
    }

    /// Keys of an index's rows with a time up to `now`, from all shards, the earliest first.
    pub(crate) async fn find_until(
        &self,
        index: &keys::TimeIndex,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Item>, ReadError> {
        let shards = (0..keys::SHARDS).map(|shard| self.find_in(index, (index.partition)(shard), now, limit));
        let mut found = futures::future::try_join_all(shards).await?.concat();
        found.sort_by_key(|item| items::attribute(item, index.range));
        found.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(found)
    }

    /// The same from one partition.
    pub(crate) async fn find_in(
        &self,
        index: &keys::TimeIndex,
        partition: String,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Item>, ReadError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index.name)
            .key_condition_expression("#hash = :shard AND #range <= :now")
            .expression_attribute_names("#hash", index.hash)
            .expression_attribute_names("#range", index.range)
            .expression_attribute_values(":shard", text(partition))
            .expression_attribute_values(":now", text(keys::time(now)))
            .limit(limit);
        Ok(query.send().await.map_err(ReadError::remote)?.items.unwrap_or_default())
    }
}

impl PageStart {
    /// The key of the row before the page, in an index whose partition is that attribute.
    fn key(self, attribute: &str, partition: &str) -> Item {
        let mut key = crate::store::key(keys::ticket(&self.ticket), keys::TICKET.to_owned());
        key.insert(attribute.to_owned(), text(partition));
        key.insert("due_at".to_owned(), text(self.due_at));
        key
    }
}

fn page_start(key: &std::collections::HashMap<String, AttributeValue>) -> Option<PageStart> {
    let ticket = keys::ticket_of(&items::attribute(key, "pk"))?;
    Some(PageStart { ticket, due_at: items::attribute(key, "due_at") })
}
