//! How much a name in a text says for a place. Tuned on the labelled development texts; the order of sizes is what
//! matters.

use super::gazetteer::{Gazetteer, Level, Name, PlaceEntry};
use super::mentions::{LevelCue, Mention};
use super::roles::{Role, place_of};

/// The name of a regency or city, or an everyday name of a place.
pub(super) const NAMED: f32 = 5.0;
/// A regency whose city has the same name: bare, the city is meant.
const REGENCY_OF_SAME_NAME: f32 = 3.0;
/// The only subdistrict of that name, and one of several.
const SUBDISTRICT: [f32; 2] = [4.0, 2.0];
/// The only village of that name, and one of several.
const VILLAGE: [f32; 2] = [3.0, 1.0];
/// A subdistrict, and a village, that shares its name with a larger place: bare, the larger is meant.
const OVERSHADOWED: [f32; 2] = [0.8, 0.6];
/// An everyday name tells which of several places is meant, and where the best known is.
const WELL_KNOWN: f32 = NAMED + 0.5;
/// The word before fits, or does not.
const CUE_FITS: f32 = 4.0;
const CUE_DOES_NOT_FIT: f32 = -3.0;
/// A puskesmas, a market, a school is called after its place.
const LOCAL: f32 = 1.0;
/// A road is called after some place.
const ROAD: f32 = -0.5;
/// With a typo.
const MISTYPED: f32 = -1.0;
/// The share of its weight that an end of a road or side of a border has, and the most: alone it is not enough.
const END: f32 = 0.5;
const END_MOST: f32 = NAMED * END;
/// Where somebody comes from or goes to; for a place outside, also where the speaker is at home.
const AWAY: f32 = -2.0;
/// Written in other words than the official name (`Karang Anyar`).
const OTHER_SPELLING: f32 = -0.5;
/// An everyday word beside the name of a place that holds it or lies in it; with a
/// capital letter, or something local or `di` before it.
const COMMON_WITH_RELATIVE: f32 = -0.4;
const COMMON_ALONE: f32 = -2.0;
/// Share and most of what a name says for a neighbour, another place in the same regency: less than for its own.
const NEIGHBOUR: f32 = 0.9;
const NEIGHBOUR_MOST: f32 = 1.5;

/// How near (in words) a relative must be named to make a place of an everyday word that is written as a name, and of
/// one that is not (`KTP Rembang belum jadi`: Jadi is a village of Rembang).
const BESIDE: usize = 3;
const BESIDE_SMALL: usize = 1;

/// What a name of this weight says for a neighbour.
pub(super) fn neighbourly(weight: f32) -> f32 {
    (weight * NEIGHBOUR).min(NEIGHBOUR_MOST)
}

