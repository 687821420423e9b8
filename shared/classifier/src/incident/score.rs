//! How likely two signatures are of one incident.

use jiff::SignedDuration;
use kemala_domain::incident::Signature;
use kemala_domain::{Kind, RegionCode, Urgency};
use serde::Deserialize;

use super::details::NEAR;

/// From when on two reports are one incident: `[same_incident]` of `pack.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameIncident {
    /// The score (0 to 1) from which two reports of one subdistrict are one incident.
    pub join_from: f32,
    /// The same where one of them tells only the regency or city.
    pub join_from_in_regency: f32,
    /// The confidence (0 to 1) from which the category of a report counts.
    pub category_from: f32,
    /// The share of common words (0 to 1) from which a text is the copy of another.
    pub copy_from: f32,
    /// Days after which a report is no longer compared with others.
    pub days: u32,
    /// The same for emergencies, which come and go faster.
    pub emergency_days: u32,
    /// Hours within which a text that is repeated word by word is one, whatever it tells.
    pub copy_hours: u32,
}

/// What two reports are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that a machine may join.
    Different,
    /// One incident in different words.
    Same,
    /// One text, copied.
    Copy,
}

/// A comparison and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// How likely it is one incident, 0 to 1.
    pub score: f32,
    /// What follows.
    pub verdict: Verdict,
    /// What was found and how much it says (log-odds; below 0, against).
    pub why: Vec<(&'static str, f32)>,
}

impl Comparison {
    /// Whether it is one incident.
    pub fn is_same(&self) -> bool {
        self.verdict != Verdict::Different
    }

    fn never(why: &'static str) -> Self {
        Self { score: 0.0, verdict: Verdict::Different, why: vec![(why, f32::NEG_INFINITY)] }
    }
}

/// Log-odds, set by hand and tuned on the pairs of `fixtures/incidents.jsonl`.
mod size {
    /// Two reports of one subdistrict, about different things in different words.
    pub(super) const AT_REST: f32 = -2.6;
    pub(super) const SAME_CATEGORY: f32 = 0.9;
    pub(super) const OTHER_CATEGORY: f32 = -0.6;
    pub(super) const CATEGORY_UNKNOWN: f32 = 0.4;
    pub(super) const SAME_VILLAGE: f32 = 1.2;
    /// Two in danger in one place at one time are rarely in two dangers.
    pub(super) const BOTH_EMERGENCIES: f32 = 0.6;
    /// Everything that the shorter text says is in the longer.
    pub(super) const ALL_WORDS: f32 = 7.0;
    pub(super) const SAME_DETAIL: f32 = 0.8;
    pub(super) const OTHER_DETAIL: f32 = -8.0;
    /// A thing near which it is may be one of several.
    pub(super) const SAME_NEARBY: f32 = 0.4;
    pub(super) const OTHER_NEARBY: f32 = -1.5;
    /// At the end of the time for which reports are compared.
    pub(super) const TIME: f32 = -1.5;
    /// Who asks the same may be in another case.
    pub(super) const BOTH_ASK: f32 = -4.0;
    /// Fewest words that the shorter text counts as.
    pub(super) const SHORTEST: f32 = 4.5;
    /// Words of a text from which most of them in common make it a copy; in a short one they are what anybody says.
    pub(super) const LONG: usize = 8;
    /// A word that says little, as part of one that says something.
    pub(super) const WEAK: f32 = 0.5;
}

/// How the places of two reports lie to each other.
enum Places {
    SameVillage,
    SameSubdistrict,
    /// One tells only the regency, in which the other lies.
    SameRegency,
    Unknown,
}

