//! Numbers and names that tell two things of a kind apart: `RT 3`, `km 12`, `SDN 2`, `Pasar Legi`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::words::{Detail, IncidentWords};
use crate::text::{Token, Words};

/// The kind of what stands near.
pub(super) const NEAR: &str = "near";
/// Words of a name that count.
const NAME: usize = 2;
/// Words that may stand between the kind and its number or name: `SD Negeri 2`, `jalan raya no. 5`.
const BETWEEN: [&str; 8] = ["negeri", "raya", "nomor", "no", "kel", "desa", "ke", "dusun"];

/// The details of a text by kind. The names of the places that hold it, in `place`, tell nothing: they are the same
/// on both sides.
pub(super) fn details(
    tokens: &[Token],
    lists: &IncidentWords,
    words: &Words,
    place: &HashSet<String>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut rest = tokens;
    while let Some((token, tail)) = rest.split_first() {
        rest = tail;
        if lists.is_near(token) {
            let nearby = tail.iter().take(NAME).take_while(|token| !token.opens_phrase);
            let nearby: Vec<String> = nearby.flat_map(|token| lists.telling(words, token)).collect();
            if !nearby.is_empty() {
                found.entry(NEAR.to_owned()).or_default().extend(nearby);
            }
        }
        let Some(detail) = lists.detail(token) else { continue };
        let kind = &detail.kind;
        if let Some(set) = &detail.apart {
            found.entry(format!("{set} or another")).or_default().insert(kind.clone());
        }
        // `RT/RW 03/02`: the kinds stand together, and then their numbers.
        if let [second, third, fourth, ..] = tail
            && let Some(Detail { kind: second_kind, .. }) = lists.detail(second)
            && let (Some(first_number), Some(second_number)) = (number(third), number(fourth))
        {
            found.entry(format!("{kind} #")).or_default().insert(first_number);
            found.entry(format!("{second_kind} #")).or_default().insert(second_number);
            rest = tail.get(3..).unwrap_or_default();
            continue;
        }
        let mut after = tail;
        while let Some((between, further)) = after.split_first()
            && BETWEEN.contains(&between.word.as_str())
        {
            after = further;
        }
        let (number_before, after) = leading_number(after);
        let name = name(after, token, detail.is_named, lists, words);
        let (number_after, _) = leading_number(after.get(name.len()..).unwrap_or_default());
        if let Some(number) = number_before.or(number_after.filter(|_| !name.is_empty())) {
            // Apart from names: `SDN 1 Jepon` and `SD Jepon` may be one school.
            found.entry(format!("{kind} #")).or_default().insert(number);
        }
        let of_its_own = name.iter().filter(|token| !place.contains(&token.word));
        let of_its_own: Vec<String> = of_its_own.map(|token| token.word.clone()).collect();
        if !of_its_own.is_empty() {
            found.entry(kind.clone()).or_default().extend(of_its_own);
        }
    }
    found
}

fn number(token: &Token) -> Option<String> {
    let is_number = !token.word.is_empty() && token.word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| token.word.trim_start_matches('0').to_owned())
}

fn leading_number(tokens: &[Token]) -> (Option<String>, &[Token]) {
    match tokens.split_first() {
        Some((first, rest)) if number(first).is_some() => (number(first), rest),
        _ => (None, tokens),
    }
}

/// The words of the name that follows a kind.
fn name<'a>(after: &'a [Token], kind: &Token, is_small_too: bool, lists: &IncidentWords, words: &Words) -> &'a [Token] {
    // After an abbreviation stands a full stop that ends nothing.
    let is_abbreviated = kind.word.len() <= 3;
    let length = after.iter().take(NAME).enumerate().take_while(|(i, token)| {
        let goes_on = !token.opens_phrase || (*i == 0 && is_abbreviated);
        let is_name = match (token.is_capitalised, is_small_too) {
            // `Jl. Pemuda`, though `pemuda` is an everyday word.
            (true, true) => !lists.is_common(words, token),
            (false, false) => false,
            _ => !lists.is_everyday(words, token),
        };
        goes_on && token.is_word() && token.word.chars().count() > 2 && is_name
    });
    after.get(..length.count()).unwrap_or_default()
}
