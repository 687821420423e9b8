//! Names of places as they stand in a text, each with the words around it.

use rustc_hash::FxHashMap;

use crate::text::Token;

use super::gazetteer::{Gazetteer, Name};
use super::roles::{Role, mark_roles};
use super::typos::mistyped;

/// Words that say something about the name after them; from `rules.toml`.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceWordLists {
    /// A village follows: `desa`, `kel`.
    pub(crate) village: Vec<String>,
    /// A subdistrict follows: `kecamatan`, `kec`.
    pub(crate) subdistrict: Vec<String>,
    /// A regency follows: `kabupaten`, `bupati`.
    pub(crate) regency: Vec<String>,
    /// A city follows: `kota`, `pemkot`.
    pub(crate) city: Vec<String>,
    /// Words of the official names of regencies and cities that everyday names go without.
    pub(crate) generic: Vec<String>,
    /// Something local follows that is called after its place: `puskesmas`, `pasar`.
    pub(crate) local: Vec<String>,
    /// Where something is follows: `di`.
    pub(crate) at: Vec<String>,
    /// A road follows, which may be called after a place far away: `jalan`.
    pub(crate) road: Vec<String>,
    /// Not the place of the matter follows: `arah`, `menuju`, `asal`.
    pub(crate) away: Vec<String>,
    /// What a speaker says before the place that is theirs, not the matter's: `saya warga`, `ktp`.
    pub(crate) speaker: Vec<String>,
    /// Where two places meet follows: `perbatasan`.
    pub(crate) border: Vec<String>,
    /// Words that people glue to the name after them: `diblora`.
    pub(crate) glued: Vec<String>,
    /// No place follows, but a person or firm: `pak`, `pt`.
    pub(crate) not_a_place: Vec<String>,
}

/// The lists of `rules.toml`, ready for use.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(from = "PlaceWordLists")]
pub(crate) struct PlaceWords {
    cues: FxHashMap<String, LevelCue>,
    /// See [`PlaceWordLists::generic`].
    pub(crate) generic: Vec<String>,
    /// See [`PlaceWordLists::speaker`].
    pub(crate) speaker: Vec<String>,
    /// See [`PlaceWordLists::glued`].
    pub(crate) glued: Vec<String>,
}

impl From<PlaceWordLists> for PlaceWords {
    fn from(lists: PlaceWordLists) -> Self {
        let mut cues = FxHashMap::default();
        for (words, cue) in [
            (lists.village, LevelCue::Village),
            (lists.subdistrict, LevelCue::Subdistrict),
            (lists.regency, LevelCue::Regency),
            (lists.city, LevelCue::City),
            (lists.local, LevelCue::Local),
            (lists.at, LevelCue::At),
            (lists.road, LevelCue::Road),
            (lists.away, LevelCue::Away),
            (lists.border, LevelCue::Border),
            (lists.not_a_place, LevelCue::NotAPlace),
        ] {
            for word in words {
                // A word of two lists is what the first of them says.
                cues.entry(word).or_insert(cue);
            }
        }
        Self { cues, generic: lists.generic, speaker: lists.speaker, glued: lists.glued }
    }
}

/// What the word before a name says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LevelCue {
    Village,
    Subdistrict,
    Regency,
    City,
    Local,
    At,
    Road,
    Away,
    Border,
    NotAPlace,
}

/// A name of a place in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mention<'a> {
    /// Tokens of the name.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// What it may mean.
    pub(crate) names: &'a [Name],
    pub(crate) cue: Option<LevelCue>,
    /// Whether it is written as a name: with a capital letter within a text that has small ones.
    pub(crate) is_name_like: bool,
    /// Of how many words it is made here.
    pub(crate) words: usize,
    /// Whether it is no name to the letter.
    pub(crate) is_mistyped: bool,
    pub(crate) role: Role,
}

impl Mention<'_> {
    /// Words from the one name to the other.
    pub(crate) fn distance(&self, other: &Self) -> usize {
        if other.first > self.last { other.first - self.last } else { self.first.saturating_sub(other.last) }
    }

    /// Whether the other says the same again.
    pub(crate) fn is_repeated_by(&self, other: &Self) -> bool {
        std::ptr::eq(self.names, other.names) && self.cue == other.cue
    }
}

