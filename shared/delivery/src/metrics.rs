//! What a delivery measures.

use jiff::Timestamp;
use kemala_runtime::metrics::{Metric, Metrics, Unit};

/// From the post of a citizen to the first message about its ticket in an agency's queue.
pub const POST_TO_QUEUE: Metric = Metric::new("PostToQueue", Unit::Seconds);

/// A new ticket is in an agency's queue.
pub fn queued(metrics: &Metrics, posted_at: Timestamp, now: Timestamp) {
    metrics.put(POST_TO_QUEUE, now.duration_since(posted_at).as_secs_f64());
}
