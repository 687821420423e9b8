//! Reports become tickets: the `reports` queue in, transactions on the table out.

mod config;
mod handler;
mod incidents;
mod plan;
mod quarantine;

use aws_lambda_events::event::sqs::SqsEvent;
use config::Config;
use handler::Classification;
use kemala_classifier::Pack;
use kemala_runtime::logging;
use kemala_store::Store;
use lambda_runtime::{LambdaEvent, run, service_fn};
use quarantine::Quarantine;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let config = Config::read()?;
    let pack = Pack::load(&config.pack_dir)?;
    let store = Store::new(&config.aws, config.table).keeping_voices_for_days(pack.jurisdiction.report_retention_days);
    let quarantine = Quarantine::new(&config.aws, config.quarantine_url);
    let classification = &Classification::new(&pack, &store, &quarantine);
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, lambda_runtime::Error>(classification.take(event).await)
    }))
    .await
}
