//! Tickets of one incident become one; due clocks move up a step; what the stream missed is delivered; months that are over
//! are closed, and the public board is added up. Runs every minute.

// The SDK's futures lie deep within each other.
#![recursion_limit = "256"]

use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_current_pack::CurrentPack;
use kemala_delivery::{AgencyQueues, Config, Courier, PeopleTopic, ReplyQueue};
use kemala_runtime::logging;
use kemala_store::Store;
use kemala_store::overrides::PackRows;
use lambda_runtime::{LambdaEvent, run, service_fn};
use sla_escalation::handler::{Round, Schedule};

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
    let pack_dir = &config.pack_dir;
    let current = &CurrentPack::new(jurisdiction, pack_dir.clone(), rows, every, config.metrics.clone());
    let metrics = &config.metrics;
    run(service_fn(move |event: LambdaEvent<Schedule>| async move {
        let clock = Timestamp::now();
        let work = async {
            let jurisdiction = current.at(clock).await;
            let (rules, terms) = (&jurisdiction.replies.rules, jurisdiction.terms());
            let courier = Courier::new(store, queues, replies, people, rules, terms, metrics);
            Round::new(store, courier, pack_dir, &jurisdiction, metrics).make(event, clock).await
        };
        metrics.written_after(work).await.map_err(lambda_runtime::Error::from)
    }))
    .await
}
