//! Which names are where the matter is, and which only stand in the story: the speaker's home, where somebody goes,
//! the ends of a road.

use kemala_domain::RegionCode;

use crate::text::Token;

use super::gazetteer::{Gazetteer, Name, PlaceEntry};
use super::mentions::{Knowledge, LevelCue, Mention, PlaceWords};

/// What a place is in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Where the matter may be.
    Matter,
    /// Where the speaker is at home: the place of the matter only if no other is named.
    Speaker,
    /// Where somebody comes from or goes to: never the place of the matter.
    Away,
    /// An end of a road or a side of a border, `Purwodadi-Solo`: the matter is between.
    End,
    /// The same within a regency, `Wonosobo-Dieng`: the matter is somewhere in it.
    EndWithin,
}

/// Words that may stand between two sides of a border.
const MOST_BETWEEN: usize = 1;

/// Gives every name its role.
pub(super) fn mark_roles(mentions: &mut [Mention<'_>], tokens: &[Token], known: Knowledge<'_>) {
    let Knowledge { gazetteer, words, .. } = known;
    for mention in mentions.iter_mut() {
        if mention.cue == Some(LevelCue::Away) {
            mention.role = Role::Away;
        } else if is_speakers(tokens, mention.first, words) {
            mention.role = Role::Speaker;
        }
    }
    for at in 1..mentions.len() {
        let (before, after) = mentions.split_at_mut(at);
        let (Some(left), Some(right)) = (before.last_mut(), after.first_mut()) else { continue };
        let between = tokens.get(left.last + 1..right.first).unwrap_or_default();
        let only_levels = between.iter().all(|token| words.cue(&token.word).is_some_and(is_level));
        // "saya warga Desa Kalisari Kec. Sayung": one home.
        if left.role == Role::Speaker && right.role == Role::Matter && only_levels {
            right.role = Role::Speaker;
        }
        let touch = between.is_empty() && tokens.get(right.first).is_some_and(|token| token.follows_hyphen);
        let is_border = left.cue == Some(LevelCue::Border) && between.len() <= MOST_BETWEEN;
        if (touch || is_border)
            && [left.role, right.role].iter().all(|role| !matches!(role, Role::Speaker | Role::Away))
            && [&*left, &*right].iter().all(|mention| is_surely_a_name(mention, gazetteer))
            && let Some(role) = role_of_ends(left, right, gazetteer)
        {
            left.role = role;
            right.role = role;
        }
    }
}

fn is_level(cue: LevelCue) -> bool {
    matches!(cue, LevelCue::Village | LevelCue::Subdistrict | LevelCue::Regency | LevelCue::City)
}

/// Whether the words before say that the speaker is at home there; `di` and words of level may stand between.
fn is_speakers(tokens: &[Token], first: usize, words: &PlaceWords) -> bool {
    let mut before = tokens.get(..first).unwrap_or_default();
    while let Some((last, rest)) = before.split_last()
        && words.cue(&last.word).is_some_and(|cue| is_level(cue) || cue == LevelCue::At)
    {
        before = rest;
    }
    words.speaker.iter().any(|phrase| {
        let mut spoken = before.iter().rev().map(|token| token.word.as_str());
        phrase.rsplit(' ').all(|word| spoken.next() == Some(word))
    })
}

/// The role of two ends; `None` where the first lies in the second, which is an address (`Jepon-Blora`).
fn role_of_ends(left: &Mention<'_>, right: &Mention<'_>, gazetteer: &Gazetteer) -> Option<Role> {
    let places = |mention: &Mention<'_>| -> Vec<Option<RegionCode>> {
        mention.names.iter().map(|name| place_of(name, gazetteer).map(|place| place.code.clone())).collect()
    };
    let (left, right) = (places(left), places(right));
    let is_address = |left: &RegionCode, right: &RegionCode| left != right && left.is_in(right);
    let pairs = || left.iter().flat_map(|left| right.iter().map(move |right| (left.as_ref(), right.as_ref())));
    if pairs().any(|pair| matches!(pair, (Some(left), Some(right)) if is_address(left, right))) {
        return None;
    }
    let are_together = pairs().any(|(left, right)| left.map(RegionCode::regency) == right.map(RegionCode::regency));
    Some(if are_together { Role::EndWithin } else { Role::End })
}

/// Whether it is a name even without a cue, no everyday word.
fn is_surely_a_name(mention: &Mention<'_>, gazetteer: &Gazetteer) -> bool {
    mention.names.iter().any(|name| place_of(name, gazetteer).is_none_or(|place| !place.is_common))
}

/// The place that a name means, inside the jurisdiction.
pub(super) fn place_of<'a>(name: &Name, gazetteer: &'a Gazetteer) -> Option<&'a PlaceEntry> {
    match name {
        Name::Official(place) | Name::Everyday(place, _) => gazetteer.place(*place),
        Name::Outside(_) => None,
    }
}
