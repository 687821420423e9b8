//! Hashtags and mentions of a text, found as X finds them, with their places in code points.

use std::ops::Range;

/// A hashtag or mention.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entity {
    /// `#` or `@`.
    pub(super) sign: char,
    /// The word without its sign.
    pub(super) word: String,
    /// Where it stands in the text, sign included, in code points.
    pub(super) place: Range<usize>,
}

/// The text as X transports it: `&`, `<` and `>` as HTML entities. Places of entities count in this form.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// All hashtags and mentions of a text, in order.
pub(super) fn find(text: &str) -> Vec<Entity> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&sign) = chars.get(at) {
        let starts_word = at == 0 || chars.get(at - 1).is_none_or(|before| !is_word(*before));
        let word: String = chars.iter().skip(at + 1).take_while(|c| is_word(**c)).collect();
        let length = word.chars().count();
        if matches!(sign, '#' | '@') && starts_word && length > 0 {
            found.push(Entity { sign, word, place: at..at + 1 + length });
            at += length;
        }
        at += 1;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Longest text, in code points, that X sends whole; what is longer is cut and given in full elsewhere in the body.
const SHORT: usize = 280;

/// The text cut with an ellipsis, if it is longer than X sends whole.
pub(super) fn cut(text: &str) -> Option<String> {
    (text.chars().count() > SHORT).then(|| text.chars().take(SHORT - 10).chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashtags_and_mentions_are_found_where_they_stand() {
        let found = find("@kemala 🙏 jalan #KemalaJateng, surel a@b.id #");
        let found: Vec<_> = found.iter().map(|e| (e.sign, e.word.as_str(), e.place.clone())).collect();
        assert_eq!(found, [('@', "kemala", 0..7), ('#', "KemalaJateng", 16..29)]);
    }

    #[test]
    fn markup_is_escaped_once() {
        assert_eq!(escape("a & b < c"), "a &amp; b &lt; c");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(cut(&"a".repeat(280)), None);
        assert_eq!(cut(&"a".repeat(281)).unwrap().chars().count(), 271);
    }
}
