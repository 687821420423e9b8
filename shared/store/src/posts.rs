//! Known posts: which ticket a post belongs to, theirs and ours.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use kemala_domain::{PostKey, TicketId};
use serde::{Deserialize, Serialize};

use crate::error::{ReadError, WriteError};
use crate::items::{self, number};
use crate::keys;
use crate::store::Store;

/// What is known of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPost {
    /// Its ticket; `None` for a post that was deleted before it reached us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// First post of its edit chain: the identity of its report.
    pub first_post: PostKey,
    /// The highest edit seen.
    #[serde(default)]
    pub edit: u32,
    /// Whether it was deleted by its author.
    #[serde(default)]
    pub deleted: bool,
    /// Whether its own report reached us; until then it is known only by a post that repeats it.
    #[serde(default)]
    pub heard: bool,
}

impl Store {
    /// What is known of a post.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn post(&self, post: &PostKey) -> Result<Option<KnownPost>, ReadError> {
        self.get(keys::post(post), keys::POST.to_owned()).await?.map(items::value).transpose()
    }

    /// Remembers the deletion of a post whose own report has not reached us, so that it opens nothing when it does.
    /// `ticket` is the ticket of a post that repeats it, if there is one.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where its report came meanwhile.
    pub async fn remember_deletion(
        &self,
        post: &PostKey,
        ticket: Option<TicketId>,
        now: Timestamp,
    ) -> Result<(), WriteError> {
        let known = KnownPost { ticket, first_post: post.clone(), edit: 0, deleted: true, heard: false };
        let mut item = items::row(keys::post(post), keys::POST.to_owned(), &known).map_err(WriteError::Unwritable)?;
        let expires_at = now.saturating_add(self.retention.traces).unwrap_or(Timestamp::MAX);
        item.insert("expires_at".to_owned(), number(expires_at.as_second()));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR heard = :no")
            .expression_attribute_values(":no", AttributeValue::Bool(false));
        put.send().await.map(drop).map_err(|error| match error.as_service_error() {
            Some(service) if service.is_conditional_check_failed_exception() => WriteError::Conflict,
            _ => WriteError::remote(error),
        })
    }
}
