//! The filtered stream: `{"data":{post},"includes":{…},"matching_rules":[…]}`, one post in each body.

use serde_json::Value;

use serde::Deserialize;

use super::post::Unreadable;
use super::tweet_v2::{Includes, Tweet};
use super::{Incoming, Listening, Object};
use crate::quarantine::Reason;

/// Whether a body is of this family.
pub(super) fn is(body: &Object) -> bool {
    body.contains_key("matching_rules") && body.get("data").is_some_and(|data| data.get("id").is_some())
}

/// Reads a body of this family.
pub(super) fn read(body: &Object, listening: &Listening) -> Incoming {
    post(body, listening).unwrap_or(Incoming::NotUnderstood(Reason::UnreadableEvent))
}

fn post(body: &Object, listening: &Listening) -> Result<Incoming, Unreadable> {
    let tweet = body.get("data").and_then(Value::as_object).cloned().ok_or(Unreadable)?;
    let includes = body.get("includes").and_then(|includes| Includes::deserialize(includes).ok()).unwrap_or_default();
    let post = Tweet::read(tweet)?.into_post(&includes)?;
    // A stream has no subscribed account.
    Ok(post.into_incoming(listening.of_delivery(None), None))
}
