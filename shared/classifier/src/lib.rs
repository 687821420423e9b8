#![doc = include_str!("../README.md")]

mod assign;
mod classify;
mod commands;
mod confidence;
mod cues;
mod explain;
mod incident;
mod line;
mod masking;
pub mod model;
pub mod pack;
mod place;
mod reading;
mod replies;
mod routing;
mod rules;
mod text;
mod verdict;

pub use classify::{Classified, Post};
pub use commands::Command;
pub use confidence::log_odds;
pub use incident::{Comparison, SameIncident, Verdict};
pub use line::ClassifyLine;
pub use masking::mask;
pub use pack::{
    Account, Agencies, Agency, Categories, CategoryEntry, Consumer, District, Districts, HashtagSource, Jurisdiction,
    Neighbours, Pack, PackError, PackErrors, REPLACEABLE, SHARED, file_of, is_pack_name,
};
pub use replies::LONGEST_POST;
