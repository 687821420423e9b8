//! `neighbours.csv`: where citizens turn whose report is about a place outside.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::folder::{Folder, Row};

pub(super) const FILE: &str = "neighbours.csv";

/// The row of all places without a row of their own.
const ALL_OTHERS: &str = "*";

/// Who is responsible for a place outside, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours(BTreeMap<String, String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Neighbour {
    /// A place as the column of that name in `outside.csv` has it.
    place: String,
    /// The body to turn to, as it stands in the middle of a sentence.
    turn_to: String,
}

impl Neighbours {
    pub(super) fn read(folder: &mut Folder<'_>) -> Self {
        let rows: Vec<Row<Neighbour>> = folder.table(FILE);
        folder.check_unique(FILE, rows.iter().map(|row| (row.line, row.value.place.clone())));
        for Row { line, value } in &rows {
            if value.turn_to.is_empty() {
                folder.error_at(FILE, *line, "turn_to is empty; name who is to be turned to");
            }
            if value.turn_to.contains(['#', '@']) {
                let problem = "turn_to: leave out # and @; our post would be a report to that service";
                folder.error_at(FILE, *line, problem);
            }
        }
        if folder.is_sound(FILE) && !rows.iter().any(|row| row.value.place == ALL_OTHERS) {
            folder.error(FILE, format!("has no row for '{ALL_OTHERS}', all other places; add it"));
        }
        Self(rows.into_iter().map(|row| (row.value.place, row.value.turn_to)).collect())
    }

    /// Who is to be turned to for a place outside.
    pub fn turn_to(&self, place: &str) -> &str {
        self.0.get(place).or_else(|| self.0.get(ALL_OTHERS)).map(String::as_str).unwrap_or_default()
    }

    /// All who may be named.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}
