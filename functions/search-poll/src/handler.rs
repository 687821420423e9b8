//! One run: a search, or the nightly look-up.

use kemala_classifier::Jurisdiction;
use kemala_intake::{Queues, listening};
use kemala_runtime::deadline::Deadline;
use kemala_runtime::metrics::Metrics;
use kemala_store::Store;
use kemala_store::cursors::Cursors;
use kemala_x_api::{Auth, Credentials, XApi};
use serde::{Deserialize, Serialize};

use crate::PollError;
use crate::look_up::{LookedUp, look_up};
use crate::search::{Asked, Searched, query, search};

/// What a schedule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Posts since the last search: every minute where the pack says `hashtag_source = "poll"`, and by hand after a time
    /// in which X did not send them.
    Search,
    /// Are the posts of open tickets still there?
    LookUp,
}

/// What the schedule sends.
#[derive(Debug, Deserialize)]
pub struct Run {
    /// What to do.
    pub task: Task,
}

/// What a run did; also its answer, for who invokes it by hand.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// A search.
    Searched(Searched),
    /// A look-up.
    LookedUp(LookedUp),
}

/// The function.
pub struct Poll<'a, Q> {
    /// X.
    pub x: &'a XApi,
    /// The account's keys.
    pub credentials: &'a Credentials,
    /// The table.
    pub store: &'a Store,
    /// Where posts go.
    pub queues: &'a Q,
    /// Whom it serves.
    pub jurisdiction: &'a Jurisdiction,
    /// Where measurements go.
    pub metrics: &'a Metrics,
}

impl<Q: Queues> Poll<'_, Q> {
    /// Makes a run, which ends before the deadline. What it read by then stays read.
    ///
    /// # Errors
    /// [`PollError`]. The next run begins where this one ended.
    pub async fn make(&self, run: &Run, deadline: Deadline) -> Result<Done, PollError> {
        let work = async {
            match run.task {
                Task::Search => self.search(deadline).await.map(Done::Searched),
                Task::LookUp => self.look_up(deadline).await.map(Done::LookedUp),
            }
        };
        let done = tokio::time::timeout_at(deadline.instant(), work).await.unwrap_or(Err(PollError::OutOfTime))?;
        tracing::info!(?done, "run made");
        Ok(done)
    }

    async fn search(&self, deadline: Deadline) -> Result<Searched, PollError> {
        let cursors = Cursors::new(self.store, &self.jurisdiction.name);
        let listening = listening(self.jurisdiction);
        let query = query(self.jurisdiction);
        let asked = Asked { x: self.x, auth: Auth::Account(self.credentials), query: &query, listening: &listening };
        search(&asked, &cursors, self.queues, self.metrics, deadline).await
    }

    async fn look_up(&self, deadline: Deadline) -> Result<LookedUp, PollError> {
        let cursors = Cursors::new(self.store, &self.jurisdiction.name);
        let budget = usize::try_from(self.jurisdiction.look_ups_per_day).unwrap_or(usize::MAX);
        look_up(self.x, Auth::Account(self.credentials), self.store, &cursors, self.queues, budget, deadline).await
    }
}
