#![doc = include_str!("../README.md")]

pub mod aws;
pub mod batch;
pub mod config;
pub mod deadline;
pub mod guard;
pub mod logging;
pub mod metrics;
pub mod request;
