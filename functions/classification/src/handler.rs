//! One message at a time: understand it, plan the change, write it; when somebody else was first, plan again.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::Timestamp;
use kemala_classifier::Pack;
use kemala_messages::quarantine::Reason;
use kemala_messages::report::{Message, Unreadable};
use kemala_runtime::batch::each_record;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::metrics::Metrics;
use kemala_store::{ReadError, Store, WriteError};
use lambda_runtime::LambdaEvent;

use crate::metrics::{Outcome, dealt_with};
use crate::plan::{Attempt, Plan, Planner};
use crate::quarantine::{Quarantine, QuarantineError};

/// How often a change is planned anew when somebody else was first.
const ATTEMPTS: u32 = 5;
/// How often a change is planned after that without what may be contended. Once would do but for a repeat of the same
/// message beside it: the one that comes second finds its post known only when it looks again.
const LAST_ATTEMPTS: u32 = 3;

/// Why a message goes back to the queue.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A newer program wrote it.
    #[error(transparent)]
    NewerVersion(Unreadable),
    /// The post it answers is not known yet.
    #[error("the post it answers has not been seen yet")]
    ThreadNotSeen,
    /// A row could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A change could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Quarantine could not be reached.
    #[error(transparent)]
    Quarantine(#[from] QuarantineError),
}

/// The function.
pub struct Classification<'a> {
    planner: Planner<'a>,
    store: &'a Store,
    quarantine: &'a Quarantine,
    metrics: &'a Metrics,
}

impl<'a> Classification<'a> {
    /// The function over a pack, a table and a quarantine; what it does is measured.
    pub fn new(pack: &'a Pack, store: &'a Store, quarantine: &'a Quarantine, metrics: &'a Metrics) -> Self {
        Self { planner: Planner::new(pack, store), store, quarantine, metrics }
    }

    /// Takes a batch at a moment; what failed goes back to the queue alone.
    pub async fn take(&self, event: LambdaEvent<SqsEvent>, now: Timestamp) -> SqsBatchResponse {
        let deadline = Deadline::of(&event.context);
        each_record(event.payload, deadline, |record| self.take_one(record, now)).await
    }

    async fn take_one(&self, record: SqsMessage, now: Timestamp) -> Result<(), Failure> {
        let body = record.body.unwrap_or_default();
        let message = match Message::from_json(&body) {
            Ok(message) => message,
            Err(unreadable) if unreadable.is_retryable() => return Err(Failure::NewerVersion(unreadable)),
            Err(_) => {
                let reason = Reason::UnreadableMessage;
                self.quarantine.put(reason, &body, now).await?;
                dealt_with(self.metrics, None, Outcome::Quarantined(reason));
                return Ok(());
            }
        };
        let mut number = 1;
        loop {
            let attempt = if number <= ATTEMPTS { Attempt::Usual } else { Attempt::Last };
            match self.take_once(&message, &body, attempt, now).await {
                // Somebody else was first, or is writing just now: plan anew.
                Err(Failure::Write(WriteError::Conflict) | Failure::Read(ReadError::Torn))
                    if number < ATTEMPTS + LAST_ATTEMPTS => {}
                taken => {
                    let outcome = taken?;
                    dealt_with(self.metrics, Some(message.channel), outcome);
                    return Ok(());
                }
            }
            tokio::time::sleep(pause_after(number)).await;
            number += 1;
        }
    }

    async fn take_once(
        &self,
        message: &Message,
        body: &str,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Outcome, Failure> {
        Ok(match self.planner.plan(message, attempt, now).await? {
            Plan::Nothing => Outcome::Known,
            Plan::Wait => return Err(Failure::ThreadNotSeen),
            Plan::Quarantine(reason) => {
                tracing::info!(reason = reason.code(), "quarantined");
                self.quarantine.put(reason, body, now).await?;
                Outcome::Quarantined(reason)
            }
            Plan::RememberDeletion { post, ticket } => {
                self.store.remember_deletion(&post, ticket, now).await?;
                Outcome::Withdrawn
            }
            Plan::Write(change) => {
                self.store.write(&change, None, now).await?;
                let ticket = &change.ticket;
                tracing::info!(ticket.id = %ticket.id, ticket.version, agency.code = %ticket.holder, "written");
                Outcome::of(&change)
            }
        })
    }
}

/// A pause that doubles, with jitter, so that those who met do not meet again.
fn pause_after(attempt: u32) -> Duration {
    let longest = 10u64 << attempt;
    Duration::from_millis(fastrand::u64(longest / 2..=longest))
}
