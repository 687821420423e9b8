//! Personal data that must not leave: NIK, telephone, account and other long numbers, e-mail addresses, number plates,
//! and names where a text says that a name follows.
//!
//! Rather a number too much than one too few; but years, prices, times, RT/RW and links stay as they are.

mod email;
mod names;
mod numbers;
mod plates;

use std::ops::Range;

use crate::text::{FoldedChar, fold, visible};

/// Personal data in a text: which, and where in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    kind: Personal,
    chars: Range<usize>,
}

/// Kinds of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Personal {
    Email,
    Nik,
    Phone,
    /// An account, a card, a customer: any long number.
    Number,
    Plate,
    Name,
}

impl Personal {
    /// What stands in its place, for people.
    fn mask(self) -> &'static str {
        match self {
            Self::Email => "[email]",
            Self::Nik => "[NIK]",
            Self::Phone => "[nomor telepon]",
            Self::Number => "[nomor]",
            Self::Plate => "[plat nomor]",
            Self::Name => "[nama]",
        }
    }
}

/// The text with personal data masked, and without invisible controls that may change how it reads; all else as it
/// was written.
pub(crate) fn mask(text: &str) -> String {
    let text = visible(text);
    let chars = fold(&text);
    let links = links(&chars);
    let mut found: Vec<Found> =
        [email::find(&chars), numbers::find(&chars), plates::find(&chars), names::find(&chars)].concat();
    found.retain(|found| !links.iter().any(|link| link.start < found.chars.end && found.chars.start < link.end));
    found.sort_by_key(|found| (found.chars.start, found.chars.end));
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for Found { kind, chars: range } in found {
        let (Some(first), Some(last)) = (chars.get(range.start), chars.get(range.end.saturating_sub(1))) else {
            continue;
        };
        // What overlaps is masked already, but for its end.
        if first.start >= done {
            masked.push_str(text.get(done..first.start).unwrap_or_default());
            masked.push_str(kind.mask());
        }
        done = done.max(last.end);
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    masked
}

/// Links: the numbers in them are addresses of posts.
fn links(chars: &[FoldedChar]) -> Vec<Range<usize>> {
    let mut links = Vec::new();
    let mut start = 0;
    for word in chars.chunk_by(|left, right| left.char.is_whitespace() == right.char.is_whitespace()) {
        let text: String = word.iter().map(|folded| folded.char.to_ascii_lowercase()).collect();
        // Brackets may stand before an address; what follows it up to the next space is part of it.
        if let Some(at) = text.find("http://").or_else(|| text.find("https://")) {
            let before = text.get(..at).map_or(0, |before| before.chars().count());
            links.push(start + before..start + word.len());
        }
        start += word.len();
    }
    links
}

#[cfg(test)]
#[path = "masking_tests.rs"]
mod tests;
