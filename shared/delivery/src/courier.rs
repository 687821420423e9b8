//! One event to all who must hear of it.

use jiff::Timestamp;
use kemala_domain::clocks::Terms;
use kemala_domain::reply::{Reply, Rules, orders};
use kemala_domain::{Destination, Event, EventBody, EventId};
use kemala_runtime::metrics::Metrics;
use kemala_store::{ReadError, Store, WriteError};

use crate::backoff::{Next, after_failure};
use crate::counting::count;
use crate::metrics::queued;
use crate::people::PeopleTopic;
use crate::queues::{AgencyQueues, ReplyQueue};
use crate::telling::Telling;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everybody has been told, now or before.
    Delivered,
    /// Somebody could not be told; it will be tried again at that time.
    Postponed(Timestamp),
    /// Somebody could not be told for a day; people must look.
    Parked,
}

/// Why nothing is known of an event's delivery: the table could not be asked. It stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// A row could not be read.
    #[error("event {0} could not be read")]
    Read(String, #[source] ReadError),
    /// The outcome could not be written.
    #[error("the delivery of event {0} could not be noted")]
    Write(String, #[source] WriteError),
}

/// Delivers events.
#[derive(Debug, Clone)]
pub struct Courier<'a> {
    store: &'a Store,
    queues: &'a AgencyQueues,
    replies: &'a ReplyQueue,
    people: &'a PeopleTopic,
    rules: &'a Rules,
    terms: Terms<'a>,
    metrics: &'a Metrics,
}

impl<'a> Courier<'a> {
    /// A courier between a table and queues; `terms` give the deadlines that messages show, `rules` which citizens are
    /// answered. What it does is measured.
    pub fn new(
        store: &'a Store,
        queues: &'a AgencyQueues,
        replies: &'a ReplyQueue,
        people: &'a PeopleTopic,
        rules: &'a Rules,
        terms: Terms<'a>,
        metrics: &'a Metrics,
    ) -> Self {
        Self { store, queues, replies, people, rules, terms, metrics }
    }

    /// Tells everybody who still has to hear of the event.
    ///
    /// # Errors
    /// [`DeliveryError`] where the table could not be asked; then nothing is lost, for the event is still undelivered.
    pub async fn deliver(&self, id: &EventId, now: Timestamp) -> Result<Outcome, DeliveryError> {
        let unreadable = |error| DeliveryError::Read(id.to_string(), error);
        let unwritable = |error| DeliveryError::Write(id.to_string(), error);
        // The row as it is now, not as the stream saw it: what was delivered meanwhile is not sent again.
        let Some(mut event) = self.store.event(id).await.map_err(unreadable)? else { return Ok(Outcome::Delivered) };
        let Some(ticket) = self.store.ticket(&id.ticket).await.map_err(unreadable)? else {
            return Ok(Outcome::Delivered);
        };
        if event.undelivered.is_empty() {
            return self.settle(&event).await.map_err(unwritable);
        }
        let as_it_is = event.clone();
        let telling = Telling::read(self.store, &ticket, &as_it_is, self.terms).await.map_err(unreadable)?;
        let mut failed = false;
        for destination in as_it_is.undelivered.clone() {
            let told = match &destination {
                Destination::Citizens => {
                    self.order_replies(&event, now).await?;
                    Ok(())
                }
                Destination::Agency(agency) => {
                    let sent = self.queues.send(agency, &telling.to(agency)).await;
                    if sent.is_ok() && matches!(event.body, EventBody::Opened { .. }) {
                        telling.posted_at().inspect(|at| queued(self.metrics, *at, Timestamp::now()));
                    }
                    sent
                }
                Destination::People => match telling.to_people(self.terms) {
                    Some(notice) => self.people.tell(&notice).await,
                    None => Ok(()),
                },
                Destination::Figures => {
                    if let Err(error) = count(self.store, &ticket, &mut event, self.terms).await {
                        failed = true;
                        tracing::warn!(event.id = %id, %error, "not counted");
                    }
                    continue;
                }
            };
            match told {
                Ok(()) => {
                    self.store.mark_delivered(&mut event, &destination).await.map_err(unwritable)?;
                    tracing::info!(event.id = %id, %destination, "delivered");
                }
                Err(error) => {
                    failed = true;
                    tracing::error!(event.id = %id, %destination, %error, "not delivered");
                }
            }
        }
        if failed { self.try_later(&event, now).await.map_err(unwritable) } else { Ok(Outcome::Delivered) }
    }

    /// Orders the posts of ours that an event asks for. Once their rows are there nothing is lost: a wake-up that fails is
    /// repeated by the sweep.
    async fn order_replies(&self, event: &Event, now: Timestamp) -> Result<(), DeliveryError> {
        let unreadable = |error| DeliveryError::Read(event.id().to_string(), error);
        let Some(case) = self.store.case(&event.ticket).await.map_err(unreadable)? else { return Ok(()) };
        let voices = self.store.voices(&event.ticket).await.map_err(unreadable)?;
        for order in orders(event, &case, &voices, self.rules) {
            let reply = Reply::new(order, event.ticket.clone(), event.seq, now);
            let ordered = self.store.order_reply(&reply).await;
            ordered.map_err(|error| DeliveryError::Write(event.id().to_string(), error))?;
            self.wake(&reply).await;
        }
        Ok(())
    }

    /// Lets a post of ours be made. Nothing is lost where that fails.
    pub async fn wake(&self, reply: &Reply) {
        match self.replies.wake(reply).await {
            Ok(()) => tracing::info!(reply.id = %reply.id, "ordered"),
            Err(error) => tracing::warn!(reply.id = %reply.id, %error, "not woken; the sweep does it"),
        }
    }

    /// An event without destinations may still stand in the index, where two attempts ended at the same moment.
    async fn settle(&self, event: &Event) -> Result<Outcome, WriteError> {
        match self.store.settle(event).await {
            Ok(()) | Err(WriteError::Conflict) => Ok(Outcome::Delivered),
            Err(error) => Err(error),
        }
    }

    async fn try_later(&self, event: &Event, now: Timestamp) -> Result<Outcome, WriteError> {
        match after_failure(event.at, now) {
            Next::RetryAt(at) => {
                self.store.postpone(event, at).await?;
                Ok(Outcome::Postponed(at))
            }
            Next::GiveUp => {
                self.store.park(event, now).await?;
                tracing::error!(event.id = %event.id(), "parked: undelivered for a day");
                Ok(Outcome::Parked)
            }
        }
    }
}
