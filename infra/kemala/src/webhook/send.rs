//! Signs a webhook and posts it, as X does.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use kemala_messages::x::signature::{self, ConsumerSecret};
use reqwest::header::{CONTENT_TYPE, HOST};

use crate::local::Local;

/// A sender of webhooks to one address.
#[derive(Debug, Clone)]
pub struct Sender {
    http: reqwest::Client,
    address: String,
    host: String,
    secret: ConsumerSecret,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// HTTP status; 200 means that every report of the body is on the queue.
    pub status: u16,
    /// Body of the answer.
    pub body: String,
    /// How long it took.
    pub took: Duration,
}

impl Sender {
    /// A sender to the webhook of a local system, with its secret.
    pub fn new(local: &Local) -> Result<Self> {
        let url = reqwest::Url::parse(local.webhook_url()?).context("the webhook's address is no URL")?;
        let host = url.host_str().context("the webhook's address has no host")?.to_owned();
        let secret = local.consumer_secret.parse().map_err(|error| anyhow!("the secret of X: {error}"))?;
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
        // The emulator listens on one address for all hosts, and tells them apart by the Host header.
        Ok(Self { http, address: format!("{}{}", local.target.endpoint, url.path()), host, secret })
    }

    /// The same sender with another secret: what a forger would send.
    pub fn with_secret(&self, secret: ConsumerSecret) -> Self {
        Self { secret, ..self.clone() }
    }

    /// Posts a body, signed.
    pub async fn post(&self, body: &[u8]) -> Result<Sent> {
        self.post_with(body, &signature::sign(&self.secret, body)).await
    }

    /// Posts a body with a given signature.
    pub async fn post_with(&self, body: &[u8], signature: &str) -> Result<Sent> {
        let started = Instant::now();
        let request = self
            .http
            .post(&self.address)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/json")
            .header(signature::HEADER, signature)
            .body(body.to_vec());
        self.finish(request, started).await
    }

    /// Asks for the answer to a CRC challenge.
    pub async fn crc(&self, token: &str) -> Result<Sent> {
        let started = Instant::now();
        let request = self.http.get(&self.address).query(&[("crc_token", token)]).header(HOST, &self.host);
        self.finish(request, started).await
    }

    async fn finish(&self, request: reqwest::RequestBuilder, started: Instant) -> Result<Sent> {
        let answer = request.send().await.with_context(|| format!("the webhook at {} is not reached", self.address))?;
        let status = answer.status().as_u16();
        let body = answer.text().await.context("the webhook's answer broke off")?;
        Ok(Sent { status, body, took: started.elapsed() })
    }
}
