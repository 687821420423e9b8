//! The two queues, and how messages are put together into batches.

use std::fmt;

use futures::future::try_join_all;
use kemala_messages::SQS_MAX_BYTES;

/// Messages in one batch (AWS, "Amazon SQS message quotas").
const BATCH_MESSAGES: usize = 10;

/// Why a queue does not have what it was sent. Sending again later may help.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// The queue could not be reached, or refused.
    #[error("the {queue} queue took no message")]
    Remote {
        /// Which queue.
        queue: Queue,
        /// What the client says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It refused some of a batch, twice.
    #[error("the {queue} queue refused {count} of a batch, the first with {code}")]
    Partly {
        /// Which queue.
        queue: Queue,
        /// How many messages.
        count: usize,
        /// The queue's code for the first of them.
        code: String,
    },
}

/// One of the queues that this function sends to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// For classification.
    Reports,
    /// For people.
    Quarantine,
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reports => "reports",
            Self::Quarantine => "quarantine",
        })
    }
}

/// Where this function sends to.
pub trait Queues {
    /// Sends a batch that fits (see [`send_all`]). What the queue refused of it is returned; the rest is in.
    fn send_batch(&self, queue: Queue, batch: &[String]) -> impl Future<Output = Result<Vec<Refused>, NotSent>> + Send;
}

/// A message of a batch that the queue refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the batch, from 0.
    pub at: usize,
    /// Why, as the queue's code.
    pub code: String,
}

/// Sends messages; done only when the queue has every one. What a queue refuses of a batch is sent once more.
///
/// # Errors
/// Some may be in all the same; whoever sends again must bear a message twice.
pub async fn send_all(queues: &impl Queues, queue: Queue, messages: Vec<String>) -> Result<(), NotSent> {
    let each = batches(messages).into_iter().map(|batch| async move {
        let refused = queues.send_batch(queue, &batch).await?;
        let again: Vec<String> = refused.iter().filter_map(|refused| batch.get(refused.at).cloned()).collect();
        if again.is_empty() {
            return Ok(());
        }
        let refused = queues.send_batch(queue, &again).await?;
        match refused.first() {
            None => Ok(()),
            Some(first) => Err(NotSent::Partly { queue, count: refused.len(), code: first.code.clone() }),
        }
    });
    try_join_all(each).await.map(drop)
}

/// Splits messages into batches that SQS takes, in their order. A message is at most [`SQS_MAX_BYTES`] long.
fn batches(messages: Vec<String>) -> Vec<Vec<String>> {
    let mut batches: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for message in messages {
        bytes += message.len();
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH_MESSAGES && bytes <= SQS_MAX_BYTES => batch.push(message),
            _ => {
                bytes = message.len();
                batches.push(vec![message]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ten_to_a_batch_and_a_mebibyte_in_all() {
        let sizes = |lengths: &[usize]| -> Vec<usize> {
            batches(lengths.iter().map(|&length| "x".repeat(length)).collect()).iter().map(Vec::len).collect()
        };
        assert_eq!(sizes(&[]), Vec::<usize>::new());
        assert_eq!(sizes(&[1; 23]), [10, 10, 3]);
        assert_eq!(sizes(&[SQS_MAX_BYTES, 1]), [1, 1]);
        assert_eq!(sizes(&[SQS_MAX_BYTES - 1, 1, 1]), [2, 1]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_batch_is_too_much(lengths in proptest::collection::vec(0usize..400_000, 0..40)) {
            let messages: Vec<String> = lengths.iter().map(|&length| "x".repeat(length)).collect();
            let batches = batches(messages.clone());
            for batch in &batches {
                prop_assert!((1..=BATCH_MESSAGES).contains(&batch.len()));
                prop_assert!(batch.iter().map(String::len).sum::<usize>() <= SQS_MAX_BYTES);
            }
            prop_assert_eq!(batches.concat(), messages);
        }
    }
}
