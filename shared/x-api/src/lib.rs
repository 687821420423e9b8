#![doc = include_str!("../README.md")]

mod answer;
mod client;
pub mod oauth1;

pub use answer::{Posted, Problem};
pub use client::{Auth, XApi};
pub use oauth1::Credentials;
