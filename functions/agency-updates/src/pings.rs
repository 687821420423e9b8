//! An agency shows that its queue, its role and its calls work: it acknowledges a ping.

use jiff::Timestamp;
use kemala_casework::tickets::to_json;
use kemala_casework::{Casework, problem};
use kemala_domain::{AgencyCode, PingId};
use kemala_messages::agency_api::{PingAnswer, Problem};

use crate::problem::no_ping;

/// Notes the acknowledgement; a repeat gets the first answer.
///
/// # Errors
/// 404 where it is not the agency's last ping, 503 where the table does not answer or another ping is just being sent.
pub async fn acknowledge(
    work: &Casework<'_>,
    agency: &AgencyCode,
    id: &PingId,
    now: Timestamp,
) -> Result<String, Problem> {
    let ping = work.store.acknowledge_ping(agency, id, now).await.map_err(|error| problem::unavailable(&error))?;
    let ping = ping.ok_or_else(no_ping)?;
    tracing::info!(agency.code = %agency, ping.id = %id, "ping acknowledged");
    let acknowledged_at = ping.acknowledged_at.unwrap_or(now);
    to_json(&PingAnswer { ping: ping.id, sent_at: ping.sent_at, acknowledged_at })
}
