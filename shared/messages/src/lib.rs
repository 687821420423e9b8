#![doc = include_str!("../README.md")]

pub mod agency;
pub mod agency_api;
pub mod in_queue;
mod json;
pub mod notice;
#[cfg(feature = "schema")]
pub mod openapi;
pub mod ping;
pub mod quarantine;
pub mod report;
#[cfg(feature = "schema")]
pub mod schema;
pub mod wake;
pub mod x;

pub use json::{JsonFault, SQS_MAX_BYTES};
