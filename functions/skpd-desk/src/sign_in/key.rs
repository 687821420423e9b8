//! The key with which cookies are signed.

use std::time::{Duration, Instant};

use aws_types::SdkConfig;
use kemala_vault::{Secret, Unusable};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::cookie::Seal;

/// How long a key counts before it is looked for again: so soon everybody is signed out after it was changed.
const COUNTS_FOR: Duration = Duration::from_secs(60);

/// What the secret holds; the template lets Secrets Manager make it up.
#[derive(Deserialize)]
struct Held {
    session_key: String,
}

/// The key as it is now.
pub struct SessionKey {
    secret: Secret<Held>,
    known: Mutex<Option<(Instant, Seal)>>,
}

impl SessionKey {
    /// Nothing is read yet.
    pub fn new(config: &SdkConfig, secret_id: String) -> Self {
        Self { secret: Secret::new(config, secret_id), known: Mutex::new(None) }
    }

    /// What signs and reads cookies.
    ///
    /// # Errors
    /// [`Unusable`]
    pub async fn seal(&self) -> Result<Seal, Unusable> {
        let mut known = self.known.lock().await;
        if let Some((_, seal)) = known.as_ref().filter(|(read_at, _)| read_at.elapsed() < COUNTS_FOR) {
            return Ok(seal.clone());
        }
        let seal = Seal::of_key(self.secret.fetch().await?.session_key.as_bytes());
        *known = Some((Instant::now(), seal.clone()));
        Ok(seal)
    }
}