impl SameIncident {
    /// How long a report is compared with later ones.
    pub fn keep(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.days.max(self.emergency_days)))
    }

    /// Compares two reports; the order does not matter.
    pub fn compare(&self, a: &Signature, b: &Signature) -> Comparison {
        let places = match places(a.place.as_ref(), b.place.as_ref()) {
            Ok(places) => places,
            Err(why) => return Comparison::never(why),
        };
        let apart = a.posted_at.duration_since(b.posted_at).abs();
        let similarity = Similarity::of(a, b);
        let is_copy = similarity.is_copy(self.copy_from);
        let is_repeated = a.text.is_some() && a.text == b.text && a.place == b.place;
        if is_repeated && apart <= SignedDuration::from_hours(i64::from(self.copy_hours)) {
            return Comparison { score: 1.0, verdict: Verdict::Copy, why: vec![("same_text", f32::INFINITY)] };
        }
        if matches!(places, Places::Unknown) {
            return Comparison::never("no_place");
        }
        let emergencies = [a, b].iter().filter(|one| one.urgency == Urgency::Emergency).count();
        let days = if emergencies > 0 { self.emergency_days } else { self.days };
        let window = SignedDuration::from_hours(24 * i64::from(days));
        if apart > window {
            return Comparison::never("too_long_apart");
        }
        let mut why: Vec<(&'static str, f32)> = vec![("at_rest", size::AT_REST)];
        match (&a.category, &b.category) {
            (Some(a), Some(b)) if a == b => why.push(("same_category", size::SAME_CATEGORY)),
            (Some(_), Some(_)) => why.push(("other_category", size::OTHER_CATEGORY)),
            _ => why.push(("category_unknown", size::CATEGORY_UNKNOWN)),
        }
        if matches!(places, Places::SameVillage) {
            why.push(("same_village", size::SAME_VILLAGE));
        }
        if emergencies == 2 {
            why.push(("both_emergencies", size::BOTH_EMERGENCIES));
        }
        why.push(("words", size::ALL_WORDS * similarity.words));
        for (what, count, size) in [
            ("same_detail", similarity.same_details, size::SAME_DETAIL),
            ("other_detail", similarity.other_details, size::OTHER_DETAIL),
            ("same_nearby", similarity.same_nearby, size::SAME_NEARBY),
            ("other_nearby", similarity.other_nearby, size::OTHER_NEARBY),
        ] {
            if count > 0 {
                why.push((what, size * count as f32));
            }
        }
        if a.kind == Kind::Question && b.kind == Kind::Question && !is_copy {
            why.push(("both_ask", size::BOTH_ASK));
        }
        if !apart.is_zero() {
            why.push(("time", size::TIME * (apart.as_secs_f32() / window.as_secs_f32())));
        }
        let sum: f32 = why.iter().map(|(_, size)| size).sum();
        let score = 1.0 / (1.0 + (-sum).exp());
        let enough = if matches!(places, Places::SameRegency) { self.join_from_in_regency } else { self.join_from };
        let verdict = match (score >= enough, is_copy) {
            (false, _) => Verdict::Different,
            (true, false) => Verdict::Same,
            (true, true) => Verdict::Copy,
        };
        Comparison { score, verdict, why }
    }
}

/// How the places lie to each other, or why nothing may be joined.
fn places(a: Option<&RegionCode>, b: Option<&RegionCode>) -> Result<Places, &'static str> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (None, None) => return Ok(Places::Unknown),
        _ => return Err("no_place"),
    };
    if a.regency() != b.regency() {
        return Err("other_regency");
    }
    match (a.subdistrict(), b.subdistrict()) {
        (Some(in_a), Some(in_b)) if in_a != in_b => Err("other_subdistrict"),
        (Some(in_a), Some(_)) if a == b && *a != in_a => Ok(Places::SameVillage),
        (Some(_), Some(_)) if a.is_in(b) || b.is_in(a) => Ok(Places::SameSubdistrict),
        (Some(_), Some(_)) => Err("other_village"),
        _ => Ok(Places::SameRegency),
    }
}

/// What two texts have in common.
struct Similarity {
    /// Share of the shorter text's words that the longer has too.
    words: f32,
    /// Share of all words that both have.
    of_all: f32,
    /// Whether both have so many words that they are not all the same by chance.
    is_long: bool,
    same_details: usize,
    other_details: usize,
    same_nearby: usize,
    other_nearby: usize,
}

impl Similarity {
    fn of(a: &Signature, b: &Signature) -> Self {
        let weight = |words: usize, weak: usize| words as f32 + size::WEAK * weak as f32;
        let [of_a, of_b] = [a, b].map(|one| weight(one.words.len(), one.weak.len()));
        let shared = weight(a.words.shared(&b.words), a.weak.shared(&b.weak));
        let both = a.details.iter().filter_map(|(kind, values)| Some((kind, values.shared(b.details.get(kind)?) > 0)));
        let both: Vec<(&String, bool)> = both.collect();
        let count = |nearby: bool, same: bool| {
            both.iter().filter(|(kind, is_same)| (*kind == NEAR) == nearby && *is_same == same).count()
        };
        Self {
            words: shared / of_a.min(of_b).max(size::SHORTEST),
            of_all: shared / (of_a + of_b - shared).max(size::WEAK),
            is_long: [a, b].iter().all(|one| one.words.len() + one.weak.len() >= size::LONG),
            same_details: count(false, true),
            other_details: count(false, false),
            same_nearby: count(true, true),
            other_nearby: count(true, false),
        }
    }

    fn is_copy(&self, from: f32) -> bool {
        self.of_all >= from && self.is_long && self.other_details + self.other_nearby == 0
    }
}
