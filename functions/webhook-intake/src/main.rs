//! X posts webhooks here. What it says 200 to is in the `reports` queue, or in quarantine; nothing else is promised.

// The SDK's futures lie deep within each other.
#![recursion_limit = "256"]

use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_intake::{SqsQueues, listening};
use kemala_runtime::logging;
use kemala_runtime::request::Request;
use kemala_vault::Secret;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use webhook_intake::config::Config;
use webhook_intake::handler::Handler;
use webhook_intake::secrets::CachedSecrets;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let secrets = CachedSecrets::new(Secret::new(&config.aws, config.secret_id));
    let queues = SqsQueues::new(&config.aws, config.reports_url, config.quarantine_url);
    let metrics = &config.metrics;
    let handler = &Handler::new(listening(&jurisdiction), secrets, queues, metrics.clone());
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        Ok::<_, Error>(metrics.written_after(handler.answer(&event.payload, Timestamp::now())).await)
    }))
    .await
}
