#![doc = include_str!("../README.md")]

mod config;
mod counts;
mod handler;
mod pages;
mod route;
mod site;

use config::Config;
use handler::Handler;
use jiff::Timestamp;
use kemala_runtime::logging;
use kemala_runtime::request::Request;
use kemala_store::Store;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use site::Site;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = Config::read()?;
    let site = Site::load(&config.pack_dir)?;
    let store = Store::new(&config.aws, config.table);
    let handler = &Handler::new(store, site);
    run(service_fn(move |event: LambdaEvent<Request>| async move {
        Ok::<_, Error>(handler.answer(&event.payload, Timestamp::now()).await)
    }))
    .await
}
