//! The older Account Activity API: `for_user_id` and arrays of events, each named `*_events`; also what X tells about
//! a subscription or a replay.

use kemala_domain::PostKey;
use serde::Deserialize;
use serde_json::Value;

use super::listening::Ears;
use super::{DropReason, Incoming, Listening, Object, lenient, time, tweet_v1};
use crate::quarantine::Reason;

/// Whether a body is of this family.
pub(super) fn is(body: &Object) -> bool {
    body.keys().any(|key| key == "for_user_id" || is_event(key))
}

fn is_event(key: &str) -> bool {
    matches!(key, "user_event" | "replay_job_status") || key.ends_with("_events")
}

/// Reads a body of this family.
pub(super) fn read(body: &Object, listening: &Listening) -> Vec<Incoming> {
    let ears = listening.of_delivery(body.get("for_user_id").and_then(Value::as_str));
    if !body.keys().any(|key| is_event(key)) {
        return vec![Incoming::NotUnderstood(Reason::UnknownEvent)];
    }
    let events = body.iter().filter(|(kind, _)| is_event(kind));
    events
        .flat_map(|(kind, value)| match value {
            Value::Array(events) => events.iter().map(|event| read_event(kind, event, ears)).collect(),
            event => vec![read_event(kind, event, ears)],
        })
        .collect()
}

fn read_event(kind: &str, event: &Value, ears: Ears<'_>) -> Incoming {
    match kind {
        "tweet_create_events" => tweet_v1::Tweet::read(event)
            .and_then(tweet_v1::Tweet::into_post)
            .map(|post| post.into_incoming(ears, None))
            .unwrap_or(Incoming::NotUnderstood(Reason::UnreadableEvent)),
        "tweet_delete_events" => deletion(event, ears).unwrap_or(Incoming::NotUnderstood(Reason::UnreadableEvent)),
        "user_event" => revocation(event),
        "replay_job_status" => replay_status(event),
        "favorite_events" => Incoming::Dropped(DropReason::Favourite),
        "direct_message_events" => Incoming::Dropped(DropReason::DirectMessage),
        "follow_events"
        | "block_events"
        | "mute_events"
        | "direct_message_indicate_typing_events"
        | "direct_message_mark_read_events" => Incoming::Dropped(DropReason::NoPost),
        _ => Incoming::NotUnderstood(Reason::UnknownEvent),
    }
}

#[derive(Deserialize)]
struct Deleted {
    status: DeletedStatus,
    /// A number or a text.
    timestamp_ms: Option<Value>,
}

#[derive(Deserialize)]
struct DeletedStatus {
    id: String,
    user_id: Option<String>,
}

fn deletion(event: &Value, ears: Ears<'_>) -> Option<Incoming> {
    let Deleted { status, timestamp_ms } = Deleted::deserialize(event).ok()?;
    let post = PostKey::x(&status.id).ok()?;
    Some(if status.user_id.is_some_and(|author| ears.is_ours(&author)) {
        Incoming::Dropped(DropReason::OwnPost)
    } else {
        Incoming::Deletion { post, at: timestamp_ms.as_ref().and_then(time::of_milliseconds) }
    })
}

#[derive(Deserialize)]
struct UserEvent {
    revoke: Option<Revoke>,
}

#[derive(Deserialize)]
struct Revoke {
    #[serde(default, deserialize_with = "lenient::value")]
    source: Option<RevokeSource>,
}

#[derive(Deserialize)]
struct RevokeSource {
    user_id: String,
}

fn revocation(event: &Value) -> Incoming {
    match UserEvent::deserialize(event) {
        Ok(UserEvent { revoke: Some(revoke) }) => {
            Incoming::Revoked { account: revoke.source.map(|source| source.user_id) }
        }
        Ok(_) => Incoming::NotUnderstood(Reason::UnknownEvent),
        Err(_) => Incoming::NotUnderstood(Reason::UnreadableEvent),
    }
}

#[derive(Deserialize)]
struct ReplayJobStatus {
    job_id: Option<String>,
    job_state: String,
}

fn replay_status(status: &Value) -> Incoming {
    match ReplayJobStatus::deserialize(status) {
        Ok(status) => Incoming::ReplayStatus { job: status.job_id, complete: status.job_state == "Complete" },
        Err(_) => Incoming::NotUnderstood(Reason::UnreadableEvent),
    }
}
