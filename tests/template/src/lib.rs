#![doc = include_str!("../README.md")]
#![cfg(test)]

mod agencies;
mod artefact;
mod limits;
mod permissions;
mod policy;
mod sources;
mod template;
mod transformed;
mod watch;
mod wiring;
