#![doc = include_str!("../README.md")]

pub mod answer;
pub mod language;
pub mod words;

/// The style that all faces begin with.
pub const BASE_CSS: &str = include_str!("base.css");
