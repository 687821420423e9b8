//! The queue for what was accepted and not understood.

use aws_sdk_sqs::Client;
use aws_types::SdkConfig;
use jiff::Timestamp;
use kemala_messages::quarantine::{Message, Reason, Source};

/// A message that did not reach quarantine: the record must go back to its own queue.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The queue could not be reached, or refused.
    #[error("quarantine took no message")]
    Remote(#[source] Box<aws_sdk_sqs::Error>),
    /// The message could not be written as JSON.
    #[error("the message for quarantine could not be written")]
    Unwritable(#[from] serde_json::Error),
}

/// The quarantine queue.
pub struct Quarantine {
    client: Client,
    url: String,
}

impl Quarantine {
    /// The queue at that URL.
    pub fn new(config: &SdkConfig, url: String) -> Self {
        Self { client: Client::new(config), url }
    }

    /// Puts a message of the `reports` queue away, as it came.
    pub async fn put(&self, reason: Reason, body: &str, now: Timestamp) -> Result<(), QuarantineError> {
        let message = Message::new(reason, Source::ReportsQueue, now, body.as_bytes()).to_json()?;
        let sent = self.client.send_message().queue_url(&self.url).message_body(message).send().await;
        sent.map(drop).map_err(|error| QuarantineError::Remote(Box::new(error.into())))
    }
}