/// Most words that a name is made of.
const MOST_WORDS: usize = 5;

/// Most names that are looked at; a text with more is a list, not a report.
const MOST_MENTIONS: usize = 100;

impl PlaceWords {
    /// What a word says about the name after it.
    pub(super) fn cue(&self, word: &str) -> Option<LevelCue> {
        self.cues.get(word).copied()
    }

    /// The cue of the token before the name; a number may stand between (`SMPN 2 Blora`).
    pub(super) fn cue_before(&self, tokens: &[Token], first: usize) -> Option<LevelCue> {
        let mut before = tokens.get(..first)?.iter().rev();
        let nearest = before.next()?;
        let word = if nearest.is_word() { nearest } else { before.next()? };
        self.cue(&word.word)
    }
}

/// What is known about names.
#[derive(Clone, Copy)]
pub(crate) struct Knowledge<'a> {
    pub(crate) gazetteer: &'a Gazetteer,
    pub(crate) words: &'a PlaceWords,
    /// Whether a word has a meaning of its own, so that it is no mistyped name.
    pub(crate) is_word: &'a dyn Fn(&str) -> bool,
}

/// All names in a text, from left to right, the longest first where they overlap.
///
/// `name_only`: the text is nothing but the name of a place, which needs no capital to be one.
pub(super) fn mentions<'a>(tokens: &[Token], known: Knowledge<'a>, name_only: bool) -> Vec<Mention<'a>> {
    let Knowledge { gazetteer, words, .. } = known;
    let has_small_words = tokens.iter().filter(|token| token.is_word()).any(|token| !token.is_capitalised);
    let mut mentions = Vec::new();
    let mut first = 0;
    while first < tokens.len() && mentions.len() < MOST_MENTIONS {
        let longest =
            longest_name(tokens, first, gazetteer).or_else(|| glued_name(tokens.get(first)?, first, gazetteer, words));
        // A village called Kelurahan is nobody's first thought.
        let is_cue =
            |last: usize| last == first && tokens.get(first).is_some_and(|token| words.cue(&token.word).is_some());
        let Some((last, names)) = longest.filter(|(last, _)| !is_cue(*last)) else {
            first += 1;
            continue;
        };
        mentions.push(Mention {
            first,
            last,
            names,
            cue: words.cue_before(tokens, first),
            is_name_like: name_only
                || (has_small_words
                    && first > 0
                    && tokens.iter().take(last + 1).skip(first).all(|token| token.is_capitalised)),
            words: last - first + 1,
            is_mistyped: false,
            role: Role::Matter,
        });
        first = last + 1;
    }
    let mistyped = mistyped(tokens, &mentions, known);
    if !mistyped.is_empty() {
        mentions.extend(mistyped);
        mentions.sort_by_key(|mention| mention.first);
    }
    mark_roles(&mut mentions, tokens, known);
    mentions
}

/// The longest name that begins at a token, with its last token.
fn longest_name<'a>(tokens: &[Token], first: usize, gazetteer: &'a Gazetteer) -> Option<(usize, &'a [Name])> {
    let mut walk = gazetteer.walk();
    let mut longest = None;
    for (i, token) in tokens.iter().enumerate().skip(first).take(MOST_WORDS) {
        if !token.is_word() || (i > first && token.opens_phrase) {
            break;
        }
        match walk.go(&token.word) {
            Some([]) => {}
            Some(names) => longest = Some((i, names)),
            None => break,
        }
    }
    longest
}

/// The name in a word like `diblora`.
fn glued_name<'a>(
    token: &Token,
    at: usize,
    gazetteer: &'a Gazetteer,
    words: &PlaceWords,
) -> Option<(usize, &'a [Name])> {
    /// Shorter names are found in too many words.
    const SHORTEST: usize = 5;
    let names = words.glued.iter().find_map(|prefix| {
        let name = token.word.strip_prefix(prefix.as_str()).filter(|name| name.len() >= SHORTEST)?;
        Some(gazetteer.named(name)).filter(|names| !names.is_empty())
    })?;
    Some((at, names))
}
