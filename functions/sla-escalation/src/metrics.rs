//! What a round measures.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kemala_runtime::metrics::{Metric, Metrics, Unit};
use kemala_store::outbox::Waiting;

/// Events that somebody still has to hear of after an attempt failed.
pub const UNDELIVERED_EVENTS: Metric = Metric::new("UndeliveredEvents", Unit::Count);
/// Age of the oldest of them; 0 where there is none.
pub const OLDEST_UNDELIVERED: Metric = Metric::new("OldestUndelivered", Unit::Seconds);
/// Events that were given up after a day.
pub const PARKED_EVENTS: Metric = Metric::new("ParkedEvents", Unit::Count);
/// Steps of clocks, by rung of the ladder.
pub const ESCALATIONS: Metric = Metric::new("Escalations", Unit::Count).by(&[&["rung"]]);
/// Those of them that came after a deadline had passed.
pub const BREACHES: Metric = Metric::new("Breaches", Unit::Count);
/// Agencies that were found silent.
pub const SILENT_AGENCIES: Metric = Metric::new("SilentAgencies", Unit::Count);

/// Measures what still waits. Given each minute, also where it is nothing: where it is missing no round was made.
pub fn waiting(metrics: &Metrics, waiting: &Waiting, now: Timestamp) {
    metrics.put(UNDELIVERED_EVENTS, waiting.events);
    let age = waiting.oldest.map_or(0.0, |at| now.duration_since(at).as_secs_f64());
    metrics.put(OLDEST_UNDELIVERED, age.max(0.0));
    metrics.put(PARKED_EVENTS, waiting.parked_events);
}

/// Counts the steps of a round: how many of each rung, how many were breaches, and agencies found silent.
pub fn escalated(metrics: &Metrics, rungs: &BTreeMap<String, u32>, breaches: u32, silent: u32) {
    for (rung, steps) in rungs {
        metrics.put_by(ESCALATIONS, &[("rung", rung)], *steps);
    }
    for (metric, count) in [(BREACHES, breaches), (SILENT_AGENCIES, silent)] {
        if count > 0 {
            metrics.put(metric, count);
        }
    }
}
