#![doc = include_str!("../README.md")]

pub mod draw;
mod map;
mod path;

pub use map::{Map, NoMap, Shape, Sheet};
