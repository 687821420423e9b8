//! Queues, read by polling: an agency's with nothing but the agency's own role, ours as whoever runs the program.

mod agency;
mod dead;
mod quarantine;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use jiff::Timestamp;
use kemala_domain::AgencyCode;

pub use agency::{AgencyQueue, Found, Received};
pub use dead::{DeadLetters, Way};
pub use quarantine::{Again, Put, quarantined};

use crate::aws::SignedHttp;
use crate::names::Names;
use crate::target::Target;

/// How long messages are held while we look through a queue.
const HOLD: Duration = Duration::from_secs(25);
/// How long messages are held while a whole queue is gone through.
const LONG_HOLD: Duration = Duration::from_mins(10);
/// A poll that waits asks all of SQS's servers: when it finds nothing, there is nothing.
const A_POLL: Duration = Duration::from_secs(1);
/// How long we look at most, so that what is held can still be given back.
const LONGEST_LOOK: Duration = Duration::from_secs(20);

/// A queue, as one principal sees it.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    name: String,
    url: String,
}

/// A message in our hands: nobody else gets it until it is put back, deleted, or its time is over.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id in the queue.
    pub id: String,
    /// What it says.
    pub body: String,
    /// Of a FIFO queue: its message group and its deduplication id.
    pub fifo: Option<Fifo>,
    /// The queue it was in before it was given up, as an ARN, where the service tells.
    pub given_up_by: Option<String>,
    /// How often it has been received, this time included.
    pub receive_count: u32,
    /// When it came into the queue.
    pub queued_at: Timestamp,
    receipt: String,
}

/// What a message of a FIFO queue has beside its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fifo {
    /// Messages of one group come in order.
    pub group: String,
    /// Of two sends with the same id within 5 minutes the second is dropped.
    pub deduplication: String,
}

/// What becomes of a message that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is deleted.
    Done,
    /// It stays in the queue.
    Stays,
}

impl Queue {
    /// An agency's queue, as the agency's polling role sees it. `http` is a principal that may take on that role.
    pub async fn of_agency(http: &SignedHttp, target: &Target, names: &Names, code: &AgencyCode) -> Result<Self> {
        let keys = http.agency_keys(names, code).await?;
        Ok(Self::named(&target.with_keys(keys), names.agency_queue(code)))
    }

    /// A queue that is no agency's, such as `quarantine`, as the target's principal sees it.
    pub fn internal(target: &Target, names: &Names, name: &str) -> Self {
        Self::named(target, names.queue(name))
    }

    fn named(target: &Target, name: String) -> Self {
        Self { client: Client::new(&target.sdk_config()), url: target.queue_url(&name), name }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many messages it has, those in somebody's hands included.
    pub async fn length(&self) -> Result<u64> {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let ask = self.client.get_queue_attributes().queue_url(&self.url).set_attribute_names(Some(counts.to_vec()));
        let answer = ask.send().await.with_context(|| format!("{} cannot be looked at", self.name))?;
        Ok(answer.attributes.unwrap_or_default().into_values().filter_map(|count| count.parse::<u64>().ok()).sum())
    }

    /// Takes up to 10 messages and holds them. Waits up to `wait` (whole seconds, at most 20) for the first.
    pub async fn receive(&self, wait: Duration, hold: Duration) -> Result<Vec<Held>> {
        let seconds = |time: Duration| i32::try_from(time.as_secs()).unwrap_or(i32::MAX);
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(10)
            .wait_time_seconds(seconds(wait).min(20))
            .visibility_timeout(seconds(hold))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
            .message_system_attribute_names(MessageSystemAttributeName::MessageDeduplicationId)
            .message_system_attribute_names(MessageSystemAttributeName::DeadLetterQueueSourceArn)
            .send()
            .await
            .with_context(|| format!("{} cannot be polled", self.name))?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(held).collect())
    }

    /// Sends a message; of a FIFO queue with its group and deduplication id.
    pub async fn send(&self, body: &str, fifo: Option<&Fifo>) -> Result<()> {
        let send = self.client.send_message().queue_url(&self.url).message_body(body);
        let send = match fifo {
            Some(Fifo { group, deduplication }) => send.message_group_id(group).message_deduplication_id(deduplication),
            None => send,
        };
        send.send().await.map(drop).with_context(|| format!("{} took no message", self.name))
    }

