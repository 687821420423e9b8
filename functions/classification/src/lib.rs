//! Reports become tickets: the `reports` queue in, transactions on the table out.

pub mod config;
mod conversation;
pub mod handler;
mod incidents;
pub mod metrics;
mod opening;
mod plan;
pub mod quarantine;
