//! What reports are about.

use std::collections::HashMap;
use std::path::Path;

use kemala_domain::AgencyCode;
use kemala_domain::decision::Category;
use serde::Deserialize;

use super::agencies::{self, Agencies};
use super::errors::PackErrors;
use super::folder::{Folder, Row};

pub(super) const FILE: &str = "categories.csv";

/// A category of the pack.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryEntry {
    /// Its code.
    pub code: Category,
    /// Its title, for people.
    pub title: String,
    /// The category of LaporGub that it belongs to.
    pub laporgub_category: String,
    /// Who acts where no routing rule decides; `None` where only a human can say.
    pub lead: Option<AgencyCode>,
    /// Whether nobody can act before the place is known.
    #[serde(deserialize_with = "super::folder::yes_or_no")]
    pub needs_place: bool,
    /// Whether a resolution must show a photo.
    #[serde(deserialize_with = "super::folder::yes_or_no")]
    pub photo_on_resolve: bool,
}

/// All categories of a pack, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    list: Vec<CategoryEntry>,
    by_code: HashMap<Category, usize>,
}

impl Categories {
    /// Reads and checks the categories of a pack alone.
    ///
    /// # Errors
    /// [`PackErrors`]
    pub fn load(dir: &Path) -> Result<Self, PackErrors> {
        let mut folder = Folder::new(dir);
        let agencies = Agencies::read(&mut folder);
        let categories = Self::read(&mut folder, &agencies);
        folder.finish(Some(categories))
    }

    pub(super) fn read(folder: &mut Folder<'_>, agencies: &Agencies) -> Self {
        let rows: Vec<Row<CategoryEntry>> = folder.table(FILE);
        folder.check_unique(FILE, rows.iter().map(|row| (row.line, row.value.code.clone())));
        let are_known = folder.is_sound(agencies::FILE);
        for Row { line, value } in rows.iter().filter(|_| are_known) {
            if let Some(lead) = value.lead.as_ref().filter(|lead| agencies.get(lead).is_none()) {
                folder.error_at(
                    FILE,
                    *line,
                    format!("lead: {lead} is not in agencies.csv; add it or correct the code"),
                );
            }
        }
        let list: Vec<CategoryEntry> = rows.into_iter().map(|row| row.value).collect();
        let by_code = list.iter().enumerate().map(|(i, entry)| (entry.code.clone(), i)).collect();
        Self { list, by_code }
    }

    /// The category with that code.
    pub fn get(&self, code: &Category) -> Option<&CategoryEntry> {
        self.list.get(self.index_of(code)?)
    }

    /// All categories, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &CategoryEntry> {
        self.list.iter()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The category of what fits no other: the one without a lead.
    pub fn without_lead(&self) -> Option<&CategoryEntry> {
        self.list.iter().find(|category| category.lead.is_none())
    }

    /// The index of a category in the order of the file.
    pub fn index_of(&self, code: &Category) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The category at an index.
    pub fn at(&self, index: usize) -> Option<&CategoryEntry> {
        self.list.get(index)
    }
}
