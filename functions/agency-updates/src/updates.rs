//! The update of one ticket, as it comes over HTTP.

use jiff::Timestamp;
use kemala_casework::tickets::to_json;
use kemala_casework::updates::{Asked, apply};
use kemala_casework::{Casework, body, problem};
use kemala_domain::{AgencyCode, TicketId};
use kemala_messages::agency_api::Problem;
use kemala_runtime::request::{Request, only_header, raw_body};

/// Longest `Idempotency-Key`.
const KEY_LENGTH: usize = 128;

/// Does what the body says; a repeat gets the first answer.
///
/// # Errors
/// 400 without a usable key, 403 for what is for desks, 404 for a ticket that is not theirs, 409 for what is not possible
/// now, 422 for a body that is no update, 503 where the table does not answer.
pub async fn update(
    work: &Casework<'_>,
    agency: &AgencyCode,
    id: &TicketId,
    request: &Request,
    now: Timestamp,
) -> Result<String, Problem> {
    let key = idempotency_key(request)?;
    let update = body::read(&request_body(request)?)?;
    to_json(&apply(work, agency, id, &update, &Asked { key, officer: None }, now).await?)
}

/// The body's bytes.
///
/// # Errors
/// 400 where Lambda's encoding is broken.
pub fn request_body(request: &Request) -> Result<Vec<u8>, Problem> {
    let body =
        raw_body(request).ok_or_else(|| problem::bad_request("the body is not the base64 that it is said to be"))?;
    Ok(body.into_owned())
}

/// The key of a request.
///
/// # Errors
/// 400 where there is none that can be used.
pub fn idempotency_key(request: &Request) -> Result<&str, Problem> {
    let key = only_header(request, "idempotency-key").unwrap_or_default();
    let fits = (1..=KEY_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(key)
    } else {
        Err(problem::bad_request(format!(
            "send an Idempotency-Key header: 1 to {KEY_LENGTH} visible ASCII characters, new for each action"
        )))
    }
}
