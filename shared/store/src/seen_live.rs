//! Which posts of a ticket the platform last showed: one row a ticket, written anew each night, gone after some days.

use jiff::{SignedDuration, Timestamp};
use kemala_domain::TicketId;
use kemala_domain::seen_live::SeenLive;

use crate::error::{ReadError, WriteError};
use crate::items::{self, number, text};
use crate::keys;
use crate::store::Store;
use crate::write::put;

/// Longer than anybody goes by it.
const KEEP: SignedDuration = SignedDuration::from_hours(4 * 24);

impl Store {
    /// What the platform last showed of a ticket's posts; `None` where it was not asked of late.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn seen_live(&self, ticket: &TicketId) -> Result<Option<SeenLive>, ReadError> {
        self.get(keys::ticket(ticket), keys::SEEN_LIVE.to_owned()).await?.map(items::value).transpose()
    }

    /// Keeps what the platform showed of a ticket's posts, unless it was asked later on.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn keep_seen_live(&self, ticket: &TicketId, seen: &SeenLive) -> Result<(), WriteError> {
        let row = items::row(keys::ticket(ticket), keys::SEEN_LIVE.to_owned(), seen);
        let mut row = row.map_err(WriteError::Unwritable)?;
        // The times are compared as text.
        let at = keys::time(seen.at);
        row.insert("at".to_owned(), text(&at));
        let expires_at = seen.at.saturating_add(KEEP).unwrap_or(Timestamp::MAX);
        row.insert("expires_at".to_owned(), number(expires_at.as_second()));
        let row = self
            .put(row)
            .condition_expression("attribute_not_exists(pk) OR #at < :at")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", text(at));
        match self.transact(vec![put(row).map_err(WriteError::Unwritable)?]).await {
            Ok(()) | Err(WriteError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
