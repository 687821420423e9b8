//! The account's own timeline: whether a post of ours is there.

use kemala_domain::PostKey;
use serde::Deserialize;

use super::lenient;
use super::search::NotUnderstood;
use super::text::unescape;

/// What the timeline is asked for beside id and text.
pub const FIELDS: (&str, &str) = ("tweet.fields", "referenced_tweets,note_tweet");

#[derive(Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "lenient::list")]
    data: Vec<Own>,
    meta: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
struct Own {
    id: String,
    text: String,
    #[serde(alias = "referenced_posts", default, deserialize_with = "lenient::list")]
    referenced_tweets: Vec<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

/// Looks in `GET /2/users/{id}/tweets` for the answer to a post that says `text`. X puts the names of those it answers
/// before a text, and escapes three signs.
///
/// # Errors
/// [`NotUnderstood`] where it is no such answer.
pub fn find_reply(body: &[u8], to: &PostKey, text: &str) -> Result<Option<PostKey>, NotUnderstood> {
    let page: Page = serde_json::from_slice(body).map_err(|_| NotUnderstood)?;
    let _ = page.meta;
    let is_it = |own: &Own| {
        let answers = own.referenced_tweets.iter().any(|other| other.kind == "replied_to" && other.id == to.id());
        answers && unescape(&own.text).ends_with(text)
    };
    let found = page.data.iter().find(|own| is_it(own));
    found.map(|own| PostKey::x(&own.id).map_err(|_| NotUnderstood)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_by_what_it_answers_and_says() {
        let body = br#"{"data":[
            {"id":"9","text":"@warga Laporan KJ-1 \"A &amp; B\"","referenced_tweets":[{"type":"replied_to","id":"1"}]},
            {"id":"8","text":"@warga Laporan KJ-1 \"A &amp; B\"","referenced_tweets":[{"type":"replied_to","id":"2"}]},
            {"id":"7","text":"odd","referenced_tweets":"none"}],"meta":{"result_count":3}}"#;
        let find = |to: &str, text: &str| find_reply(body, &PostKey::x(to).unwrap(), text).unwrap();
        assert_eq!(find("1", "Laporan KJ-1 \"A & B\""), Some(PostKey::x("9").unwrap()));
        assert_eq!(find("1", "Laporan KJ-2"), None);
        assert_eq!(find("3", "Laporan KJ-1 \"A & B\""), None);
        assert_eq!(find_reply(br#"{"meta":{"result_count":0}}"#, &PostKey::x("1").unwrap(), "x"), Ok(None));
        for body in [&b"{}"[..], b"[]", br#"{"title":"Unauthorized"}"#] {
            assert_eq!(find_reply(body, &PostKey::x("1").unwrap(), "x"), Err(NotUnderstood));
        }
    }
}
