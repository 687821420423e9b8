//! Tickets of one incident become one; due clocks move up a step; what the stream missed is delivered. Runs every minute.

mod escalate;
mod handler;
mod late_join;
mod sweep;

use handler::{Round, Schedule};
use kemala_classifier::Jurisdiction;
use kemala_delivery::{AgencyQueues, Config, Courier};
use kemala_domain::clocks::Terms;
use kemala_runtime::logging;
use kemala_store::Store;
use lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let terms = Terms { policy: &jurisdiction.policy, calendar: &jurisdiction.calendar };
    let store = Store::new(&config.aws, config.table).keeping_voices_for_days(jurisdiction.report_retention_days);
    let queues = AgencyQueues::new(&config.aws, config.queue_url_prefix);
    let round = &Round::new(&store, Courier::new(&store, &queues, terms), &jurisdiction.same_incident, terms);
    run(service_fn(move |event: LambdaEvent<Schedule>| async move {
        round.make(event).await.map_err(lambda_runtime::Error::from)
    }))
    .await
}
