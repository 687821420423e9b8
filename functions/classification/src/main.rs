//! Reports become tickets: the `reports` queue in, transactions on the table out.

// The SDK's futures lie deep within each other.
#![recursion_limit = "256"]

use aws_lambda_events::event::sqs::SqsEvent;
use classification::config::Config;
use classification::handler::Classification;
use classification::quarantine::Quarantine;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Pack;
use kemala_current_pack::CurrentPack;
use kemala_runtime::logging;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let config = Config::read()?;
    let pack = Pack::load(&config.pack_dir)?;
    let store = Store::new(&config.aws, config.table).keeping_voices_for_days(pack.jurisdiction.report_retention_days);
    let quarantine = &Quarantine::new(&config.aws, config.quarantine_url);
    let rows = PackRows::new(store.clone(), &pack.jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let metrics = &config.metrics;
    let current = &CurrentPack::new(pack, config.pack_dir, rows, every, metrics.clone());
    let store = &store;
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let now = Timestamp::now();
        let work = async {
            let pack = current.at(now).await;
            Classification::new(&pack, store, quarantine, metrics).take(event, now).await
        };
        Ok::<_, lambda_runtime::Error>(metrics.written_after(work).await)
    }))
    .await
}
