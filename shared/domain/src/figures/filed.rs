//! What figures need of a ticket as an event left it, where no event tells it.

use serde::{Deserialize, Serialize};

use super::Spot;
use crate::decision::{Category, Decision, Kind, Urgency};
use crate::ids::RegionCode;
use crate::ticket::Ticket;

/// Under what an event counts. It stands in the event, for not all of it can be rebuilt from events: a report that joins
/// may change what a ticket is about and how urgent it is, and whether a post is a copy no event says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// What the ticket was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Where it was, down to regency or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regency: Option<RegionCode>,
    /// In which subdistrict, where that was known; `None` of events from before places were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdistrict: Option<RegionCode>,
    /// With the two below: which promises it had.
    pub kind: Kind,
    /// How soon somebody had to act.
    pub urgency: Urgency,
    /// Whether officials were accused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supervisory: bool,
    /// How many posts spoke of it, copies of one text counted once.
    pub voices: u32,
}

impl Filed {
    /// Of a ticket as it is.
    pub fn of(ticket: &Ticket) -> Self {
        let Decision { category, place, kind, urgency, supervisory, .. } = &ticket.decision;
        Self {
            category: category.clone(),
            regency: place.regency(),
            subdistrict: place.subdistrict(),
            kind: *kind,
            urgency: *urgency,
            supervisory: *supervisory,
            voices: ticket.voices,
        }
    }

    /// Where the public board counts it.
    pub fn spot(&self) -> Spot {
        if self.supervisory {
            return Spot::Supervisory;
        }
        Spot::Place(self.subdistrict.clone().or_else(|| self.regency.clone()))
    }

    /// A ticket's decision with what was decided then, as far as promises follow from it.
    pub(super) fn promised(&self, decision: &Decision) -> Decision {
        let Self { kind, urgency, supervisory, .. } = *self;
        // Single categories may have promises of their own.
        Decision { category: self.category.clone(), kind, urgency, supervisory, ..decision.clone() }
    }
}
