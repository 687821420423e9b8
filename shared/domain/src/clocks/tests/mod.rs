//! Proofs of the clocks.

mod brute_force;
mod oracle;
mod published_bugs;
mod story;
