//! All places of a jurisdiction with the names they go by.

use kemala_domain::RegionCode;

use super::areas::Areas;
use super::names::{Names, Walk};

/// How large a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Province,
    Regency,
    Subdistrict,
    Village,
}

impl Level {
    /// The level of a code, by its length.
    pub(crate) fn of(code: &RegionCode) -> Self {
        match code.as_str().len() {
            ..=2 => Self::Province,
            3..=5 => Self::Regency,
            6..=8 => Self::Subdistrict,
            _ => Self::Village,
        }
    }
}

/// A place.
#[derive(Debug, Clone)]
pub(crate) struct PlaceEntry {
    pub(crate) code: RegionCode,
    /// Its official name, such as "Kabupaten Blora" or "Jepon".
    pub(crate) name: String,
    pub(crate) level: Level,
    /// Whether its name is an everyday word, which alone does not mean the place.
    pub(crate) is_common: bool,
}

impl PlaceEntry {
    /// Whether it is a city (kota) and no regency (kabupaten): Kemendagri numbers cities from 71 on.
    pub(crate) fn is_city(&self) -> bool {
        self.level == Level::Regency && self.code.as_str().get(3..5).is_some_and(|number| number >= "71")
    }
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    /// The name of a place, by its index in the gazetteer.
    Official(usize),
    /// What people call a place, or a landmark in it, as the pack writes it.
    Everyday(usize, String),
    /// A place outside the jurisdiction, with its name for people.
    Outside(String),
}

/// Places by code and by name.
#[derive(Clone)]
pub(crate) struct Gazetteer {
    /// In the order of their codes.
    places: Vec<PlaceEntry>,
    names: Names,
    pub(crate) areas: Areas,
}

impl Gazetteer {
    /// How many places there are.
    pub(crate) fn places(&self) -> usize {
        self.places.len()
    }

    /// The gazetteer of these places, which are in the order of their codes, with what people also call them and places
    /// outside. `generic` are words like "kabupaten" that a name may go without.
    pub(crate) fn new(places: Vec<PlaceEntry>, generic: &[String], others: &[(String, Name)], areas: Areas) -> Self {
        let official = places.iter().enumerate().filter(|(_, place)| place.level != Level::Province);
        let official = official.flat_map(|(i, place)| {
            let bare = place.name.split_once(' ').filter(|_| place.level == Level::Regency);
            let bare = bare.filter(|(first, _)| generic.contains(&first.to_lowercase())).map(|(_, bare)| bare);
            bare.into_iter().chain([place.name.as_str()]).map(move |name| (name, Name::Official(i)))
        });
        let others = others.iter().map(|(name, means)| (name.as_str(), means.clone()));
        let names = Names::new(official.chain(others));
        Self { places, names, areas }
    }

    /// Takes names of subdistricts and villages that are such words for everyday words too.
    pub(crate) fn mark_common<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) {
        for word in words {
            for name in self.names.named(word) {
                let Name::Official(place) = name else { continue };
                if let Some(place) = self.places.get_mut(*place).filter(|place| place.level > Level::Regency) {
                    place.is_common = true;
                }
            }
        }
    }

    /// What a name without its spaces may mean.
    pub(crate) fn named(&self, key: &str) -> &[Name] {
        self.names.named(key)
    }

    /// Starts a walk along a text, to names of several words.
    pub(super) fn walk(&self) -> Walk<'_> {
        self.names.walk()
    }

    /// What a mistyped name may mean, nearest first.
    pub(super) fn similar(&self, word: &str, most: usize) -> Vec<(usize, &[Name])> {
        self.names.similar(word, most)
    }

    pub(crate) fn place(&self, index: usize) -> Option<&PlaceEntry> {
        self.places.get(index)
    }

    pub(crate) fn index_of(&self, code: &RegionCode) -> Option<usize> {
        self.places.binary_search_by(|place| place.code.cmp(code)).ok()
    }

    /// The name of the jurisdiction itself.
    pub(super) fn own_name(&self) -> Option<&str> {
        self.places.first().map(|place| place.name.as_str())
    }

    /// Codes of all regencies, cities and subdistricts, in their order.
    pub(crate) fn districts(&self) -> impl Iterator<Item = &RegionCode> {
        let places = self.places.iter().filter(|place| !matches!(place.level, Level::Province | Level::Village));
        places.map(|place| &place.code)
    }

    /// The name of a place with those it lies in, without the jurisdiction's own.
    pub(crate) fn full_name(&self, code: &RegionCode) -> Option<String> {
        let chain = std::iter::successors(Some(code.clone()), RegionCode::parent);
        let names: Vec<&str> = chain
            .filter_map(|code| self.place(self.index_of(&code)?))
            .filter(|place| place.level != Level::Province || place.code == *code)
            .map(|place| place.name.as_str())
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}
