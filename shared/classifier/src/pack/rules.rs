//! `words.csv` and `rules.toml`: which words say what.

use std::collections::BTreeMap;

use kemala_domain::decision::Category;
use kemala_domain::{Kind, Urgency};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::categories::{self, Categories};
use super::folder::{Document, Folder, Row};
use crate::cues::{CueIndex, Phrase};
use crate::place::PlaceWords;
use crate::rules::{About, Vote};
use crate::text::Words;

pub(super) const WORDS: &str = "words.csv";
pub(super) const RULES: &str = "rules.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    word: String,
    means: String,
}

pub(super) fn read_words(folder: &mut Folder<'_>) -> Words {
    let rows: Vec<Row<Word>> = folder.table(WORDS);
    folder.check_unique(WORDS, rows.iter().map(|row| (row.line, row.value.word.as_str())));
    for row in &rows {
        if row.value.word.is_empty() || row.value.means.is_empty() {
            folder.error_at(WORDS, row.line, "word and means must both be filled");
        }
    }
    rows.iter().map(|row| (row.value.word.as_str(), row.value.means.as_str())).collect()
}

/// `rules.toml` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesFile {
    pub(super) place: PlaceWords,
    kind: BTreeMap<Kind, CueList>,
    category: BTreeMap<Spanned<String>, CueList>,
    urgency: BTreeMap<Urgency, CueList>,
    supervisory: CueList,
}

/// Cues by how much they say.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CueList {
    strong: Vec<Spanned<String>>,
    plain: Vec<Spanned<String>>,
    weak: Vec<Spanned<String>>,
    against: Vec<Spanned<String>>,
}

impl CueList {
    /// The cues with their weights.
    fn weighted(&self) -> impl Iterator<Item = (&Spanned<String>, f32)> {
        [(&self.strong, 4.0), (&self.plain, 2.0), (&self.weak, 1.0), (&self.against, -3.0)]
            .into_iter()
            .flat_map(|(cues, weight)| cues.iter().map(move |cue| (cue, weight)))
    }
}

pub(super) fn read_rules(folder: &mut Folder<'_>) -> Option<Document<RulesFile>> {
    folder.document(RULES)
}

/// Compiles the cues of all lists into one index.
pub(super) fn compile(
    folder: &mut Folder<'_>,
    file: &Document<RulesFile>,
    words: &Words,
    categories: &Categories,
) -> CueIndex<Vote> {
    let rules = &file.value;
    let mut lists: Vec<(About, &CueList)> = Vec::new();
    lists.extend(rules.kind.iter().map(|(&kind, list)| (About::Kind(kind), list)));
    lists.extend(rules.urgency.iter().map(|(&urgency, list)| (About::Urgency(urgency), list)));
    lists.push((About::Supervisory, &rules.supervisory));
    for (code, list) in &rules.category {
        match code.get_ref().parse::<Category>().ok().and_then(|code| categories.index_of(&code)) {
            Some(category) => lists.push((About::Category(category), list)),
            None if !folder.is_sound(categories::FILE) => {}
            None => {
                let problem = format!("{} is not in categories.csv; correct it", code.get_ref());
                folder.error_at(RULES, file.line(code.span()), problem);
            }
        }
    }
    let mut cues = Vec::new();
    for (about, list) in lists {
        let mut compiled = Vec::new();
        for (cue, weight) in list.weighted() {
            match Phrase::new(words, cue.get_ref()) {
                Some(phrase) => compiled.push((phrase, cue, Vote { about, weight })),
                None => folder.error_at(RULES, file.line(cue.span()), "a cue without a word; fill it or take it out"),
            }
        }
        let mut seen: FxHashMap<&Phrase, &str> = FxHashMap::default();
        for (phrase, cue, _) in &compiled {
            let text = cue.get_ref();
            if let Some(same) = seen.insert(phrase, text) {
                let problem = format!("'{text}' is the same cue as '{same}' in the same list; keep one of the two");
                folder.error_at(RULES, file.line(cue.span()), problem);
            }
        }
        cues.extend(compiled.into_iter().map(|(phrase, cue, vote)| (phrase, cue.get_ref().clone(), vote)));
    }
    CueIndex::new(cues)
}
