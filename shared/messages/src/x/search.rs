//! Pages of X's search, and its answer to whether posts are still there: what X is asked for, not what it sends.

use kemala_domain::PostKey;
use serde::Deserialize;
use serde_json::Value;

use super::post::Unreadable;
use super::tweet_v2::{Includes, Tweet};
use super::{Incoming, Listening, Object, lenient};
use crate::quarantine::Reason;

/// The fields that a search asks for: all that a report is made of.
pub const FIELDS: [(&str, &str); 5] = [
    (
        "tweet.fields",
        "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,geo,lang,note_tweet,\
         attachments,edit_controls",
    ),
    ("expansions", "author_id,geo.place_id,attachments.media_keys,referenced_tweets.id"),
    ("place.fields", "geo,full_name,place_type,country_code"),
    ("user.fields", "username,name"),
    ("media.fields", "url,type,preview_image_url"),
];

/// One page of `GET /2/tweets/search/recent`, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// One entry for each post, in the page's order.
    pub incoming: Vec<Incoming>,
    /// Its newest post; `None` of an empty page.
    pub newest: Option<String>,
    /// Its oldest post.
    pub oldest: Option<String>,
    /// Whether older posts follow.
    pub has_more: bool,
}

#[derive(Deserialize)]
struct PageBody {
    #[serde(default, deserialize_with = "lenient::list")]
    data: Vec<Object>,
    #[serde(default, deserialize_with = "lenient::value")]
    includes: Option<Includes>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    newest_id: Option<String>,
    oldest_id: Option<String>,
    next_token: Option<String>,
}

/// X's answer is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("X's answer is not understood")]
pub struct NotUnderstood;

/// Reads a page of a search. A post that cannot be read is an entry of its own.
///
/// # Errors
/// [`NotUnderstood`] where it is no page at all.
pub fn read_page(body: &[u8], listening: &Listening) -> Result<Page, NotUnderstood> {
    let page: PageBody = serde_json::from_slice(body).map_err(|_| NotUnderstood)?;
    let includes = page.includes.unwrap_or_default();
    let read = |tweet: Object| -> Result<Incoming, Unreadable> {
        Ok(Tweet::read(tweet)?.into_post(&includes)?.into_incoming(listening.of_delivery(None), None))
    };
    let incoming = page.data.into_iter().map(read);
    Ok(Page {
        incoming: incoming.map(|post| post.unwrap_or(Incoming::NotUnderstood(Reason::UnreadableEvent))).collect(),
        newest: page.meta.newest_id,
        oldest: page.meta.oldest_id,
        has_more: page.meta.next_token.is_some(),
    })
}

#[derive(Deserialize)]
struct LookUpBody {
    #[serde(default, deserialize_with = "lenient::list")]
    data: Vec<LookUpPost>,
    #[serde(default, deserialize_with = "lenient::list")]
    errors: Vec<LookUpError>,
}

#[derive(Deserialize)]
struct LookUpPost {
    #[serde(default, deserialize_with = "lenient::value")]
    id: Option<String>,
}

#[derive(Deserialize)]
struct LookUpError {
    #[serde(default, deserialize_with = "lenient::value")]
    resource_id: Option<String>,
    #[serde(rename = "type", default, deserialize_with = "lenient::value")]
    problem: Option<String>,
}

/// How X names, at the end of the problem's address, a post that is deleted, and one that its author lets nobody see any
/// more. What is stored of either has to go (X Developer Policy, "Compliance").
const GONE: [&str; 2] = ["/resource-not-found", "/not-authorized-for-resource"];

/// What X says of posts that it was asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedUp {
    /// Those that it shows.
    pub live: Vec<PostKey>,
    /// Those that are gone. A post that X says nothing of, or that it only fails to load, is neither.
    pub gone: Vec<PostKey>,
}

