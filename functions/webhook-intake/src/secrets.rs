//! The consumer secrets, kept in memory for a while. They come from Secrets Manager only, never from the environment.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kemala_messages::x::signature::{ConsumerSecret, Signature};
use kemala_runtime::guard::chain;
use kemala_vault::Secret;
use serde::Deserialize;
use tokio::sync::Mutex;

/// What the secret store holds: `{"consumer_secret": "…", "previous_consumer_secret": null}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct XSecrets {
    /// The one that X uses now.
    #[serde(rename = "consumer_secret")]
    pub current: ConsumerSecret,
    /// The one before, while the secret is being changed.
    #[serde(rename = "previous_consumer_secret")]
    pub previous: Option<ConsumerSecret>,
}

impl XSecrets {
    /// Whether X signed these bytes, with either secret.
    pub fn have_signed(&self, body: &[u8], signature: &Signature) -> bool {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().any(|secret| signature.is_of(secret, body))
    }
}

/// Why there are no secrets. The causes hold no part of a secret.
pub type Unavailable = Box<dyn std::error::Error + Send + Sync>;

/// Where the secrets are kept.
pub trait Vault {
    /// Fetches them.
    fn fetch(&self) -> impl Future<Output = Result<XSecrets, Unavailable>> + Send;
}

impl Vault for Secret<XSecrets> {
    async fn fetch(&self) -> Result<XSecrets, Unavailable> {
        Ok(Secret::fetch(self).await?)
    }
}

/// The secrets, as the handler needs them.
pub trait Secrets {
    /// Good enough to check a signature: at most 5 minutes (`KEEP_FOR`) old, or older where the vault cannot be reached.
    fn recent(&self, now: Timestamp) -> impl Future<Output = Result<Arc<XSecrets>, Unavailable>> + Send;

    /// Surely those of now, but for 5 seconds (`REFRESH_AFTER`): for a challenge, since X switches a webhook off at the
    /// first wrong answer, and for a signature that the recent ones do not explain.
    fn latest(&self, now: Timestamp) -> impl Future<Output = Result<Arc<XSecrets>, Unavailable>> + Send;
}

/// How long secrets are kept without asking again.
const KEEP_FOR: SignedDuration = SignedDuration::from_mins(5);

/// The vault is asked no more often than this, whatever strangers send: each could make us ask by a bad signature.
const REFRESH_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// Secrets of a vault, kept for a while.
///
/// Ages are by the wall clock: the monotonic one stands still while Lambda has the function frozen.
pub struct CachedSecrets<V> {
    vault: V,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    secrets: Arc<XSecrets>,
    fetched_at: Timestamp,
    tried_at: Timestamp,
}

impl<V: Vault> CachedSecrets<V> {
    /// Secrets of that vault; it is asked at the first need.
    pub fn new(vault: V) -> Self {
        Self { vault, kept: Mutex::new(None) }
    }

    async fn fetch(&self, kept: &mut Option<Kept>, now: Timestamp) -> Result<Arc<XSecrets>, Unavailable> {
        if let Some(kept) = kept {
            kept.tried_at = now;
        }
        let secrets = Arc::new(self.vault.fetch().await?);
        *kept = Some(Kept { secrets: Arc::clone(&secrets), fetched_at: now, tried_at: now });
        Ok(secrets)
    }
}

/// Whether `then` lies less than `span` before now. A time in the future does not: the clock has been set.
fn within(span: SignedDuration, then: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(then);
    !age.is_negative() && age < span
}

impl<V: Vault + Sync> Secrets for CachedSecrets<V> {
    async fn recent(&self, now: Timestamp) -> Result<Arc<XSecrets>, Unavailable> {
        let mut kept = self.kept.lock().await;
        let known = kept.as_ref().map(|kept| Arc::clone(&kept.secrets));
        let need_not_ask = kept
            .as_ref()
            .is_some_and(|kept| within(KEEP_FOR, kept.fetched_at, now) || within(REFRESH_AFTER, kept.tried_at, now));
        match known {
            Some(known) if need_not_ask => Ok(known),
            Some(known) => Ok(self.fetch(&mut kept, now).await.unwrap_or_else(|error| {
                tracing::warn!(error = %chain(error.as_ref()), "the secrets could not be refreshed; those known are used");
                known
            })),
            None => self.fetch(&mut kept, now).await,
        }
    }

    async fn latest(&self, now: Timestamp) -> Result<Arc<XSecrets>, Unavailable> {
        let mut kept = self.kept.lock().await;
        match kept.as_ref() {
            Some(kept) if within(REFRESH_AFTER, kept.fetched_at, now) => Ok(Arc::clone(&kept.secrets)),
            Some(kept) if within(REFRESH_AFTER, kept.tried_at, now) => {
                Err("the vault could not be reached just now".into())
            }
            _ => self.fetch(&mut kept, now).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_the_vault_may_hold() {
        for json in [
            r#"{"consumer_secret":"abc","previous_consumer_secret":null}"#,
            r#"{"consumer_secret":"abc","previous_consumer_secret":"def","other":1}"#,
            r#"{"consumer_secret":"abc"}"#,
        ] {
            assert!(serde_json::from_str::<XSecrets>(json).is_ok(), "{json}");
        }
        for json in [
            r#"{}"#,
            r#""abc""#,
            r#"{"consumer_secret":""}"#,
            r#"{"consumer_secret":"abc\n"}"#,
            r#"{"consumer_secret":"abc","previous_consumer_secret":""}"#,
        ] {
            assert!(serde_json::from_str::<XSecrets>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn no_secret_is_ever_printed() {
        let secrets: XSecrets = serde_json::from_str(r#"{"consumer_secret":"abc"}"#).unwrap();
        assert!(!format!("{secrets:?}").contains("abc"));
    }

    /// A vault that counts how often it is asked, and is closed after the first time.
    #[derive(Default)]
    struct CountingVault(AtomicUsize);

    impl Vault for &CountingVault {
        async fn fetch(&self) -> Result<XSecrets, Unavailable> {
            match self.0.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(serde_json::from_str(r#"{"consumer_secret":"abc"}"#).unwrap()),
                _ => Err("the vault is closed".into()),
            }
        }
    }

    #[tokio::test]
    async fn strangers_cannot_make_us_ask_at_will() {
        let vault = CountingVault::default();
        let secrets = CachedSecrets::new(&vault);
        let start: Timestamp = "2026-11-20T00:31:06Z".parse().unwrap();
        for (second, latest, asked) in [
            (0, true, 1),
            (4, true, 1),
            // Closed from here on: those known are good for signatures, not for a challenge.
            (5, false, 2),
            (9, false, 2),
            (10, false, 3),
            // The clock has been set back: ages mean nothing.
            (-60, false, 4),
        ] {
            let now = start + SignedDuration::from_secs(second);
            assert!(secrets.recent(now).await.is_ok(), "at {second} s");
            assert_eq!(secrets.latest(now).await.is_ok(), latest, "at {second} s");
            assert_eq!(vault.0.load(Ordering::Relaxed), asked, "at {second} s");
        }
    }
}
