//! A post as the filtered stream delivers it by webhook: an object of API v2 with the rules that matched.

use serde_json::{Value, json};

use super::entities::{cut, escape, find};
use super::{Post, User};

pub(super) fn body(post: &Post) -> Value {
    json!({
        "data": post_v2(post),
        "includes": {"users": [user_v2(&post.author)]},
        "matching_rules": [{"id": "1700000000000000001", "tag": "kemala"}],
    })
}

/// A post in the shape of API v2; the Activity API uses it too.
pub(super) fn post_v2(post: &Post) -> Value {
    let text = escape(&post.text);
    let mut data = json!({
        "id": post.id().to_string(),
        "text": text,
        "author_id": post.author.id,
        "conversation_id": post.answers.as_ref().map_or(post.first_id(), |(id, _)| *id).to_string(),
        "created_at": format!("{:.3}", post.made_at()),
        "edit_history_tweet_ids": post.version_ids(),
        "entities": entities_v2(&text),
        "lang": "in",
        "possibly_sensitive": false,
        "reply_settings": "everyone",
    });
    if let Some(short) = cut(&text) {
        data["note_tweet"] = json!({"text": text, "entities": entities_v2(&text)});
        data["entities"] = entities_v2(&short);
        data["text"] = short.into();
    }
    if let Some((id, user)) = &post.answers {
        data["in_reply_to_user_id"] = user.id.clone().into();
        data["referenced_tweets"] = json!([{"type": "replied_to", "id": id.to_string()}]);
    }
    data
}

/// A user in the shape of API v2.
pub(super) fn user_v2(user: &User) -> Value {
    json!({"id": user.id, "name": user.handle, "username": user.handle, "protected": false, "verified": false})
}

fn entities_v2(text: &str) -> Value {
    let (tags, mentions): (Vec<_>, Vec<_>) = find(text).into_iter().partition(|entity| entity.sign == '#');
    json!({
        "hashtags": tags.iter().map(|e| json!({"start": e.place.start, "end": e.place.end, "tag": e.word})).collect::<Vec<_>>(),
        "mentions": mentions
            .iter()
            .map(|e| json!({"start": e.place.start, "end": e.place.end, "username": e.word}))
            .collect::<Vec<_>>(),
    })
}
