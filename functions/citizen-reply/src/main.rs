//! Posts to citizens. A message only wakes: the row says what to do, and at most one post comes of it.

// The SDK's futures lie deep within each other.
#![recursion_limit = "256"]

use aws_lambda_events::event::sqs::SqsEvent;
use citizen_reply::config::Config;
use citizen_reply::handler::take;
use citizen_reply::platform::X;
use citizen_reply::poster::Poster;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_current_pack::CurrentPack;
use kemala_runtime::logging;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use kemala_vault::Secret;
use kemala_x_api::XApi;
use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let store = &Store::new(&config.aws, config.table);
    let platform = &X::new(XApi::new(&config.x_api_url)?, Secret::new(&config.aws, config.account_secret_id));
    let rows = PackRows::new(store.clone(), &jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let current = &CurrentPack::new(jurisdiction, config.pack_dir, rows, every, config.metrics.clone());
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        let now = Timestamp::now();
        let work = async {
            let jurisdiction = current.at(now).await;
            take(&Poster::new(store, platform, &jurisdiction, metrics), event, now).await
        };
        Ok::<_, lambda_runtime::Error>(metrics.written_after(work).await)
    }))
    .await
}
