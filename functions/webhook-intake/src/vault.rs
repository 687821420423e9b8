//! AWS Secrets Manager as the vault.

use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use kemala_messages::JsonFault;

use crate::secrets::{Unavailable, Vault, XSecrets};

/// One secret of AWS Secrets Manager.
pub struct SecretsManager {
    client: Client,
    id: String,
}

/// Why the secret is of no use. Its text is not repeated.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("Secrets Manager did not give the secret")]
    Remote(#[source] Box<aws_sdk_secretsmanager::Error>),
    #[error(r#"the secret has no text; put {{"consumer_secret": "…", "previous_consumer_secret": null}} into it"#)]
    Empty,
    #[error(r#"the secret must be {{"consumer_secret": "…", "previous_consumer_secret": null}}, but it is {0}"#)]
    Malformed(JsonFault),
}

impl SecretsManager {
    /// The secret of that name or ARN.
    pub fn new(config: &SdkConfig, id: String) -> Self {
        Self { client: Client::new(config), id }
    }

    async fn get(&self) -> Result<XSecrets, Unusable> {
        let secret = self.client.get_secret_value().secret_id(&self.id).send().await;
        let secret = secret.map_err(|error| Unusable::Remote(Box::new(error.into())))?;
        let text = secret.secret_string.ok_or(Unusable::Empty)?;
        serde_json::from_str(&text).map_err(|error| Unusable::Malformed(error.into()))
    }
}

impl Vault for SecretsManager {
    async fn fetch(&self) -> Result<XSecrets, Unavailable> {
        Ok(self.get().await?)
    }
}
