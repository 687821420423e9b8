//! The pages, one a file.

pub mod act;
pub mod audit;
pub mod bulk;
pub mod files;
mod forms;
mod frame;
pub mod list;
mod map;
pub mod notice;
mod preview;
pub mod reports;
pub mod search;
pub mod ticket;