/// What a name at `index` of all mentions says for a place that it may mean; `None` where it says nothing.
pub(super) fn weigh(mentions: &[Mention<'_>], index: usize, name: &Name, gazetteer: &Gazetteer) -> Option<f32> {
    let mention = mentions.get(index)?;
    let weight = match name {
        Name::Outside(_) if mention.role == Role::Speaker => NAMED + AWAY,
        Name::Outside(_) if matches!(mention.cue, Some(LevelCue::Regency | LevelCue::City)) => NAMED + CUE_FITS,
        Name::Outside(_) => NAMED + cue_weight(mention.cue, None),
        Name::Everyday(..) if matches!(mention.role, Role::End | Role::EndWithin) => NAMED,
        Name::Everyday(place, _) => NAMED + cue_weight(mention.cue, gazetteer.place(*place)).min(0.0),
        Name::Official(place) => weigh_official(mentions, index, gazetteer.place(*place)?, gazetteer)?,
    };
    let weight = if mention.is_mistyped { weight + MISTYPED } else { weight };
    (weight > 0.0).then_some(if mention.role == Role::End { (weight * END).min(END_MOST) } else { weight })
}

fn weigh_official(mentions: &[Mention<'_>], index: usize, place: &PlaceEntry, gazetteer: &Gazetteer) -> Option<f32> {
    let mention = mentions.get(index)?;
    let same_name = SameName::of(mention, place, gazetteer);
    let by_name = match place.level {
        Level::Province => return None,
        Level::Regency if same_name.has_city && !place.is_city() => REGENCY_OF_SAME_NAME,
        Level::Regency => NAMED,
        Level::Subdistrict if same_name.is_well_known && !same_name.has_larger => WELL_KNOWN,
        level if same_name.has_larger => OVERSHADOWED[usize::from(level == Level::Village)],
        Level::Subdistrict => SUBDISTRICT[usize::from(same_name.has_equal)],
        Level::Village => VILLAGE[usize::from(same_name.has_equal)],
    };
    let is_official_spelling = place.level == Level::Regency || place.name.split(' ').count() == mention.words;
    let spelling = if is_official_spelling { 0.0 } else { OTHER_SPELLING };
    // Both ends of a road weigh the same.
    let by_cue =
        if matches!(mention.role, Role::End | Role::EndWithin) { 0.0 } else { cue_weight(mention.cue, Some(place)) };
    let common = if !place.is_common || by_cue == CUE_FITS {
        0.0
    } else if is_beside_relative(mentions, index, place, gazetteer) {
        COMMON_WITH_RELATIVE
    } else if mention.is_name_like || matches!(mention.cue, Some(LevelCue::Local | LevelCue::At)) {
        COMMON_ALONE
    } else {
        return None;
    };
    Some(by_name + spelling + common + by_cue)
}

/// What else the name of a place means.
#[derive(Default)]
struct SameName {
    has_city: bool,
    has_larger: bool,
    has_equal: bool,
    /// An everyday name points at a place that holds this one.
    is_well_known: bool,
}

impl SameName {
    fn of(mention: &Mention<'_>, place: &PlaceEntry, gazetteer: &Gazetteer) -> Self {
        let mut same = Self::default();
        for name in mention.names {
            match name {
                Name::Official(other) => {
                    let other = gazetteer.place(*other).filter(|other| other.code != place.code);
                    let Some(other) = other else { continue };
                    same.has_city |= other.is_city();
                    same.has_larger |= other.level < place.level;
                    same.has_equal |= other.level == place.level;
                }
                Name::Everyday(other, _) => {
                    same.is_well_known |= gazetteer.place(*other).is_some_and(|other| place.code.is_in(&other.code));
                }
                Name::Outside(_) => {}
            }
        }
        same
    }
}

fn cue_weight(cue: Option<LevelCue>, place: Option<&PlaceEntry>) -> f32 {
    let fits = match (cue, place) {
        (Some(LevelCue::NotAPlace), _) => return f32::NEG_INFINITY,
        (Some(LevelCue::Away), _) => return AWAY,
        (Some(LevelCue::Local), _) => return LOCAL,
        (Some(LevelCue::Road), _) => return ROAD,
        (Some(LevelCue::At | LevelCue::Border) | None, _) | (_, None) => return 0.0,
        (Some(LevelCue::Village), Some(place)) => place.level == Level::Village,
        (Some(LevelCue::Subdistrict), Some(place)) => place.level == Level::Subdistrict,
        (Some(LevelCue::Regency), Some(place)) => place.level == Level::Regency && !place.is_city(),
        (Some(LevelCue::City), Some(place)) => place.is_city(),
    };
    if fits { CUE_FITS } else { CUE_DOES_NOT_FIT }
}

/// Whether a place that holds this one, or lies in it, is named close by.
fn is_beside_relative(mentions: &[Mention<'_>], index: usize, place: &PlaceEntry, gazetteer: &Gazetteer) -> bool {
    let Some(mention) = mentions.get(index) else { return false };
    // Mentions stand in order and hold a word each, so only so many can be near.
    let near = mentions.iter().skip(index.saturating_sub(BESIDE)).take(2 * BESIDE + 1);
    // The same name again is no relative (`salam, salam`: a village and its subdistrict).
    let beside = if mention.is_name_like { BESIDE } else { BESIDE_SMALL };
    near.filter(|other| !std::ptr::eq(other.names, mention.names) && mention.distance(other) <= beside).any(|other| {
        other
            .names
            .iter()
            .filter_map(|name| place_of(name, gazetteer))
            .any(|other| other.level != place.level && (place.code.is_in(&other.code) || other.code.is_in(&place.code)))
    })
}
