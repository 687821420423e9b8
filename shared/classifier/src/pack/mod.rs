//! All data of one jurisdiction: read from a folder, with or without an override, checked as a whole.

mod agencies;
mod base;
mod categories;
mod commands;
mod districts;
mod errors;
mod folder;
mod incident;
mod jurisdiction;
mod model;
mod neighbours;
mod overridden;
mod places;
mod policy;
mod replies;
mod routing;
mod rules;

use std::fmt;
use std::path::Path;

use kemala_domain::RegionCode;

use crate::commands::Commands;
use crate::cues::CueIndex;
use crate::incident::IncidentWords;
use crate::model::Model;
use crate::place::{Gazetteer, PlaceWords};
use crate::routing::Routing;
use crate::rules::Vote;
use crate::text::Words;

pub use agencies::{Agencies, Agency, Consumer};
pub use base::{SHARED, file_of, is_name as is_pack_name};
pub use categories::{Categories, CategoryEntry};
pub use districts::{District, Districts};
pub use errors::{PackError, PackErrors};
pub use jurisdiction::{Account, HashtagSource, Jurisdiction};
pub use neighbours::Neighbours;
pub use overridden::REPLACEABLE;

use folder::Folder;

#[cfg(test)]
#[path = "pack_tests.rs"]
pub(crate) mod tests;

#[cfg(test)]
mod city_tests;

/// A whole pack: who acts by which law, and what the classifier knows.
#[derive(Clone)]
pub struct Pack {
    /// The part that functions use which do not classify.
    pub jurisdiction: Jurisdiction,
    /// What reports are about.
    pub categories: Categories,
    pub(crate) gazetteer: Gazetteer,
    pub(crate) place_words: PlaceWords,
    pub(crate) words: Words,
    pub(crate) cues: CueIndex<Vote>,
    pub(crate) routing: Routing,
    pub(crate) incident_words: IncidentWords,
    pub(crate) commands: Commands,
    /// What was learned from labelled posts; without it the cues decide alone.
    pub(crate) model: Option<Model>,
    /// The pack's hashtags in small letters: they say nothing about a post.
    pub(crate) ignored_hashtags: Vec<String>,
}

impl fmt::Debug for Pack {
    /// Its version: the rest fills screens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pack").field("version", &self.jurisdiction.version).finish_non_exhaustive()
    }
}

impl Pack {
    /// Reads and checks all files of a pack's folder. All that is wrong is told at once.
    pub fn load(dir: &Path) -> Result<Self, PackErrors> {
        let mut folder = Folder::new(dir);
        let pack = Self::read(&mut folder);
        folder.finish(pack)
    }

    /// Loads a pack and checks also what a function only reads when it needs it: the areas of its places.
    pub fn check(dir: &Path) -> Result<Self, PackErrors> {
        let mut folder = Folder::new(dir);
        let pack = Self::read(&mut folder);
        if let Some(pack) = &pack {
            places::check_areas(&mut folder, &pack.gazetteer);
        }
        folder.finish(pack)
    }

    /// How many places it knows, the jurisdiction itself included.
    pub fn places(&self) -> usize {
        self.gazetteer.places()
    }

    /// The full name of a place, for people.
    pub fn place_name(&self, code: &RegionCode) -> Option<String> {
        self.gazetteer.full_name(code)
    }

    /// Every regency, city and subdistrict with its full name, in the order of the codes.
    pub fn districts(&self) -> impl Iterator<Item = (&RegionCode, String)> {
        self.gazetteer.districts().filter_map(|code| Some((code, self.place_name(code)?)))
    }

    /// What was learned from labelled posts, where the pack has it.
    pub fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    /// The same pack with another model, or none.
    pub fn with_model(self, model: Option<Model>) -> Self {
        Self { model, ..self }
    }

    /// Loads a pack without its model, to train a new one: that the old one is broken is no matter then.
    pub fn load_untrained(dir: &Path) -> Result<Self, PackErrors> {
        let mut folder = Folder::new(dir);
        let pack = Self::read_untrained(&mut folder);
        folder.finish(pack)
    }

    fn read(folder: &mut Folder<'_>) -> Option<Self> {
        let pack = Self::read_untrained(folder)?;
        let model = model::read(folder, &pack.categories);
        Some(pack.with_model(model))
    }

    fn read_untrained(folder: &mut Folder<'_>) -> Option<Self> {
        let agencies = &Agencies::read(folder);
        let jurisdiction = Jurisdiction::read(folder, agencies);
        let categories = Categories::read(folder, agencies);
        if let Some(jurisdiction) = &jurisdiction {
            policy::check_categories(folder, &jurisdiction.policies, |category| categories.get(category).is_some());
        }
        let words = rules::read_words(folder);
        let incident_words = incident::read(folder, &words);
        let commands = commands::read(folder, &words);
        let routing = routing::read(folder, &words, agencies, &categories);
        let rules = rules::read_rules(folder)?;
        let cues = rules::compile(folder, &rules, &words, &categories);
        let place_words = rules.value.place;
        let gazetteer = places::read(folder, agencies, &place_words, &words);
        let jurisdiction = jurisdiction?;
        let ignored_hashtags = jurisdiction.hashtags.iter().map(|hashtag| hashtag.to_lowercase()).collect();
        Some(Self {
            jurisdiction,
            categories,
            gazetteer,
            place_words,
            words,
            cues,
            routing: routing?,
            incident_words: incident_words?,
            commands: commands?,
            model: None,
            ignored_hashtags,
        })
    }
}
