//! What two versions of a pack say differently about the same reports.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kemala_classifier::{Pack, Post};
use kemala_domain::Decision;
use kemala_domain::report::PlaceTag;
use serde::Serialize;
use serde_json::Value;

use super::words;

/// Two versions of a pack, and what they say differently.
pub(super) struct Comparison<'a> {
    from: &'a Pack,
    to: &'a Pack,
    today: Date,
    /// What came out so far.
    pub(super) found: Found,
}

/// What was compared, and what came out.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Found {
    /// One version.
    pub(super) from: String,
    /// The other.
    pub(super) to: String,
    /// How many reports were compared.
    pub(super) reports: usize,
    /// How many reports change in each part of the decision.
    pub(super) counts: BTreeMap<&'static str, usize>,
    /// The reports that change, in the order in which they were read.
    pub(super) changes: Vec<Changed>,
}

/// A report that the two decide differently.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Changed {
    /// The ticket's number, or the id of the line.
    pub(super) id: Value,
    /// With personal data masked.
    pub(super) text: String,
    /// The parts of the decision that change.
    pub(super) changes: BTreeMap<&'static str, FromTo>,
}

/// What the two say; empty is nothing.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct FromTo {
    /// One version.
    pub(super) from: String,
    /// The other.
    pub(super) to: String,
}

impl<'a> Comparison<'a> {
    /// Compares two packs, as of a day (agencies go live on one).
    pub(super) fn new(from: &'a Pack, to: &'a Pack, today: Date) -> Self {
        let version = |pack: &Pack| pack.jurisdiction.version.clone();
        let found = Found { from: version(from), to: version(to), ..Found::default() };
        Self { from, to, today, found }
    }

    /// Runs a report through both.
    pub(super) fn add(&mut self, id: Value, text: &str, place_tag: Option<&PlaceTag>) {
        let post = Post { text, place_tag };
        let before = self.from.classify(&post, self.today).decision;
        let after = self.to.classify(&post, self.today);
        let changes = changes(&before, &after.decision);
        self.found.reports += 1;
        for part in changes.keys() {
            *self.found.counts.entry(part).or_default() += 1;
        }
        if !changes.is_empty() {
            self.found.changes.push(Changed { id, text: after.masked_text, changes });
        }
    }
}

/// The parts of a decision, as people and scripts read them.
fn parts(decision: &Decision) -> [(&'static str, String); 7] {
    let place = &decision.place;
    let place = place.code.as_ref().map(ToString::to_string).or_else(|| place.outside.clone());
    [
        ("kind", words::code(&decision.kind)),
        ("category", decision.category.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("place", place.unwrap_or_default()),
        ("agency", decision.addressee.to_string()),
        ("urgency", words::code(&decision.urgency)),
        ("supervisory", decision.supervisory.to_string()),
        ("triage", decision.triage.to_string()),
    ]
}

fn changes(before: &Decision, after: &Decision) -> BTreeMap<&'static str, FromTo> {
    let pairs = parts(before).into_iter().zip(parts(after));
    pairs.filter(|(from, to)| from != to).map(|((part, from), (_, to))| (part, FromTo { from, to })).collect()
}
