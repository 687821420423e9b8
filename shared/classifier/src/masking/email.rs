//! E-mail addresses.

use super::{Found, Personal};
use crate::text::FoldedChar;

/// Finds e-mail addresses: a name, `@`, and a host with a dot. An account (`@name`) has no name before the `@`.
pub(super) fn find(chars: &[FoldedChar]) -> Vec<Found> {
    let signs = chars.iter().enumerate().filter(|(_, folded)| folded.char == '@');
    signs.filter_map(|(at, _)| address_around(chars, at)).collect()
}

fn address_around(chars: &[FoldedChar], at: usize) -> Option<Found> {
    let name = chars.get(..at)?.iter().rev().take_while(|folded| is_name_char(folded.char)).count();
    let mut host = chars.get(at + 1..)?.iter().take_while(|folded| is_host_char(folded.char)).count();
    // The full stop of a sentence is not part of the address.
    while host > 0 && chars.get(at + host).is_some_and(|folded| matches!(folded.char, '.' | '-')) {
        host -= 1;
    }
    let host_chars = chars.get(at + 1..at + 1 + host)?;
    let has_dot = host_chars.iter().skip(1).any(|folded| folded.char == '.');
    (name > 0 && has_dot).then(|| Found { kind: Personal::Email, chars: at - name..at + 1 + host })
}

fn is_name_char(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '.' | '_' | '%' | '+' | '-')
}

fn is_host_char(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '.' | '-')
}
