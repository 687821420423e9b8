//! What desks have corrected: texts with the decision that people made, for the classifier's next training.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use jiff::Timestamp;
use kemala_domain::lifecycle::Label;

use crate::error::ReadError;
use crate::items::{self, number};
use crate::keys;
use crate::store::{Store, all_pages};

impl Store {
    /// All labels of a pack, the latest of each ticket.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn labels(&self, pack: &str) -> Result<Vec<Label>, ReadError> {
        all_pages(self.whole(keys::labels(pack))).await?.into_iter().map(items::value).collect()
    }

    /// The row of a label; a later one of the same ticket replaces it. It expires with the text.
    pub(crate) fn put_label(&self, pack: &str, label: &Label) -> Result<PutBuilder, serde_dynamo::Error> {
        let mut row = items::row(keys::labels(pack), label.ticket.to_string(), label)?;
        let expires_at = label.at.saturating_add(self.retention.voices).unwrap_or(Timestamp::MAX);
        row.insert("expires_at".to_owned(), number(expires_at.as_second()));
        Ok(self.put(row))
    }
}
