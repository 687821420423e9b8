//! Proofs of the clocks.

mod published_bugs;
mod story;
