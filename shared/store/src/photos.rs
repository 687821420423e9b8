//! Photos that resolutions have shown: each link belongs to the ticket that showed it first.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use kemala_domain::TicketId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::ReadError;
use crate::items::{self, number};
use crate::keys;
use crate::store::Store;

/// A photo is remembered as long as anybody may look for the work that it shows.
const KEEP: SignedDuration = SignedDuration::from_hours(730 * 24);

#[derive(Serialize, Deserialize)]
struct Photo {
    ticket: TicketId,
}

impl Store {
    /// The ticket that has shown a photo first, by its link.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn photo(&self, link: &str) -> Result<Option<TicketId>, ReadError> {
        let row = self.get(keys::photo(&hash(link)), keys::PHOTO.to_owned()).await?;
        Ok(row.map(items::value::<Photo>).transpose()?.map(|photo| photo.ticket))
    }

    /// The row of a photo that no ticket has shown; conditional on that.
    pub(crate) fn put_photo(
        &self,
        link: &str,
        ticket: &TicketId,
        now: Timestamp,
    ) -> Result<PutBuilder, serde_dynamo::Error> {
        let photo = Photo { ticket: ticket.clone() };
        let mut row = items::row(keys::photo(&hash(link)), keys::PHOTO.to_owned(), &photo)?;
        let expires_at = now.saturating_add(KEEP).unwrap_or(Timestamp::MAX);
        row.insert("expires_at".to_owned(), number(expires_at.as_second()));
        Ok(self.put(row).condition_expression("attribute_not_exists(pk)"))
    }
}

/// A link may be longer than a key, and may name somebody.
fn hash(link: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(link))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_one_key_that_does_not_show_it() {
        assert_eq!(hash("https://a.id/1"), hash("https://a.id/1"));
        assert_ne!(hash("https://a.id/1"), hash("https://a.id/2"));
        assert_eq!(hash("https://a.id/1").len(), 64);
    }
}
