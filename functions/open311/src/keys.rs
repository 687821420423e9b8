//! The keys of apps that may send reports. They come from Secrets Manager only, and are kept for a while.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kemala_runtime::guard::chain;
use kemala_vault::{Secret, Unusable};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

/// How long keys are kept without asking again: one that was taken away is refused that much later.
const KEEP_FOR: SignedDuration = SignedDuration::from_mins(1);
/// The secret store is asked no more often than this, whatever strangers send: each could make us ask by a wrong key.
const TRY_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// Shorter keys could be guessed; they count for nothing.
const SHORTEST: usize = 16;

/// What the secret holds: `{"keys": {"<key>": "<name of the app>"}}`.
#[derive(Clone, Deserialize)]
pub struct Keys {
    keys: BTreeMap<String, String>,
}

impl Keys {
    /// The name of the app whose key that is. Every key is compared, each by its hash and to the end, so that the time it takes
    /// tells nothing.
    pub fn app_of(&self, key: &str) -> Option<&str> {
        let given = Sha256::digest(key);
        let is_same = |known: &str| {
            let known = Sha256::digest(known);
            given.iter().zip(known.iter()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
        };
        let mut found = None;
        for (known, app) in &self.keys {
            if is_same(known) && known.len() >= SHORTEST && !app.is_empty() {
                found = Some(app.as_str());
            }
        }
        found
    }

    /// Whether there is none that counts.
    pub fn is_empty(&self) -> bool {
        !self.keys.iter().any(|(key, app)| key.len() >= SHORTEST && !app.is_empty())
    }
}

/// Where the keys are kept.
pub trait Vault {
    /// Fetches them.
    fn fetch(&self) -> impl Future<Output = Result<Keys, Unusable>> + Send;
}

impl Vault for Secret<Keys> {
    async fn fetch(&self) -> Result<Keys, Unusable> {
        Secret::fetch(self).await
    }
}

/// The keys, kept for a while.
///
/// Ages are by the wall clock: the monotonic one stands still while Lambda has the function frozen.
pub struct TrustedKeys<V> {
    vault: V,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: Option<Keys>,
    fetched_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
}

impl<V: Vault> TrustedKeys<V> {
    /// The keys of that secret; it is asked at the first need.
    pub fn new(vault: V) -> Self {
        Self { vault, kept: Mutex::default() }
    }

    /// The name of the app whose key that is; it may have been given just now. Where the secret cannot be read, the keys known
    /// count on.
    ///
    /// # Errors
    /// [`NotTrusted`]
    pub async fn app_of(&self, key: &str, now: Timestamp) -> Result<String, NotTrusted> {
        let mut kept = self.kept.lock().await;
        self.fetch(&mut kept, KEEP_FOR, now).await;
        if kept.app_of(key).is_none() {
            self.fetch(&mut kept, TRY_AFTER, now).await;
        }
        match kept.app_of(key) {
            Some(app) => Ok(app.to_owned()),
            None if kept.keys.as_ref().is_none_or(Keys::is_empty) => Err(NotTrusted::NoKeys),
            None => Err(NotTrusted::Unknown),
        }
    }

    /// Fetches the keys, unless those known are younger than that or it was tried just now.
    async fn fetch(&self, kept: &mut Kept, unless_younger: SignedDuration, now: Timestamp) {
        let within = |span, then: Option<Timestamp>| then.is_some_and(|then| is_within(span, then, now));
        if within(unless_younger, kept.fetched_at) || within(TRY_AFTER, kept.tried_at) {
            return;
        }
        kept.tried_at = Some(now);
        match self.vault.fetch().await {
            Ok(keys) => {
                kept.keys = Some(keys);
                kept.fetched_at = Some(now);
            }
            // Nobody has put keys into it, or somebody took all out.
            Err(Unusable::Empty(_)) => kept.keys = None,
            Err(error) => tracing::error!(error = %chain(&error), "the keys of apps could not be read"),
        }
    }
}

impl Kept {
    fn app_of(&self, key: &str) -> Option<&str> {
        self.keys.as_ref()?.app_of(key)
    }
}

/// Why somebody may not send reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTrusted {
    /// No app may.
    #[error("no app may send reports here yet: there are no keys")]
    NoKeys,
    /// The key is none.
    #[error("api_key: give one that was given to you")]
    Unknown,
}

/// Whether `then` lies less than `span` before now. A time in the future does not: the clock has been set.
fn is_within(span: SignedDuration, then: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(then);
    !age.is_negative() && age < span
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
