//! Processes: a function, started anew for each call, as after a kill; with the real SDK over the cloud in memory.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_types::SdkConfig;
use citizen_reply::poster::Poster;
use classification::handler::Classification;
use classification::quarantine::Quarantine;
use jiff::Timestamp;
use kemala_classifier::Pack;
use kemala_delivery::{AgencyQueues, Courier, PeopleTopic, ReplyQueue};
use kemala_domain::AgencyCode;
use kemala_intake::{SqsQueues, listening};
use kemala_runtime::aws::{Timeouts, sdk_config};
use kemala_runtime::config::Env;
use kemala_runtime::metrics::Metrics;
use kemala_store::Store;
use kemala_vault::Secret;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use sla_escalation::handler::{Round, Schedule};
use webhook_intake::handler::Handler;
use webhook_intake::secrets::CachedSecrets;

use crate::cloud::Cloud;
use crate::cloud::queues::Message;
use crate::cloud::table::Record;
use crate::cloud::wire::Wire;
use crate::weather::{Over, Sky};
use crate::x::X;

/// What every name of the account begins with.
pub const STACK: &str = "kemala-dev-jateng";
/// Id of the secret that webhooks are signed with.
pub const SECRET_ID: &str = "kemala-dev-jateng-x";

/// Where functions run.
#[derive(Debug)]
pub struct Account<'a> {
    /// The services.
    pub cloud: Arc<Cloud>,
    /// What goes wrong.
    pub sky: Arc<Sky>,
    /// What they decide by.
    pub pack: &'a Pack,
    /// Where the pack lies.
    pub pack_dir: &'a std::path::Path,
    /// A region of its own: retries are counted by region, and no schedule may know of another.
    pub region: String,
}

/// Address of a queue.
fn queue(name: &str) -> String {
    format!("http://cloud.invalid/000000000000/{STACK}-{name}")
}

impl Account<'_> {
    fn config(&self, over: &Arc<Over>, timeouts: Timeouts) -> SdkConfig {
        let mut env = Env::given(|name| match name {
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("key".to_owned()),
            "AWS_REGION" => Some(self.region.clone()),
            "AWS_ENDPOINT_URL" => Some("http://cloud.invalid".to_owned()),
            _ => None,
        });
        let wire = Wire::new(Arc::clone(&self.cloud), Arc::clone(over) as _);
        sdk_config(&mut env, timeouts).into_builder().http_client(wire).build()
    }

    fn store(&self, config: &SdkConfig) -> Store {
        let days = self.pack.jurisdiction.report_retention_days;
        Store::new(config, STACK.to_owned()).keeping_voices_for_days(days)
    }

    /// X posts a body; the status, or `None` where the process was killed.
    pub async fn intake(&self, body: &str, signature: &str, now: Timestamp) -> Option<i64> {
        let over = Over::process(&self.sky);
        let config = self.config(&over, Timeouts::INTERACTIVE);
        let secrets = CachedSecrets::new(Secret::new(&config, SECRET_ID.to_owned()));
        let queues = SqsQueues::new(&config, queue("reports"), queue("quarantine"));
        let handler = Handler::new(listening(&self.pack.jurisdiction), secrets, queues, unheard());
        let request = json!({
            "requestContext": {"http": {"method": "POST"}}, "headers": {"x-twitter-webhooks-signature": signature},
            "body": body, "isBase64Encoded": false
        });
        let request = serde_json::from_value(request).expect("a request as Lambda hands it over");
        over.run(Box::pin(handler.answer(&request, now))).await.map(|response| response.status_code)
    }

    /// Messages that go back to the queue: ids; `None` where the process was killed.
    pub async fn classify(&self, batch: &[Message], now: Timestamp) -> Option<Vec<String>> {
        let over = Over::process(&self.sky);
        let config = self.config(&over, Timeouts::BACKGROUND);
        let store = self.store(&config);
        let quarantine = Quarantine::new(&config, queue("quarantine"));
        let metrics = unheard();
        let function = Classification::new(self.pack, &store, &quarantine, &metrics);
        let response = over.run(Box::pin(function.take(event(sqs_event(batch)), now))).await?;
        Some(response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect())
    }

    /// Takes records of the stream; whether the batch was done.
    pub async fn fan_out(&self, records: &[Record], now: Timestamp) -> bool {
        let over = Over::process(&self.sky);
        let config = self.config(&over, Timeouts::BACKGROUND);
        let (store, parts) = (self.store(&config), Parts::new(&config));
        let fanout = skpd_fanout::handler::Fanout::new(parts.courier(&store, self.pack));
        let taken = over.run(Box::pin(fanout.take(event(stream_event(records)), now))).await;
        taken.is_some_and(|response| response.batch_item_failures.is_empty())
    }

    /// A round of the clocks; whether it ended well.
    pub async fn round(&self, now: Timestamp) -> bool {
        let over = Over::process(&self.sky);
        let config = self.config(&over, Timeouts::BACKGROUND);
        let (store, parts) = (self.store(&config), Parts::new(&config));
        let courier = parts.courier(&store, self.pack);
        let round = Round::new(&store, courier, self.pack_dir, &self.pack.jurisdiction, &parts.metrics);
        let schedule = Schedule { time: Some(now) };
        matches!(over.run(Box::pin(round.make(event(schedule), now))).await, Some(Ok(_)))
    }

    /// Wake-ups that go back to the queue: ids; `None` where the process was killed.
    pub async fn reply(&self, batch: &[Message], x: &X<'_>, now: Timestamp) -> Option<Vec<String>> {
        let over = Over::process(&self.sky);
        let config = self.config(&over, Timeouts::BACKGROUND);
        let store = self.store(&config);
        let metrics = unheard();
        let poster = Poster::new(&store, x, &self.pack.jurisdiction, &metrics);
        let taken = citizen_reply::handler::take(&poster, event(sqs_event(batch)), now);
        let response = over.run(Box::pin(taken)).await?;
        Some(response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect())
    }

    /// An agency acts on a ticket; the status, or `None` where the process was killed.
    pub async fn update(
        &self,
        agency: &AgencyCode,
        ticket: &str,
        key: &str,
        body: &Value,
        now: Timestamp,
    ) -> Option<i64> {
        let over = Over::process(&self.sky);
        let config = self.config(&over, Timeouts::BACKGROUND);
        let store = self.store(&config);
        let prefix = format!("{STACK}-skpd-");
        let arn = format!("arn:aws:sts::000000000000:assumed-role/{prefix}{agency}/poll");
        let request = json!({
            "rawPath": format!("/agencies/{agency}/tickets/{ticket}/updates"),
            "requestContext": {"http": {"method": "POST"}, "authorizer": {"iam": {"userArn": arn}}},
            "headers": {"idempotency-key": key}, "body": body.to_string(), "isBase64Encoded": false
        });
        let request = serde_json::from_value(request).expect("a request as Lambda hands it over");
        let metrics = unheard();
        let api = agency_updates::handler::Api::new(&store, self.pack, &prefix, &metrics, now);
        over.run(Box::pin(api.answer(&request, now))).await.map(|response| response.status_code)
    }

    /// The table, for who only looks, without faults.
    pub fn look(&self) -> Store {
        let calm = Arc::new(Sky::new(0));
        self.store(&self.config(&Over::process(&calm), Timeouts::BACKGROUND))
    }
}

