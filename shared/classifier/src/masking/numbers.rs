//! NIK, telephone numbers and other long numbers, however people group their digits.

use super::{Found, Personal};
use crate::text::FoldedChar;

/// Digits of a NIK, a family card number (KK) and most bank cards.
const NIK_DIGITS: usize = 16;
/// Digits of a telephone number with its leading 0: landlines from 9, mobiles up to 13.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=13;
/// Digits from which on a number without gaps is somebody's: accounts, customers, parcels.
const LONG_DIGITS: usize = 10;

/// Digits of a bank card.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Words and names of banks before the number of an account, and how many characters before it they may stand.
const ACCOUNT_WORDS: [&str; 20] = [
    "rek",
    "norek",
    "rekening",
    "rekeningnya",
    "kartu",
    "atm",
    "bri",
    "bca",
    "bni",
    "bsi",
    "btn",
    "mandiri",
    "bpd",
    "danamon",
    "cimb",
    "permata",
    "ovo",
    "gopay",
    "shopeepay",
    "virtual",
];
const WORDS_WITHIN: usize = 20;
/// Fewest digits of an account.
const ACCOUNT_DIGITS: usize = 7;

/// Words before a telephone number that may lack its area code, and its fewest digits.
const PHONE_WORDS: [&str; 7] = ["telp", "tlp", "telepon", "telpon", "hp", "wa", "whatsapp"];
const SHORT_PHONE_DIGITS: usize = 6;
/// Numbers of public hotlines begin so.
const HOTLINE: &str = "1500";

/// Most characters between two groups of one number: ` - `.
const MOST_SEPARATORS: usize = 3;

/// Digits that stand together, and where.
#[derive(Debug, Clone, Copy)]
struct Group<'a> {
    chars: &'a [FoldedChar],
    start: usize,
    /// Whether one to three separators, and nothing else, part it from the group before.
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
        let known = account(rest, chars)
            .map(|taken| (taken, Personal::Number))
            .or_else(|| nik(rest).map(|taken| (taken, Personal::Nik)))
            .or_else(|| phone(rest, chars).map(|taken| (taken, Personal::Phone)))
            .or_else(|| card(rest).map(|taken| (taken, Personal::Number)));
        let (taken, kind) = match known {
            Some((taken, kind)) => (taken, Some(kind)),
            None => (1, rest.first().filter(|group| group.len() >= LONG_DIGITS).map(|_| Personal::Number)),
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
    let taken = joined(groups);
    let groups = groups.get(..taken)?;
    let digits: usize = groups.iter().map(Group::len).sum();
    (digits >= ACCOUNT_DIGITS && follows(&ACCOUNT_WORDS, first, chars) && !is_amount(groups, chars)).then_some(taken)
}

/// How many groups from the first on have the digits of a bank card and its check digit.
fn card(groups: &[Group<'_>]) -> Option<usize> {
    let taken = joined(groups);
    let digits: Vec<u32> =
        groups.iter().take(taken).flat_map(|group| group.chars).filter_map(|folded| folded.char.to_digit(10)).collect();
    // Luhn: every second digit from the right counts double.
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &digit)| if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    let are_years = groups.iter().take(taken).all(Group::is_year);
    (CARD_DIGITS.contains(&digits.len()) && sum.is_multiple_of(10) && !are_years).then_some(taken)
}

/// How many groups are joined to the first, itself included.
fn joined(groups: &[Group<'_>]) -> usize {
    1 + groups.iter().skip(1).take_while(|group| group.is_joined).count()
}

/// Whether one of these words stands shortly before a group, with no other number between.
fn follows(words: &[&str], group: &Group<'_>, chars: &[FoldedChar]) -> bool {
    let before = chars.get(group.start.saturating_sub(WORDS_WITHIN)..group.start).unwrap_or_default();
    let before = before.rsplit(|folded| folded.char.is_ascii_digit()).next().unwrap_or_default();
    let text: String = before.iter().flat_map(|folded| folded.char.to_lowercase()).collect();
    text.split(|char: char| !char.is_alphanumeric()).any(|word| words.contains(&word))
        || (words.contains(&"bpd") && text.contains("bank jateng"))
}

/// Whether it is money: dots between thousands, or `Rp` before it.
fn is_amount(groups: &[Group<'_>], chars: &[FoldedChar]) -> bool {
    let Some((first, rest)) = groups.split_first() else { return false };
    let is_thousand = |group: &Group<'_>| group.len() == 3 && char_before(chars, group.start) == Some('.');
    let has_dots = first.len() <= 3 && !rest.is_empty() && rest.iter().all(is_thousand);
    let before = chars.get(first.start.saturating_sub(4)..first.start).unwrap_or_default();
    let before: String = before.iter().flat_map(|folded| folded.char.to_lowercase()).collect();
    has_dots || before.trim_end_matches([' ', '.']).ends_with("rp")
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
    if follows(&PHONE_WORDS, first, chars) && !first.starts_with(HOTLINE) && !first.starts_with("0") {
        let taken = joined(groups);
        let digits: usize = groups.iter().take(taken).map(Group::len).sum();
        let is_short = (SHORT_PHONE_DIGITS..*PHONE_DIGITS.start()).contains(&digits);
        if is_short && !is_amount(groups.get(..taken)?, chars) && !groups.iter().take(taken).all(Group::is_year) {
            return Some(taken);
        }
    }
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
        // A short rest belongs to a number in equal groups; else it counts something (`2 kali`).
        let is_regular = taken > 1 && groups.iter().take(taken).all(|other| other.len() == first.len());
        let is_full = digits > *PHONE_DIGITS.start() && group.len() < 3 && !is_regular;
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
            let is_joined =
                (1..=MOST_SEPARATORS).contains(&gap.len()) && gap.iter().all(|folded| is_separator(folded.char));
            groups.push(Group { chars: run, start, is_joined });
        }
        start += run.len();
    }
    groups
}

fn is_separator(char: char) -> bool {
    matches!(char, ' ' | '-' | '.' | '_' | '(' | ')' | '\u{2010}'..='\u{2013}')
}
