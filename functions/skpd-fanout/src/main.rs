//! New events to the queues they name: the table's stream in, agencies' queues out.

// The SDK's futures lie deep within each other.
#![recursion_limit = "256"]

use aws_lambda_events::event::dynamodb::Event;
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_current_pack::CurrentPack;
use kemala_delivery::{AgencyQueues, Config, Courier, PeopleTopic, ReplyQueue};
use kemala_runtime::logging;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use lambda_runtime::{LambdaEvent, run, service_fn};
use skpd_fanout::handler::Fanout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::init();
    let config = Config::read()?;
    let jurisdiction = Jurisdiction::load(&config.pack_dir)?;
    let store = &Store::new(&config.aws, config.table);
    let queues = &AgencyQueues::new(&config.aws, config.queue_url_prefix);
    let replies = &ReplyQueue::new(&config.aws, config.replies_url);
    let people = &PeopleTopic::new(&config.aws, config.people_topic_arn);
    let rows = PackRows::new(store.clone(), &jurisdiction.name);
    let every = SignedDuration::from_secs(config.pack_refresh_seconds.into());
    let current = &CurrentPack::new(jurisdiction, config.pack_dir, rows, every, config.metrics.clone());
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<Event>| async move {
        let now = Timestamp::now();
        let work = async {
            let jurisdiction = current.at(now).await;
            let (rules, terms) = (&jurisdiction.replies.rules, jurisdiction.terms());
            Fanout::new(Courier::new(store, queues, replies, people, rules, terms, metrics)).take(event, now).await
        };
        Ok::<_, lambda_runtime::Error>(metrics.written_after(work).await)
    }))
    .await
}
