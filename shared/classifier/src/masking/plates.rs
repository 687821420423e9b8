//! Number plates of vehicles: area letters, one to four digits, series letters.

use super::{Found, Personal};
use crate::text::FoldedChar;

/// Area letters of Indonesian plates (Perpol 7/2021).
const AREAS: &str = "A B D E F G H K L M N P R S T W Z AA AB AD AE AG BA BB BD BE BG BH BK BL BM BN BP DA DB DC DD DE \
                     DG DH DK DL DM DN DP DR DS DT DW EA EB ED KB KH KT KU PA PB PG PS PT PY";

/// Letters of an area.
const LONGEST_AREA: usize = 2;

/// Words after which even a short or small written plate is one.
const ANNOUNCING: [&str; 6] = ["plat", "pelat", "nopol", "polisi", "platnya", "nopolnya"];

/// Words after which letters and digits are an address.
const ADDRESSES: [&str; 6] = ["blok", "gang", "gg", "no", "nomor", "kav"];

/// A run of letters or of digits.
#[derive(Clone, Copy)]
struct Run<'a> {
    chars: &'a [FoldedChar],
    start: usize,
    /// Whether it touches the run before; else a space or hyphen stands between.
    is_glued: bool,
}

impl Run<'_> {
    fn is_letters(&self) -> bool {
        self.chars.iter().all(|folded| folded.char.is_ascii_alphabetic())
    }

    fn is_digits(&self) -> bool {
        self.chars.iter().all(|folded| folded.char.is_ascii_digit())
    }

    fn is_large(&self) -> bool {
        self.chars.iter().all(|folded| folded.char.is_ascii_uppercase())
    }

    fn end(&self) -> usize {
        self.start + self.chars.len()
    }

    fn text(&self) -> String {
        self.chars.iter().map(|folded| folded.char).collect()
    }
}

/// Finds number plates.
pub(super) fn find(chars: &[FoldedChar]) -> Vec<Found> {
    let runs = runs(chars);
    (0..runs.len()).filter_map(|at| plate_at(&runs, at, chars)).collect()
}

fn plate_at(runs: &[Run<'_>], at: usize, chars: &[FoldedChar]) -> Option<Found> {
    let (area, digits) = (runs.get(at)?, runs.get(at + 1)?);
    let digit_count = digits.chars.len();
    if area.is_glued || area.chars.len() > LONGEST_AREA || digit_count > 4 || !digits.is_digits() {
        return None;
    }
    let area_text = area.text().to_ascii_uppercase();
    let is_area = area.is_letters() && AREAS.split_whitespace().any(|known| known == area_text);
    if !is_area || !is_near(chars, area, digits) {
        return None;
    }
    let before = at.checked_sub(1).and_then(|before| runs.get(before)).map(|run| run.text().to_lowercase());
    let follows = |words: &[&str]| before.as_deref().is_some_and(|before| words.contains(&before));
    let series = runs.get(at + 2).filter(|series| {
        let ends = runs.get(at + 3).is_none_or(|next| !next.is_glued);
        series.is_letters() && series.chars.len() <= 3 && ends && is_near(chars, digits, series)
    });
    let is_announced = follows(&ANNOUNCING);
    let is_written_large = area.is_large() && series.is_some_and(Run::is_large);
    let is_long_enough = digit_count >= if digits.is_glued { 3 } else { 2 };
    let is_plate = is_announced || (is_written_large && is_long_enough && !follows(&ADDRESSES));
    let last = series
        .filter(|series| is_announced && series.is_glued || series.is_large() || !area.is_large())
        .unwrap_or(digits);
    is_plate.then(|| Found { kind: Personal::Plate, chars: area.start..last.end() })
}

/// Whether nothing but a space or hyphen parts two runs.
fn is_near(chars: &[FoldedChar], left: &Run<'_>, right: &Run<'_>) -> bool {
    let gap = chars.get(left.end()..right.start).unwrap_or_default();
    gap.len() <= 1 && gap.iter().all(|folded| matches!(folded.char, ' ' | '-' | '.'))
}

fn runs(chars: &[FoldedChar]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut start = 0;
    for run in chars.chunk_by(|left, right| class(left.char) == class(right.char)) {
        if run.first().is_some_and(|folded| folded.char.is_alphanumeric()) {
            let is_glued = runs.last().is_some_and(|before| before.end() == start);
            runs.push(Run { chars: run, start, is_glued });
        }
        start += run.len();
    }
    runs
}

fn class(char: char) -> u8 {
    match char {
        _ if char.is_alphabetic() => 0,
        _ if char.is_numeric() => 1,
        _ => 2,
    }
}
