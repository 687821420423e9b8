#![doc = include_str!("../README.md")]

pub mod agency_api;
pub mod aws;
mod bench;
pub mod cli;
mod commands;
pub mod deployment;
pub mod follow;
pub mod local;
pub mod names;
pub mod problem;
pub mod progress;
pub mod queue;
pub mod replacement;
pub mod samples;
pub mod simulation;
pub mod since;
pub mod target;
mod terminal;
pub mod version;
pub mod webhook;

pub use commands::{Outcome, run};
