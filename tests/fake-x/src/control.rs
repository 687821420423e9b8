//! What tests tell the fake, and ask it. No part of X.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Json;
use axum::routing::{get, post, put};

use crate::Shared;
use crate::webhooks::Webhook;
use crate::world::{CitizenPost, Faults, OwnPost};

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/posts", post(tell))
        .route("/posts/{id}", axum::routing::delete(delete))
        .route("/faults", put(faults))
        .route("/webhook", put(webhook))
        .route("/timeline", get(timeline))
        .route("/calls", get(calls))
}

/// A citizen has posted this.
async fn tell(State(shared): State<Shared>, Json(told): Json<CitizenPost>) {
    if let Ok(id) = told.id.parse() {
        shared.world().posts.insert(id, told);
    }
}

/// A citizen has deleted a post.
async fn delete(State(shared): State<Shared>, Path(id): Path<String>) {
    shared.world().deleted.insert(id);
}

/// How it fails from now on.
async fn faults(State(shared): State<Shared>, Json(faults): Json<Faults>) {
    shared.world().fail_like(faults);
}

/// Where reports are to be posted.
async fn webhook(State(shared): State<Shared>, Json(webhook): Json<Webhook>) {
    shared.world().webhook = Some(webhook);
}

/// What the account has posted, in its order.
async fn timeline(State(shared): State<Shared>) -> Json<Vec<OwnPost>> {
    Json(shared.world().own.clone())
}

/// How often each part of the API was called.
async fn calls(State(shared): State<Shared>) -> Json<BTreeMap<String, u32>> {
    Json(shared.world().calls.clone())
}
