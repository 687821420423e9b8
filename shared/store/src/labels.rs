//! What desks have corrected: posts with the decision that people made, for the classifier's next training.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use jiff::Timestamp;
use kemala_domain::Voice;
use kemala_domain::lifecycle::Label;

use crate::error::ReadError;
use crate::items::{self, number};
use crate::keys;
use crate::store::{Store, all_pages};

impl Store {
    /// All labels of a pack, the latest of each ticket, with the voices whose texts are still there.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn labels(&self, pack: &str) -> Result<Vec<(Label, Voice)>, ReadError> {
        let mut labels = Vec::new();
        for item in all_pages(self.whole(keys::labels(pack))).await? {
            let label: Label = items::value(item)?;
            // A join may have moved it.
            let known = self.post(&label.post).await?.and_then(|known| known.ticket);
            let Some(ticket) = known else { continue };
            if let Some(voice) = self.voice(&ticket, &label.post).await? {
                labels.push((label, voice));
            }
        }
        Ok(labels)
    }

    /// The row of a label; a later one of the same ticket replaces it. It expires as texts do.
    pub(crate) fn put_label(&self, pack: &str, label: &Label) -> Result<PutBuilder, serde_dynamo::Error> {
        let mut row = items::row(keys::labels(pack), label.ticket.to_string(), label)?;
        let expires_at = label.at.saturating_add(self.retention.voices).unwrap_or(Timestamp::MAX);
        row.insert("expires_at".to_owned(), number(expires_at.as_second()));
        Ok(self.put(row))
    }
}
