//! What a model sees of a post.

use kemala_domain::{Kind, RegionCode, Urgency};

use super::grams::{self, Gram};
use crate::place::Located;
use crate::rules::{About, Votes};
use crate::text::Token;

/// A post as numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// N-grams of its terms, in the order of their hashes.
    pub terms: Vec<Gram>,
    /// N-grams of the letters of its words, in the order of their hashes.
    pub letters: Vec<Gram>,
    /// What the cues say, then [`DENSE`] numbers on place and shape; all of about the size of 1.
    pub dense: Vec<f32>,
}

/// Numbers on place and shape.
pub const DENSE: usize = 16;

/// Votes (up to 4 for each cue) become numbers of about the size of the n-grams'.
const PER_VOTE: f32 = 0.1;

/// The parts of a post that its inputs are made of.
pub(crate) struct Seen<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
    pub(crate) terms: &'a [String],
    pub(crate) votes: &'a Votes<'a>,
    pub(crate) located: &'a Located,
    /// How many categories the pack has.
    pub(crate) categories: usize,
}

impl Inputs {
    pub(crate) fn of(seen: &Seen<'_>) -> Self {
        let mut dense = votes(seen.votes, seen.categories);
        dense.extend(place(seen.located));
        dense.extend(shape(seen));
        Self { terms: grams::of_terms(seen.terms), letters: grams::of_letters(seen.tokens), dense }
    }
}

/// What is asked of the cues, in the order of the inputs.
fn votes(votes: &Votes<'_>, categories: usize) -> Vec<f32> {
    let kinds = [Kind::Complaint, Kind::Question, Kind::Other].map(About::Kind);
    let urgencies = [Urgency::Emergency, Urgency::High].map(About::Urgency);
    let asked = (0..categories).map(About::Category).chain(kinds).chain(urgencies).chain([About::Supervisory]);
    asked.map(|about| votes.score(about) * PER_VOTE).collect()
}

fn place(located: &Located) -> [f32; 4] {
    let code = located.code.as_ref();
    let is_at_least = |level: fn(&RegionCode) -> Option<RegionCode>| code.and_then(level).is_some();
    [
        is_at_least(RegionCode::regency),
        is_at_least(RegionCode::subdistrict),
        located.outside.is_some(),
        !located.alternatives.is_empty(),
    ]
    .map(flag)
}

fn shape(seen: &Seen<'_>) -> [f32; DENSE - 4] {
    let count = |is: &dyn Fn(&Token) -> bool| seen.tokens.iter().filter(|token| is(token)).count() as f32;
    let words = count(&Token::is_word).max(1.0);
    let is_sign = |sign: &'static str| move |token: &Token| token.word == sign;
    let letters = seen.text.chars().filter(|char| char.is_alphabetic()).count().max(1) as f32;
    let capitals = seen.text.chars().filter(|char| char.is_uppercase()).count() as f32;
    let is_number = |token: &Token| token.word.starts_with(char::is_numeric);
    let is_emoji = |token: &Token| token.word.chars().next().is_some_and(|char| char >= '\u{2190}');
    let of_all = |count: f32| (count / words).min(1.0);
    [
        words.ln() / 4.0,
        flag(count(&is_sign("?")) > 0.0),
        flag(seen.tokens.last().is_some_and(is_sign("?"))),
        of_all(count(&is_sign("!"))),
        flag(count(&is_sign("<url>")) > 0.0),
        flag(count(&is_number) > 0.0),
        of_all(count(&is_number)),
        flag(count(&is_emoji) > 0.0),
        of_all(count(&is_emoji)),
        capitals / letters,
        flag(seen.text.contains('@')),
        of_all(count(&|token| token.is_capitalised)),
    ]
}

fn flag(is_so: bool) -> f32 {
    if is_so { 1.0 } else { 0.0 }
}
