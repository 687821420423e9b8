//! What a run measures.

use kemala_messages::quarantine::Reason;
use kemala_runtime::metrics::{Metric, Metrics, Unit};

/// Spans of time whose posts the search can no longer find.
pub const SEARCH_GAPS: Metric = Metric::new("SearchGaps", Unit::Count);
/// Pages put into quarantine, with the code of the reason.
pub const QUARANTINED: Metric = Metric::new("Quarantined", Unit::Count).by(&[&["reason"]]);

/// Counts a gap.
pub fn gap(metrics: &Metrics) {
    metrics.put(SEARCH_GAPS, 1);
}

/// Counts a page in quarantine.
pub fn quarantined(metrics: &Metrics, reason: Reason) {
    metrics.put_by(QUARANTINED, &[("reason", reason.code())], 1);
}
