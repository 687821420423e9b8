//! Words and signs of a text.

use super::fold::{FoldedChar, fold};
use super::hashtags::parts as parts_of;

/// A word in small letters, a number, or a sign that means something (`?`, `!`, an emoji, `<url>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) word: String,
    /// Bytes of the original text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether more than a space or hyphen stands before it, so that it begins a new phrase.
    pub(crate) opens_phrase: bool,
    /// Whether a hyphen stands before it, with nothing else but spaces.
    pub(crate) follows_hyphen: bool,
    /// Whether it is written with a capital first letter and small letters after it.
    pub(crate) is_capitalised: bool,
}

impl Token {
    /// Whether it is made of letters.
    pub(crate) fn is_word(&self) -> bool {
        self.word.chars().all(char::is_alphabetic)
    }
}

/// How hashtags are read.
#[derive(Clone, Copy)]
pub(crate) struct Hashtags<'a> {
    /// Those that say nothing, in small letters.
    pub(crate) ignored: &'a [String],
    /// Whether letters are a word, so that a tag without capitals may be split there.
    pub(crate) is_known: &'a dyn Fn(&str) -> bool,
}

/// Splits a text into tokens, hashtags only where capitals show words.
pub(crate) fn tokenize(text: &str, ignored: &[String]) -> Vec<Token> {
    tokenize_with(text, Hashtags { ignored, is_known: &|_| false })
}

/// Splits a text into tokens. Accounts and ignored hashtags are left out; other hashtags are split where capitals
/// or known words show it. Letters and digits part (`rt03` is `rt 03`), so `rusak2` finds `rusak`; an emoji that is
/// repeated is one; a number with dots between its thousands is one.
pub(crate) fn tokenize_with(text: &str, hashtags: Hashtags<'_>) -> Vec<Token> {
    let chars = fold(text);
    let mut tokens = Tokens { tokens: Vec::new(), opens_phrase: true, follows_hyphen: false };
    let mut rest = chars.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        let length = match first.char {
            '@' | '#' if tail.first().is_some_and(|next| is_name_char(next.char)) => 1 + run_length(tail, is_name_char),
            _ if is_link(rest) => run_length(rest, |char| !char.is_whitespace()),
            char if char.is_alphabetic() => run_length(rest, |char| char.is_alphabetic() || is_apostrophe(char)),
            char if char.is_numeric() => number_length(rest),
            _ => 1,
        };
        let (taken, next) = rest.split_at(length.min(rest.len()));
        match first.char {
            '@' if length > 1 => tokens.opens_phrase = true,
            '#' if length > 1 => tokens.hashtag(taken, hashtags),
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
    follows_hyphen: bool,
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
            follows_hyphen: self.follows_hyphen && !self.opens_phrase,
            is_capitalised,
        });
        self.opens_phrase = false;
        self.follows_hyphen = false;
    }

    fn word(&mut self, chars: &[FoldedChar]) {
        let word = squeeze(chars.iter().map(|folded| folded.char).filter(|&char| char.is_alphanumeric()));
        if !word.is_empty() {
            self.push(word, chars);
        }
    }

    fn sign(&mut self, char: char, chars: &[FoldedChar]) {
        match char {
            '-' | '\u{2010}'..='\u{2014}' => self.follows_hyphen = true,
            '_' => {}
            _ if char.is_whitespace() && char != '\n' => {}
            '?' | '!' => {
                self.opens_phrase = true;
                self.push(char.to_string(), chars);
                self.opens_phrase = true;
            }
            // Signs and emojis; plain punctuation lies below.
            '\u{2190}'.. => {
                match (self.tokens.last_mut(), chars.last()) {
                    (Some(same), Some(last)) if same.word.chars().eq([char]) => same.end = last.end,
                    _ => self.push(char.to_string(), chars),
                }
                self.opens_phrase = true;
            }
            _ => self.opens_phrase = true,
        }
    }

    fn hashtag(&mut self, chars: &[FoldedChar], hashtags: Hashtags<'_>) {
        let Some((_, chars)) = chars.split_first() else { return };
        let whole: String = chars.iter().flat_map(|folded| folded.char.to_lowercase()).collect();
        self.opens_phrase = true;
        if !hashtags.ignored.contains(&whole) {
            let parts = chars.chunk_by(|left, right| belongs_together(left.char, right.char));
            for mut rest in parts.filter(|part| part.iter().all(|folded| folded.char != '_')) {
                let letters: Vec<char> = rest.iter().flat_map(|folded| folded.char.to_lowercase()).collect();
                for length in parts_of(&letters, hashtags.is_known) {
                    let (word, after) = rest.split_at(length.min(rest.len()));
                    self.word(word);
                    rest = after;
                }
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
    let mut word = String::new();
    let mut last = None;
    let mut run = 0;
    for char in chars.flat_map(char::to_lowercase) {
        run = if last == Some(char) { run + 1 } else { 1 };
        last = Some(char);
        match run {
            3 if char.is_alphabetic() => {
                word.pop();
            }
            4.. if char.is_alphabetic() => {}
            _ => word.push(char),
        }
    }
    word
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

/// Digits, with dots between thousands: `1.500.000`.
fn number_length(chars: &[FoldedChar]) -> usize {
    let digits = run_length(chars, char::is_numeric);
    let mut length = digits;
    if digits > 3 || chars.first().is_some_and(|first| first.char == '0') {
        return length;
    }
    while let Some((dot, rest)) = chars.get(length..).and_then(<[_]>::split_first)
        && dot.char == '.'
        && run_length(rest, char::is_numeric) == 3
    {
        length += 4;
    }
    length
}

fn is_link(chars: &[FoldedChar]) -> bool {
    ["http://", "https://", "www.", "<url>"].iter().any(|prefix| {
        let start = chars.iter().take(prefix.len()).map(|folded| folded.char.to_ascii_lowercase());
        start.eq(prefix.chars())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert_eq!(words("Rp1.500.000,50 jam 08.300 🙏🏽🙏🙏 & &lt;"), "rp 1500000 50 jam 08 300 🙏");
    }

    #[test]
    fn a_tag_in_small_letters_is_split_into_words_that_are_known() {
        let is_known = |word: &str| ["jalan", "rusak", "blora"].contains(&word);
        let tokens = tokenize_with("#jalanrusakblora #JALANRUSAK2", Hashtags { ignored: &[], is_known: &is_known });
        let spans: Vec<_> = tokens.iter().map(|token| (token.word.as_str(), token.start, token.end)).collect();
        assert_eq!(
            spans,
            [("jalan", 1, 6), ("rusak", 6, 11), ("blora", 11, 16), ("jalan", 18, 23), ("rusak", 23, 28), ("2", 28, 29)]
        );
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
        let hyphens: Vec<bool> =
            tokenize("Bandar - Batang, -Subah–Cepu kok", &[]).iter().map(|token| token.follows_hyphen).collect();
        assert_eq!(hyphens, [false, true, false, true, false]);
    }

    proptest! {
        #[test]
        fn offsets_stand_on_characters_and_in_order(text in any::<String>()) {
            let mut done = 0;
            for token in tokenize(&text, &[]) {
                // Signs made of one character (½) may share it.
                prop_assert!(token.start < token.end && token.end >= done);
                prop_assert!(text.get(token.start..token.end).is_some());
                done = token.end;
            }
        }

        #[test]
        fn what_is_normal_stays_so(text in "(\\PC|[a-c0-9.'#@_!🙏 &;]){0,60}") {
            let once = words(&text);
            prop_assert_eq!(words(&once), once);
        }
    }
}
