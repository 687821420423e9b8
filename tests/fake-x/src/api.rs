//! X's API, as far as Kemala calls it.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::Shared;
use crate::world::{CitizenPost, Taken, World};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/2/tweets", post(create).get(look_up))
        .route("/2/tweets/search/recent", get(search))
        .route("/2/users/{id}/tweets", get(timeline))
}

/// Checks the signature of a request as X does: over the address that the caller used.
fn check(shared: &Shared, method: &str, path_and_query: &str, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let refused = || Box::new(problem(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized", "about:blank"));
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let (Some(authorization), Some(host)) = (text(header::AUTHORIZATION), text(header::HOST)) else {
        return Err(refused());
    };
    let url = Url::parse(&format!("http://{host}{path_and_query}")).map_err(|_| refused())?;
    let parameters: HashMap<String, String> = authorization
        .strip_prefix("OAuth ")
        .unwrap_or_default()
        .split(", ")
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value.trim_matches('"'))))
        .collect();
    let oauth: Vec<(&str, &str)> = parameters
        .iter()
        .filter(|(name, _)| *name != "oauth_signature")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let is_known = parameters.get("oauth_consumer_key") == Some(&shared.keys.consumer_key)
        && parameters.get("oauth_token") == Some(&shared.keys.access_token);
    let signature = shared.keys.signature(method, &url, &oauth);
    if is_known && parameters.get("oauth_signature") == Some(&signature) { Ok(()) } else { Err(refused()) }
}

fn decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[derive(Deserialize)]
struct NewPost {
    text: String,
    reply: Option<ReplyTo>,
}

#[derive(Deserialize)]
struct ReplyTo {
    in_reply_to_tweet_id: String,
}

