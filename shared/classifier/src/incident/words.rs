//! The words of `incident.toml`, compiled.

use std::collections::{HashMap, HashSet};

use crate::text::{Token, Words};

/// The lists of a pack, as they are written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    /// Words that say nothing.
    pub(crate) silent: Vec<String>,
    /// Words that say little.
    pub(crate) weak: Vec<String>,
    /// Groups of words that say the same; each is known by its first.
    pub(crate) alike: Vec<Vec<String>>,
    /// Groups of words that a number or name follows which tells one from another; each is known by its first.
    pub(crate) details: Vec<Vec<String>>,
    /// Those of them that a name follows even where it is written small.
    pub(crate) named: Vec<String>,
    /// Words that something near follows.
    pub(crate) near: Vec<String>,
    /// Groups of details of which a report means one.
    pub(crate) apart: Vec<Vec<String>>,
}

/// Which words tell one incident from another.
#[derive(Debug, Clone, Default)]
pub(crate) struct IncidentWords {
    silent: HashSet<String>,
    weak: HashSet<String>,
    alike: HashMap<String, String>,
    details: HashMap<String, Detail>,
    near: HashSet<String>,
}

/// A word that a number or name follows.
#[derive(Debug, Clone)]
pub(super) struct Detail {
    /// First word of its group.
    pub(super) kind: String,
    /// Whether a name follows even where it is written small.
    pub(super) is_named: bool,
    /// First word of the set of kinds of which a report means one, where it is in one.
    pub(super) apart: Option<String>,
}

impl IncidentWords {
    /// Compiles the lists of a pack.
    pub(crate) fn new(words: &Words, lists: &Lists) -> Self {
        let mut compiled = Self::default();
        for group in &lists.alike {
            let terms: Vec<String> = group.iter().flat_map(|word| words.phrase(word)).collect();
            let Some(first) = terms.first().cloned() else { continue };
            compiled.alike.extend(terms.into_iter().map(|term| (term, first.clone())));
        }
        for (kind, word) in lists.details.iter().filter_map(|group| Some((group.first()?, group))) {
            let sets = lists.apart.iter().filter(|set| set.contains(kind));
            let apart = sets.filter_map(|set| set.first()).next().cloned();
            for word in word {
                let is_named = lists.named.contains(word);
                compiled.details.insert(word.clone(), Detail { kind: kind.clone(), is_named, apart: apart.clone() });
            }
        }
        compiled.near = lists.near.iter().cloned().collect();
        compiled.silent = lists.silent.iter().flat_map(|word| words.phrase(word)).collect();
        compiled.weak =
            lists.weak.iter().flat_map(|word| words.phrase(word)).map(|term| compiled.of_its_group(term)).collect();
        compiled
    }

    fn of_its_group(&self, term: String) -> String {
        self.alike.get(&term).cloned().unwrap_or(term)
    }

    /// What a token says about the incident; of words that say the same, one. A number of two digits and more says
    /// something, for who tells of the same thing often gives the same number.
    pub(super) fn telling(&self, words: &Words, token: &Token) -> Vec<String> {
        let says_something = |term: &String| {
            let is_word = term.chars().count() > 2 && term.chars().all(char::is_alphabetic);
            let is_number = term.len() > 1 && term.bytes().all(|byte| byte.is_ascii_digit());
            (is_word && !self.silent.contains(term)) || is_number
        };
        let terms = words.terms(std::slice::from_ref(token)).into_iter();
        terms.map(|term| self.of_its_group(term)).filter(says_something).collect()
    }

    /// Whether a term that [`Self::telling`] gave says little.
    pub(super) fn is_weak(&self, term: &str) -> bool {
        self.weak.contains(term)
    }

    /// The kind of thing that a word names of which there are several, such as `rt`.
    pub(super) fn detail(&self, token: &Token) -> Option<&Detail> {
        self.details.get(&token.word)
    }

    /// Whether something near follows a word.
    pub(super) fn is_near(&self, token: &Token) -> bool {
        self.near.contains(&token.word)
    }

    /// Whether a word says nothing or little, or names a kind of thing: no name even with a capital letter.
    pub(super) fn is_common(&self, words: &Words, token: &Token) -> bool {
        let is_common =
            |term: &String| self.silent.contains(term) || self.weak.contains(&self.of_its_group(term.clone()));
        self.details.contains_key(&token.word) || words.terms(std::slice::from_ref(token)).iter().any(is_common)
    }

    /// Whether a word is one of the lists or of everyday language, and so no name.
    pub(super) fn is_everyday(&self, words: &Words, token: &Token) -> bool {
        self.details.contains_key(&token.word)
            || words.knows(&token.word)
            || words
                .terms(std::slice::from_ref(token))
                .iter()
                .any(|term| self.silent.contains(term) || self.alike.contains_key(term))
    }
}
