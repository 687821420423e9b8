#![doc = include_str!("../README.md")]
#![cfg(test)]

mod agencies;
mod measured;
mod permissions;
mod template;
mod watch;
mod wiring;