async fn create(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    if let Err(refused) = check(&shared, "POST", "/2/tweets", &headers) {
        return *refused;
    }
    let Ok(new) = serde_json::from_str::<NewPost>(&body) else {
        return problem(
            StatusCode::BAD_REQUEST,
            "Invalid Request",
            "One or more parameters to your request was invalid.",
            "invalid-request",
        );
    };
    let target = new.reply.as_ref().map(|reply| reply.in_reply_to_tweet_id.as_str());
    let taken = counted(&shared, "POST /2/tweets").post(&new.text, target, &shared.handle, Timestamp::now());
    match taken {
        Taken::Posted(own) => {
            let data = json!({ "id": own.id, "text": own.text, "edit_history_tweet_ids": [own.id] });
            (StatusCode::CREATED, Json(json!({ "data": data }))).into_response()
        }
        Taken::PostedAndFailed | Taken::Failed => {
            problem(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable", "Service Unavailable", "about:blank")
        }
        Taken::Duplicate => problem(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "You are not allowed to create a Tweet with duplicate content.",
            "about:blank",
        ),
        Taken::NotEngaged => problem(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
            "about:blank",
        ),
        Taken::Gone => problem(
            StatusCode::BAD_REQUEST,
            "Invalid Request",
            "You attempted to reply to a Tweet that is deleted or not visible to you.",
            "invalid-request",
        ),
        Taken::Limited(until) => {
            let limit = [("x-rate-limit-remaining", "0".to_owned()), ("x-rate-limit-reset", until.to_string())];
            (limit, problem(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests", "Too Many Requests", "about:blank"))
                .into_response()
        }
        Taken::NoCredit => problem(
            StatusCode::PAYMENT_REQUIRED,
            "CreditsDepleted",
            "Your enrolled account does not have any credits to fulfill this request.",
            "https://api.x.com/2/problems/credits",
        ),
    }
}

async fn timeline(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Response {
    if let Err(refused) = check_get(&shared, &request) {
        return *refused;
    }
    let _ = id;
    let world = counted(&shared, "GET /2/users/tweets");
    let own = world.timeline(number(&query, "since_id"), Timestamp::now());
    let data: Vec<Value> = own
        .into_iter()
        .map(|own| {
            let references: Vec<Value> =
                own.reply_to.iter().map(|id| json!({ "type": "replied_to", "id": id })).collect();
            let text = own.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            json!({ "id": own.id, "text": format!("@warga {text}"), "referenced_tweets": references })
        })
        .collect();
    Json(json!({ "data": data, "meta": { "result_count": data.len() } })).into_response()
}

async fn look_up(
    State(shared): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Response {
    if let Err(refused) = check_get(&shared, &request) {
        return *refused;
    }
    let world = counted(&shared, "GET /2/tweets");
    let ids = query.get("ids").map(String::as_str).unwrap_or_default().split(',');
    let (gone, there): (Vec<&str>, Vec<&str>) = ids.partition(|id| world.deleted.contains(*id));
    let data: Vec<Value> = there.into_iter().map(|id| json!({ "id": id, "text": "" })).collect();
    let errors: Vec<Value> = gone
        .into_iter()
        .map(|id| json!({ "resource_id": id, "title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found" }))
        .collect();
    Json(json!({ "data": data, "errors": errors })).into_response()
}

async fn search(
    State(shared): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    request: Request,
) -> Response {
    if let Err(refused) = check_get(&shared, &request) {
        return *refused;
    }
    let world = counted(&shared, "GET /2/tweets/search/recent");
    let words: Vec<String> = query
        .get("query")
        .map(String::as_str)
        .unwrap_or_default()
        .split([' ', '(', ')'])
        .filter(|word| word.starts_with(['#', '@']))
        .map(str::to_owned)
        .collect();
    let found = world.search(&words, number(&query, "since_id"), number(&query, "until_id"));
    let most = number(&query, "max_results").and_then(|most| usize::try_from(most).ok()).unwrap_or(10);
    let page: Vec<&CitizenPost> = found.iter().copied().take(most).collect();
    let mut meta = json!({ "result_count": page.len() });
    if let (Some(first), Some(last), Some(meta)) = (page.first(), page.last(), meta.as_object_mut()) {
        meta.insert("newest_id".to_owned(), json!(first.id));
        meta.insert("oldest_id".to_owned(), json!(last.id));
        if found.len() > page.len() {
            meta.insert("next_token".to_owned(), json!("more"));
        }
    }
    let users: Vec<Value> =
        page.iter().map(|post| json!({ "id": post.author_id, "username": post.handle, "name": post.handle })).collect();
    let data: Vec<Value> = page.into_iter().map(tweet).collect();
    Json(json!({ "data": data, "includes": { "users": users }, "meta": meta })).into_response()
}

pub(crate) fn tweet(post: &CitizenPost) -> Value {
    let tags: Vec<Value> = post
        .text
        .split_whitespace()
        .filter_map(|word| word.strip_prefix('#'))
        .map(|tag| json!({ "start": 0, "end": 1, "tag": tag.trim_end_matches(|c: char| !c.is_alphanumeric()) }))
        .collect();
    let references: Vec<Value> = post.reply_to.iter().map(|id| json!({ "type": "replied_to", "id": id })).collect();
    json!({
        "id": post.id, "author_id": post.author_id, "text": post.text, "edit_history_tweet_ids": [post.id],
        "referenced_tweets": references, "entities": { "hashtags": tags },
    })
}

fn check_get(shared: &Shared, request: &Request) -> Result<(), Box<Response>> {
    let path = request.uri().path_and_query().map(|path| path.as_str()).unwrap_or_default();
    check(shared, "GET", path, request.headers())
}

pub(crate) fn counted<'a>(shared: &'a Shared, call: &str) -> std::sync::MutexGuard<'a, World> {
    let mut world = shared.world();
    *world.calls.entry(call.to_owned()).or_default() += 1;
    world
}

fn number(query: &HashMap<String, String>, name: &str) -> Option<u64> {
    query.get(name)?.parse().ok()
}

pub(crate) fn problem(status: StatusCode, title: &str, detail: &str, kind: &str) -> Response {
    (status, Json(json!({ "title": title, "detail": detail, "type": kind, "status": status.as_u16() }))).into_response()
}
