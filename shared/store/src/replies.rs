//! Posts of ours: their rows, the day's budget, and whether the platform takes any at all.

use aws_sdk_dynamodb::types::{ReturnValue, TransactWriteItem};
use jiff::Timestamp;
use jiff::civil::Date;
use kemala_domain::lifecycle::Change;
use kemala_domain::reply::{Reply, ReplyId, ReplyState};
use kemala_domain::{PostKey, TicketId};
use serde::{Deserialize, Serialize};

use crate::error::{ReadError, WriteError};
use crate::items::{self, Item, number, text};
use crate::keys;
use crate::posts::KnownPost;
use crate::store::{Store, key};
use crate::write::put;

/// Until when nothing is posted, since the platform refuses the account. All else goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostingPause {
    /// Nothing before that moment.
    pub until: Timestamp,
}

impl Store {
    /// Orders a post; one that was ordered before stays as it is.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn order_reply(&self, reply: &Reply) -> Result<(), WriteError> {
        let row = self.put(reply_row(reply).map_err(WriteError::Unwritable)?);
        let new = put(row.condition_expression("attribute_not_exists(pk)")).map_err(WriteError::Unwritable)?;
        match self.transact(vec![new]).await {
            Ok(()) | Err(WriteError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A post of ours.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn reply(&self, id: &ReplyId) -> Result<Option<Reply>, ReadError> {
        self.get(keys::reply(id), keys::REPLY.to_owned()).await?.map(items::value).transpose()
    }

    /// Changes the row of a post of ours: `reply` has the revision after the one that was read.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where somebody else changed it meanwhile.
    pub async fn save_reply(&self, reply: &Reply) -> Result<(), WriteError> {
        self.transact(vec![self.changed_reply(reply).map_err(WriteError::Unwritable)?]).await
    }

    /// Ends a post of ours with what the ticket's history says of it, both or neither. Where it stands on the platform,
    /// it becomes a known post: who answers it is in the ticket's thread.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where the row or the ticket was changed meanwhile.
    pub async fn end_reply(&self, reply: &Reply, change: &Change, now: Timestamp) -> Result<(), WriteError> {
        let rows = || -> Result<Vec<TransactWriteItem>, serde_dynamo::Error> {
            let mut rows = self.transaction(change, None, now)?;
            rows.push(self.changed_reply(reply)?);
            if let ReplyState::Sent { post: Some(post), .. } = &reply.state {
                rows.push(put(self.put(own_post_row(&reply.ticket, post)?))?);
            }
            Ok(rows)
        };
        self.transact(rows().map_err(WriteError::Unwritable)?).await
    }

    /// Posts of ours for which something is to be done, the longest waiting first, at most `limit`.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn due_replies(&self, now: Timestamp, limit: i32) -> Result<Vec<ReplyId>, ReadError> {
        let found = self.find_in(&keys::UNDELIVERED_INDEX, keys::REPLIES_SHARD.to_owned(), now, limit).await?;
        Ok(found.iter().filter_map(|item| keys::reply_of(&items::attribute(item, "pk"))).collect())
    }

    /// Counts one more post of a day, where fewer than `most` are counted: how many are left then, or `None` without room.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn spend_reply(&self, day: Date, most: u32, now: Timestamp) -> Result<Option<u32>, WriteError> {
        let expires_at = now.saturating_add(self.retention.traces).unwrap_or(Timestamp::MAX);
        let spent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(keys::reply_budget(day), keys::BUDGET.to_owned())))
            .update_expression("ADD spent :one SET expires_at = :expires")
            .condition_expression("attribute_not_exists(spent) OR spent < :most")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(most))
            .expression_attribute_values(":expires", number(expires_at.as_second()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match spent {
            Ok(spent) => {
                let spent = spent.attributes.as_ref().and_then(|row| row.get("spent")?.as_n().ok()?.parse().ok());
                Ok(Some(most.saturating_sub(spent.unwrap_or(most))))
            }
            Err(error) => match error.as_service_error() {
                Some(service) if service.is_conditional_check_failed_exception() => Ok(None),
                _ => Err(WriteError::remote(error)),
            },
        }
    }

    /// Until when nothing is posted, if so.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn posting_pause(&self, now: Timestamp) -> Result<Option<PostingPause>, ReadError> {
        let row = self.get(keys::POSTING.to_owned(), keys::POSTING.to_owned()).await?;
        let pause: Option<PostingPause> = row.map(items::value).transpose()?;
        Ok(pause.filter(|pause| pause.until > now))
    }

    /// Lets nothing be posted until then.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn pause_posting(&self, pause: &PostingPause) -> Result<(), WriteError> {
        let row = items::row(keys::POSTING.to_owned(), keys::POSTING.to_owned(), pause);
        let row = put(self.put(row.map_err(WriteError::Unwritable)?)).map_err(WriteError::Unwritable)?;
        self.transact(vec![row]).await
    }

    fn changed_reply(&self, reply: &Reply) -> Result<TransactWriteItem, serde_dynamo::Error> {
        put(self
            .put(reply_row(reply)?)
            .condition_expression("revision = :seen")
            .expression_attribute_values(":seen", number(reply.revision.saturating_sub(1))))
    }
}

