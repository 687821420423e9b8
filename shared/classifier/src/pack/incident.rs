//! `incident.toml`: which words tell one incident from another.

use std::collections::HashMap;

use serde::Deserialize;
use toml::Spanned;

use super::folder::{Document, Folder};
use crate::incident::{IncidentWords, Lists};
use crate::text::Words;

const FILE: &str = "incident.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IncidentFile {
    silent: Vec<String>,
    weak: Vec<String>,
    alike: Vec<Vec<Spanned<String>>>,
    details: Vec<Vec<Spanned<String>>>,
    named: Vec<Spanned<String>>,
    near: Vec<String>,
    apart: Vec<Vec<Spanned<String>>>,
}

pub(super) fn read(folder: &mut Folder<'_>, words: &Words) -> Option<IncidentWords> {
    let file: Document<IncidentFile> = folder.document(FILE)?;
    let IncidentFile { silent, weak, alike, details, named, near, apart } = &file.value;
    for groups in [alike, details] {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (group, word) in groups.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |word| (i, word))) {
            if let Some(other) = seen.insert(word.get_ref(), group) {
                let where_else = if other == group { "twice in this group" } else { "in another group too" };
                let problem = format!("'{}' stands {where_else}; keep one of the two", word.get_ref());
                folder.error_at(FILE, file.line(word.span()), problem);
            }
        }
    }
    let is_detail = |word: &Spanned<String>| details.iter().flatten().any(|detail| detail.get_ref() == word.get_ref());
    for word in named.iter().filter(|word| !is_detail(word)) {
        let problem = format!("named: '{}' is in no group of details; add it there", word.get_ref());
        folder.error_at(FILE, file.line(word.span()), problem);
    }
    let is_group = |word: &Spanned<String>| {
        details.iter().filter_map(|group| group.first()).any(|first| first.get_ref() == word.get_ref())
    };
    for word in apart.iter().flatten().filter(|word| !is_group(word)) {
        let problem = format!("apart: '{}' is not the first word of a group of details; correct it", word.get_ref());
        folder.error_at(FILE, file.line(word.span()), problem);
    }
    let named: Vec<String> = named.iter().map(|word| word.get_ref().clone()).collect();
    let plain = |groups: &[Vec<Spanned<String>>]| -> Vec<Vec<String>> {
        groups.iter().map(|group| group.iter().map(|word| word.get_ref().clone()).collect()).collect()
    };
    let lists = Lists {
        silent: silent.clone(),
        weak: weak.clone(),
        alike: plain(alike),
        details: plain(details),
        named,
        near: near.clone(),
        apart: plain(apart),
    };
    Some(IncidentWords::new(words, &lists))
}
