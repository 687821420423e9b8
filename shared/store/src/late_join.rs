//! Tickets of one incident that were opened side by side, and become one afterwards.
//!
//! A join ends the younger ticket and moves its opening post in one transaction; its other voices follow one by one.
//! The younger ticket's mark stays until all have moved, so whoever finds it goes on where somebody was stopped; and
//! who meets the younger ticket meanwhile follows [`Ticket::joined_to`].

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use jiff::Timestamp;
use kemala_domain::incident::Signature;
use kemala_domain::lifecycle::{Join, Unjoin};
use kemala_domain::report::VoiceRole;
use kemala_domain::{PostKey, Ticket, TicketId, Voice};
use serde::{Deserialize, Serialize};

use crate::error::{ReadError, WriteError};
use crate::idempotency::Answered;
use crate::items::{self, Item, number, text};
use crate::keys;
use crate::posts::KnownPost;
use crate::store::{Store, key};
use crate::write::{put, unbuilt};

/// Tickets that a ticket may have been joined through; a join goes to an older one, so there is an end.
const MOST_JOINS: usize = 16;

/// Voices that go back in the transaction of an unjoin: each is four writes at most, of the 100 of a transaction.
const MOST_MOVED: usize = 20;

/// The mark of a ticket that is still to be compared with others, or whose voices are still to move.
#[derive(Serialize, Deserialize)]
struct Mark {
    signature: Option<Signature>,
}

