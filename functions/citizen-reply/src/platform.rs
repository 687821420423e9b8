//! The platform as the poster needs it.

use jiff::{SignedDuration, Timestamp};
use kemala_domain::PostKey;
use kemala_domain::reply::Outcome;
use kemala_messages::x::timeline::{FIELDS, find_reply};
use kemala_vault::Secret;
use kemala_x_api::{Auth, Credentials, Problem, XApi};

/// What came of an attempt to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// For the row.
    pub outcome: Outcome,
    /// Until when nothing at all is to be posted: the account has used up a limit, or is refused.
    pub pause: Option<Timestamp>,
    /// Whether the account was refused, so that people must see to its keys or credit.
    pub is_refused: bool,
}

/// Where posts are made.
pub trait Platform {
    /// Whether its keys can be had; without them nothing is begun.
    fn is_ready(&self) -> impl Future<Output = bool> + Send;

    /// Posts a text as the answer to a post.
    fn post(&self, text: &str, to: &PostKey, now: Timestamp) -> impl Future<Output = Attempted> + Send;

    /// Looks in the account's timeline for an answer to that post with that text.
    fn look_for(&self, account: &str, text: &str, to: &PostKey) -> impl Future<Output = Outcome> + Send;
}

/// X, by the keys of a secret.
pub struct X {
    api: XApi,
    keys: Secret<Credentials>,
}

/// How long nothing is posted after X has refused the account: long enough not to hammer, short enough for a row to be
/// tried once more before it is parked.
const REFUSED_FOR: SignedDuration = SignedDuration::from_mins(10);

impl X {
    /// X with those keys. They are read for each post: they may be changed at any time, and posts are few.
    pub fn new(api: XApi, keys: Secret<Credentials>) -> Self {
        Self { api, keys }
    }

    async fn credentials(&self) -> Option<Credentials> {
        let keys = self.keys.fetch().await;
        keys.inspect_err(|error| tracing::error!(%error, "posting refused: no keys of the account")).ok()
    }
}

impl Platform for X {
    async fn is_ready(&self) -> bool {
        self.credentials().await.is_some()
    }

    async fn post(&self, text: &str, to: &PostKey, now: Timestamp) -> Attempted {
        let Some(keys) = self.credentials().await else {
            return refused(now);
        };
        let only = |outcome| Attempted { outcome, pause: None, is_refused: false };
        match self.api.reply(Auth::Account(&keys), text, to).await {
            Ok(posted) => only(PostKey::x(&posted.id).map_or(Outcome::Unknown, Outcome::Posted)),
            Err(Problem::Duplicate) => only(Outcome::Duplicate),
            Err(Problem::NotAllowed(why)) => {
                tracing::info!(why, "not allowed");
                only(Outcome::NotAllowed)
            }
            Err(Problem::Limited(until)) => {
                Attempted { outcome: Outcome::NotBefore(until), pause: Some(until), is_refused: false }
            }
            Err(Problem::Refused(why)) => {
                tracing::error!(why, "posting refused: renew the account's keys or credit");
                refused(now)
            }
            Err(Problem::Wrong(why)) => {
                tracing::error!(why, "X takes the request for wrong");
                only(Outcome::Wrong)
            }
            Err(Problem::Unknown(why)) => {
                tracing::warn!(why, "nobody knows whether it was posted");
                only(Outcome::Unknown)
            }
        }
    }

    async fn look_for(&self, account: &str, text: &str, to: &PostKey) -> Outcome {
        let Some(keys) = self.credentials().await else { return Outcome::NotAsked };
        let path = format!("/2/users/{account}/tweets");
        let query = [("since_id", to.id()), ("max_results", "100"), FIELDS];
        match self.api.get(Auth::Account(&keys), &path, &query).await.map(|body| find_reply(&body, to, text)) {
            Ok(Ok(Some(post))) => Outcome::Found(post),
            Ok(Ok(None)) => Outcome::NotFound,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the timeline could not be read");
                Outcome::NotAsked
            }
            Err(problem) => {
                tracing::warn!(%problem, "the timeline could not be asked");
                Outcome::NotAsked
            }
        }
    }
}

fn refused(now: Timestamp) -> Attempted {
    let until = later(now);
    Attempted { outcome: Outcome::NotBefore(until), pause: Some(until), is_refused: true }
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(REFUSED_FOR).unwrap_or(now)
}
