//! Agencies read their tickets and act on them: an HTTP API that only an agency's own role may call.

// The SDK's futures lie deep within each other.
#![recursion_limit = "256"]

use agency_updates::config::Config;
use agency_updates::handler::Api;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Pack;
use kemala_current_pack::CurrentPack;
use kemala_runtime::logging;
use kemala_runtime::request::Request;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let pack = Pack::load(&config.pack_dir)?;
    let store = Store::new(&config.aws, config.table);
    // Voices that a join moves keep their time.
    let store = &store.keeping_voices_for_days(pack.jurisdiction.report_retention_days);
    let rows = PackRows::new(store.clone(), &pack.jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let current = &CurrentPack::new(pack, config.pack_dir, rows, every, config.metrics.clone());
    let role_prefix = &config.role_prefix;
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        let now = Timestamp::now();
        let work = async {
            let pack = current.at(now).await;
            Api::new(store, &pack, role_prefix, metrics, now).answer(&event.payload, now).await
        };
        Ok::<_, Error>(metrics.written_after(work).await)
    }))
    .await
}
