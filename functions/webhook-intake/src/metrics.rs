//! What this function measures.

use kemala_messages::quarantine::Reason;
use kemala_runtime::metrics::{Metric, Metrics, Unit};

/// Webhooks of X that got their 200: all of their reports are on the queue.
pub const WEBHOOKS_TAKEN: Metric = Metric::new("WebhooksTaken", Unit::Count);
/// Webhooks that another secret has signed. What is not signed at all is no webhook, and not counted.
pub const WEBHOOKS_REFUSED: Metric = Metric::new("WebhooksRefused", Unit::Count);
/// Requests that got a 5xx: X sends them again, for a while.
pub const INTAKE_ERRORS: Metric = Metric::new("IntakeErrors", Unit::Count);
/// Challenges of X that were answered; without one for 28 hours it takes the webhook for invalid.
pub const CHALLENGES_ANSWERED: Metric = Metric::new("ChallengesAnswered", Unit::Count);
/// Bodies put into quarantine, with the code of the reason.
pub const QUARANTINED: Metric = Metric::new("Quarantined", Unit::Count).by(&[&["reason"]]);

/// How a request ended, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// A webhook got its 200.
    Taken,
    /// Another secret has signed it.
    WrongSignature,
    /// A 5xx.
    Error,
    /// A challenge was answered.
    Challenge,
}

/// Counts a request.
pub fn ended(metrics: &Metrics, how: Ended) {
    let metric = match how {
        Ended::Taken => WEBHOOKS_TAKEN,
        Ended::WrongSignature => WEBHOOKS_REFUSED,
        Ended::Error => INTAKE_ERRORS,
        Ended::Challenge => CHALLENGES_ANSWERED,
    };
    metrics.put(metric, 1);
}

/// Counts a body in quarantine.
pub fn quarantined(metrics: &Metrics, reason: Reason) {
    metrics.put_by(QUARANTINED, &[("reason", reason.code())], 1);
}
