//! Searches X for posts with the pack's hashtags, where X does not send them, and asks each night whether posts of open
//! tickets are still there.

use kemala_classifier::Jurisdiction;
use kemala_intake::SqsQueues;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::logging;
use kemala_store::Store;
use kemala_vault::Secret;
use kemala_x_api::{Credentials, XApi};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use search_poll::config::Config;
use search_poll::handler::{Poll, Run};

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
