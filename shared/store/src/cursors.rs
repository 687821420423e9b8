//! How far searches have come.

use kemala_domain::TicketId;
use kemala_domain::polling::Cursor;
use serde::{Deserialize, Serialize};

use crate::error::{ReadError, WriteError};
use crate::items::{self, number};
use crate::keys;
use crate::lists::PageStart;
use crate::store::Store;
use crate::write::put;

/// Where the look-up of open tickets' posts goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUpCursor {
    /// How often it was moved.
    pub revision: u32,
    /// Which shard of the open tickets.
    pub shard: u32,
    /// The last ticket that was looked at, and its due time in the index; from the shard's first where there is none.
    pub after: Option<(TicketId, String)>,
}

impl LookUpCursor {
    /// The start of the next page.
    pub fn start(&self) -> Option<PageStart> {
        self.after.clone().map(|(ticket, due_at)| PageStart { ticket, due_at })
    }
}

/// The cursor rows of one pack.
#[derive(Debug, Clone)]
pub struct Cursors<'a> {
    store: &'a Store,
    pack: &'a str,
}

impl<'a> Cursors<'a> {
    /// The rows of the pack of that name.
    pub fn new(store: &'a Store, pack: &'a str) -> Self {
        Self { store, pack }
    }

    /// How far the search has come; at its beginning where it never ran.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn search(&self) -> Result<Cursor, ReadError> {
        self.read(keys::SEARCH).await
    }

    /// Moves the search. `cursor` has the revision after the one it was read with.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where another run moved it meanwhile.
    pub async fn move_search(&self, cursor: &Cursor) -> Result<(), WriteError> {
        self.write(keys::SEARCH, cursor, cursor.revision).await
    }

    /// Where the look-up goes on.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn look_up(&self) -> Result<LookUpCursor, ReadError> {
        self.read(keys::LOOK_UP).await
    }

    /// Moves the look-up, as [`Cursors::move_search`] does the search.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where another run moved it meanwhile.
    pub async fn move_look_up(&self, cursor: &LookUpCursor) -> Result<(), WriteError> {
        self.write(keys::LOOK_UP, cursor, cursor.revision).await
    }

    async fn read<T: Default + serde::de::DeserializeOwned>(&self, sk: &str) -> Result<T, ReadError> {
        let row = self.store.get(keys::cursor(self.pack), sk.to_owned()).await?;
        row.map_or(Ok(T::default()), items::value)
    }

    async fn write(&self, sk: &str, value: &impl Serialize, revision: u32) -> Result<(), WriteError> {
        let row = items::row(keys::cursor(self.pack), sk.to_owned(), value).map_err(WriteError::Unwritable)?;
        // The first move has revision 1: there is no row yet.
        let moved = self
            .store
            .put(row)
            .condition_expression("attribute_not_exists(pk) OR revision = :seen")
            .expression_attribute_values(":seen", number(revision.saturating_sub(1)));
        self.store.transact(vec![put(moved).map_err(WriteError::Unwritable)?]).await
    }
}
