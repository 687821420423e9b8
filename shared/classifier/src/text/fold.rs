//! Characters as they are meant: compatibility forms, accents, entities and invisible controls made plain.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A plain character and the bytes of the original text that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FoldedChar {
    pub(crate) char: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Entities that platforms put into texts.
const ENTITIES: [(&str, char); 7] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&apos;", '\''), ("&nbsp;", ' ')];

/// Folds a text: NFKD without marks, entities resolved, invisible controls left out. Case stays.
pub(crate) fn fold(text: &str) -> Vec<FoldedChar> {
    let mut folded = Vec::with_capacity(text.len());
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        if let Some((entity, char)) = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)) {
            let end = start + entity.len();
            folded.push(FoldedChar { char: *char, start, end });
            start = end;
            continue;
        }
        let Some(original) = rest.chars().next() else { break };
        let end = start + original.len_utf8();
        if original.is_ascii() {
            folded.push(FoldedChar { char: original, start, end });
        } else if !is_invisible(original) {
            let plain = std::iter::once(original).nfkd().filter(|&char| !is_combining_mark(char));
            folded.extend(plain.map(|char| FoldedChar { char, start, end }));
        }
        start = end;
    }
    folded
}

/// Zero-width characters and controls of writing direction: they may hide a word, but never make one.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
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
        assert_eq!(plain("ru\u{200b}sa\u{202e}k"), "rusak");
        assert_eq!(plain("désa &amp; kota"), "desa & kota");
        assert_eq!(plain("de\u{301}sa"), "desa");
    }

    #[test]
    fn offsets_lead_back_to_the_original() {
        let text = "é&amp;½";
        let spans: Vec<&str> = fold(text).iter().map(|folded| &text[folded.start..folded.end]).collect();
        assert_eq!(spans, ["é", "&amp;", "½", "½", "½"]);
    }
}
