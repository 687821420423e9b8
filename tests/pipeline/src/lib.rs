#![doc = include_str!("../README.md")]

pub mod calls;
pub mod command;
pub mod world;
