//! Rules without deployment: the overrides of a pack, and the row that says which one counts.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use kemala_domain::Override;
use kemala_domain::overrides::Choice;

use crate::error::{ReadError, WriteError};
use crate::items::{self, number};
use crate::keys;
use crate::store::Store;
use crate::write::put;

/// The rows of one pack. Functions only read them; their roles may not write any.
#[derive(Debug, Clone)]
pub struct PackRows {
    store: Store,
    pack: String,
}

impl PackRows {
    /// The rows of the pack of that name.
    pub fn new(store: Store, pack: impl Into<String>) -> Self {
        Self { store, pack: pack.into() }
    }

    /// Which version counts; the shipped pack where nobody ever chose. One small read.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn choice(&self) -> Result<Choice, ReadError> {
        let row = self.store.get(keys::pack(&self.pack), keys::CHOICE.to_owned()).await?;
        row.map_or(Ok(Choice::default()), items::value)
    }

    /// One override with its files.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn get(&self, version: u32) -> Result<Option<Override>, ReadError> {
        let row = self.store.get(keys::pack(&self.pack), keys::pack_override(version)).await?;
        row.map(items::value).transpose()
    }

    /// Versions of all overrides, in order, whatever is in their rows.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn versions(&self) -> Result<Vec<u32>, ReadError> {
        let rows = self.store.keys(keys::pack(&self.pack), keys::OVERRIDE_PREFIX).await?;
        Ok(rows.iter().filter_map(|sk| keys::version_of(sk)).collect())
    }

    /// Writes a new override and lets it count, both or neither. `choice` is what counted when it was made.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where somebody else was first, with the version or with a choice.
    pub async fn put(&self, over: &Override, choice: Choice) -> Result<Choice, WriteError> {
        let next = choice.then(Some(over.version));
        let row = items::row(keys::pack(&self.pack), keys::pack_override(over.version), over);
        let row = row.map_err(WriteError::Unwritable)?;
        let new = self.store.put(row).condition_expression("attribute_not_exists(pk)");
        self.write([new, self.chosen(choice, next)?], next).await
    }

    /// Lets another version count, or the shipped pack.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where somebody else chose since `choice` was read.
    pub async fn choose(&self, version: Option<u32>, choice: Choice) -> Result<Choice, WriteError> {
        let next = choice.then(version);
        self.write([self.chosen(choice, next)?], next).await
    }

    /// The row of a choice, conditional on the one before.
    fn chosen(&self, before: Choice, next: Choice) -> Result<PutBuilder, WriteError> {
        let row = items::row(keys::pack(&self.pack), keys::CHOICE.to_owned(), &next);
        let put = self.store.put(row.map_err(WriteError::Unwritable)?);
        Ok(match before.revision {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            revision => {
                put.condition_expression("revision = :seen").expression_attribute_values(":seen", number(revision))
            }
        })
    }

    async fn write<const N: usize>(&self, puts: [PutBuilder; N], next: Choice) -> Result<Choice, WriteError> {
        let puts: Vec<_> = puts.into_iter().map(put).collect::<Result<_, _>>().map_err(WriteError::Unwritable)?;
        self.store.transact(puts).await.map(|()| next)
    }
}
