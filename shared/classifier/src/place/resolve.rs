//! From the words of a post and the tag on it to one place.

use kemala_domain::RegionCode;
use kemala_domain::report::PlaceTag;

use crate::text::{Token, tokenize};

use super::areas::Position;
use super::evidence::Evidence;
use super::mentions::Knowledge;

/// Where a post is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Located {
    pub(crate) code: Option<RegionCode>,
    /// Places with as much evidence as the best, where the names do not decide.
    pub(crate) alternatives: Vec<RegionCode>,
    /// A place outside the jurisdiction, for people.
    pub(crate) outside: Option<String>,
    /// The names that led there, as the pack writes them.
    pub(crate) matched: Vec<String>,
}

/// Evidence that a place in a text needs: that of the only village of its name.
const ENOUGH: f32 = 3.0;
/// A tag is a place's name and nothing else, so any evidence does.
const ENOUGH_IN_TAG: f32 = 1.0;

/// Finds the place of a text; of the tag on it only where the text does not tell, as people tag where they are.
pub(crate) fn locate(tokens: &[Token], tag: Option<&PlaceTag>, known: Knowledge<'_>) -> Located {
    let by_text = Evidence::of(tokens, known, false).conclude(ENOUGH);
    if by_text.code.is_some() || by_text.outside.is_some() {
        return by_text;
    }
    let Some(by_tag) = tag.map(|tag| locate_tag(tag, known)) else { return by_text };
    // A tag decides between places that the text leaves open.
    let is_related = |place: &RegionCode, tagged: &RegionCode| place.is_in(tagged) || tagged.is_in(place);
    let mut fitting = by_tag
        .code
        .iter()
        .flat_map(|tagged| by_text.alternatives.iter().filter(move |place| is_related(place, tagged)));
    match (fitting.next(), fitting.next()) {
        (Some(place), None) => {
            Located { code: Some(place.clone()), matched: by_tag.matched.clone(), ..Located::default() }
        }
        _ => by_tag,
    }
}

fn locate_tag(tag: &PlaceTag, known: Knowledge<'_>) -> Located {
    let position = tag.point.map_or(Position::Unknown, |point| known.gazetteer.areas.position(point));
    if let Position::Inside(code) = position {
        let matched = known.gazetteer.full_name(&code).into_iter().collect();
        return Located { code: Some(code), matched, ..Located::default() };
    }
    let tokens = tokenize(tag.name.as_deref().unwrap_or_default(), &[]);
    let by_name = Evidence::of(&tokens, known, true).conclude(ENOUGH_IN_TAG);
    if position != Position::Outside || by_name.outside.is_some() {
        return by_name;
    }
    // What the tag is called inside does not matter for a point that is outside.
    let outside = format!("luar {}", known.gazetteer.own_name().unwrap_or_default());
    Located { matched: vec![outside.clone()], outside: Some(outside), ..Located::default() }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
