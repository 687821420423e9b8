#![doc = include_str!("../README.md")]

use std::marker::PhantomData;

use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use kemala_messages::JsonFault;
use serde::de::DeserializeOwned;

/// One secret, which holds a `T` as JSON.
pub struct Secret<T> {
    client: Client,
    id: String,
    shape: PhantomData<fn() -> T>,
}

/// Why a secret is of no use. Its text is not repeated.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It could not be had.
    #[error("Secrets Manager did not give the secret {id}")]
    Remote {
        /// Its name or ARN.
        id: String,
        /// What the client says.
        #[source]
        source: Box<aws_sdk_secretsmanager::Error>,
    },
    /// It holds nothing.
    #[error("the secret {0} has no text; put the JSON into it that the deployment page shows")]
    Empty(String),
    /// It is no JSON of its shape.
    #[error("the secret {0} is not the JSON that the deployment page shows, but {1}")]
    Malformed(String, JsonFault),
}

impl<T: DeserializeOwned> Secret<T> {
    /// The secret of that name or ARN.
    pub fn new(config: &SdkConfig, id: String) -> Self {
        Self { client: Client::new(config), id, shape: PhantomData }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Unusable`]
    pub async fn fetch(&self) -> Result<T, Unusable> {
        let secret = self.client.get_secret_value().secret_id(&self.id).send().await;
        let secret =
            secret.map_err(|error| Unusable::Remote { id: self.id.clone(), source: Box::new(error.into()) })?;
        let text = secret.secret_string.ok_or_else(|| Unusable::Empty(self.id.clone()))?;
        serde_json::from_str(&text).map_err(|error| Unusable::Malformed(self.id.clone(), error.into()))
    }
}
