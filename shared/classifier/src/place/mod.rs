//! Where it is: from names in a text to the most specific place that fits all of them.

mod areas;
mod evidence;
mod gazetteer;
mod mentions;
mod names;
mod resolve;
mod roles;
mod typos;
mod weights;

pub(crate) use areas::Areas;
pub(crate) use gazetteer::{Gazetteer, Level, Name, PlaceEntry};
pub(crate) use mentions::{Knowledge, PlaceWords};
pub(crate) use resolve::{Located, locate};

#[cfg(test)]
mod shipped_tests;
