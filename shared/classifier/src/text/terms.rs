//! Words as the rules know them: slang, abbreviations and Javanese put into Indonesian, then stemmed.

use rustc_hash::FxHashMap;

use super::stem::stem;
use super::tokens::{Token, tokenize};

/// Everyday words and what they mean, by `words.csv` of the pack.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words(FxHashMap<String, Vec<String>>);

/// Endings that a text may add to a word the pack knows: `dalane` is `dalan`, `lampunya` is `lampu`.
const ENDINGS: [&str; 5] = ["nipun", "ipun", "nya", "ne", "e"];

impl Words {
    /// The terms of a text: one or more for each token, in its order.
    pub(crate) fn terms(&self, tokens: &[Token]) -> Vec<String> {
        let mut terms = Vec::with_capacity(tokens.len() + 8);
        for token in tokens {
            match self.meaning(&token.word) {
                Some(meaning) => terms.extend(meaning.iter().cloned()),
                None => terms.push(stem(&token.word)),
            }
        }
        terms
    }

    /// The terms of a phrase that a pack's author wrote.
    pub(crate) fn phrase(&self, phrase: &str) -> Vec<String> {
        self.terms(&tokenize(phrase, &[]))
    }

    /// The words that have a meaning of their own.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether it has a meaning of its own.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    fn meaning(&self, word: &str) -> Option<&[String]> {
        let known = |word: &str| self.0.get(word);
        known(word)
            .or_else(|| ENDINGS.iter().find_map(|ending| known(word.strip_suffix(ending)?)))
            .or_else(|| known(&without_doubles(word)?))
            .map(Vec::as_slice)
    }
}

/// The word with letters once that stand twice, if there are such: `rusaak` is `rusak`.
fn without_doubles(word: &str) -> Option<String> {
    let has_double = word.chars().zip(word.chars().skip(1)).any(|(left, right)| left == right);
    has_double.then(|| {
        let mut single: Vec<char> = word.chars().collect();
        single.dedup();
        single.into_iter().collect()
    })
}

impl<'a> FromIterator<(&'a str, &'a str)> for Words {
    /// From pairs of a word and its meaning (one or more words). A word that is a meaning is a term as it stands.
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut words: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let mut meanings: Vec<&str> = Vec::new();
        for (word, means) in pairs {
            words.insert(word.to_owned(), means.split(' ').map(str::to_owned).collect());
            meanings.extend(means.split(' '));
        }
        for meaning in meanings {
            if !words.contains_key(meaning) {
                words.insert(meaning.to_owned(), vec![meaning.to_owned()]);
            }
        }
        Self(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slang_and_javanese_become_indonesian() {
        let words: Words =
            [("dalan", "jalan"), ("jln", "jalan"), ("rsud", "rumah sakit umum daerah")].into_iter().collect();
        assert_eq!(words.phrase("Dalane jln dirusak").join(" "), "jalan jalan rusak");
        assert_eq!(words.phrase("jalannya jaalan maaf").join(" "), "jalan jalan maaf");
        assert_eq!(words.phrase("RSUD?").join(" "), "rumah sakit umum daerah ?");
    }

    #[test]
    fn a_meaning_is_not_stemmed() {
        assert_eq!(Words::default().phrase("penerima"), ["terima"]);
        let words: Words = [("diperbaiki", "perbaiki"), ("penerima", "penerima")].into_iter().collect();
        assert_eq!(words.phrase("penerima diperbaiki perbaiki").join(" "), "penerima perbaiki perbaiki");
    }
}
