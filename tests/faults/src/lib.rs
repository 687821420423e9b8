#![doc = include_str!("../README.md")]

pub mod cloud;
mod oracle;
mod process;
mod schedule;
mod weather;
mod x;

pub use oracle::Broken;
pub use schedule::{Done, run};