/// Why a join stopped; it goes on when it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// A row could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A change could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Store {
    /// The ticket that goes on for a ticket: itself, or the one it was joined into.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn standing(&self, id: &TicketId) -> Result<Option<Ticket>, ReadError> {
        let mut id = id.clone();
        for _ in 0..MOST_JOINS {
            match self.ticket(&id).await? {
                Some(Ticket { joined_to: Some(next), .. }) => id = next,
                found => return Ok(found),
            }
        }
        Ok(None)
    }

    /// Tickets that are marked by `now`, the earliest first, at most `limit`.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn late_joins(&self, now: Timestamp, limit: i32) -> Result<Vec<TicketId>, ReadError> {
        let found = self.find_in(&keys::DUE_INDEX, keys::LATE_JOIN_SHARD.to_owned(), now, limit).await?;
        Ok(found.iter().filter_map(|item| keys::ticket_of(&items::attribute(item, "pk"))).collect())
    }

    /// What a marked ticket is to be compared by; `None` where it is not marked, or only its voices are to move.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn late_join(&self, ticket: &TicketId) -> Result<Option<Signature>, ReadError> {
        let mark: Option<Item> = self.get(keys::ticket(ticket), keys::LATE_JOIN.to_owned()).await?;
        let mark: Option<Mark> = mark.map(items::value).transpose()?;
        Ok(mark.and_then(|mark| mark.signature))
    }

    /// Takes a ticket's mark away. Done twice, it changes nothing.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn end_late_join(&self, ticket: &TicketId) -> Result<(), WriteError> {
        let delete = self.client.delete_item().table_name(&self.table);
        let sent = delete.set_key(Some(key(keys::ticket(ticket), keys::LATE_JOIN.to_owned()))).send().await;
        sent.map(drop).map_err(WriteError::remote)
    }

    /// Writes a join: both tickets, the younger one's opening post as a voice of the older, and the younger one's mark,
    /// whole or not at all.
    ///
    /// # Errors
    /// [`JoinError`]; [`WriteError::Conflict`] where either ticket or a memory changed meanwhile.
    pub async fn write_join(&self, join: &Join, answered: Option<&Answered>, now: Timestamp) -> Result<(), JoinError> {
        let (older, younger) = (&join.into.ticket.id, &join.from.ticket.id);
        let mut items = self.transaction(&join.into, answered, now).map_err(WriteError::Unwritable)?;
        items.extend(self.transaction(&join.from, None, now).map_err(WriteError::Unwritable)?);
        let mark = self.late_join_row(younger, None, now).map_err(WriteError::Unwritable)?;
        items.push(put(self.put(mark)).map_err(WriteError::Unwritable)?);
        if let Some(mut opening) = self.voice(younger, &join.from.ticket.origin).await? {
            opening.role = join.role;
            items.extend(self.moved(younger, older, &opening).await?);
        }
        Ok(self.transact(items).await?)
    }

    /// Writes an unjoin: both tickets, the answer to who asked for it, and as many of the posts that go back as one
    /// transaction takes; [`Store::move_posts`] moves the rest.
    ///
    /// # Errors
    /// [`JoinError`]; [`WriteError::Conflict`] where either ticket changed meanwhile.
    pub async fn write_unjoin(&self, unjoin: &Unjoin, answered: &Answered, now: Timestamp) -> Result<(), JoinError> {
        let (into, from) = (&unjoin.into.ticket.id, &unjoin.from.ticket.id);
        let mut items = self.transaction(&unjoin.into, None, now).map_err(WriteError::Unwritable)?;
        items.extend(self.transaction(&unjoin.from, Some(answered), now).map_err(WriteError::Unwritable)?);
        for post in unjoin.posts.iter().take(MOST_MOVED) {
            if let Some(mut voice) = self.voice(into, post).await? {
                if *post == unjoin.from.ticket.origin {
                    voice.role = VoiceRole::Opening;
                }
                items.extend(self.moved(into, from, &voice).await?);
            }
        }
        Ok(self.transact(items).await?)
    }

    /// Moves those voices of a ticket to another that stand there still.
    ///
    /// # Errors
    /// [`JoinError`]
    pub async fn move_posts(&self, from: &TicketId, to: &TicketId, posts: &[PostKey]) -> Result<(), JoinError> {
        for post in posts {
            if let Some(voice) = self.voice(from, post).await? {
                self.transact(self.moved(from, to, &voice).await?).await?;
            }
        }
        Ok(())
    }

    /// Moves what voices a joined ticket still has to the ticket that goes on, then takes its mark away.
    ///
    /// # Errors
    /// [`JoinError`]
    pub async fn move_voices(&self, from: &TicketId, to: &TicketId) -> Result<(), JoinError> {
        for voice in self.voices(from).await? {
            let items = self.moved(from, to, &voice).await?;
            self.transact(items).await?;
        }
        Ok(self.end_late_join(from).await?)
    }

    /// The mark of a ticket.
    pub(crate) fn late_join_row(
        &self,
        ticket: &TicketId,
        signature: Option<&Signature>,
        now: Timestamp,
    ) -> Result<Item, serde_dynamo::Error> {
        let mark = Mark { signature: signature.cloned() };
        let mut item = items::row(keys::ticket(ticket), keys::LATE_JOIN.to_owned(), &mark)?;
        item.insert("due_shard".to_owned(), text(keys::LATE_JOIN_SHARD));
        item.insert("due_at".to_owned(), text(keys::time(now)));
        Ok(item)
    }

    /// What moves a voice: its row, and the rows by which its post is found. A post that was edited or deleted since the
    /// join stands with the other ticket already, and only what is left here goes.
    async fn moved(&self, from: &TicketId, to: &TicketId, voice: &Voice) -> Result<Vec<TransactWriteItem>, JoinError> {
        let post = &voice.report.first_post;
        let known = self.post(post).await?.filter(|known| known.ticket.as_ref() == Some(from) && !known.deleted);
        let built = || -> Result<Vec<TransactWriteItem>, serde_dynamo::Error> {
            let left = Delete::builder()
                .table_name(&self.table)
                .set_key(Some(key(keys::ticket(from), keys::report(post))))
                .build()
                .map_err(unbuilt)?;
            let mut items = vec![TransactWriteItem::builder().delete(left).build()];
            let Some(known) = known else { return Ok(items) };
            let found = KnownPost { ticket: Some(to.clone()), ..known };
            let found = self
                .put(items::row(keys::post(post), keys::POST.to_owned(), &found)?)
                .condition_expression("ticket = :from AND deleted = :no AND edit = :edit")
                .expression_attribute_values(":from", text(from.to_string()))
                .expression_attribute_values(":no", AttributeValue::Bool(false))
                .expression_attribute_values(":edit", number(voice.report.edit));
            items.push(put(found)?);
            items.extend(self.voice_rows(to, voice)?);
            Ok(items)
        };
        Ok(built().map_err(WriteError::Unwritable)?)
    }
}
