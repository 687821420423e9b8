#![doc = include_str!("../README.md")]

pub mod body;
pub mod problem;
pub mod tickets;
pub mod updates;

use jiff::Timestamp;
use kemala_classifier::Pack;
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::Bodies;
use kemala_store::Store;

/// What every request is answered from.
pub struct Casework<'a> {
    /// The table.
    pub store: &'a Store,
    /// The pack that counts.
    pub pack: &'a Pack,
    /// Who may have tickets today.
    pub bodies: Bodies,
}

impl<'a> Casework<'a> {
    /// Over a table and a pack, as of a moment.
    pub fn new(store: &'a Store, pack: &'a Pack, now: Timestamp) -> Self {
        let jurisdiction = &pack.jurisdiction;
        let bodies = jurisdiction.bodies(jurisdiction.calendar.local(now).date());
        Self { store, pack, bodies }
    }

    /// The law.
    pub fn terms(&self) -> Terms<'_> {
        self.pack.jurisdiction.terms()
    }
}
