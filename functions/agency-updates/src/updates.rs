//! What an agency may do with a ticket in its hands.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::{self, Action, Bodies, Deed};
use kemala_domain::{AgencyCode, TicketId};
use kemala_runtime::request::{Request, only_header, raw_body};
use kemala_store::idempotency::Answered;
use kemala_store::{Store, WriteError};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::problem::Problem;
use crate::tickets::{in_hands, to_json, view};

/// How often a change is tried when somebody else was first.
const ATTEMPTS: u32 = 4;
/// Longest `Idempotency-Key`.
const KEY_LENGTH: usize = 128;

/// The body of an update.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    action: Action,
}

/// Does what the body says, once for each `Idempotency-Key`; a repeat gets the first answer.
///
/// # Errors
/// 400 without a usable key, 404 for a ticket that is not theirs, 409 for an action that is not possible now, 422 for a
/// body that is no update, 503 where the table does not answer.
pub async fn update(
    store: &Store,
    terms: Terms<'_>,
    bodies: &Bodies,
    agency: &AgencyCode,
    id: &TicketId,
    request: &Request,
    now: Timestamp,
) -> Result<String, Problem> {
    let key = idempotency_key(request)?;
    let body =
        raw_body(request).ok_or_else(|| Problem::bad_request("the body is not the base64 that it is said to be"))?;
    let update = read(&body)?;
    let request_hash = HEXLOWER.encode(&Sha256::new().chain_update(id.as_str()).chain_update(&body).finalize());
    for _ in 0..ATTEMPTS {
        let answered = store.answered(agency, &key).await.map_err(|error| Problem::unavailable(&error))?;
        if let Some(answered) = answered {
            return if answered.request_hash == request_hash {
                Ok(answered.response)
            } else {
                Err(Problem::bad_field("Idempotency-Key", "this key was used for another request; choose a new one"))
            };
        }
        let case = in_hands(store, agency, id).await?;
        let deed = match update.action {
            Action::Accept => Deed::Accept,
            _ => return Err(Problem::bad_field("action", "not taken yet")),
        };
        let change = lifecycle::act(&case, agency, deed, bodies, terms, now);
        let change = change.map_err(|refused| Problem::refused(&refused))?;
        let response = to_json(&view(&change.ticket, None, terms))?;
        let (agency, key, request_hash) = (agency.clone(), key.clone(), request_hash.clone());
        let answered = Answered { agency, key, request_hash, response };
        match store.write(&change, Some(&answered), now).await {
            Ok(()) => {
                tracing::info!(ticket.id = %id, agency.code = %answered.agency, action = %update.action, "updated");
                return Ok(answered.response);
            }
            Err(WriteError::Conflict) => {}
            Err(error) => return Err(Problem::unavailable(&error)),
        }
    }
    Err(Problem::unavailable(&WriteError::Conflict))
}

fn idempotency_key(request: &Request) -> Result<String, Problem> {
    let key = only_header(request, "idempotency-key").unwrap_or_default();
    let fits = (1..=KEY_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if fits {
        Ok(key.to_owned())
    } else {
        Err(Problem::bad_request(format!(
            "send an Idempotency-Key header: 1 to {KEY_LENGTH} visible ASCII characters, new for each action"
        )))
    }
}

fn read(body: &[u8]) -> Result<Update, Problem> {
    let actions = || Action::ALL.map(|action| action.to_string()).join(", ");
    let is_object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body);
    let fields = is_object.map_err(|_| Problem::bad_field("", "the body must be a JSON object"))?;
    if !fields.contains_key("action") {
        return Err(Problem::bad_field("action", format!("say which action: one of {}", actions())));
    }
    serde_json::from_value(fields.into())
        .map_err(|_| Problem::bad_field("action", format!("the body is {{\"action\": …}}, one of {}", actions())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        assert_eq!(read(br#"{"action":"accept"}"#).unwrap().action, Action::Accept);
        let problem = |body: &[u8]| serde_json::to_value(read(body).unwrap_err()).unwrap();
        insta::assert_json_snapshot!(problem(b"[]"), @r#"
        {
          "detail": "the body must be a JSON object",
          "field": "",
          "status": 422,
          "title": "Unprocessable body"
        }
        "#);
        insta::assert_json_snapshot!(problem(b"{}"), @r#"
        {
          "detail": "say which action: one of accept",
          "field": "action",
          "status": 422,
          "title": "Unprocessable body"
        }
        "#);
        insta::assert_json_snapshot!(problem(br#"{"action":"explode"}"#), @r#"
        {
          "detail": "the body is {\"action\": …}, one of accept",
          "field": "action",
          "status": 422,
          "title": "Unprocessable body"
        }
        "#);
        assert_eq!(problem(br#"{"action":"accept","extra":1}"#)["status"], 422);
    }
}
