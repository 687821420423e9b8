//! One round: join late, escalate, sweep, then close the month that is over and add up the public board. Each reads
//! only what is due, and stops before the function's deadline; the next round goes on.

use std::path::Path;

use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_delivery::Courier;
use kemala_domain::clocks::Terms;
use kemala_domain::figures::Month;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::guard::chain;
use kemala_runtime::metrics::Metrics;
use kemala_store::figures::FiguresRows;
use kemala_store::{ReadError, Store};
use lambda_runtime::LambdaEvent;
use serde::{Deserialize, Serialize};

use crate::board::add_up_board;
use crate::close_month::Months;
use crate::escalate::{Escalated, escalate};
use crate::late_join::{JoinedLate, LateJoin};
use crate::metrics::{escalated as count_steps, waiting};
use crate::sweep::{Swept, sweep, wake_replies};

/// What the schedule sends, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
pub struct Schedule {
    /// The moment to act for: the schedule's own, or that of a drill; now, where it is missing.
    #[serde(default)]
    pub time: Option<Timestamp>,
}

/// What a round did; also its answer, for who invokes it by hand.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Late joins.
    #[serde(flatten)]
    pub joined_late: JoinedLate,
    /// Clock steps.
    #[serde(flatten)]
    pub escalated: Escalated,
    /// Deliveries.
    #[serde(flatten)]
    pub swept: Swept,
    /// Posts to citizens that were due.
    pub woken: usize,
    /// The month that was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Month>,
    /// Requests to the table, without those that measure and those for the board.
    pub table_calls: u64,
    /// Boards that were added up: months.
    pub boards: usize,
}

/// The function.
pub struct Round<'a> {
    store: &'a Store,
    courier: Courier<'a>,
    late_join: LateJoin<'a>,
    months: Months<'a>,
    terms: Terms<'a>,
    metrics: &'a Metrics,
}

impl<'a> Round<'a> {
    /// The function over a table, a courier, and a pack: where it lies, and what it says. Rounds are measured.
    pub fn new(
        store: &'a Store,
        courier: Courier<'a>,
        pack_dir: &'a Path,
        jurisdiction: &'a Jurisdiction,
        metrics: &'a Metrics,
    ) -> Self {
        let terms = jurisdiction.terms();
        let rows = FiguresRows::new(store, &jurisdiction.name);
        let months = Months { rows, pack_dir, calendar: &jurisdiction.calendar };
        let late_join = LateJoin::new(store, &jurisdiction.same_incident, terms);
        Self { store, courier, late_join, months, terms, metrics }
    }

    /// Makes one round at `clock`, or for the moment that the event names.
    ///
    /// # Errors
    /// Where the indexes cannot be read. The schedule tries again; what was done stays done.
    pub async fn make(&self, event: LambdaEvent<Schedule>, clock: Timestamp) -> Result<Done, ReadError> {
        let deadline = Deadline::of(&event.context);
        let now = event.payload.time.unwrap_or(clock);
        let calls_before = self.store.calls();
        let joined_late = self.late_join.settle(now, deadline).await?;
        let escalated = escalate(self.store, self.terms, now, deadline).await?;
        count_steps(self.metrics, &escalated.rungs, escalated.breaches, escalated.silent);
        let swept = sweep(self.store, &self.courier, now, deadline).await?;
        let woken = wake_replies(self.store, &self.courier, now).await?;
        // A drill may be ahead of time; a month is not over before it is.
        let over = self.months.close(now.min(clock), deadline).await;
        let closed = over.unwrap_or_else(|error| {
            tracing::error!(error = %chain(&error), "month not closed");
            None
        });
        let table_calls = self.store.calls().saturating_sub(calls_before);
        // A round that has done its work is not a failure where it cannot be measured.
        let after = now.max(clock);
        match self.store.waiting_events(after).await {
            Ok(found) => waiting(self.metrics, &found, after),
            Err(error) => tracing::error!(%error, "what still waits was not counted"),
        }
        let boards = add_up_board(&self.months.rows, self.terms.calendar, now.min(clock)).await;
        let boards = boards.unwrap_or_else(|error| {
            tracing::error!(%error, "board not added up");
            0
        });
        let done = Done { joined_late, escalated, swept, woken, closed, table_calls, boards };
        tracing::info!(?done, "round made");
        Ok(done)
    }
}
