#![doc = include_str!("../README.md")]

pub mod backoff;
mod config;
mod courier;
mod queues;

pub use config::Config;
pub use courier::{Courier, DeliveryError, Outcome};
pub use queues::{AgencyQueues, ReplyQueue, SendError};
