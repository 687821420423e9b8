//! Words and signs of a text.

use super::fold::{FoldedChar, fold};

/// A word in small letters, a number, or a sign that means something (`?`, `!`, an emoji, `<url>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) word: String,
    /// Bytes of the original text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether more than a space or hyphen stands before it, so that it begins a new phrase.
    pub(crate) opens_phrase: bool,
    /// Whether it is written with a capital first letter and small letters after it.
    pub(crate) is_capitalised: bool,
}

impl Token {
    /// Whether it is made of letters.
    pub(crate) fn is_word(&self) -> bool {
        self.word.chars().all(char::is_alphabetic)
    }
}

/// Splits a text into tokens. Accounts and the hashtags in `ignored` (small letters) are left out; other hashtags
/// are split where capitals show words. Letters and digits part (`rt03` is `rt 03`), so `rusak2` finds `rusak`.
pub(crate) fn tokenize(text: &str, ignored: &[String]) -> Vec<Token> {
    let chars = fold(text);
    let mut tokens = Tokens { tokens: Vec::new(), opens_phrase: true };
    let mut rest = chars.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        let length = match first.char {
            '@' | '#' if tail.first().is_some_and(|next| is_name_char(next.char)) => 1 + run_length(tail, is_name_char),
            _ if is_link(rest) => run_length(rest, |char| !char.is_whitespace()),
            char if char.is_alphabetic() => run_length(rest, |char| char.is_alphabetic() || is_apostrophe(char)),
            char if char.is_numeric() => run_length(rest, char::is_numeric),
            _ => 1,
        };
        let (taken, next) = rest.split_at(length.min(rest.len()));
        match first.char {
            '@' if length > 1 => tokens.opens_phrase = true,
            '#' if length > 1 => tokens.hashtag(taken, ignored),
            _ if is_link(rest) => tokens.push("<url>".to_owned(), taken),
            char if char.is_alphanumeric() => tokens.word(taken),
            char => tokens.sign(char, taken),
        }
        rest = next;
    }
    tokens.tokens
}

struct Tokens {
    tokens: Vec<Token>,
    opens_phrase: bool,
}

impl Tokens {
    fn push(&mut self, word: String, chars: &[FoldedChar]) {
        let (Some(first), Some(last)) = (chars.first(), chars.last()) else { return };
        let mut letters = chars.iter().map(|folded| folded.char);
        let is_capitalised =
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
        self.tokens.push(Token {
            word,
            start: first.start,
            end: last.end,
            opens_phrase: self.opens_phrase,
            is_capitalised,
        });
        self.opens_phrase = false;
    }

    fn word(&mut self, chars: &[FoldedChar]) {
        let word = squeeze(chars.iter().map(|folded| folded.char).filter(|&char| !is_apostrophe(char)));
        if !word.is_empty() {
            self.push(word, chars);
        }
    }

    fn sign(&mut self, char: char, chars: &[FoldedChar]) {
        match char {
            '-' | '_' => {}
            _ if char.is_whitespace() && char != '\n' => {}
            '?' | '!' => {
                self.opens_phrase = true;
                self.push(char.to_string(), chars);
                self.opens_phrase = true;
            }
            // Signs and emojis; plain punctuation lies below.
            '\u{2190}'.. => {
                self.push(char.to_string(), chars);
                self.opens_phrase = true;
            }
            _ => self.opens_phrase = true,
        }
    }

    fn hashtag(&mut self, chars: &[FoldedChar], ignored: &[String]) {
        let Some((_, chars)) = chars.split_first() else { return };
        let whole: String = chars.iter().flat_map(|folded| folded.char.to_lowercase()).collect();
        self.opens_phrase = true;
        if !ignored.contains(&whole) {
            let parts = chars.chunk_by(|left, right| belongs_together(left.char, right.char));
            for part in parts.filter(|part| part.iter().all(|folded| folded.char != '_')) {
                self.word(part);
            }
        }
        self.opens_phrase = true;
    }
}

/// Whether two neighbours in a hashtag are of one word: `JalanRusak` has two, `PJU` is one.
fn belongs_together(left: char, right: char) -> bool {
    left.is_alphabetic() == right.is_alphabetic()
        && !(left.is_lowercase() && right.is_uppercase())
        && right != '_'
        && left != '_'
}

/// Small letters, and letters that are drawn out (three or more) once: `toloooong` is `tolong`.
fn squeeze(chars: impl Iterator<Item = char>) -> String {
    let mut word: Vec<char> = Vec::new();
    let mut run = 0;
    for char in chars.flat_map(char::to_lowercase) {
        run = if word.last() == Some(&char) { run + 1 } else { 1 };
        match run {
            3 if char.is_alphabetic() => {
                word.pop();
            }
            4.. if char.is_alphabetic() => {}
            _ => word.push(char),
        }
    }
    word.into_iter().collect()
}

fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '\u{2018}' | '\u{2019}' | '`')
}

fn is_name_char(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn run_length(chars: &[FoldedChar], belongs: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|folded| belongs(folded.char)).count()
}

fn is_link(chars: &[FoldedChar]) -> bool {
    ["http://", "https://", "www."].iter().any(|prefix| {
        let start = chars.iter().take(prefix.len()).map(|folded| folded.char.to_ascii_lowercase());
        start.eq(prefix.chars())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let tokens = tokenize(text, &["kemalajateng".to_owned()]);
        tokens.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn everyday_spellings() {
        assert_eq!(
            words("Toloooong! Jalan2 rusaak RT03/RW02, Kec.Jepon"),
            "tolong ! jalan 2 rusaak rt 03 rw 02 kec jepon"
        );
        assert_eq!(words("#JalanRusakBlora #PJU #banjir_rob"), "jalan rusak blora pju banjir rob");
        assert_eq!(words("@warga lihat https://t.co/x?y=1 ya 🙏"), "lihat <url> ya 🙏");
        assert_eq!(words("jum'at"), "jumat");
    }

    #[test]
    fn our_own_hashtag_says_nothing() {
        assert_eq!(words("#KemalaJateng jalan #kemalajateng"), "jalan");
    }

    #[test]
    fn a_phrase_ends_at_punctuation() {
        let opens: Vec<bool> =
            tokenize("Bandar, Batang-Subah lho", &[]).iter().map(|token| token.opens_phrase).collect();
        assert_eq!(opens, [true, true, false, false]);
    }
}
