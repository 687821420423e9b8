#![doc = include_str!("../README.md")]

pub mod audit;
mod batch;
pub mod board;
mod calls;
pub mod cursors;
mod error;
pub mod figures;
pub mod idempotency;
mod incidents;
mod items;
pub mod keys;
pub mod labels;
mod late_join;
pub mod lists;
pub mod month_files;
pub mod news;
pub mod opened;
pub mod outbox;
pub mod overrides;
mod photos;
pub mod pings;
pub mod posts;
pub mod replies;
pub mod reports;
mod seen_live;
mod store;
mod write;

pub use error::{ReadError, WriteError};
pub use late_join::JoinError;
pub use store::Store;
