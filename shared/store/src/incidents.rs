//! What places remember of their recent tickets, and what is counted of authors. Both expire, and both are written in
//! the transaction of a ticket's change ([`Beside`](kemala_domain::lifecycle::Beside)).

use aws_sdk_dynamodb::types::builders::PutBuilder;
use jiff::{SignedDuration, Timestamp};
use kemala_domain::author::{self, Activity, AuthorKey};
use kemala_domain::incident::{IncidentKey, Incidents};
use serde::Serialize;

use crate::error::ReadError;
use crate::items::{self, Item, number};
use crate::keys;
use crate::store::Store;

/// A place's memory is kept for so long after its last change: longer than any report is compared with others.
const KEEP_INCIDENTS: SignedDuration = SignedDuration::from_hours(61 * 24);

impl Store {
    /// What is remembered under a key; nothing, where there is no row.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn incidents(&self, key: &IncidentKey) -> Result<Incidents, ReadError> {
        match self.get(keys::incident(key), keys::INCIDENT.to_owned()).await? {
            Some(item) => items::value(item),
            None => Ok(Incidents::none(key.clone())),
        }
    }

    /// What is counted of an author; nothing, where there is no row.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn activity(&self, author: &AuthorKey) -> Result<Activity, ReadError> {
        match self.get(keys::author(author), keys::AUTHOR.to_owned()).await? {
            Some(item) => items::value(item),
            None => Ok(Activity::none(author.clone())),
        }
    }

    /// The row of a place's memory, next version; conditional on the version that was read.
    pub(crate) fn put_incidents(&self, read: &Incidents, now: Timestamp) -> Result<PutBuilder, serde_dynamo::Error> {
        let next = Incidents { version: read.version.wrapping_add(1), ..read.clone() };
        let row = expiring(keys::incident(&read.key), keys::INCIDENT, &next, now, KEEP_INCIDENTS)?;
        Ok(conditional(self.put(row), read.version))
    }

    /// The row of an author, next version; conditional on the version that was read.
    pub(crate) fn put_activity(&self, read: &Activity, now: Timestamp) -> Result<PutBuilder, serde_dynamo::Error> {
        let next = Activity { version: read.version.wrapping_add(1), ..read.clone() };
        let row = expiring(keys::author(&read.author), keys::AUTHOR, &next, now, author::DAY)?;
        Ok(conditional(self.put(row), read.version))
    }
}

fn expiring(
    pk: String,
    sk: &str,
    value: &impl Serialize,
    now: Timestamp,
    keep: SignedDuration,
) -> Result<Item, serde_dynamo::Error> {
    let mut item = items::row(pk, sk.to_owned(), value)?;
    let expires_at = now.saturating_add(keep).unwrap_or(Timestamp::MAX);
    item.insert("expires_at".to_owned(), number(expires_at.as_second()));
    Ok(item)
}

fn conditional(put: PutBuilder, version: u32) -> PutBuilder {
    match version {
        0 => put.condition_expression("attribute_not_exists(pk)"),
        version => {
            put.condition_expression("version = :version").expression_attribute_values(":version", number(version))
        }
    }
}
