//! The queues on SQS.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use aws_types::SdkConfig;

use crate::queues::{NotSent, Queue, Queues, Refused};

/// The queues on SQS: both, or that of reports.
pub struct SqsQueues {
    client: Client,
    reports_url: String,
    quarantine_url: Option<String>,
}

impl SqsQueues {
    /// The queues at these URLs.
    pub fn new(config: &SdkConfig, reports_url: String, quarantine_url: String) -> Self {
        Self { quarantine_url: Some(quarantine_url), ..Self::for_reports(config, reports_url) }
    }

    /// The reports queue alone, for who puts nothing away.
    pub fn for_reports(config: &SdkConfig, reports_url: String) -> Self {
        Self { client: Client::new(config), reports_url, quarantine_url: None }
    }
}

impl Queues for SqsQueues {
    async fn send_batch(&self, queue: Queue, batch: &[String]) -> Result<Vec<Refused>, NotSent> {
        let remote = |source| NotSent::Remote { queue, source };
        // The id of an entry is its place in the batch.
        let entries = batch
            .iter()
            .enumerate()
            .map(|(at, body)| SendMessageBatchRequestEntry::builder().id(at.to_string()).message_body(body).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| remote(error.into()))?;
        let url = match queue {
            Queue::Reports => Some(&self.reports_url),
            Queue::Quarantine => self.quarantine_url.as_ref(),
        };
        let url = url.ok_or_else(|| remote("its address is not known here".into()))?;
        let sent = self.client.send_message_batch().queue_url(url).set_entries(Some(entries)).send().await;
        let failed = sent.map_err(|error| remote(aws_sdk_sqs::Error::from(error).into()))?.failed;
        failed
            .into_iter()
            .map(|entry| match entry.id.parse() {
                Ok(at) => Ok(Refused { at, code: entry.code }),
                Err(_) => Err(remote("it refused an entry that was not sent".into())),
            })
            .collect()
    }
}
