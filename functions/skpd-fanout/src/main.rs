//! New events to the queues they name: the table's stream in, agencies' queues out.

mod handler;

use aws_lambda_events::event::dynamodb::Event;
use handler::Fanout;
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
    let store = Store::new(&config.aws, config.table);
    let queues = AgencyQueues::new(&config.aws, config.queue_url_prefix);
    let fanout = &Fanout::new(Courier::new(&store, &queues, terms));
    run(service_fn(
        move |event: LambdaEvent<Event>| async move { Ok::<_, lambda_runtime::Error>(fanout.take(event).await) },
    ))
    .await
}
