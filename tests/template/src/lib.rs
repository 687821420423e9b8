#![doc = include_str!("../README.md")]
#![cfg(test)]

mod agencies;
mod permissions;
mod template;
mod wiring;
