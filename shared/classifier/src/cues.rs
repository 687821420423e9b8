//! Phrases that vote: found in the terms of a text, each at most once.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::Words;

/// Terms that may stand in a gap (`..`) of a cue.
const GAP: usize = 4;

/// An index of cues, each with what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct CueIndex<T> {
    cues: Vec<Cue<T>>,
    by_first_term: FxHashMap<String, Vec<usize>>,
    /// All terms of all cues.
    terms: FxHashSet<String>,
}

/// A compiled phrase.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Phrase {
    first: String,
    /// The terms after the first, each with how many others may stand before it.
    rest: Vec<(String, usize)>,
}

impl Phrase {
    /// Compiles a phrase; `None` where it holds no term. `..` between two words lets up to four others stand there:
    /// `jalan .. rusak`.
    pub(crate) fn new(words: &Words, text: &str) -> Option<Self> {
        let mut terms = Vec::new();
        for (i, part) in text.split("..").enumerate() {
            let gap_before_part = if i == 0 { 0 } else { GAP };
            let gaps = std::iter::once(gap_before_part).chain(std::iter::repeat(0));
            terms.extend(words.phrase(part).into_iter().zip(gaps));
        }
        let mut terms = terms.into_iter();
        let (first, _) = terms.next()?;
        Some(Self { first, rest: terms.collect() })
    }
}

/// A phrase of the pack and what it stands for.
#[derive(Debug, Clone)]
pub(crate) struct Cue<T> {
    /// As it is written in the pack.
    pub(crate) text: String,
    pub(crate) value: T,
    rest: Vec<(String, usize)>,
}

impl<T> CueIndex<T> {
    /// An index of compiled cues, each with its text and what it stands for.
    pub(crate) fn new(cues: impl IntoIterator<Item = (Phrase, String, T)>) -> Self {
        let mut index = Self { cues: Vec::new(), by_first_term: FxHashMap::default(), terms: FxHashSet::default() };
        for (phrase, text, value) in cues {
            for term in std::iter::once(&phrase.first).chain(phrase.rest.iter().map(|(term, _)| term)) {
                if !index.terms.contains(term) {
                    index.terms.insert(term.clone());
                }
            }
            index.by_first_term.entry(phrase.first).or_default().push(index.cues.len());
            index.cues.push(Cue { text, value, rest: phrase.rest });
        }
        index
    }

    /// Whether a term stands in a cue.
    pub(crate) fn knows(&self, term: &str) -> bool {
        self.terms.contains(term)
    }

    /// The cues that the terms hold, in the order of their first words.
    pub(crate) fn find(&self, terms: &[String]) -> Vec<&Cue<T>> {
        let mut found: Vec<usize> = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            for &cue in self.by_first_term.get(term).into_iter().flatten() {
                let follows = self.cues.get(cue).is_some_and(|cue| follows(after(terms, at), &cue.rest));
                if follows && !found.contains(&cue) {
                    found.push(cue);
                }
            }
        }
        found.into_iter().filter_map(|cue| self.cues.get(cue)).collect()
    }
}

/// The terms after one.
fn after(terms: &[String], at: usize) -> &[String] {
    terms.get(at + 1..).unwrap_or_default()
}

/// Whether `terms` go on with the rest of a cue.
fn follows(terms: &[String], rest: &[(String, usize)]) -> bool {
    let Some(((wanted, gap), rest)) = rest.split_first() else { return true };
    (0..=*gap).any(|skipped| terms.get(skipped) == Some(wanted) && follows(after(terms, skipped), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cue: &str, text: &str) -> bool {
        let words = Words::default();
        let phrase = Phrase::new(&words, cue).unwrap();
        let index = CueIndex::new([(phrase, cue.to_owned(), ())]);
        !index.find(&words.phrase(text)).is_empty()
    }

    #[test]
    fn words_of_a_cue_stand_together_unless_it_has_a_gap() {
        assert!(found("jalan rusak", "ada jalan rusak"));
        assert!(!found("jalan rusak", "jalan desa kami rusak"));
        assert!(found("jalan .. rusak", "jalan desa kami rusak"));
        assert!(found("jalan .. rusak", "jalan rusak"));
        assert!(!found("jalan .. rusak", "jalan di desa kami ini memang rusak"));
        assert!(!found("jalan .. rusak", "rusak jalan"));
    }

    #[test]
    fn forms_do_not_matter() {
        assert!(found("kerusakan jalan", "merusak jalan"));
    }

    #[test]
    fn a_phrase_needs_a_word() {
        assert_eq!(Phrase::new(&Words::default(), " .. "), None);
    }
}
