//! The agencies' API, called as an agency calls it: with its own role and nothing else.

use anyhow::Result;
use kemala_domain::{AgencyCode, TicketId};
use reqwest::Method;
use serde_json::Value;

use crate::aws::{Answer, SignedHttp};
use crate::local::Local;

/// An agency that calls the API.
#[derive(Debug, Clone)]
pub struct AgencyApi {
    http: SignedHttp,
    /// Up to and with the agency's code.
    base: String,
}

impl AgencyApi {
    /// Takes on the agency's role. `http` is a principal that may do that.
    pub async fn open(http: &SignedHttp, local: &Local, code: &AgencyCode) -> Result<Self> {
        let keys = http.agency_keys(&local.names, code).await?;
        Ok(Self { http: http.with_keys(keys), base: format!("{}/agencies/{code}", local.api_url()?) })
    }

    /// What the API answers at a path below the agency's own.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.http.call("execute-api", Method::GET, &format!("{}/{path}", self.base), &[], b"").await
    }

    /// Posts below the agency's own path, under a key.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let url = format!("{}/{path}", self.base);
        self.http.call("execute-api", Method::POST, &url, &headers, body.to_string().as_bytes()).await
    }

    /// Does something with a ticket, under a key.
    pub async fn update(&self, ticket: &TicketId, key: &str, update: &Value) -> Result<Answer> {
        self.post(&format!("tickets/{ticket}/updates"), key, update).await
    }
}
