#![doc = include_str!("../README.md")]

mod config;
mod filter;
mod form;
mod format;
mod handler;
mod keys;
mod known;
mod refusal;
mod report;
mod route;
mod site;
mod updates;
mod view;
mod wire;

use config::Config;
use handler::Handler;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_current_pack::CurrentPack;
use kemala_intake::SqsQueues;
use kemala_runtime::logging;
use kemala_runtime::request::Request;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use kemala_vault::Secret;
use keys::TrustedKeys;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use site::Site;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let site = Site::load(&config.pack_dir, config.stage)?;
    let store = Store::new(&config.aws, config.table);
    let rows = PackRows::new(store.clone(), &jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let current = &CurrentPack::new(jurisdiction, config.pack_dir, rows, every, config.metrics.clone());
    let keys = TrustedKeys::new(Secret::new(&config.aws, config.keys_secret_id));
    let queues = SqsQueues::for_reports(&config.aws, config.reports_url);
    let handler = &Handler { store, site, keys, queues };
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        let now = Timestamp::now();
        let work = async {
            let jurisdiction = current.at(now).await;
            handler.answer(&event.payload, &jurisdiction, now).await
        };
        Ok::<_, Error>(metrics.written_after(work).await)
    }))
    .await
}
