//! An agency's queue: messages in, with nothing but the agency's own role.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala_domain::{AgencyCode, TicketId};
use kemala_messages::agency::AgencyMessage;
use kemala_messages::in_queue::InQueue;

use super::{Held, Queue};
use crate::aws::SignedHttp;
use crate::names::Names;
use crate::target::Target;

/// An agency's queue, as the agency sees it.
#[derive(Debug, Clone)]
pub struct AgencyQueue(Queue);

/// A message in the agency's hands.
#[derive(Debug, Clone)]
pub struct Received {
    /// What it says.
    pub message: InQueue,
    /// The message as it is held.
    pub held: Held,
}

/// A message that was looked for.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it says.
    pub message: AgencyMessage,
    /// When it came into the queue.
    pub queued_at: Timestamp,
}

impl AgencyQueue {
    /// Takes on the agency's polling role. `http` is a principal that may do that.
    pub async fn open(http: &SignedHttp, target: &Target, names: &Names, code: &AgencyCode) -> Result<Self> {
        Queue::of_agency(http, target, names, code).await.map(Self)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Takes up to 10 messages and holds them. Waits up to `wait` (whole seconds, at most 20) for the first.
    pub async fn receive(&self, wait: Duration, hold: Duration) -> Result<Vec<Received>> {
        let read = |held: Held| {
            let message = serde_json::from_str(&held.body);
            Ok(Received {
                message: message.with_context(|| format!("a message of {} is unreadable", self.name()))?,
                held,
            })
        };
        self.0.receive(wait, hold).await?.into_iter().map(read).collect()
    }

    /// Deletes a message: the agency has it for good.
    pub async fn delete(&self, received: &Received) -> Result<()> {
        self.0.delete(&received.held).await
    }

    /// Gives messages back at once, for whoever polls next.
    pub async fn put_back(&self, received: &[Received]) -> Result<()> {
        self.0.put_back(received.iter().map(|received| &received.held)).await
    }

    /// Looks for the first message of each ticket about its event with that sequence number or a later one, and leaves
    /// the queue as it was.
    pub async fn find(
        &self,
        tickets: &BTreeMap<TicketId, u32>,
        patience: Duration,
    ) -> Result<BTreeMap<TicketId, Found>> {
        let mut found = BTreeMap::new();
        let look = |held: &Held| {
            if let Ok(message) = serde_json::from_str::<AgencyMessage>(&held.body)
                && tickets.get(&message.subject).is_some_and(|from| message.data.event.seq >= *from)
            {
                let queued_at = held.queued_at;
                found.entry(message.subject.clone()).or_insert(Found { message, queued_at });
            }
            if found.len() < tickets.len() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        self.0.look_through(patience, look).await?;
        Ok(found)
    }
}
