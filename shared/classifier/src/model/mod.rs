//! A linear model of what posts say: learned from labelled posts, a file of the pack, the same answer each time.
//!
//! A post becomes numbers ([`Inputs`]): the n-grams of its words and letters, and what the pack's cues and places say.
//! Each question (each category, each kind, …) has a column of weights; its score is the weighted sum. Scores become
//! shares of certainty by curves that were fitted on posts the weights had not seen.

mod calibration;
mod columns;
mod file;
mod grams;
mod inputs;
mod verdict;
mod weights;

pub use calibration::{AgencySureness, Calibration, Curve};
pub use columns::{Columns, KINDS, PLAIN_COLUMNS};
pub use file::InvalidModel;
pub(crate) use inputs::Seen;
pub(crate) use weights::Known;

pub use grams::{Gram, hash_of};
pub use inputs::{DENSE, Inputs};
pub use weights::{Model, Parts, Scores, normalise, tempered};
