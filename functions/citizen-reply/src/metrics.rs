//! What this function measures.

use kemala_domain::event::ReplyFailure;
use kemala_domain::reply::ReplyState;
use kemala_runtime::metrics::{Metric, Metrics, Unit};

/// Posts of ours that ended, by how: `sent`, `unreachable` (the platform does not let us answer) or `parked`.
pub const REPLIES: Metric = Metric::new("Replies", Unit::Count).by(&[&["outcome"]]);
/// What is left of the day's posts, in parts of a hundred.
pub const REPLY_BUDGET_LEFT: Metric = Metric::new("ReplyBudgetLeft", Unit::Percent);
/// Attempts for which the account was refused, or had no keys.
pub const POSTING_REFUSED: Metric = Metric::new("PostingRefused", Unit::Count);

/// Counts a post of ours that has ended.
pub fn ended(metrics: &Metrics, state: &ReplyState) {
    let outcome = match state {
        ReplyState::Sent { .. } => "sent",
        ReplyState::Failed { why: ReplyFailure::Unreachable, .. } => "unreachable",
        ReplyState::Failed { why: ReplyFailure::Parked, .. } => "parked",
        ReplyState::Waiting { .. } | ReplyState::Sending { .. } | ReplyState::Unknown { .. } => return,
    };
    metrics.put_by(REPLIES, &[("outcome", outcome)], 1);
}

/// Measures the day's budget after a post.
pub fn budget(metrics: &Metrics, left: u32, most: u32) {
    metrics.put(REPLY_BUDGET_LEFT, 100.0 * f64::from(left) / f64::from(most.max(1)));
}

/// Counts a refusal of the account.
pub fn posting_refused(metrics: &Metrics) {
    metrics.put(POSTING_REFUSED, 1);
}
