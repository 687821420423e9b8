//! What functions measure, by their own files: functions are programs, and no test can link to them.

#[path = "../../../functions/agency-updates/src/metrics.rs"]
pub(crate) mod agency_updates;
#[path = "../../../functions/citizen-reply/src/metrics.rs"]
pub(crate) mod citizen_reply;
#[path = "../../../functions/classification/src/metrics.rs"]
pub(crate) mod classification;
#[path = "../../../functions/search-poll/src/metrics.rs"]
pub(crate) mod search_poll;
#[path = "../../../functions/sla-escalation/src/metrics.rs"]
pub(crate) mod sla_escalation;
#[path = "../../../functions/webhook-intake/src/metrics.rs"]
pub(crate) mod webhook_intake;
