//! `routing.toml`: who acts.

use kemala_domain::Urgency;
use kemala_domain::decision::Category;
use serde::Deserialize;
use toml::Spanned;

use super::agencies::{self, Agencies};
use super::categories::{self, Categories};
use super::folder::{Document, Folder};
use crate::routing::{PlaceCondition, Recipient, Routing, Rule};
use crate::text::Words;

pub(super) const FILE: &str = "routing.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoutingFile {
    rule: Vec<Spanned<RuleEntry>>,
}

/// A rule as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    categories: Vec<Category>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    place: Option<PlaceCondition>,
    urgency: Option<Urgency>,
    first: Recipient,
    #[serde(default)]
    others: Vec<Recipient>,
}

pub(super) fn read(
    folder: &mut Folder<'_>,
    words: &Words,
    agencies: &Agencies,
    categories: &Categories,
) -> Option<Routing> {
    let file: Document<RoutingFile> = folder.document(FILE)?;
    let line = |entry: &Spanned<RuleEntry>| file.line(entry.span());
    folder.check_unique(FILE, file.value.rule.iter().map(|entry| (line(entry), format!("id {}", entry.get_ref().id))));
    for entry in &file.value.rule {
        let rule = entry.get_ref();
        if rule.categories.is_empty() {
            folder.error_at(FILE, line(entry), format!("{}: categories is empty; give at least one", rule.id));
        }
        let are_categories_known = folder.is_sound(categories::FILE);
        let is_unknown = |category: &&Category| are_categories_known && categories.get(category).is_none();
        for category in rule.categories.iter().filter(is_unknown) {
            folder.error_at(FILE, line(entry), format!("{}: {category} is not in categories.csv; correct it", rule.id));
        }
        for recipient in rule.others.iter().chain([&rule.first]) {
            if let Recipient::Agency(code) = recipient
                && agencies.get(code).is_none()
                && folder.is_sound(agencies::FILE)
            {
                folder.error_at(FILE, line(entry), format!("{}: {code} is not in agencies.csv; correct it", rule.id));
            }
        }
    }
    let rules = file.value.rule.into_iter().map(|entry| {
        let RuleEntry { id, categories, any, none, place, urgency, first, others } = entry.into_inner();
        (Rule { id, categories, needs_cue: !any.is_empty(), place, urgency, first, others }, any, none)
    });
    Some(Routing::new(words, rules.collect(), agencies))
}
