//! Mistyped names, where something else says that a name stands there: `Kec. Todannan`, `Rambutan Blora`.

use crate::text::Token;

use super::gazetteer::{Level, Name, PlaceEntry};
use super::mentions::{Knowledge, LevelCue, Mention};
use super::roles::{Role, place_of};

/// Letters of a word from which on one, and two, of them may be wrong. Shorter ones are too near to each other.
const ONE_WRONG: usize = 6;
const TWO_WRONG: usize = 10;
/// How near (in words) the name of a place must stand that holds the mistyped one, or lies in it.
const BESIDE: usize = 3;
/// Most words that are looked up, so that no text takes long.
const MOST_LOOKED_UP: usize = 4;

/// Names that are there but for a typo, beside those that are there to the letter.
pub(super) fn mistyped<'a>(tokens: &[Token], mentions: &[Mention<'a>], known: Knowledge<'a>) -> Vec<Mention<'a>> {
    let is_taken = |at: usize| mentions.iter().any(|mention| (mention.first..=mention.last).contains(&at));
    let candidates = tokens.iter().enumerate().filter_map(|(at, token)| {
        // What is quickly known first: most words are short, or names already.
        if token.word.len() < ONE_WRONG || !token.is_word() || is_taken(at) {
            return None;
        }
        let cue = known.words.cue_before(tokens, at);
        let level = cue.and_then(level_of);
        let has_reason = level.is_some() || mentions.iter().any(|mention| distance(mention, at) <= BESIDE);
        let may_be_name = has_reason && known.words.cue(&token.word).is_none() && !(known.is_word)(&token.word);
        may_be_name.then_some((at, token, cue, level))
    });
    let found = candidates.take(MOST_LOOKED_UP).filter_map(|(at, token, cue, level)| {
        let names = meant(token, at, level, mentions, known)?;
        Some(Mention {
            first: at,
            last: at,
            names,
            cue,
            is_name_like: false,
            words: 1,
            is_mistyped: true,
            role: Role::Matter,
        })
    });
    found.collect()
}

/// The one name that is meant; `None` where several may be.
fn meant<'a>(
    token: &Token,
    at: usize,
    level: Option<Level>,
    mentions: &[Mention<'a>],
    known: Knowledge<'a>,
) -> Option<&'a [Name]> {
    let most = if token.word.len() >= TWO_WRONG { 2 } else { 1 };
    let similar = known.gazetteer.similar(&token.word, most);
    let near: Vec<&PlaceEntry> = mentions
        .iter()
        .filter(|mention| distance(mention, at) <= BESIDE)
        .flat_map(|mention| mention.names.iter().filter_map(|name| place_of(name, known.gazetteer)))
        .collect();
    let only = |fits: &dyn Fn(&PlaceEntry) -> bool| {
        let has_fitting = |names: &[Name]| {
            let places = names.iter().filter_map(|name| place_of(name, known.gazetteer));
            places.filter(|place| !place.is_common).any(fits)
        };
        let mut fitting = similar.iter().filter(|(_, names)| has_fitting(names));
        let (nearest, names) = fitting.next()?;
        fitting.next().is_none_or(|(next, _)| next > nearest).then_some(*names)
    };
    let fits_level = |place: &PlaceEntry| level.is_none_or(|level| level == place.level);
    let holds = |other: &&PlaceEntry, place: &PlaceEntry| other.level < place.level && place.code.is_in(&other.code);
    let related = only(&|place| fits_level(place) && near.iter().any(|other| holds(other, place)));
    // Without a relative, villages are too many to guess.
    let may_guess = level.is_some_and(|level| level != Level::Village || token.is_capitalised);
    related.or_else(|| only(&fits_level).filter(|_| may_guess))
}

fn distance(mention: &Mention<'_>, at: usize) -> usize {
    if at > mention.last { at - mention.last } else { mention.first.saturating_sub(at) }
}

/// The level that a cue tells of the name after it.
fn level_of(cue: LevelCue) -> Option<Level> {
    match cue {
        LevelCue::Village => Some(Level::Village),
        LevelCue::Subdistrict => Some(Level::Subdistrict),
        LevelCue::Regency | LevelCue::City => Some(Level::Regency),
        _ => None,
    }
}
