//! Names of people, where a text says that a name follows: "a.n. …", "atas nama …", "nama saya …", "bernama …".

use std::ops::Range;

use super::{Found, Personal};
use crate::text::FoldedChar;

/// Longest name that is looked for, in words.
const MOST_WORDS: usize = 4;

/// Words that stand after "nama" and before the name itself.
const BETWEEN: [&str; 12] =
    ["saya", "sy", "lengkap", "pelapor", "korban", "pemilik", "anak", "ibu", "pasien", "siswa", "adalah", "ialah"];

/// Words after which a name may also be written small, as they say that nothing but a name follows.
const INTRODUCING: [&str; 3] = ["adalah", "ialah", "perkenalkan"];

/// Words in small letters that begin no name, or end it.
const NO_SMALL_NAMES: [&str; 34] = [
    "ada",
    "akan",
    "apa",
    "asal",
    "asli",
    "belum",
    "dan",
    "dari",
    "dengan",
    "di",
    "dr",
    "hp",
    "ingin",
    "ini",
    "itu",
    "izin",
    "kami",
    "mau",
    "melapor",
    "melaporkan",
    "minta",
    "mohon",
    "pada",
    "sebagai",
    "sudah",
    "sy",
    "telp",
    "tidak",
    "tinggal",
    "tolong",
    "umur",
    "untuk",
    "usia",
    "yang",
];

/// Words written with a capital that begin something else than a person's name, or end it.
const NO_NAMES: [&str; 30] = [
    "alamat",
    "bank",
    "camat",
    "cv",
    "desa",
    "dinas",
    "gubernur",
    "jalan",
    "jl",
    "kab",
    "kabupaten",
    "kec",
    "kecamatan",
    "kel",
    "kelurahan",
    "kepala",
    "kota",
    "masyarakat",
    "nik",
    "no",
    "pemerintah",
    "pemkab",
    "pemkot",
    "pt",
    "rt",
    "rumah",
    "rw",
    "saya",
    "sekolah",
    "warga",
];

/// A word and where it stands.
struct Word {
    /// In small letters, without signs around it.
    plain: String,
    /// Without signs around it.
    chars: Range<usize>,
    /// Whether it is written like a name: a capital, then letters.
    is_capital: bool,
    /// Whether a sign that ends a phrase follows it.
    ends_phrase: bool,
    /// Whether that sign ends a whole sentence: no name follows then.
    ends_sentence: bool,
    /// The sign after it.
    sign: Option<char>,
    /// Whether it is made of letters.
    is_word: bool,
}

/// Finds names.
pub(super) fn find(chars: &[FoldedChar]) -> Vec<Found> {
    let words = words(chars);
    let mut found = Vec::new();
    for at in 0..words.len() {
        let Some((cue, name)) = words.get(at..).and_then(|rest| rest.split_at_checked(cue(rest)?)) else { continue };
        if cue.iter().any(|word| word.ends_sentence) {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let introduces = |word: &Word| INTRODUCING.contains(&word.plain.as_str()) || word.sign == Some(':');
        let may_be_small =
            cue.last().is_some_and(|last| introduces(last) || matches!(last.plain.as_str(), "a.n" | "a/n"))
                || before.is_some_and(introduces);
        if let Some(chars) = name_at(name, may_be_small) {
            found.push(Found { kind: Personal::Name, chars });
        }
    }
    found
}

/// How many words from the first on say that a name follows.
fn cue(words: &[Word]) -> Option<usize> {
    let plain = |at: usize| words.get(at).map(|word| word.plain.as_str());
    match plain(0)? {
        "a.n" | "a/n" | "bernama" => Some(1),
        "an" if words.first().is_some_and(|word| word.sign == Some('.')) => Some(1),
        "atas" if plain(1) == Some("nama") => Some(2),
        "nama" => Some(1 + words.iter().skip(1).take_while(|word| BETWEEN.contains(&word.plain.as_str())).count()),
        _ => None,
    }
}

/// Where the name at the first word on stands.
fn name_at(words: &[Word], may_be_small: bool) -> Option<Range<usize>> {
    let mut name: Option<Range<usize>> = None;
    for word in words.iter().take(MOST_WORDS) {
        let is_small_name = may_be_small && word.is_word && !NO_SMALL_NAMES.contains(&word.plain.as_str());
        if !(word.is_capital || is_small_name) || NO_NAMES.contains(&word.plain.as_str()) {
            break;
        }
        let start = name.as_ref().map_or(word.chars.start, |name| name.start);
        name = Some(start..word.chars.end);
        if word.ends_phrase {
            break;
        }
    }
    name
}

fn words(chars: &[FoldedChar]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for run in chars.chunk_by(|left, right| left.char.is_whitespace() == right.char.is_whitespace()) {
        let is_sign = |folded: &&FoldedChar| !folded.char.is_alphanumeric();
        let before = run.iter().take_while(is_sign).count();
        let after = run.iter().rev().take_while(is_sign).count();
        if let Some(inner) = run.get(before..run.len().saturating_sub(after)).filter(|inner| !inner.is_empty()) {
            let is_capital = inner.first().is_some_and(|first| first.char.is_uppercase())
                && inner.iter().all(|folded| folded.char.is_alphabetic() || matches!(folded.char, '\'' | '.' | '-'));
            let signs = run.get(run.len() - after..).unwrap_or_default();
            words.push(Word {
                plain: inner.iter().flat_map(|folded| folded.char.to_lowercase()).collect(),
                chars: start + before..start + run.len() - after,
                is_capital,
                // The dot of an initial ends nothing.
                ends_phrase: inner.len() > 1 && signs.iter().any(|folded| !matches!(folded.char, '"' | '\'')),
                sign: signs.first().map(|folded| folded.char),
                is_word: inner.iter().all(|folded| folded.char.is_alphabetic()),
                ends_sentence: signs.iter().any(|folded| matches!(folded.char, '?' | '!')),
            });
        }
        start += run.len();
    }
    words
}
