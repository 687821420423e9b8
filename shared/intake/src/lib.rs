#![doc = include_str!("../README.md")]

mod listening;
mod queues;
mod sort;
mod sqs;

pub use listening::listening;
pub use queues::{NotSent, Queue, Queues, Refused, send_all};
pub use sort::{NoIntake, Outgoing, sort_body, sort_incoming};
pub use sqs::SqsQueues;
