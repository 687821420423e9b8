//! Fair figures: how agencies do, counted so that every number can be added, recounted and explained.
//!
//! Each event of a ticket adds something to the figures of its own day ([`contribution()`]), and nothing else does. So the
//! figures of a day, a month or an agency are the sum over its events, in any order, and a recount from all events gives
//! the same.
//!
//! * The **day** is the event's, in the calendar's time zone. What an event takes back (see below) it takes back on its
//!   own day, not on that of the earlier one.
//! * The **agency** is who had the ticket at the event; of a hand-over, for [`Figure::Received`], who gets it.
//! * **Category** and **regency** are those of the ticket as the event left it ([`Filed`]). Where a correction or an edit
//!   changes them, only [`Figure::Open`] moves along; what was counted before stays where it was.
//! * **Places** are counted beside that, by month ([`PlaceKey`]): the same numbers, for the public board.
//! * A ticket opened before figures were kept is counted nowhere.
//! * Shares ([`Share`]) divide what happened in a time by what happened in the same time: who works off last month's
//!   tickets may pass 100 %.

mod board;
mod contribution;
mod filed;
mod format;
mod held;
mod month;
mod places;
mod sums;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use board::Board;
pub use contribution::{Added, contribution};
pub use filed::Filed;
pub use format::{Format, InvalidFormat};
pub use held::Held;
pub use month::{InvalidMonth, Month};
pub use places::{InvalidSpot, PlaceKey, Spot};
pub use sums::{Ratio, Share, Sums};

use crate::decision::Category;
use crate::ids::{AgencyCode, RegionCode};

/// A number that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Tickets opened; of the agency that had each first.
    Opened,
    /// Tickets that came into the agency's hands: opened there, or handed to it. A ticket that is handed on counts for
    /// each agency that gets it; one that a citizen reopens was there before and does not count again.
    Received,
    /// Tickets of which it is known whether the agency they were opened for was the right one: whichever comes first of
    /// its taking the ticket on, and of its or a desk's handing it on. Not those opened on the triage desk, where nobody
    /// guessed; nor those that a citizen's own words (an edit, a place) or the clock moved before.
    FirstHopKnown,
    /// Those of [`Figure::FirstHopKnown`] that the first agency took on. Taken back where it hands the ticket on after all.
    FirstHopRight,
    /// Tickets received that the agency took on: accepted, begun, asked about, answered or resolved. Taken back where the
    /// agency then says that the ticket is not theirs.
    Acknowledged,
    /// Tickets received about which the agency gave the citizen an answer or a resolution. A question is none.
    Answered,
    /// Resolutions: times that the agency said that the matter is settled. A ticket that is reopened and resolved again
    /// has two.
    Resolved,
    /// Tickets resolved by the deadline of their promise (put off while the citizen was asked), at the first resolution.
    PromiseKept,
    /// Tickets whose deadline passed before any resolution, counted for who had it at the first event after that: as a rule
    /// the clock's own. With [`Figure::PromiseKept`] these are all tickets whose promise is decided: who never resolves
    /// anything is not in time. Each ticket is decided once; whether the resolution was a good one, say
    /// [`Figure::Reopened`] and [`Figure::Confirmed`].
    PromiseBroken,
    /// Resolutions that were not the end: the ticket was opened again.
    Reopened,
    /// Resolutions that the citizen said are right.
    Confirmed,
    /// Tickets that ended: closed after a resolution, rejected, or withdrawn by who reported them. One that is reopened
    /// and ends again counts twice; one that was joined into another is [`Figure::Joined`] instead.
    Ended,
    /// Those of [`Figure::Ended`] that were rejected: nobody could act on it.
    ClosedWithoutAction,
    /// Times that the agency said that a ticket is not theirs.
    HandedBack,
    /// Tickets whose reporter the platform does not let us answer, at the first such failure.
    Unreachable,
    /// Tickets that were joined into another of the same incident.
    Joined,
    /// Posts that speak of tickets, copies of one text counted once, those that are gone taken away. The posts of a joined
    /// ticket count for the ticket that goes on.
    Voices,
    /// Change of the number of open tickets. Its sum over all days up to one is what was open at the end of that day.
    Open,
}

