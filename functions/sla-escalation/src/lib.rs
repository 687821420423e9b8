//! Tickets of one incident become one; due clocks move up a step; what the stream missed is delivered; months that are over
//! are closed, and the public board is added up. Runs every minute.

mod board;
mod close_month;
mod escalate;
pub mod handler;
mod late_join;
pub mod metrics;
mod silence;
mod sweep;
