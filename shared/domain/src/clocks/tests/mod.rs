//! Proofs of the clocks.

mod brute_force;
mod model;
mod oracle;
mod published_bugs;
mod story;
