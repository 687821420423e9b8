//! Calls of the agencies' API, signed as an agency.

use anyhow::Result;
use kemala::agency_api::AgencyApi;
use kemala::aws::{Answer, SignedHttp};
use kemala_domain::TicketId;
use reqwest::Method;
use serde_json::Value;

use crate::world::World;

/// An agency that calls the API with its own role.
pub struct Agency(AgencyApi);

impl World {
    /// An agency, ready to call.
    pub async fn agency(&self, code: &str) -> Result<Agency> {
        AgencyApi::open(&self.http, &self.local, &code.parse()?).await.map(Agency)
    }
}

impl Agency {
    /// What the API answers at a path below the agency's own.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.0.get(path).await
    }

    /// Posts below the agency's own path, under a key.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        self.0.post(path, key, body).await
    }

    /// Does something with a ticket, under a key of its own; status and body.
    pub async fn does(&self, ticket: &TicketId, update: Value) -> Result<(u16, Value)> {
        let answer = self.0.update(ticket, &new_key(), &update).await?;
        Ok((answer.status, serde_json::from_str(&answer.body)?))
    }

    /// Does something that must be possible; the status of the ticket then.
    pub async fn must(&self, ticket: &TicketId, update: Value) -> Result<String> {
        let (status, body) = self.does(ticket, update).await?;
        anyhow::ensure!(status == 200, "{status} {body}");
        Ok(body["status"].as_str().unwrap_or_default().to_owned())
    }
}

/// A key that nobody has used.
pub fn new_key() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static KEYS: AtomicU64 = AtomicU64::new(0);
    format!(
        "{}-{}-{}",
        jiff::Timestamp::now().as_nanosecond(),
        std::process::id(),
        KEYS.fetch_add(1, Ordering::Relaxed)
    )
}

/// Calls the agencies' API as anybody.
pub async fn call(
    world: &World,
    who: &SignedHttp,
    method: Method,
    path: &str,
    key: Option<&str>,
    body: &str,
) -> Result<Answer> {
    let url = format!("{}{path}", world.local.api_url()?);
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    who.call("execute-api", method, &url, &headers, body.as_bytes()).await
}
