//! X's webhooks: which there are, and their replay. The app's token comes of its consumer key and secret.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kemala_messages::x::signature;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Shared;
use crate::api::{counted, problem, tweet};
use crate::world::{CitizenPost, made_at};

/// The app's token, for who showed its keys.
const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAFAKE";

/// A webhook, as X keeps it, and how it is reached from here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Webhook {
    /// X's id of it.
    pub id: String,
    /// Where X would post to.
    pub url: String,
    /// Where that is on this machine; told apart by its host.
    pub address: String,
    /// With what X signs.
    pub consumer_secret: String,
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/oauth2/token", post(token))
        .route("/2/webhooks", get(list))
        .route("/2/webhooks/replay", post(replay))
}

async fn token(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let basic = reqwest::Client::new()
        .get("http://localhost/")
        .basic_auth(&shared.keys.consumer_key, Some(&shared.keys.consumer_secret))
        .build();
    let wanted = basic.ok().and_then(|request| request.headers().get(header::AUTHORIZATION).cloned());
    if wanted.is_none()
        || headers.get(header::AUTHORIZATION) != wanted.as_ref()
        || body != "grant_type=client_credentials"
    {
        return problem(StatusCode::FORBIDDEN, "Forbidden", "Unable to verify your credentials", "about:blank");
    }
    Json(json!({ "token_type": "bearer", "access_token": TOKEN })).into_response()
}

fn is_app(headers: &HeaderMap) -> bool {
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) == Some(&format!("Bearer {TOKEN}"))
}

fn unauthorized() -> Response {
    problem(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized", "about:blank")
}

async fn list(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if !is_app(&headers) {
        return unauthorized();
    }
    let webhooks: Vec<Value> = counted(&shared, "GET /2/webhooks")
        .webhook
        .iter()
        .map(|webhook| json!({ "id": webhook.id, "url": webhook.url, "valid": true, "created_at": "2026-11-01T00:00:00.000Z" }))
        .collect();
    Json(json!({ "data": webhooks, "meta": { "result_count": webhooks.len() } })).into_response()
}

#[derive(Deserialize)]
struct NewReplay {
    webhook_id: String,
    from_date: String,
    to_date: String,
}

async fn replay(State(shared): State<Shared>, headers: HeaderMap, Json(new): Json<NewReplay>) -> Response {
    if !is_app(&headers) {
        return unauthorized();
    }
    let now = Timestamp::now();
    let Some((from, to)) = window(&new, now) else {
        return problem(
            StatusCode::BAD_REQUEST,
            "Invalid Request",
            "from_date or to_date is not allowed",
            "invalid-request",
        );
    };
    let (webhook, posts, job) = {
        let mut world = counted(&shared, "POST /2/webhooks/replay");
        let Some(webhook) = world.webhook.clone().filter(|webhook| webhook.id == new.webhook_id) else {
            return problem(StatusCode::BAD_REQUEST, "WebhookIdInvalid", "WebhookIdInvalid", "invalid-request");
        };
        let is_within = |id: u64| made_at(id).is_some_and(|at| from <= at && at < to + SignedDuration::from_mins(1));
        let posts: Vec<CitizenPost> =
            world.posts.iter().filter(|(id, _)| is_within(**id)).map(|(_, post)| post.clone()).collect();
        world.replays += 1;
        (webhook, posts, format!("{}", 1_000_000_000 + world.replays))
    };
    let answer = json!({ "created_at": now, "job_id": job });
    tokio::spawn(send_again(webhook, posts, job));
    Json(answer).into_response()
}

/// The minutes that are asked for, where X would take them.
fn window(new: &NewReplay, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let moment = |minute: &str| TimeZone::UTC.to_timestamp(DateTime::strptime("%Y%m%d%H%M", minute).ok()?).ok();
    let (from, to) = (moment(&new.from_date)?, moment(&new.to_date)?);
    let age = |at| now.duration_since(at);
    // The minutes are cut off, so a beginning may seem up to a minute older than it was meant.
    let fits = age(from) <= SignedDuration::from_mins(24 * 60 + 1)
        && age(from) >= SignedDuration::from_mins(31)
        && age(to) >= SignedDuration::from_mins(10)
        && from <= to;
    fits.then_some((from, to))
}

/// Posts each once more, signed, and then the end of the job.
async fn send_again(webhook: Webhook, posts: Vec<CitizenPost>, job: String) {
    let mut all = true;
    for post in &posts {
        let users = json!([{ "id": post.author_id, "username": post.handle, "name": post.handle }]);
        let body = json!({
            "data": tweet(post), "includes": { "users": users },
            "matching_rules": [{ "id": "1700000000000000001", "tag": "kemala" }],
        });
        all &= deliver(&webhook, &body).await;
    }
    let state = if all { "Complete" } else { "Incomplete" };
    let status = json!({ "replay_job_status": {
        "webhook_id": webhook.id, "job_state": state, "job_state_description": format!("{} events", posts.len()), "job_id": job,
    } });
    deliver(&webhook, &status).await;
}

/// Whether the webhook took it.
async fn deliver(webhook: &Webhook, body: &Value) -> bool {
    let Ok(secret) = webhook.consumer_secret.parse() else { return false };
    let body = body.to_string();
    let host = webhook.url.trim_start_matches("https://").split('/').next().unwrap_or_default();
    let Ok(http) = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build() else { return false };
    let sent = http
        .post(&webhook.address)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json")
        .header(signature::HEADER, signature::sign(&secret, body.as_bytes()))
        .body(body)
        .send()
        .await;
    sent.is_ok_and(|answer| answer.status() == StatusCode::OK)
}
