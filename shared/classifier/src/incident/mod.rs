//! Whether two reports are about one incident.
//!
//! Citizens describe the same thing in other words, and other things in the same words. So the place decides first:
//! nothing joins across two subdistricts. Within one, category, words and time speak for, and details that tell two
//! things of a kind apart (RT, kilometre, the name of a road, the number of a school) speak against.

mod details;
mod score;
mod signature;
mod words;

pub use score::{Comparison, SameIncident, Verdict};
pub(crate) use words::{IncidentWords, Lists};

#[cfg(test)]
mod incident_tests;
#[cfg(test)]
mod pairs;
