//! Hashtags without capitals: `jalanrusakblora` is `jalan rusak blora`, if every part of it is a word the pack knows.

/// Shorter tags are one word, longer ones are not looked at.
const LENGTHS: std::ops::RangeInclusive<usize> = 7..=40;
/// Lengths of a part, in letters: shorter words are found everywhere.
const SHORTEST_PART: usize = 3;
const LONGEST_PART: usize = 20;
/// More parts than this are chance.
const MOST_PARTS: usize = 6;

/// Lengths of the parts of a tag in small letters, in letters: the fewest known words that it is made of whole. A tag
/// that cannot be made of them has one part.
pub(super) fn parts(tag: &[char], is_known: &dyn Fn(&str) -> bool) -> Vec<usize> {
    let whole = vec![tag.len()];
    if !LENGTHS.contains(&tag.len()) || !tag.iter().all(|char| char.is_alphabetic()) || is_known(&string(tag)) {
        return whole;
    }
    // The best way to each place in the tag; from left to right, so that the way to a place is known when it is left.
    let mut best: Vec<Option<Vec<usize>>> = vec![None; tag.len() + 1];
    if let Some(start) = best.first_mut() {
        *start = Some(Vec::new());
    }
    for start in 0..tag.len() {
        let Some(before) = best.get(start).cloned().flatten().filter(|parts| parts.len() < MOST_PARTS) else {
            continue;
        };
        for length in (SHORTEST_PART..=LONGEST_PART.min(tag.len() - start)).rev() {
            let Some(way) = best.get_mut(start + length) else { continue };
            let is_shorter = way.as_ref().is_none_or(|way| way.len() > before.len() + 1);
            let part = tag.get(start..start + length).unwrap_or_default();
            if is_shorter && is_known(&string(part)) {
                *way = Some(before.iter().copied().chain([length]).collect());
            }
        }
    }
    best.pop().flatten().unwrap_or(whole)
}

fn string(chars: &[char]) -> String {
    chars.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn split(tag: &str) -> String {
        const KNOWN: [&str; 9] = ["jalan", "rusak", "blora", "kota", "kotatua", "tua", "jalanan", "ana", "sampah"];
        let chars: Vec<char> = tag.chars().collect();
        let mut rest = tag;
        let mut words = Vec::new();
        for length in parts(&chars, &|word| KNOWN.contains(&word)) {
            let (word, after) = rest.split_at(length);
            words.push(word);
            rest = after;
        }
        words.join(" ")
    }

    #[test]
    fn a_tag_is_split_only_into_words_and_without_a_rest() {
        assert_eq!(split("jalanrusakblora"), "jalan rusak blora");
        assert_eq!(split("jalanrusakbloro"), "jalanrusakbloro");
        assert_eq!(split("sampahkotatua"), "sampah kotatua");
        assert_eq!(split("kotatua"), "kotatua");
        assert_eq!(split("jalananak"), "jalananak");
        assert_eq!(split(&"jalan".repeat(20)), "jalan".repeat(20));
    }
}
