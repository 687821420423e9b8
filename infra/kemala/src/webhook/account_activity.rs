//! A post as the Account Activity API delivers it: the shape of API 1.1.

use serde_json::{Value, json};

use super::entities::{cut, escape, find};
use super::{Post, User};

pub(super) fn body(post: &Post, account: &User) -> Value {
    json!({
        "for_user_id": account.id,
        "user_has_blocked": false,
        "tweet_create_events": [post_v1(post)],
    })
}

fn post_v1(post: &Post) -> Value {
    let text = escape(&post.text);
    let answered = post.answers.as_ref();
    let mut event = json!({
        "created_at": post.made_at().strftime("%a %b %d %H:%M:%S +0000 %Y").to_string(),
        "id": post.id(),
        "id_str": post.id().to_string(),
        "text": text,
        "truncated": false,
        "in_reply_to_status_id_str": answered.map(|(id, _)| id.to_string()),
        "in_reply_to_user_id_str": answered.map(|(_, user)| user.id.as_str()),
        "in_reply_to_screen_name": answered.map(|(_, user)| user.handle.as_str()),
        "user": {"id_str": post.author.id, "name": post.author.handle, "screen_name": post.author.handle},
        "is_quote_status": false,
        "entities": entities_v1(&text),
        "lang": "in",
        "timestamp_ms": post.made_at().as_millisecond().to_string(),
    });
    if let Some(short) = cut(&text) {
        event["extended_tweet"] = json!({"full_text": text, "entities": entities_v1(&text)});
        event["entities"] = entities_v1(&short);
        event["text"] = short.into();
        event["truncated"] = true.into();
    }
    if post.id() != post.first_id() {
        event["edit_history"] = json!({
            "initial_tweet_id": post.first_id().to_string(),
            "edit_tweet_ids": post.version_ids(),
        });
    }
    event
}

fn entities_v1(text: &str) -> Value {
    let (tags, mentions): (Vec<_>, Vec<_>) = find(text).into_iter().partition(|entity| entity.sign == '#');
    json!({
        "hashtags": tags.iter().map(|e| json!({"text": e.word, "indices": [e.place.start, e.place.end]})).collect::<Vec<_>>(),
        "user_mentions": mentions
            .iter()
            .map(|e| json!({"screen_name": e.word, "indices": [e.place.start, e.place.end]}))
            .collect::<Vec<_>>(),
        "urls": [],
    })
}
