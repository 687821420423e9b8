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
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::Terms;
use kemala_runtime::logging;
use kemala_runtime::request::Request;
use kemala_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let terms = Terms { policy: &jurisdiction.policy, calendar: &jurisdiction.calendar };
    let store = Store::new(&config.aws, config.table);
    let api = &Api::new(&store, terms, config.role_prefix);
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        Ok::<_, Error>(api.answer(&event.payload, Timestamp::now()).await)
    }))
    .await
}
