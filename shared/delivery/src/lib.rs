#![doc = include_str!("../README.md")]

pub mod backoff;
mod config;
mod counting;
mod courier;
pub mod metrics;
mod people;
mod queues;
mod telling;

pub use config::Config;
pub use courier::{Courier, DeliveryError, Outcome};
pub use people::PeopleTopic;
pub use queues::{AgencyQueues, ReplyQueue, SendError};
pub use telling::{Telling, told_since};
