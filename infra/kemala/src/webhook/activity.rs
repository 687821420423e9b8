//! A post as the X Activity API delivers it: an event about the account that was named or answered.

use serde_json::{Value, json};

use super::filtered_stream::{post_v2, user_v2};
use super::{Post, User};

pub(super) fn body(post: &Post, account: &User) -> Value {
    let event_type = if post.answers.is_some() { "post.reply.create" } else { "post.mention.create" };
    json!({
        "data": {
            "event_uuid": format!("-{}", post.id()),
            "filter": {"user_id": account.id},
            "event_type": event_type,
            "tag": "kemala",
            "payload": post_v2(post),
            "includes": {"users": [user_v2(&post.author), user_v2(account)]},
        }
    })
}
