//! SQS, DynamoDB, SNS and Secrets Manager in memory, behind the SDK's own HTTP client: what functions send is what AWS
//! would get, byte for byte, and what comes back goes through the SDK's own reading, retries and time-outs.
//!
//! It is checked against the emulator (`tests/pipeline`), and it knows what the emulator does not have: indexes that lag,
//! transactions in conflict, calls that fail before or after their effect.

mod answer;
mod expression;
pub mod item;
pub mod queues;
pub mod table;
pub mod wire;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

pub use answer::Answer;
use queues::Queues;
use table::Table;

/// A call, as it came over the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `dynamodb`, `sqs`, `sns` or `secretsmanager`.
    pub service: Service,
    /// Such as `TransactWriteItems`.
    pub operation: String,
    /// The request; of SNS, its form.
    pub request: Value,
}

/// A service that is modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// The table.
    DynamoDb,
    /// The queues.
    Sqs,
    /// The topic of people.
    Sns,
    /// The secrets.
    Secrets,
}

/// All services of an account.
#[derive(Debug, Default)]
pub struct Cloud(Mutex<State>);

/// What the services hold.
#[derive(Debug, Default)]
pub struct State {
    /// The one table.
    pub table: Table,
    /// All queues.
    pub queues: Queues,
    /// What people were told by SNS: subject or message.
    pub told: Vec<String>,
    /// Secrets by id.
    pub secrets: BTreeMap<String, String>,
    /// The cloud's clock, in milliseconds of Unix time.
    pub now: i64,
    /// How often each operation was called and answered, failures included.
    pub calls: BTreeMap<(Service, String), u64>,
}

impl Cloud {
    /// What it holds, for the one who asks alone.
    pub fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves nothing half-done here: every change is one call.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call, and does what it asks.
    pub fn answer(&self, call: &Call) -> Answer {
        let mut state = self.state();
        *state.calls.entry((call.service, call.operation.clone())).or_default() += 1;
        let now = state.now;
        match call.service {
            Service::DynamoDb => state.table.answer(&call.operation, &call.request),
            Service::Sqs => state.queues.answer(&call.operation, &call.request, now),
            Service::Sns => {
                let message = call.request["Message"].as_str().unwrap_or_default().to_owned();
                state.told.push(message);
                let body = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
                            <MessageId>told</MessageId></PublishResult></PublishResponse>";
                Answer { status: 200, body: body.to_owned() }
            }
            Service::Secrets => match state.secrets.get(call.request["SecretId"].as_str().unwrap_or_default()) {
                Some(secret) => Answer::ok(json!({ "SecretString": secret, "Name": call.request["SecretId"] })),
                None => Answer::error(400, "ResourceNotFoundException", "there is no such secret"),
            },
        }
    }
}
