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
pub fn mask(text: &str) -> String {
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
    let mut links: Vec<Range<usize>> = Vec::new();
    for (colon, _) in chars.iter().enumerate().filter(|(_, folded)| folded.char == ':') {
        let Some(start) = SCHEMES.iter().find_map(|scheme| start_of_scheme(chars, colon, scheme)) else { continue };
        // What follows an address up to the next space is part of it.
        let rest = chars.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|folded| !folded.char.is_whitespace()).count();
        links.push(start..start + length);
    }
    links
}

/// What stands before the `://` of a link.
const SCHEMES: [&str; 2] = ["https", "http"];

/// Where a link with this scheme begins whose colon is at `colon`.
fn start_of_scheme(chars: &[FoldedChar], colon: usize, scheme: &str) -> Option<usize> {
    let is =
        |chars: &[FoldedChar], text: &str| chars.iter().map(|folded| folded.char.to_ascii_lowercase()).eq(text.chars());
    let start = colon.checked_sub(scheme.len())?;
    (is(chars.get(start..colon)?, scheme) && is(chars.get(colon..colon + 3)?, "://")).then_some(start)
}

#[cfg(test)]
#[path = "masking_tests.rs"]
mod tests;
