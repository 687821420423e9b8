//! The key with which cookies are signed.

use aws_types::SdkConfig;
use kemala_vault::{Secret, Unusable};
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::cookie::Seal;

/// What the secret holds; the template lets Secrets Manager make it up.
#[derive(Deserialize)]
struct Held {
    session_key: String,
}

/// The key, read with the first request. Another one counts once the functions' processes are new; whoever is signed in
/// signs in again then.
pub struct SessionKey {
    secret: Secret<Held>,
    seal: OnceCell<Seal>,
}

impl SessionKey {
    /// Nothing is read yet.
    pub fn new(config: &SdkConfig, secret_id: String) -> Self {
        Self { secret: Secret::new(config, secret_id), seal: OnceCell::new() }
    }

    /// What signs and reads cookies.
    ///
    /// # Errors
    /// [`Unusable`]
    pub async fn seal(&self) -> Result<&Seal, Unusable> {
        self.seal
            .get_or_try_init(|| async { Ok(Seal::of_key(self.secret.fetch().await?.session_key.as_bytes())) })
            .await
    }
}
