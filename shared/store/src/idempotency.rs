//! Requests that were answered: a repeat with the same key gets the same answer and changes nothing.

use jiff::Timestamp;
use kemala_domain::AgencyCode;
use serde::{Deserialize, Serialize};

use crate::audit::OfficerDeed;
use crate::error::ReadError;
use crate::items::{self, Item, number};
use crate::keys;
use crate::store::Store;

/// An answered request. Its row is written in the transaction of the change that it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Who asked.
    pub agency: AgencyCode,
    /// The key that the caller chose.
    pub key: String,
    /// Hash of the request, to tell a repeat from another request under the same key.
    pub request_hash: String,
    /// The answer, as JSON text.
    pub response: String,
    /// What an officer did by it, where one did; written beside it ([`crate::audit`]).
    #[serde(skip)]
    pub deed: Option<OfficerDeed>,
}

impl Answered {
    pub(crate) fn row(&self, expires_at: Timestamp) -> Result<Item, serde_dynamo::Error> {
        let mut item = items::row(keys::idem(self.agency.as_str(), &self.key), keys::IDEM.to_owned(), self)?;
        item.insert("expires_at".to_owned(), number(expires_at.as_second()));
        Ok(item)
    }
}

impl Store {
    /// The answer given under a key, if any.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn answered(&self, agency: &AgencyCode, key: &str) -> Result<Option<Answered>, ReadError> {
        self.get(keys::idem(agency.as_str(), key), keys::IDEM.to_owned()).await?.map(items::value).transpose()
    }
}
