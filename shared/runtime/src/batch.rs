//! SQS records one by one, with a partial batch response: poison stays alone.

use aws_lambda_events::event::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::future::join_all;

use crate::deadline::Deadline;
use crate::guard::guarded;

/// Gives each record to `handle`, all at once, and returns those to be tried again: the ones whose handling failed,
/// panicked or ran out of time. A failure is logged here, once, with the message id and its reason.
pub async fn each_record<F, E>(
    event: SqsEvent,
    deadline: Deadline,
    handle: impl Fn(SqsMessage) -> F,
) -> SqsBatchResponse
where
    F: Future<Output = Result<(), E>>,
    E: std::error::Error,
{
    let handled = event.records.into_iter().map(|record| {
        let message_id = record.message_id.clone().unwrap_or_default();
        let work = guarded(deadline, handle(record));
        async move {
            let error = work.await.err()?;
            tracing::error!(message.id = %message_id, %error, "record goes back to the queue");
            Some(message_id)
        }
    });
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = join_all(handled)
        .await
        .into_iter()
        .flatten()
        .map(|message_id| {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = message_id;
            failure
        })
        .collect();
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("queue is down")]
    struct QueueIsDown;

    fn batch(bodies: &[&str]) -> SqsEvent {
        let mut event = SqsEvent::default();
        event.records = bodies
            .iter()
            .map(|body| {
                let mut message = SqsMessage::default();
                message.message_id = Some(format!("id-{body}"));
                message.body = Some((*body).to_owned());
                message
            })
            .collect();
        event
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_failed_comes_back() {
        let event = batch(&["fine", "broken", "panics", "hangs", "also fine"]);
        let deadline = Deadline::within(Duration::from_secs(30));
        let response = each_record(event, deadline, |message| async move {
            match message.body.as_deref() {
                Some("broken") => Err(QueueIsDown),
                Some("panics") => panic!("a bug"),
                Some("hangs") => std::future::pending().await,
                _ => Ok(()),
            }
        })
        .await;
        let failed: Vec<_> = response.batch_item_failures.iter().map(|f| f.item_identifier.as_str()).collect();
        assert_eq!(failed, ["id-broken", "id-panics", "id-hangs"]);
    }
}