    /// Deletes a message: whoever received it has it for good.
    pub async fn delete(&self, held: &Held) -> Result<()> {
        let delete = self.client.delete_message().queue_url(&self.url).receipt_handle(&held.receipt);
        delete.send().await.map(drop).with_context(|| format!("a message of {} cannot be deleted", self.name))
    }

    /// Gives messages back at once, for whoever polls next.
    pub async fn put_back(&self, held: impl IntoIterator<Item = &Held>) -> Result<()> {
        // One by one: the batch call is not among an agency's permissions on the emulator.
        futures::future::try_join_all(held.into_iter().map(|held| self.give_back(held))).await.map(drop)
    }

    async fn give_back(&self, held: &Held) -> Result<()> {
        let change = self.client.change_message_visibility().queue_url(&self.url).visibility_timeout(0);
        let changed = change.receipt_handle(&held.receipt).send().await;
        changed.map(drop).with_context(|| format!("messages of {} cannot be given back", self.name))
    }

    /// Goes through a queue once, whatever its length: each message is looked at, and is deleted or stays. What stays is held
    /// out of sight until the end (so that what is behind it comes, too) and then given back, also where something
    /// fails; of a program that is killed it comes back by itself after 10 minutes. Of a FIFO queue's groups one sees at
    /// most the first 10 messages, and what is behind one that stays may remain unseen.
    pub async fn walk(&self, mut each: impl AsyncFnMut(&Held) -> Result<Fate>) -> Result<()> {
        let mut stay: BTreeMap<String, Held> = BTreeMap::new();
        let walked = async {
            loop {
                let page = self.receive(A_POLL, LONG_HOLD).await?;
                if page.is_empty() {
                    return Ok(());
                }
                // All of the page is given back if one of it fails.
                let mut new = Vec::new();
                for held in page {
                    let id = held.id.clone();
                    if stay.insert(id.clone(), held).is_none() {
                        new.push(id);
                    }
                }
                for id in new {
                    let Some(held) = stay.get(&id) else { continue };
                    if each(held).await? == Fate::Done {
                        self.delete(held).await?;
                        stay.remove(&id);
                    }
                }
            }
        };
        let walked = walked.await;
        // One whose time is over is back already, and says so by an error.
        futures::future::join_all(stay.values().map(|held| self.give_back(held))).await;
        walked
    }

    /// Shows every message to `look`, until it breaks or no new one comes within `patience`, and leaves the queue as it
    /// was. A look counts as a receive, of which SQS allows an agency's message 50.
    pub async fn look_through(&self, patience: Duration, mut look: impl FnMut(&Held) -> ControlFlow<()>) -> Result<()> {
        let started = Instant::now();
        let mut all = Vec::new();
        'looking: while started.elapsed() < patience.min(LONGEST_LOOK) {
            // What is held stays invisible, so each page shows further messages.
            let page = self.receive(Duration::from_secs(1), HOLD).await?;
            let seen = all.len();
            all.extend(page);
            for held in all.iter().skip(seen) {
                if look(held).is_break() {
                    break 'looking;
                }
            }
        }
        self.put_back(&all).await
    }
}

fn held(message: aws_sdk_sqs::types::Message) -> Held {
    let attributes = message.attributes.unwrap_or_default();
    let number = |name| attributes.get(&name).and_then(|value| value.parse::<i64>().ok());
    let queued_at =
        number(MessageSystemAttributeName::SentTimestamp).and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let text = |name| attributes.get(&name).cloned();
    let fifo = match (
        text(MessageSystemAttributeName::MessageGroupId),
        text(MessageSystemAttributeName::MessageDeduplicationId),
    ) {
        (Some(group), Some(deduplication)) => Some(Fifo { group, deduplication }),
        _ => None,
    };
    let receive_count = number(MessageSystemAttributeName::ApproximateReceiveCount);
    Held {
        id: message.message_id.unwrap_or_default(),
        fifo,
        given_up_by: text(MessageSystemAttributeName::DeadLetterQueueSourceArn),
        body: message.body.unwrap_or_default(),
        receive_count: receive_count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        queued_at: queued_at.unwrap_or_else(Timestamp::now),
        receipt: message.receipt_handle.unwrap_or_default(),
    }
}
