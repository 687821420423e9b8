#![doc = include_str!("../README.md")]

mod error;
pub mod idempotency;
mod items;
pub mod keys;
pub mod lists;
pub mod outbox;
pub mod overrides;
pub mod posts;
pub mod reports;
mod store;
mod write;

pub use error::{ReadError, WriteError};
pub use store::Store;