/// What delivers.
struct Parts {
    queues: AgencyQueues,
    replies: ReplyQueue,
    people: PeopleTopic,
    metrics: Metrics,
}

impl Parts {
    fn new(config: &SdkConfig) -> Self {
        Self {
            queues: AgencyQueues::new(config, queue("skpd-")),
            replies: ReplyQueue::new(config, queue("replies.fifo")),
            people: PeopleTopic::new(config, "arn:aws:sns:ap-southeast-3:000000000000:people".to_owned()),
            metrics: unheard(),
        }
    }

    fn courier<'a>(&'a self, store: &'a Store, pack: &'a Pack) -> Courier<'a> {
        let jurisdiction = &pack.jurisdiction;
        let (rules, terms) = (&jurisdiction.replies.rules, jurisdiction.terms());
        Courier::new(store, &self.queues, &self.replies, &self.people, rules, terms, &self.metrics)
    }
}

/// Measurements that nobody reads.
fn unheard() -> Metrics {
    Metrics::to(STACK, |_| {})
}

/// An invocation with 30 seconds.
fn event<T>(payload: T) -> LambdaEvent<T> {
    let mut context = Context::default();
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + Duration::from_secs(30);
    context.deadline = u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX);
    LambdaEvent::new(payload, context)
}

fn sqs_event(batch: &[Message]) -> aws_lambda_events::event::sqs::SqsEvent {
    let records: Vec<Value> = batch
        .iter()
        .map(|message| json!({ "messageId": message.id, "body": message.body, "attributes": {}, "messageAttributes": {} }))
        .collect();
    serde_json::from_value(json!({ "Records": records })).expect("a batch as Lambda hands it over")
}

fn stream_event(records: &[Record]) -> aws_lambda_events::event::dynamodb::Event {
    let records: Vec<Value> = records
        .iter()
        .map(|record| {
            json!({
                "awsRegion": "x", "eventID": record.position.to_string(), "eventName": record.what,
                "dynamodb": {
                    "ApproximateCreationDateTime": 0, "SizeBytes": 1, "SequenceNumber": record.position.to_string(),
                    "Keys": {"pk": {"S": record.key.0}, "sk": {"S": record.key.1}}
                }
            })
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).expect("a batch as Lambda hands it over")
}
