//! Tickets by when they were opened, and where: for the public board's feeds and files, and for people who look for one.
//! Accusations and what nothing may be posted about stand in no such list.

use futures::future::try_join_all;
use jiff::Timestamp;
use kemala_domain::{RegionCode, TicketId};

use crate::error::ReadError;
use crate::items::{self, Item, text};
use crate::keys;
use crate::store::{Store, all_pages};

/// A ticket, and when it was opened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenedAt {
    /// When.
    pub at: Timestamp,
    /// Its number.
    pub ticket: TicketId,
}

impl Store {
    /// Tickets opened from a time up to another, the newest first, of one regency or of all. A day of UTC is one query, and
    /// all run side by side: ask for weeks, not for years.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn opened(
        &self,
        from: Timestamp,
        until: Timestamp,
        regency: Option<&RegionCode>,
    ) -> Result<Vec<OpenedAt>, ReadError> {
        let days = keys::opened_days(from, until).into_iter().map(|day| self.opened_on(day, regency));
        let mut found = try_join_all(days).await?.concat();
        found.retain(|opened| from <= opened.at && opened.at <= until);
        found.sort_by(|a, b| b.cmp(a));
        Ok(found)
    }

    async fn opened_on(&self, day: String, regency: Option<&RegionCode>) -> Result<Vec<OpenedAt>, ReadError> {
        let query = self.client.query().table_name(&self.table).index_name(keys::OPENED_INDEX);
        let query = query.expression_attribute_values(":day", text(day));
        let query = match regency {
            None => query.key_condition_expression("opened_day = :day"),
            Some(regency) => query
                .key_condition_expression("opened_day = :day AND begins_with(opened_place, :regency)")
                .expression_attribute_values(":regency", text(keys::opened_in(Some(regency)))),
        };
        let opened = |item: &Item| {
            let ticket = keys::ticket_of(&items::attribute(item, "pk"))?;
            Some(OpenedAt { at: keys::opened_at(&items::attribute(item, "opened_place"))?, ticket })
        };
        Ok(all_pages(query).await?.iter().filter_map(opened).collect())
    }
}
