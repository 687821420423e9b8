#![doc = include_str!("../README.md")]

pub mod agency_api;
pub mod aws;
mod bench;
pub mod citizen;
pub mod cli;
mod commands;
pub mod cost;
pub mod deployment;
pub mod follow;
pub mod local;
pub mod names;
pub mod policy;
pub mod problem;
pub mod progress;
pub mod queue;
pub mod replacement;
pub mod rotation;
pub mod samples;
mod secret_input;
pub mod simulation;
pub mod since;
pub mod target;
mod terminal;
pub mod version;
pub mod webhook;
pub mod whole_pack;
pub mod x_webhooks;

pub use commands::{Outcome, run};
