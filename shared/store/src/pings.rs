//! The handshake with each agency: its last ping, and whether it was acknowledged.

use jiff::Timestamp;
use kemala_domain::{AgencyCode, Ping, PingId};

use crate::error::{ReadError, WriteError};
use crate::items::{self, text};
use crate::keys;
use crate::store::Store;
use crate::write::put;

impl Store {
    /// The last ping of an agency.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn ping(&self, agency: &AgencyCode) -> Result<Option<Ping>, ReadError> {
        self.get(keys::ping(agency.as_str()), keys::PING.to_owned()).await?.map(items::value).transpose()
    }

    /// Keeps a new ping, in the place of the one before.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn keep_ping(&self, ping: &Ping) -> Result<(), WriteError> {
        self.put_ping(ping, None).await
    }

    /// Notes that an agency has acknowledged a ping; a repeat changes nothing. `None` where that is not its last one.
    ///
    /// # Errors
    /// [`ReadError`], [`WriteError`]; [`WriteError::Conflict`] where another ping was sent meanwhile.
    pub async fn acknowledge_ping(
        &self,
        agency: &AgencyCode,
        id: &PingId,
        now: Timestamp,
    ) -> Result<Option<Ping>, PingError> {
        let Some(ping) = self.ping(agency).await?.filter(|ping| ping.id == *id) else { return Ok(None) };
        if ping.acknowledged_at.is_some() {
            return Ok(Some(ping));
        }
        let ping = ping.acknowledged(now);
        self.put_ping(&ping, Some(id)).await?;
        Ok(Some(ping))
    }

    async fn put_ping(&self, ping: &Ping, instead_of: Option<&PingId>) -> Result<(), WriteError> {
        let row = items::row(keys::ping(ping.agency.as_str()), keys::PING.to_owned(), ping);
        let mut row = self.put(row.map_err(WriteError::Unwritable)?);
        if let Some(id) = instead_of {
            row = row
                .condition_expression("id = :id AND attribute_not_exists(acknowledged_at)")
                .expression_attribute_values(":id", text(id.as_str()));
        }
        self.transact(vec![put(row).map_err(WriteError::Unwritable)?]).await
    }
}

/// Why nothing is known of an acknowledgement.
#[derive(Debug, thiserror::Error)]
pub enum PingError {
    /// The row could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The row could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}
