//! A light stemmer for Indonesian: takes off common prefixes and endings by form alone, without a dictionary.
//!
//! It need not find the true root. Cues and texts go through the same hands, so it is enough that the forms of a
//! word meet: `penerangan`, `diterangi` and `terang` all give `terang`.

/// Fewest letters that a stem may have.
const SHORTEST: usize = 4;

/// Endings that may follow any word, outer ones first: particles, possessives (`ne` is Javanese).
const OUTER_ENDINGS: [&[&str]; 2] = [&["lah", "kah", "pun"], &["nya", "ku", "mu", "ne"]];

/// Endings of words that begin with `ke` or `pe`, which are nouns (`kerusakan`), and of all others (`dirusakkan`).
const NOUN_ENDINGS: &[&str] = &["an"];
const VERB_ENDINGS: &[&str] = &["kan", "an", "i"];

/// Prefixes with what they leave before a vowel, longest first (`penerang` is `pe` + `terang`).
const PREFIXES: [(&str, &str); 16] = [
    ("meny", "s"),
    ("peny", "s"),
    ("meng", ""),
    ("peng", ""),
    ("mem", "p"),
    ("pem", "p"),
    ("men", "t"),
    ("pen", "t"),
    ("ber", ""),
    ("ter", ""),
    ("per", ""),
    ("me", ""),
    ("pe", ""),
    ("di", ""),
    ("ke", ""),
    ("se", ""),
];

/// The stem of a word in small letters.
pub(super) fn stem(word: &str) -> String {
    let is_noun = word.starts_with("ke") || word.starts_with("pe");
    let inner_endings = if is_noun { NOUN_ENDINGS } else { VERB_ENDINGS };
    let mut rest = word;
    for endings in OUTER_ENDINGS.into_iter().chain([inner_endings]) {
        rest = endings.iter().find_map(|ending| shortened(rest.strip_suffix(ending)?)).unwrap_or(rest);
    }
    let mut stem = rest.to_owned();
    // Twice: `memperbaiki` wears two prefixes.
    for _ in 0..2 {
        match without_prefix(&stem) {
            Some(shorter) => stem = shorter,
            None => break,
        }
    }
    stem
}

fn without_prefix(word: &str) -> Option<String> {
    let (rest, lost) = PREFIXES.iter().find_map(|(prefix, lost)| Some((word.strip_prefix(prefix)?, lost)))?;
    let lost = if rest.starts_with(['a', 'e', 'i', 'o', 'u']) { lost } else { "" };
    let restored = [lost, rest].concat();
    shortened(&restored).is_some().then_some(restored)
}

/// The word, if it is long enough to be a stem.
fn shortened(word: &str) -> Option<&str> {
    (word.chars().count() >= SHORTEST).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_meet() {
        for (stemmed, forms) in [
            ("terang", ["penerangan", "menerangi", "terang", "diterangi"].as_slice()),
            ("baik", &["perbaikan", "memperbaiki", "diperbaiki", "baik"]),
            ("rusak", &["kerusakan", "dirusak", "rusaknya", "merusak"]),
            ("sapu", &["menyapu", "penyapu"]),
            ("aspal", &["pengaspalan", "diaspal", "mengaspal"]),
            ("tilang", &["ditilang", "penilangan"]),
        ] {
            for form in forms {
                assert_eq!(stem(form), stemmed, "{form}");
            }
        }
    }

    #[test]
    fn short_words_stay() {
        for word in ["desa", "kali", "air", "mati", "ini", "jalan", "kami", "ter", "é"] {
            assert_eq!(stem(word), word);
        }
    }
}
