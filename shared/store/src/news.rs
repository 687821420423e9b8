//! What everybody may hear of tickets, by time. The index holds what was no accusation when it happened; whether a ticket is
//! public now, its row and its other events tell.

use futures::future::try_join_all;
use jiff::Timestamp;
use kemala_domain::EventId;

use crate::error::ReadError;
use crate::items::{self, Item, text};
use crate::keys;
use crate::store::{Store, all_pages};

/// An event that everybody may hear of, and when it happened, to the millisecond.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// When.
    pub at: Timestamp,
    /// Which event.
    pub event: EventId,
}

impl Store {
    /// News from a time up to another, the oldest first. A day of UTC is one query, and all run side by side: ask for weeks, not
    /// for years.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn news(&self, from: Timestamp, until: Timestamp) -> Result<Vec<News>, ReadError> {
        let days = keys::news_days(from, until).into_iter().map(|day| self.news_of(day, from, until));
        let mut found = try_join_all(days).await?.concat();
        found.sort_by(|a, b| (a.at, &a.event.ticket, a.event.seq).cmp(&(b.at, &b.event.ticket, b.event.seq)));
        Ok(found)
    }

    async fn news_of(&self, day: String, from: Timestamp, until: Timestamp) -> Result<Vec<News>, ReadError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::OPENED_INDEX)
            .key_condition_expression("opened_day = :day AND opened_place BETWEEN :from AND :until")
            .expression_attribute_values(":day", text(day))
            .expression_attribute_values(":from", text(keys::time(from)))
            .expression_attribute_values(":until", text(keys::time(until)));
        let news = |item: &Item| {
            let ticket = keys::ticket_of(&items::attribute(item, "pk"))?;
            let seq = keys::seq_of(&items::attribute(item, "sk"))?;
            let at = items::attribute(item, "opened_place").parse().ok()?;
            Some(News { at, event: EventId { ticket, seq } })
        };
        Ok(all_pages(query).await?.iter().filter_map(news).collect())
    }
}
