//! X posts webhooks here. What it says 200 to is in the `reports` queue, or in quarantine; nothing else is promised.

pub mod config;
pub mod handler;
pub mod metrics;
pub mod secrets;
