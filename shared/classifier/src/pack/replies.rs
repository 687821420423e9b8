//! `replies.toml`: what is said to citizens. That every text fits whatever is filled in is proved here, not when it is sent.

use std::collections::BTreeMap;

use kemala_domain::ids::TicketPrefix;
use kemala_domain::reply::Rules;
use kemala_domain::weighted::{link, weighted_length};
use serde::Deserialize;
use toml::Spanned;

use super::agencies::Agencies;
use super::folder::{Document, Folder};
use super::neighbours::Neighbours;
use crate::replies::{Filling, LONGEST_POST, LONGEST_TEXT, Replies, STATES};

pub(super) const FILE: &str = "replies.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepliesFile {
    rules: Rules,
    texts: BTreeMap<String, Vec<Spanned<String>>>,
    status: BTreeMap<String, Vec<Spanned<String>>>,
}

/// The kinds whose texts the pack gives, beside the states.
const KINDS: [&str; 14] = [
    "receipt",
    "receipt_triage",
    "receipt_outside",
    "receipt_emergency",
    "receipt_private",
    "ask_place",
    "ask_place_emergency",
    "ask",
    "answer",
    "resolved",
    "reopened",
    "handed_on",
    "rejected",
    "late",
];

pub(super) fn read(folder: &mut Folder<'_>, agencies: &Agencies, prefix: Option<&TicketPrefix>) -> Option<Replies> {
    let file: Document<RepliesFile> = folder.document(FILE)?;
    let mut texts = BTreeMap::new();
    let states = STATES.into_iter().chain(["private"]);
    let wanted: Vec<String> =
        KINDS.iter().map(|kind| (*kind).to_owned()).chain(states.map(|state| format!("status.{state}"))).collect();
    let given = file.value.texts.iter().map(|(kind, texts)| (kind.clone(), texts));
    let given = given.chain(file.value.status.iter().map(|(state, texts)| (format!("status.{state}"), texts)));
    let neighbours = Neighbours::read(folder);
    let longest = longest(agencies, &neighbours, prefix);
    for (key, given) in given {
        if !wanted.contains(&key) {
            folder.error(FILE, format!("{key} is no reply that Kemala gives; remove it, or correct its name"));
        }
        if given.is_empty() {
            folder.error(FILE, format!("{key} has no text; give one at least"));
        }
        for text in given {
            let line = file.line(text.span());
            for problem in problems(text.get_ref(), &longest) {
                folder.error_at(FILE, line, format!("{key}: {problem}"));
            }
        }
        texts.insert(key, given.iter().map(|text| text.get_ref().clone()).collect());
    }
    for key in wanted.iter().filter(|key| !texts.contains_key(*key)) {
        folder.error(FILE, format!("{key} is missing; add it with a text at least"));
    }
    Some(Replies { rules: file.value.rules.clone(), texts, neighbours })
}

/// The longest that can stand in the braces.
struct Longest {
    number: String,
    agency: String,
    text: String,
}

fn longest(agencies: &Agencies, neighbours: &Neighbours, prefix: Option<&TicketPrefix>) -> Longest {
    let names = agencies.iter().map(|agency| agency.name.as_str()).chain(neighbours.bodies());
    let agency = names.max_by_key(|name| weighted_length(name)).unwrap_or_default().to_owned();
    let prefix = prefix.map_or("XXXX", TicketPrefix::as_str);
    Longest { number: format!("{prefix}-XXXXXXXXX"), agency, text: "x".repeat(LONGEST_TEXT) }
}

fn problems(template: &str, longest: &Longest) -> Vec<String> {
    let mut problems = Vec::new();
    let unknown = template
        .split('{')
        .skip(1)
        .filter(|rest| rest.split_once('}').is_none_or(|(name, _)| !Filling::NAMES.contains(&name)));
    for rest in unknown {
        let name = rest.split('}').next().unwrap_or_default();
        problems.push(format!("{{{name}}} is nothing that can be filled in; use {{number}}, {{agency}} or {{text}}"));
    }
    if !template.contains("{number}") {
        problems.push("does not name the ticket; add {number}".to_owned());
    }
    let Longest { number, agency, text } = longest;
    let filled = Filling { number, agency, text }.fill(template);
    let length = weighted_length(&filled);
    if length > LONGEST_POST {
        problems.push(format!(
            "takes {length} characters with '{agency}' and a text of {LONGEST_TEXT}, X takes {LONGEST_POST}; shorten it by {}",
            length - LONGEST_POST
        ));
    }
    let unfilled = Filling { number, agency: "", text: "" }.fill(template);
    problems
        .extend(link(&unfilled).map(|link| format!("'{link}' would be a link on X, which costs more; leave it out")));
    problems
}