/// Reads the answer of `GET /2/tweets?ids=…`.
///
/// # Errors
/// [`NotUnderstood`] where it is no such answer.
pub fn read_look_up(body: &[u8], asked: &[PostKey]) -> Result<LookedUp, NotUnderstood> {
    let value: Value = serde_json::from_slice(body).map_err(|_| NotUnderstood)?;
    if value.get("data").is_none() && value.get("errors").is_none() {
        return Err(NotUnderstood);
    }
    let body = LookUpBody::deserialize(value).map_err(|_| NotUnderstood)?;
    let is_gone =
        |error: &LookUpError| error.problem.as_deref().is_some_and(|it| GONE.iter().any(|end| it.ends_with(end)));
    let gone: Vec<String> = body.errors.into_iter().filter(is_gone).filter_map(|error| error.resource_id).collect();
    let live: Vec<String> = body.data.into_iter().filter_map(|post| post.id).collect();
    let among = |ids: &[String]| asked.iter().filter(|post| ids.iter().any(|id| id == post.id())).cloned().collect();
    Ok(LookedUp { live: among(&live), gone: among(&gone) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x::Account;

    fn listening() -> Listening {
        Listening::new(
            ["KemalaJateng"],
            [Account { id: "1500000000000000001".to_owned(), handle: "KemalaJateng".to_owned() }],
        )
    }

    #[test]
    fn a_page_gives_each_post() {
        let body = r#"{
            "data": [
                {"id": "1900000000000000003", "author_id": "7", "text": "Jalan rusak di Cepu #KemalaJateng",
                 "created_at": "2026-11-20T00:31:06.000Z", "edit_history_tweet_ids": ["1900000000000000003"],
                 "entities": {"hashtags": [{"start": 21, "end": 34, "tag": "KemalaJateng"}]}},
                {"id": "1900000000000000002", "text": "no author"}
            ],
            "includes": {"users": [{"id": "7", "username": "warga", "name": "Warga"}]},
            "meta": {"newest_id": "1900000000000000003", "oldest_id": "1900000000000000002", "result_count": 2,
                     "next_token": "b26v89c19zqg8o3f"}
        }"#;
        let page = read_page(body.as_bytes(), &listening()).unwrap();
        let [Incoming::Report(report), Incoming::NotUnderstood(_)] = page.incoming.as_slice() else {
            panic!("{:?}", page.incoming)
        };
        assert_eq!(report.post, "x#1900000000000000003".parse().unwrap());
        assert_eq!((page.newest.as_deref(), page.has_more), (Some("1900000000000000003"), true));
    }

    #[test]
    fn an_empty_page_has_only_a_count() {
        let page = read_page(br#"{"meta":{"result_count":0}}"#, &listening()).unwrap();
        assert_eq!(page, Page { incoming: Vec::new(), newest: None, oldest: None, has_more: false });
        for body in [&b"[]"[..], b"{}", b"<html>", br#"{"title":"Unauthorized","status":401}"#] {
            assert_eq!(read_page(body, &listening()), Err(NotUnderstood));
        }
    }

    #[test]
    fn what_is_gone_is_told_from_what_fails() {
        let posts: Vec<PostKey> = ["1", "2", "3", "4"].map(|id| PostKey::x(id).unwrap()).to_vec();
        let body = br#"{"data":[{"id":"1","text":"x"}],"errors":[
            {"resource_id":"2","type":"https://api.twitter.com/2/problems/resource-not-found","title":"Not Found Error"},
            {"resource_id":"3","type":"https://api.x.com/2/problems/not-authorized-for-resource"},
            {"resource_id":"4","type":"https://api.x.com/2/problems/over-capacity"},
            {"resource_id":"9","type":"https://api.x.com/2/problems/resource-not-found"}]}"#;
        let looked_up = read_look_up(body, &posts).unwrap();
        assert_eq!((looked_up.live.as_slice(), looked_up.gone.as_slice()), (&posts[..1], &posts[1..3]));
        for body in [&b"[]"[..], b"{}", br#"{"title":"Unauthorized","status":401}"#] {
            assert_eq!(read_look_up(body, &posts), Err(NotUnderstood));
        }
    }
}
