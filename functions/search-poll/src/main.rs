//! Searches X for posts with the pack's hashtags, where X does not send them, and asks each night whether posts of open
//! tickets are still there.

mod config;
mod handler;
mod look_up;
mod metrics;
mod search;

use config::Config;
use handler::{Poll, Run};
use kemala_classifier::Jurisdiction;
use kemala_intake::SqsQueues;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::logging;
use kemala_store::Store;
use kemala_vault::Secret;
use kemala_x_api::{Credentials, XApi};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

/// Why a run ended early. The next one goes on where it ended.
#[derive(Debug, thiserror::Error)]
enum PollError {
    #[error("the run was out of time; the next one goes on")]
    OutOfTime,
    #[error("X did not answer as asked")]
    X(#[from] kemala_x_api::Problem),
    #[error(transparent)]
    NotUnderstood(#[from] kemala_messages::x::search::NotUnderstood),
    #[error(transparent)]
    Read(#[from] kemala_store::ReadError),
    #[error(transparent)]
    Write(#[from] kemala_store::WriteError),
    #[error(transparent)]
    NotSent(#[from] kemala_intake::NotSent),
    #[error(transparent)]
    NoIntake(#[from] kemala_intake::NoIntake),
    #[error("a message could not be written")]
    Unwritable(#[from] serde_json::Error),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = &Jurisdiction::load(&config.pack_dir)?;
    let store = &Store::new(&config.aws, config.table);
    let queues = &SqsQueues::new(&config.aws, config.reports_url, config.quarantine_url);
    let x = &XApi::new(&config.x_api_url)?;
    let keys = &Secret::<Credentials>::new(&config.aws, config.account_secret_id);
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<Run>| async move {
        let deadline = Deadline::of(&event.context);
        // Read anew each time: keys that were changed count at once, and a run a minute asks seldom enough.
        let credentials = &keys.fetch().await?;
        let poll = Poll { x, credentials, store, queues, jurisdiction, metrics };
        metrics.written_after(poll.make(&event.payload, deadline)).await.map_err(Error::from)
    }))
    .await
}
