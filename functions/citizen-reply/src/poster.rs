//! One post of ours, a step further. Before the call the row says that it is being sent, so that whoever finds it like
//! that later looks in the timeline and never posts again.

use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_domain::lifecycle::{self, Case};
use kemala_domain::reply::{Outcome, Reply, ReplyId, ReplyState, Step};
use kemala_domain::{Event, EventBody, EventId, PostKey};
use kemala_runtime::metrics::Metrics;
use kemala_store::replies::PostingPause;
use kemala_store::{ReadError, Store, WriteError};

use crate::metrics::{budget, ended, posting_refused};
use crate::platform::{Attempted, Platform};

/// How often the end of a post is written anew when its ticket changes meanwhile.
const ATTEMPTS: u32 = 6;
/// How long one waits for keys that cannot be had.
const SHORTLY: SignedDuration = SignedDuration::from_mins(1);

/// Why a wake-up goes back to the queue.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A row could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A row could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Makes posts.
pub struct Poster<'a, P> {
    store: &'a Store,
    platform: &'a P,
    jurisdiction: &'a Jurisdiction,
    metrics: &'a Metrics,
}

impl<'a, P: Platform> Poster<'a, P> {
    /// Over a table, a platform and a pack; what it does is measured.
    pub fn new(store: &'a Store, platform: &'a P, jurisdiction: &'a Jurisdiction, metrics: &'a Metrics) -> Self {
        Self { store, platform, jurisdiction, metrics }
    }

    /// Takes a post of ours a step further, where it is time for one.
    ///
    /// # Errors
    /// [`Failure`]; the row stays as it was, or as it was claimed.
    pub async fn take(&self, id: &ReplyId, now: Timestamp) -> Result<(), Failure> {
        let Some(reply) = self.store.reply(id).await? else { return Ok(()) };
        match reply.step(now) {
            Step::Nothing | Step::NotBefore(_) => Ok(()),
            Step::GiveUp => self.settle(&reply, Outcome::NotBefore(Timestamp::MAX), now).await,
            Step::Post => match self.post(&reply, now).await {
                // Another function has it.
                Err(Failure::Write(WriteError::Conflict)) => Ok(()),
                done => done,
            },
            Step::LookFor => {
                let account = &self.jurisdiction.answer_from.id;
                let text = reply.text.as_deref().unwrap_or_default();
                let outcome = self.platform.look_for(account, text, &reply.to).await;
                self.settle(&reply, outcome, now).await
            }
        }
    }

    async fn post(&self, reply: &Reply, now: Timestamp) -> Result<(), Failure> {
        if let Some(pause) = self.store.posting_pause(now).await? {
            return self.settle(reply, Outcome::NotBefore(pause.until), now).await;
        }
        if !self.platform.is_ready().await {
            posting_refused(self.metrics);
            let shortly = now.saturating_add(SHORTLY).unwrap_or(now);
            return self.settle(reply, Outcome::NotBefore(shortly), now).await;
        }
        let Some(text) = self.text(reply).await? else { return self.settle(reply, Outcome::Wrong, now).await };
        let today = self.jurisdiction.calendar.local(now).date();
        let most = self.jurisdiction.replies.rules.most_per_day;
        let left = if reply.is_urgent { None } else { Some(self.store.spend_reply(today, most, now).await?) };
        if let Some(left) = left {
            budget(self.metrics, left.unwrap_or(0), most);
        }
        if left == Some(None) {
            tracing::error!(reply.id = %reply.id, most, "the day's posts are used up");
            return self.settle(reply, Outcome::NotBefore(Timestamp::MAX), now).await;
        }
        let claimed = reply.claimed(text.clone(), now);
        self.store.save_reply(&claimed).await?;
        let Attempted { outcome, pause, is_refused } = self.platform.post(&text, &reply.to, now).await;
        if is_refused {
            posting_refused(self.metrics);
        }
        if let Some(until) = pause {
            self.store.pause_posting(&PostingPause { until }).await?;
        }
        self.settle(&claimed, outcome, now).await
    }

    /// What is to be said; `None` where the ticket or the event is gone.
    async fn text(&self, reply: &Reply) -> Result<Option<String>, Failure> {
        if reply.text.is_some() {
            return Ok(reply.text.clone());
        }
        let event = self.store.event(&EventId { ticket: reply.ticket.clone(), seq: reply.event }).await?;
        let Some(ticket) = self.store.standing(&reply.ticket).await? else { return Ok(None) };
        let (Some(case), Some(event)) = (self.store.case(&ticket.id).await?, event) else { return Ok(None) };
        let is_earlier = |event: &&Event| matches!(&event.body, EventBody::ReplySent { kind, to, .. } if *kind == reply.kind && *to == reply.to);
        let earlier = case.events.iter().filter(is_earlier).count();
        let Jurisdiction { replies, agencies, .. } = self.jurisdiction;
        Ok(Some(replies.text(reply.kind, &case.ticket, &event.body, earlier, agencies)))
    }

    /// Writes what came of it: to the row, and at its end to the ticket's history.
    async fn settle(&self, reply: &Reply, outcome: Outcome, now: Timestamp) -> Result<(), Failure> {
        let next = reply.after(outcome, now);
        let waited_s = now.duration_since(reply.ordered_at).as_secs();
        let (kind, id) = (reply.kind.name(), &reply.id);
        match &next.state {
            ReplyState::Sent { .. } => tracing::info!(reply.id = %id, kind, waited_s, "answered"),
            ReplyState::Failed { why, .. } => tracing::warn!(reply.id = %id, kind, waited_s, ?why, "not answered"),
            state => tracing::info!(reply.id = %id, kind, ?state, "later"),
        }
        if next.step(now) != Step::Nothing {
            return Ok(self.store.save_reply(&next).await?);
        }
        if self.end(reply, &next, now).await? {
            ended(self.metrics, &next.state);
        }
        Ok(())
    }

    /// Writes the end of a post, and that of the ticket's history with it; whether it was here that it was written.
    async fn end(&self, reply: &Reply, next: &Reply, now: Timestamp) -> Result<bool, Failure> {
        for _ in 0..ATTEMPTS {
            let Some(ticket) = self.store.standing(&reply.ticket).await? else { break };
            let Some(case) = self.store.case(&ticket.id).await? else { break };
            match self.store.end_reply(next, &self.history(&case, next, now), now).await {
                Err(WriteError::Conflict) if self.is_at(reply).await? => {}
                // Whoever changed the row meanwhile has seen the same.
                Err(WriteError::Conflict) => return Ok(false),
                written => return Ok(written.map(|()| true)?),
            }
        }
        // Without a ticket that can be written, the row alone says how it ended.
        Ok(self.store.save_reply(next).await.map(|()| true)?)
    }

    /// Whether the row is still as it was read: then it was the ticket that changed.
    async fn is_at(&self, reply: &Reply) -> Result<bool, Failure> {
        Ok(self.store.reply(&reply.id).await?.is_some_and(|row| row.revision == reply.revision))
    }

    fn history(&self, case: &Case, ended: &Reply, now: Timestamp) -> lifecycle::Change {
        let terms = self.jurisdiction.terms();
        match &ended.state {
            ReplyState::Failed { why, .. } => {
                lifecycle::reply_failed(case, ended.kind, ended.to.clone(), *why, terms, now)
            }
            state => {
                let post: Option<PostKey> = match state {
                    ReplyState::Sent { post, .. } => post.clone(),
                    _ => None,
                };
                lifecycle::reply_sent(case, ended.kind, ended.to.clone(), post, terms, now)
            }
        }
    }
}