impl Figure {
    /// Every figure, in the order in which people read them.
    pub const ALL: [Figure; 18] = [
        Figure::Opened,
        Figure::Received,
        Figure::FirstHopKnown,
        Figure::FirstHopRight,
        Figure::Acknowledged,
        Figure::Answered,
        Figure::Resolved,
        Figure::PromiseKept,
        Figure::PromiseBroken,
        Figure::Reopened,
        Figure::Confirmed,
        Figure::Ended,
        Figure::ClosedWithoutAction,
        Figure::HandedBack,
        Figure::Unreachable,
        Figure::Joined,
        Figure::Voices,
        Figure::Open,
    ];

    /// Its name in rows and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Received => "received",
            Self::FirstHopKnown => "first_hop_known",
            Self::FirstHopRight => "first_hop_right",
            Self::Acknowledged => "acknowledged",
            Self::Answered => "answered",
            Self::Resolved => "resolved",
            Self::PromiseKept => "promise_kept",
            Self::PromiseBroken => "promise_broken",
            Self::Reopened => "reopened",
            Self::Confirmed => "confirmed",
            Self::Ended => "ended",
            Self::ClosedWithoutAction => "closed_without_action",
            Self::HandedBack => "handed_back",
            Self::Unreachable => "unreachable",
            Self::Joined => "joined",
            Self::Voices => "voices",
            Self::Open => "open",
        }
    }

    /// The figure of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }
}

/// What figures count for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiguresKey {
    /// The day, in the calendar's time zone.
    pub day: Date,
    /// Who, about what, where.
    pub subject: Subject,
}

/// Who, about what, where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The agency or desk.
    pub agency: AgencyCode,
    /// What about; `None` where that was not known.
    pub category: Option<Category>,
    /// The regency or city; `None` where that was not known.
    pub regency: Option<RegionCode>,
}

/// Counts, and times. Figures that are added in any order and any grouping are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    counts: BTreeMap<Figure, i64>,
    /// Working time of each stretch in which the ticket was the agency's to act on: from when it came (or came back) to the
    /// agency until the agency resolved it, rejected it, or it or a desk handed it on. Without the time before it was
    /// theirs, without pauses for the citizen's answer, without the time between a resolution and an objection. A ticket
    /// that is reopened has another stretch. Those that were withdrawn, joined, or moved by a citizen's words say nothing
    /// of the agency, and are left out.
    pub held: Held,
}

impl Figures {
    /// So many of one figure.
    pub fn of(figure: Figure, count: i64) -> Self {
        Self { counts: [(figure, count)].into(), held: Held::default() }
    }

    /// One figure.
    pub fn get(&self, figure: Figure) -> i64 {
        self.counts.get(&figure).copied().unwrap_or(0)
    }

    /// Counts that are not zero.
    pub fn counts(&self) -> impl Iterator<Item = (Figure, i64)> + '_ {
        self.counts.iter().map(|(&figure, &count)| (figure, count)).filter(|(_, count)| *count != 0)
    }

    /// Adds so many of one figure.
    pub fn count(&mut self, figure: Figure, count: i64) {
        *self.counts.entry(figure).or_insert(0) += count;
    }

    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        other.counts().for_each(|(figure, count)| self.count(figure, count));
        self.held.add(&other.held);
    }

    /// Whether adding it changes nothing.
    pub fn is_nothing(&self) -> bool {
        self.counts().next().is_none() && self.held.buckets().all(|(_, count)| count == 0)
    }

    /// The same without zeros, so that equal figures are equal values.
    #[must_use]
    pub fn normal(&self) -> Self {
        let held = Held::from_buckets(self.held.buckets().filter(|(_, count)| *count != 0));
        Self { counts: self.counts().collect(), held }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
