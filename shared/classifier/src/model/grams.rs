//! N-grams of a text: one or two terms in a row, and three or four letters of a word.

use crate::text::Token;

/// An n-gram of a text, by its hash, and how often it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gram {
    /// See [`hash_of`].
    pub hash: u32,
    /// How often, at least 1.
    pub count: u32,
}

/// What the parts of an n-gram begin with, so that a word and the same letters in a word are two n-grams.
const TERMS: &str = "t";
const LETTERS: &str = "l";

/// Stands for every number: which one it is says nothing of the matter.
const NUMBER: &str = "number";

/// Letters of the n-grams within words.
const LETTERS_IN_GRAM: [usize; 2] = [3, 4];

/// FNV-1a over the parts with a sign between them: 32 bits, so that of 100,000 n-grams one or two share a hash.
pub fn hash_of(parts: &[&str]) -> u32 {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(PRIME);
    parts.iter().fold(OFFSET, |hash, part| step(part.bytes().fold(hash, step), 0x1f))
}

/// The hash of a term alone.
pub(super) fn hash_of_term(term: &str) -> u32 {
    hash_of(&[TERMS, term])
}

/// The n-grams of terms, each once, in the order of their hashes.
pub(super) fn of_terms(terms: &[String]) -> Vec<Gram> {
    let terms: Vec<&str> = terms.iter().map(|term| plain(term)).collect();
    let mut hashes: Vec<u32> = terms.iter().map(|term| hash_of_term(term)).collect();
    hashes.extend(terms.windows(2).filter_map(|pair| match pair {
        [left, right] => Some(hash_of(&[TERMS, left, right])),
        _ => None,
    }));
    counted(hashes)
}

fn plain(term: &str) -> &str {
    if term.starts_with(char::is_numeric) { NUMBER } else { term }
}

/// The n-grams of the letters of words, each once, in the order of their hashes.
pub(super) fn of_letters(tokens: &[Token]) -> Vec<Gram> {
    let mut hashes = Vec::with_capacity(tokens.len() * 10);
    let mut letters = String::new();
    let mut ends: Vec<usize> = Vec::new();
    for token in tokens.iter().filter(|token| token.is_word()) {
        // A mark at both ends: how a word begins says more than what it holds.
        letters.clear();
        letters.push('^');
        letters.push_str(&token.word);
        letters.push('$');
        ends.clear();
        ends.extend(letters.char_indices().map(|(at, _)| at));
        ends.push(letters.len());
        for length in LETTERS_IN_GRAM {
            let grams = ends.iter().zip(ends.iter().skip(length)).filter_map(|(&from, &to)| letters.get(from..to));
            hashes.extend(grams.map(|gram| hash_of(&[LETTERS, gram])));
        }
    }
    counted(hashes)
}

fn counted(mut hashes: Vec<u32>) -> Vec<Gram> {
    hashes.sort_unstable();
    let runs = hashes.chunk_by(|left, right| left == right);
    runs.filter_map(|run| Some(Gram { hash: *run.first()?, count: run.len() as u32 })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    #[test]
    fn terms_and_their_neighbours() {
        let terms = ["jalan", "rusak", "2"].map(str::to_owned);
        let grams = of_terms(&terms);
        assert_eq!(grams.len(), 5);
        for parts in [&["t", "jalan"][..], &["t", "jalan", "rusak"], &["t", "rusak", "number"]] {
            assert!(grams.iter().any(|gram| gram.hash == hash_of(parts)), "{parts:?}");
        }
    }

    #[test]
    fn letters_know_where_a_word_begins_and_ends() {
        let grams = of_letters(&tokenize("air! air", &[]));
        let mut expected = ["^ai", "air", "ir$", "^air", "air$"].map(|gram| (hash_of(&["l", gram]), 2));
        expected.sort_unstable();
        assert_eq!(grams.iter().map(|gram| (gram.hash, gram.count)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn short_and_strange_words_have_letters_too() {
        assert_eq!(of_letters(&tokenize("é", &[])).len(), 1);
        assert!(of_letters(&tokenize("🙏 12", &[])).is_empty());
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash_of(&["t", "ab", "c"]), hash_of(&["t", "a", "bc"]));
    }
}
