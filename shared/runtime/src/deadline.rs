//! Work ends at least one second before the function's own deadline, so that its answer is still heard.

use std::time::{Duration, SystemTime};

use lambda_runtime::Context;
use tokio::time::Instant;

/// Time kept back for the answer.
const RESERVE: Duration = Duration::from_secs(1);

/// When the work of one invocation must have ended.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline of an invocation, less the reserve.
    pub fn of(context: &Context) -> Self {
        let remaining = context.deadline().duration_since(SystemTime::now()).unwrap_or(Duration::ZERO);
        Self::within(remaining)
    }

    /// A deadline that lies `remaining` ahead, less the reserve.
    pub fn within(remaining: Duration) -> Self {
        Self(Instant::now() + remaining.saturating_sub(RESERVE))
    }

    /// Whether no new work should begin.
    pub fn has_passed(self) -> bool {
        Instant::now() >= self.0
    }

    /// The moment, for `tokio::time::timeout_at`.
    pub fn instant(self) -> Instant {
        self.0
    }
}