/// The row with its index attributes: what is to be done stands in the sweep's index, what has failed in sight of people.
fn reply_row(reply: &Reply) -> Result<Item, serde_dynamo::Error> {
    let mut item = items::row(keys::reply(&reply.id), keys::REPLY.to_owned(), reply)?;
    let place = match (&reply.state, reply.next_attempt()) {
        (ReplyState::Failed { at, .. }, _) => Some((keys::PARKED_REPLIES_SHARD, *at)),
        (_, Some(at)) => Some((keys::REPLIES_SHARD, at)),
        (_, None) => None,
    };
    if let Some((shard, at)) = place {
        item.insert("undelivered_shard".to_owned(), text(shard));
        item.insert("next_attempt_at".to_owned(), text(keys::time(at)));
    }
    Ok(item)
}

/// The row by which an answer to a post of ours finds the ticket.
fn own_post_row(ticket: &TicketId, post: &PostKey) -> Result<Item, serde_dynamo::Error> {
    let first_post = post.clone();
    let known = KnownPost { ticket: Some(ticket.clone()), first_post, edit: 0, deleted: false, heard: true };
    items::row(keys::post(post), keys::POST.to_owned(), &known)
}

#[cfg(test)]
mod tests {
    use kemala_domain::event::ReplyKind;
    use kemala_domain::reply::{Order, Outcome};
    use kemala_domain::samples::{monday, post};

    use super::*;

    #[test]
    fn what_is_to_be_done_and_what_failed_can_be_found() {
        let id = ReplyId::new(post("1"), ReplyKind::Receipt, 1);
        let order = Order { id: id.clone(), kind: ReplyKind::Receipt, to: post("1"), is_urgent: false };
        let reply = Reply::new(order, "KJ-45RQ0X8XD".parse().unwrap(), 1, monday());
        let place = |reply: &Reply| {
            let row = reply_row(reply).unwrap();
            [items::attribute(&row, "undelivered_shard"), items::attribute(&row, "next_attempt_at")].join(" ")
        };
        assert_eq!(place(&reply), "REPLIES 2026-11-23T02:00:00.000Z");
        let claimed = reply.claimed("text".to_owned(), monday());
        assert_eq!(place(&claimed), "REPLIES 2026-11-23T02:01:00.000Z");
        assert_eq!(place(&claimed.after(Outcome::Posted(post("2")), monday())), " ");
        assert_eq!(place(&claimed.after(Outcome::NotAllowed, monday())), "PARKED_REPLIES 2026-11-23T02:00:00.000Z");
        let row = reply_row(&claimed).unwrap();
        assert_eq!(keys::reply_of(&items::attribute(&row, "pk")), Some(id));
        assert_eq!(items::value::<Reply>(row).unwrap(), claimed);
    }
}
