//! Agencies read their tickets and act on them: an HTTP API that only an agency's own role may call.

mod caller;
mod config;
mod handler;
mod problem;
mod route;
mod tickets;
mod updates;

use config::Config;
use handler::Api;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
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
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let store = &Store::new(&config.aws, config.table);
    let rows = PackRows::new(store.clone(), &jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let current = &CurrentPack::new(jurisdiction, config.pack_dir, rows, every);
    let role_prefix = &config.role_prefix;
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        let now = Timestamp::now();
        let jurisdiction = current.at(now).await;
        let bodies = jurisdiction.bodies(jurisdiction.calendar.local(now).date());
        Ok::<_, Error>(Api::new(store, jurisdiction.terms(), bodies, role_prefix).answer(&event.payload, now).await)
    }))
    .await
}
