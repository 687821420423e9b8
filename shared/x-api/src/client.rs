//! Requests to X. Each ends in time, with an answer or with a [`Problem`].

use std::time::Duration;

use jiff::Timestamp;
use kemala_domain::PostKey;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method};
use serde::Deserialize;
use url::Url;

use crate::answer::{Posted, Problem, problem};
use crate::oauth1::{Credentials, Once};

/// Connecting, and a request as a whole. X answers within a second or two when it is well.
const CONNECT: Duration = Duration::from_secs(2);
const REQUEST: Duration = Duration::from_secs(8);

/// Most bytes of an answer that are read.
const MOST_BYTES: usize = 4 << 20;

/// X's API at an address.
#[derive(Debug, Clone)]
pub struct XApi {
    client: Client,
    base: Url,
}

/// By which keys a request is made.
#[derive(Debug, Clone, Copy)]
pub enum Auth<'a> {
    /// As the account that answers.
    Account(&'a Credentials),
}

impl XApi {
    /// X at `base`, such as `https://api.x.com`.
    ///
    /// # Errors
    /// Where the HTTP client cannot be made, or `base` is no address.
    pub fn new(base: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("kemala/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, base: Url::parse(base)? })
    }

    /// Posts a text as the answer to a post.
    ///
    /// # Errors
    /// [`Problem`]; with [`Problem::Unknown`] it may be there all the same.
    pub async fn reply(&self, auth: Auth<'_>, text: &str, to: &PostKey) -> Result<Posted, Problem> {
        #[derive(Deserialize)]
        struct Created {
            data: CreatedPost,
        }
        #[derive(Deserialize)]
        struct CreatedPost {
            id: String,
        }
        let body = serde_json::json!({ "text": text, "reply": { "in_reply_to_tweet_id": to.id() } });
        let answer = self.send(auth, Method::POST, "/2/tweets", &[], Some(body)).await?;
        // X has it, only its id is not known: as after no answer at all.
        let created: Created =
            serde_json::from_slice(&answer).map_err(|error| Problem::Unknown(format!("created, but {error}")))?;
        Ok(Posted { id: created.data.id })
    }

    /// What stands at `path` with that query, as bytes.
    ///
    /// # Errors
    /// [`Problem`]
    pub async fn get(&self, auth: Auth<'_>, path: &str, query: &[(&str, &str)]) -> Result<Vec<u8>, Problem> {
        self.send(auth, Method::GET, path, query, None).await
    }

    async fn send(
        &self,
        Auth::Account(credentials): Auth<'_>,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<serde_json::Value>,
    ) -> Result<Vec<u8>, Problem> {
        let mut url = self.base.join(path).map_err(|error| Problem::Wrong(error.to_string()))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let now = Timestamp::now();
        let authorization = credentials.authorization(method.as_str(), &url, &Once::at(now));
        let request = self.client.request(method, url).header(AUTHORIZATION, authorization);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        // An error of the client names the address, never a header or a body.
        let unknown = |error: reqwest::Error| Problem::Unknown(error.without_url().to_string());
        let mut response = request.send().await.map_err(unknown)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unknown)? {
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(Problem::Unknown("the answer is too long".to_owned()));
            }
            bytes.extend_from_slice(&chunk);
        }
        if status.is_success() { Ok(bytes) } else { Err(problem(status, &headers, &bytes, Timestamp::now())) }
    }
}
