//! NIK, telephone numbers and other long numbers, however people group their digits.

use super::{Found, Personal};
use crate::text::FoldedChar;

/// Digits of a NIK, a family card number (KK) and most bank cards.
const NIK_DIGITS: usize = 16;
/// Digits of a telephone number with its leading 0: landlines from 9, mobiles up to 13.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=13;
/// Digits from which on a number without gaps is somebody's: accounts, customers, parcels.
const LONG_DIGITS: usize = 10;

/// Words of an account or card, and how many characters before its number they may stand.
const ACCOUNT_WORDS: [&str; 4] = ["rek ", "rek.", "rekening", "kartu"];
const ACCOUNT_WORDS_WITHIN: usize = 20;
/// Fewest digits of an account.
const ACCOUNT_DIGITS: usize = 7;

/// Digits that stand together, and where.
#[derive(Debug, Clone, Copy)]
struct Group<'a> {
    chars: &'a [FoldedChar],
    start: usize,
    /// Whether one or two separators, and nothing else, part it from the group before.
    is_joined: bool,
}

impl Group<'_> {
    fn len(&self) -> usize {
        self.chars.len()
    }

    fn end(&self) -> usize {
        self.start + self.len()
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.len() >= prefix.len() && prefix.chars().zip(self.chars).all(|(char, folded)| folded.char == char)
    }

    fn is_year(&self) -> bool {
        self.len() == 4 && (self.starts_with("19") || self.starts_with("20"))
    }
}

/// Finds long numbers.
pub(super) fn find(chars: &[FoldedChar]) -> Vec<Found> {
    let groups = groups(chars);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = groups.get(at..).filter(|rest| !rest.is_empty()) {
        let (taken, kind) = match (account(rest, chars), nik(rest), phone(rest, chars)) {
            (Some(taken), _, _) => (taken, Some(Personal::Number)),
            (None, Some(taken), _) => (taken, Some(Personal::Nik)),
            (None, None, Some(taken)) => (taken, Some(Personal::Phone)),
            _ => (1, rest.first().filter(|group| group.len() >= LONG_DIGITS).map(|_| Personal::Number)),
        };
        if let (Some(kind), Some(first), Some(last)) = (kind, rest.first(), rest.get(taken - 1)) {
            let start = first.start - usize::from(belongs_before(chars, first.start, last.end()));
            found.push(Found { kind, chars: start..last.end() });
        }
        at += taken;
    }
    found
}

/// How many groups from the first on are an account or card, as the words before them say: `no rek 0012-01-012345-50-1`.
fn account(groups: &[Group<'_>], chars: &[FoldedChar]) -> Option<usize> {
    let first = groups.first()?;
    let before = chars.get(first.start.saturating_sub(ACCOUNT_WORDS_WITHIN)..first.start)?;
    let before: String = before.iter().flat_map(|folded| folded.char.to_lowercase()).collect();
    if !ACCOUNT_WORDS.iter().any(|word| before.contains(word)) {
        return None;
    }
    let taken = 1 + groups.iter().skip(1).take_while(|group| group.is_joined).count();
    let digits: usize = groups.iter().take(taken).map(Group::len).sum();
    (digits >= ACCOUNT_DIGITS).then_some(taken)
}

/// How many groups from the first on make 16 digits. Four years in a row are no NIK.
fn nik(groups: &[Group<'_>]) -> Option<usize> {
    let taken = taking(groups, NIK_DIGITS)?;
    (!groups.iter().take(taken).all(Group::is_year)).then_some(taken)
}

/// How many joined groups from the first on have exactly so many digits.
fn taking(groups: &[Group<'_>], digits: usize) -> Option<usize> {
    let mut sum = 0;
    for (i, group) in groups.iter().enumerate() {
        if i > 0 && !group.is_joined {
            return None;
        }
        sum += group.len();
        match sum.cmp(&digits) {
            std::cmp::Ordering::Equal => return Some(i + 1),
            std::cmp::Ordering::Greater => return None,
            std::cmp::Ordering::Less => {}
        }
    }
    None
}

/// How many groups from the first on are a telephone number: `0812-3456-789`, `+62 812 3456 789`, `(024) 765432`.
fn phone(groups: &[Group<'_>], chars: &[FoldedChar]) -> Option<usize> {
    let first = groups.first()?;
    let has_plus = char_before(chars, first.start) == Some('+');
    let is_national =
        first.len() >= 3 && first.starts_with("0") && !first.starts_with("00") && !first.starts_with("01");
    let is_international = first.starts_with("62") && (has_plus || first.starts_with("628"));
    let is_bare_mobile = first.starts_with("8") && (10..=12).contains(&first.len());
    if is_bare_mobile {
        return Some(1);
    }
    if !is_national && !is_international {
        return None;
    }
    // The country code stands for the 0.
    let mut digits = if is_international { first.len() - 1 } else { first.len() };
    let mut taken = 1;
    for group in groups.iter().skip(1).take_while(|group| group.is_joined) {
        let is_full = digits > *PHONE_DIGITS.start() && group.len() < 3;
        if is_full || digits + group.len() > *PHONE_DIGITS.end() {
            break;
        }
        digits += group.len();
        taken += 1;
    }
    PHONE_DIGITS.contains(&digits).then_some(taken)
}

/// Whether the sign before a number is part of it: a `+`, or the bracket of an area code that closes inside.
fn belongs_before(chars: &[FoldedChar], start: usize, end: usize) -> bool {
    let closes_inside = || chars.get(start..end).is_some_and(|inside| inside.iter().any(|folded| folded.char == ')'));
    match char_before(chars, start) {
        Some('+') => true,
        Some('(') => closes_inside(),
        _ => false,
    }
}

fn char_before(chars: &[FoldedChar], at: usize) -> Option<char> {
    chars.get(at.checked_sub(1)?).map(|folded| folded.char)
}

fn groups(chars: &[FoldedChar]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut start = 0;
    for run in chars.chunk_by(|left, right| left.char.is_ascii_digit() == right.char.is_ascii_digit()) {
        if run.first().is_some_and(|folded| folded.char.is_ascii_digit()) {
            let gap_start = groups.last().map_or(start, Group::end);
            let gap = chars.get(gap_start..start).unwrap_or_default();
            let is_joined = (1..=2).contains(&gap.len()) && gap.iter().all(|folded| is_separator(folded.char));
            groups.push(Group { chars: run, start, is_joined });
        }
        start += run.len();
    }
    groups
}

fn is_separator(char: char) -> bool {
    matches!(char, ' ' | '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2013}')
}
