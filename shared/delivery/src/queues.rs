//! The agencies' queues, and the one that wakes who posts.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_types::SdkConfig;
use kemala_domain::AgencyCode;
use kemala_domain::reply::Reply;
use kemala_messages::agency::AgencyMessage;
use kemala_messages::ping::PingMessage;
use kemala_messages::wake::Wake;

/// A message that was not sent, or of which nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The queue could not be reached, or refused.
    #[error("the queue of {queue} took no message ({code})")]
    Remote {
        /// Whose queue.
        queue: String,
        /// The service's error code, or the kind of failure on the way.
        code: String,
    },
    /// The message could not be written as JSON.
    #[error("the message could not be written")]
    Unwritable(#[source] serde_json::Error),
}

/// One FIFO queue for each agency, named by a common prefix and the agency's code.
#[derive(Debug, Clone)]
pub struct AgencyQueues {
    client: Client,
    url_prefix: String,
}

impl AgencyQueues {
    /// Queues whose URL is `<url_prefix><CODE>.fifo`.
    pub fn new(config: &SdkConfig, url_prefix: String) -> Self {
        Self { client: Client::new(config), url_prefix }
    }

    /// Sends a message to an agency's queue. SQS drops a repeat within 5 minutes.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn send(&self, agency: &AgencyCode, message: &AgencyMessage) -> Result<(), SendError> {
        self.put(agency, message.group_id(), message.deduplication_id(agency), message.to_json()).await
    }

    /// Sends a message once more, on purpose; `n` counts these repeats. SQS drops a repeat of the same count within 5
    /// minutes.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn send_again(&self, agency: &AgencyCode, message: &AgencyMessage, n: u32) -> Result<(), SendError> {
        let deduplication = format!("{}/r{n}", message.deduplication_id(agency));
        self.put(agency, message.group_id(), deduplication, message.to_json()).await
    }

    /// Sends an agency a ping.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn ping(&self, message: &PingMessage) -> Result<(), SendError> {
        self.put(&message.subject, message.group_id(), message.deduplication_id(), message.to_json()).await
    }

    async fn put(
        &self,
        agency: &AgencyCode,
        group: &str,
        deduplication: String,
        body: Result<String, serde_json::Error>,
    ) -> Result<(), SendError> {
        let send = self
            .client
            .send_message()
            .queue_url(format!("{}{agency}.fifo", self.url_prefix))
            .message_group_id(group)
            .message_deduplication_id(deduplication)
            .message_body(body.map_err(SendError::Unwritable)?);
        send.send()
            .await
            .map(drop)
            .map_err(|error| SendError::Remote { queue: agency.to_string(), code: code_of(&error) })
    }
}

/// The queue that wakes `citizen-reply`. A message only names a row; the row says what to do.
#[derive(Debug, Clone)]
pub struct ReplyQueue {
    client: Client,
    url: String,
}

impl ReplyQueue {
    /// The queue of that URL.
    pub fn new(config: &SdkConfig, url: String) -> Self {
        Self { client: Client::new(config), url }
    }

    /// Wakes who posts. Emergencies have a group of their own, so that nothing waits before them.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn wake(&self, reply: &Reply) -> Result<(), SendError> {
        let body = Wake { reply: reply.id.clone() }.to_json().map_err(SendError::Unwritable)?;
        let send = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_group_id(if reply.is_urgent { "urgent" } else { "usual" })
            .message_deduplication_id(format!("{}/{}", reply.id, reply.revision))
            .message_body(body);
        send.send()
            .await
            .map(drop)
            .map_err(|error| SendError::Remote { queue: "replies".to_owned(), code: code_of(&error) })
    }
}

pub(crate) fn code_of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("service error").to_owned(),
        SdkError::TimeoutError(_) => "time-out".to_owned(),
        SdkError::DispatchFailure(_) => "not reached".to_owned(),
        _ => "no usable answer".to_owned(),
    }
}
