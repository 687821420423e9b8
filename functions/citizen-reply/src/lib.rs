//! Posts to citizens. A message only wakes: the row says what to do, and at most one post comes of it.

pub mod config;
pub mod handler;
pub mod metrics;
pub mod platform;
pub mod poster;
