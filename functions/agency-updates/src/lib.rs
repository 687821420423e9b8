//! Agencies read their tickets and act on them: an HTTP API that only an agency's own role may call.

mod bulk;
mod caller;
pub mod config;
pub mod handler;
pub mod metrics;
mod pings;
mod problem;
mod reports;
mod route;
mod tickets;
mod updates;
