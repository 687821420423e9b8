#![doc = include_str!("../README.md")]

pub mod agency;
mod json;
pub mod quarantine;
pub mod report;
pub mod wake;
pub mod x;

pub use json::{JsonFault, SQS_MAX_BYTES};
