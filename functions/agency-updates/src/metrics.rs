//! What this function measures.

use kemala_runtime::metrics::{Metric, Metrics, Unit};

/// Reports of closed months whose rows are not what was written.
pub const UNREADABLE_REPORTS: Metric = Metric::new("UnreadableReports", Unit::Count);

/// Counts one.
pub fn unreadable_report(metrics: &Metrics) {
    metrics.put(UNREADABLE_REPORTS, 1);
}
