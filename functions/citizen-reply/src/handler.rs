//! Wake-ups, one by one.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::Timestamp;
use kemala_messages::wake::Wake;
use kemala_runtime::batch::each_record;
use kemala_runtime::deadline::Deadline;
use lambda_runtime::LambdaEvent;

use crate::platform::Platform;
use crate::poster::{Failure, Poster};

/// Takes a batch at a moment; what failed goes back to the queue alone.
pub async fn take<P: Platform>(
    poster: &Poster<'_, P>,
    event: LambdaEvent<SqsEvent>,
    now: Timestamp,
) -> SqsBatchResponse {
    let deadline = Deadline::of(&event.context);
    each_record(event.payload, deadline, |record| take_one(poster, record, now)).await
}

async fn take_one<P: Platform>(poster: &Poster<'_, P>, record: SqsMessage, now: Timestamp) -> Result<(), Failure> {
    match Wake::from_json(record.body.as_deref().unwrap_or_default()) {
        Ok(wake) => poster.take(&wake.reply, now).await,
        // Nothing is lost: the row stands in the index, and the sweep names it again.
        Err(fault) => {
            tracing::error!(%fault, "not a message of the replies queue");
            Ok(())
        }
    }
}
