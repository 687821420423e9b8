#![doc = include_str!("../README.md")]

mod config;
mod desk;
mod form;
mod handler;
mod pages;
mod route;
mod sign_in;
mod words;

use config::Config;
use handler::Handler;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Pack;
use kemala_current_pack::CurrentPack;
use kemala_map::Map;
use kemala_runtime::logging;
use kemala_runtime::request::Request;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use sign_in::key::SessionKey;
use sign_in::provider::Provider;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let pack = Pack::load(&config.pack_dir)?;
    let map = Map::load(&config.pack_dir)?;
    let map = map.as_ref();
    let store = Store::new(&config.aws, config.table);
    // Voices that a join moves keep their time.
    let store = &store.keeping_voices_for_days(pack.jurisdiction.report_retention_days);
    let rows = PackRows::new(store.clone(), &pack.jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let current = &CurrentPack::new(pack, config.pack_dir, rows, every, config.metrics.clone());
    let key = &SessionKey::new(&config.aws, config.session_secret_id);
    let desk_url = &config.sign_in.desk_url.clone();
    let provider = &Provider::new(config.sign_in)?;
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        let now = Timestamp::now();
        let work = async {
            let pack = current.at(now).await;
            Handler { store, pack: &pack, map, provider, key, desk_url, now }.answer(&event.payload).await
        };
        Ok::<_, Error>(metrics.written_after(work).await)
    }))
    .await
}
