//! The Activity API: `{"data":{"event_type","filter","payload","includes"}}`, one event in each body.

use kemala_domain::PostKey;
use kemala_domain::report::Addressed;
use serde::Deserialize;
use serde_json::Value;

use super::listening::Ears;
use super::post::Unreadable;
use super::tweet_v2::{Includes, Tweet};
use super::{DropReason, Incoming, Listening, Object, lenient};
use crate::quarantine::Reason;

/// Whether a body is of this family.
pub(super) fn is(body: &Object) -> bool {
    body.get("data").and_then(|data| data.get("event_type")).is_some_and(Value::is_string)
}

#[derive(Deserialize)]
struct Event {
    event_type: String,
    #[serde(default, deserialize_with = "lenient::value")]
    filter: Option<Filter>,
    payload: Object,
    #[serde(default, deserialize_with = "lenient::value")]
    includes: Option<Includes>,
}

#[derive(Deserialize)]
struct Filter {
    user_id: Option<String>,
}

#[derive(Deserialize)]
struct Deleted {
    id: String,
    author_id: Option<String>,
}

/// Reads a body of this family.
pub(super) fn read(body: &Object, listening: &Listening) -> Incoming {
    event(body, listening).unwrap_or(Incoming::NotUnderstood(Reason::UnreadableEvent))
}

fn event(body: &Object, listening: &Listening) -> Result<Incoming, Unreadable> {
    let event = Event::deserialize(body.get("data").ok_or(Unreadable)?).map_err(|_| Unreadable)?;
    let subscriber = event.filter.as_ref().and_then(|filter| filter.user_id.as_deref());
    let ears = listening.of_delivery(subscriber);
    let post = |by_kind| {
        let post = Tweet::read(event.payload.clone())?.into_post(&event.includes.unwrap_or_default())?;
        Ok(post.into_incoming(ears, by_kind))
    };
    match event.event_type.as_str() {
        // X sends this one for names that were typed, not for those that it puts in front of a reply itself.
        "post.mention.create" => post(Some(Addressed::Mention)),
        "post.reply.create" | "post.quote.create" => post(Some(Addressed::Reply)),
        "post.create" => post(None),
        "post.delete" => deletion(&event.payload, ears),
        "oauth.revoke" => {
            Ok(Incoming::Revoked { account: event.payload.get("user_id").and_then(Value::as_str).map(str::to_owned) })
        }
        other => Ok(match other.split_once('.').map(|(group, _)| group) {
            Some("dm" | "chat") => Incoming::Dropped(DropReason::DirectMessage),
            Some("like") => Incoming::Dropped(DropReason::Favourite),
            Some("block" | "follow" | "mute" | "news" | "profile" | "spaces") => Incoming::Dropped(DropReason::NoPost),
            _ => Incoming::NotUnderstood(Reason::UnknownEvent),
        }),
    }
}

fn deletion(payload: &Object, ears: Ears<'_>) -> Result<Incoming, Unreadable> {
    let deleted = Deleted::deserialize(payload).map_err(|_| Unreadable)?;
    let post = PostKey::x(&deleted.id)?;
    Ok(if deleted.author_id.is_some_and(|author| ears.is_ours(&author)) {
        Incoming::Dropped(DropReason::OwnPost)
    } else {
        Incoming::Deletion { post, at: None }
    })
}
