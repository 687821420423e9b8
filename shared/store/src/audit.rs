//! What officers have done at the desk: who, what, when. Written in the transaction of the change itself.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use jiff::{SignedDuration, Timestamp};
use kemala_domain::lifecycle::Action;
use kemala_domain::{AgencyCode, TicketId};
use serde::{Deserialize, Serialize};

use crate::error::ReadError;
use crate::items::{self, number};
use crate::keys;
use crate::store::Store;

/// Two years: longer than any ticket's own time, and a full year after the year it is asked about.
const KEEP: SignedDuration = SignedDuration::from_hours(730 * 24);

/// One deed of an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerDeed {
    /// The officer's name with the identity provider.
    pub officer: String,
    /// What was done.
    pub action: Action,
    /// With which ticket.
    pub ticket: TicketId,
    /// When.
    pub at: Timestamp,
}

/// Some deeds, the latest first, and where the ones before begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Deeds {
    /// The deeds.
    pub deeds: Vec<OfficerDeed>,
    /// What to give to see earlier ones.
    pub before: Option<String>,
}

impl Store {
    /// What the officers of an agency have done, the latest first; `before` as [`Deeds`] has it.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn deeds(&self, agency: &AgencyCode, before: Option<&str>, limit: i32) -> Result<Deeds, ReadError> {
        let pk = keys::audit(agency.as_str());
        let start = before.map(|sk| crate::store::key(pk.clone(), sk.to_owned()));
        let query = self.whole(pk).scan_index_forward(false).set_exclusive_start_key(start).limit(limit);
        let page = query.send().await.map_err(ReadError::remote)?;
        let before = page.last_evaluated_key.as_ref().map(|key| items::attribute(key, "sk"));
        let deeds = page.items.unwrap_or_default().into_iter().map(items::value).collect::<Result<_, _>>()?;
        Ok(Deeds { deeds, before })
    }

    /// The row of a deed. Its request's hash tells two deeds of one moment apart.
    pub(crate) fn put_deed(
        &self,
        agency: &AgencyCode,
        deed: &OfficerDeed,
        request_hash: &str,
    ) -> Result<PutBuilder, serde_dynamo::Error> {
        let sk = keys::deed(deed.at, &deed.ticket, request_hash.get(..16).unwrap_or(request_hash));
        let mut row = items::row(keys::audit(agency.as_str()), sk, deed)?;
        let expires_at = deed.at.saturating_add(KEEP).unwrap_or(Timestamp::MAX);
        row.insert("expires_at".to_owned(), number(expires_at.as_second()));
        Ok(self.put(row).condition_expression("attribute_not_exists(pk)"))
    }
}
