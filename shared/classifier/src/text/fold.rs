//! Characters as they are meant: compatibility forms, accents, entities, lookalikes and invisible controls made plain.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::entities::entity_at;
use super::lookalikes::latin;

/// A plain character and the bytes of the original text that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FoldedChar {
    pub(crate) char: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Folds a text: entities resolved, NFKD without marks, lookalikes made Latin, invisible controls and the skin colours
/// of emojis left out. Case stays.
pub(crate) fn fold(text: &str) -> Vec<FoldedChar> {
    let mut folded = Vec::with_capacity(text.len());
    let mut start = 0;
    while let Some(rest) = text.get(start..) {
        let Some(first) = rest.chars().next() else { break };
        let (char, length) = entity_at(rest).unwrap_or((first, first.len_utf8()));
        let end = start + length;
        if char.is_ascii() && !char.is_ascii_control() {
            folded.push(FoldedChar { char, start, end });
        } else if !is_invisible(char) && !is_skin_colour(char) {
            let plain = std::iter::once(char).nfkd().filter(|&char| !is_combining_mark(char)).map(latin);
            folded.extend(plain.map(|char| FoldedChar { char, start, end }));
        }
        start = end;
    }
    folded
}

/// The text without the controls that change what people see: what is left reads as it is written. The joiners
/// within emojis stay, and so do the controls that are left of an emoji which some program read in the wrong encoding.
pub(crate) fn visible(text: &str) -> String {
    let stays = |char| matches!(char, '\u{200d}' | '\u{fe0f}' | '\u{80}'..='\u{9f}') || !is_invisible(char);
    text.chars().filter(|&char| stays(char)).collect()
}

/// Characters without a width of their own: controls, fillers, tags, joiners, and controls of writing direction.
fn is_invisible(char: char) -> bool {
    match char {
        '\t' | '\n' | '\r' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => char.is_control(),
    }
}

/// Modifiers that follow an emoji.
fn is_skin_colour(char: char) -> bool {
    matches!(char, '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        fold(text).iter().map(|folded| folded.char).collect()
    }

    #[test]
    fn disguises_are_taken_off() {
        assert_eq!(plain("𝐉𝐚𝐥𝐚𝐧 ｒｕｓａｋ"), "Jalan rusak");
        assert_eq!(plain("ru\u{200b}sa\u{202e}k\u{0}\u{e0041}"), "rusak");
        assert_eq!(plain("désa &amp; kota &#106;&#x41;"), "desa & kota jA");
        assert_eq!(plain("de\u{301}sa"), "desa");
        assert_eq!(plain("ј\u{430}lan B\u{39f}L"), "jalan BOL");
        assert_eq!(plain("🙏🏽 👨\u{200d}👩 ❤\u{fe0f}"), "🙏 👨👩 ❤");
    }

    #[test]
    fn offsets_lead_back_to_the_original() {
        let text = "é&amp;½&#x41;";
        let spans: Vec<&str> = fold(text).iter().map(|folded| &text[folded.start..folded.end]).collect();
        assert_eq!(spans, ["é", "&amp;", "½", "½", "½", "&#x41;"]);
    }

    #[test]
    fn a_folded_character_stays_as_it_is() {
        for char in '\u{0}'..=char::MAX {
            let once: String = plain(char.encode_utf8(&mut [0; 4])).to_lowercase();
            assert_eq!(plain(&once).to_lowercase(), once, "{char:?} {:x}", u32::from(char));
        }
    }

    #[test]
    fn what_is_seen_is_what_is_written() {
        assert_eq!(visible("a\u{202e}b\u{2066}c\u{200f}\u{61c}d\n\u{1b}e"), "abcd\ne");
        assert_eq!(visible("ðŸ˜\u{9d}"), "ðŸ˜\u{9d}");
        assert_eq!(visible("👨\u{200d}👩 ❤\u{fe0f}"), "👨\u{200d}👩 ❤\u{fe0f}");
    }
}
