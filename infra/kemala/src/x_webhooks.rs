//! X's webhooks as the app that owns them sees them: which there are, and their replay. As the app, not as an account: the
//! token for that comes of the consumer key and secret, which are with the account's keys, so nothing more is kept
//! (<https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens>).

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use jiff::{SignedDuration, Timestamp};
use kemala_x_api::Credentials;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::problem::Problem;

/// X replays at most so far back.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);
/// The beginning must be so old, and the end.
const BEGINS_BEFORE: SignedDuration = SignedDuration::from_mins(31);
const ENDS_BEFORE: SignedDuration = SignedDuration::from_mins(10);

/// X's webhooks of one app.
#[derive(Debug)]
pub struct XWebhooks {
    http: Client,
    base: String,
    token: String,
}

/// A webhook as X has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Webhook {
    /// X's id of it.
    pub id: String,
    /// Where X posts to.
    pub url: String,
    /// Whether X uses it.
    #[serde(default)]
    pub valid: bool,
}

/// Minutes of UTC, both included: what X is asked to replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first minute.
    pub from: Timestamp,
    /// The last.
    pub to: Timestamp,
}

impl Window {
    /// The time between two moments, as far as X replays it; without an end the latest that X takes.
    ///
    /// # Errors
    /// What X would refuse, with what it takes.
    pub fn new(from: Timestamp, to: Option<Timestamp>, now: Timestamp) -> Result<Self> {
        let to = to.unwrap_or(now - ENDS_BEFORE);
        let what = if now.duration_since(from) > OLDEST {
            "X replays the last 24 hours only; what is older may be found by search-poll"
        } else if now.duration_since(from) < BEGINS_BEFORE {
            "X replays nothing that begins less than 31 minutes ago; wait, or begin earlier"
        } else if now.duration_since(to) < ENDS_BEFORE {
            "X replays nothing that ends less than 10 minutes ago; leave --to out, or wait"
        } else if to < from {
            "the end lies before the beginning"
        } else {
            return Ok(Self { from, to });
        };
        bail!(Problem::new("X would refuse this time", what))
    }
}

/// As X writes minutes.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y%m%d%H%M").to_string()
}

impl XWebhooks {
    /// Those of the app with these keys, at `base`, such as `https://api.x.com`.
    ///
    /// # Errors
    /// Where X does not take the keys.
    pub async fn of_app(base: &str, keys: &Credentials) -> Result<Self> {
        #[derive(Deserialize)]
        struct Token {
            access_token: String,
        }
        let http =
            Client::builder().connect_timeout(Duration::from_secs(5)).timeout(Duration::from_secs(30)).build()?;
        let base = base.trim_end_matches('/').to_owned();
        let ask = http.post(format!("{base}/oauth2/token")).basic_auth(&keys.consumer_key, Some(&keys.consumer_secret));
        let ask = ask.header("content-type", "application/x-www-form-urlencoded").body("grant_type=client_credentials");
        let Token { access_token } = answer(ask, "X takes the app's keys").await?;
        Ok(Self { http, base, token: access_token })
    }

    /// The one that posts to an address; where none does, the only one there is (it may stand behind a domain).
    ///
    /// # Errors
    /// Where there is none, or several and none of that address.
    pub async fn at(&self, url: &str) -> Result<Webhook> {
        #[derive(Deserialize)]
        struct All {
            #[serde(default)]
            data: Vec<Webhook>,
        }
        let ask = self.http.get(format!("{}/2/webhooks", self.base)).bearer_auth(&self.token);
        let All { mut data } = answer(ask, "X tells its webhooks").await?;
        let same = |webhook: &Webhook| webhook.url.trim_end_matches('/') == url.trim_end_matches('/');
        match data.iter().position(same) {
            Some(place) => Ok(data.swap_remove(place)),
            None if data.len() == 1 => Ok(data.remove(0)),
            None => Err(anyhow!(Problem::new(
                format!("X has {} webhooks of this app, and none posts to {url}", data.len()),
                "register it with POST /2/webhooks, as the deployment guide shows"
            ))),
        }
    }

    /// Lets X send again what came in that time. It does so by and by, and says by webhook when it is done.
    ///
    /// # Errors
    /// What X says.
    pub async fn replay(&self, webhook: &Webhook, window: Window) -> Result<String> {
        #[derive(Deserialize)]
        struct Job {
            job_id: String,
        }
        let body = json!({ "webhook_id": webhook.id, "from_date": minute(window.from), "to_date": minute(window.to) });
        let ask = self.http.post(format!("{}/2/webhooks/replay", self.base)).bearer_auth(&self.token).json(&body);
        let Job { job_id } = answer(ask, "X takes the replay").await?;
        Ok(job_id)
    }
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder, what: &str) -> Result<T> {
    let answer = request.send().await.map_err(reqwest::Error::without_url).context("X is not reached")?;
    let (status, text) = (answer.status(), answer.text().await.context("X's answer broke off")?);
    if !status.is_success() {
        bail!("not so that {what}: it answered {status}: {}", text.trim());
    }
    serde_json::from_str(&text).map_err(|error| anyhow!("not so that {what}: its answer is not understood ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_x_replays_is_asked_for() {
        let now: Timestamp = "2026-11-24T12:00:30Z".parse().unwrap();
        let ago = |minutes| now - SignedDuration::from_mins(minutes);
        let window = Window::new(ago(120), None, now).unwrap();
        assert_eq!((minute(window.from), minute(window.to)), ("202611241000".to_owned(), "202611241150".to_owned()));
        for (from, to) in [(24 * 60 + 1, None), (30, None), (60, Some(9)), (60, Some(61))] {
            assert!(Window::new(ago(from), to.map(ago), now).is_err(), "{from} {to:?}");
        }
    }
}
