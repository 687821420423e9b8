//! What all pages need of the pack: names, law, map. Read once.

use std::path::Path;

use jiff::{Timestamp, ZonedDateTime};
use kemala_classifier::{Categories, Jurisdiction, PackErrors};
use kemala_domain::decision::Category;
use kemala_domain::figures::Month;
use kemala_domain::{AgencyCode, RegionCode};
use kemala_map::{Map, Sheet};
use kemala_web::BASE_CSS;
use kemala_web::answer::tag;
use kemala_web::language::Language;

/// The style, after the base style.
const CSS: &str = include_str!("style.css");

/// A pack, as pages see it.
#[derive(Debug)]
pub struct Site {
    /// Names, law, calendar.
    pub jurisdiction: Jurisdiction,
    categories: Categories,
    /// The map; a pack may have none, and then there are only tables.
    pub map: Option<Map>,
    /// Address of the style, which changes with it.
    pub css_path: String,
}

impl Site {
    /// Reads a pack. One whose map cannot be read has none.
    ///
    /// # Errors
    /// [`PackErrors`]
    pub fn load(pack: &Path) -> Result<Self, PackErrors> {
        let map = Map::load(pack).unwrap_or_else(|error| {
            tracing::error!(%error, "the map is left out");
            None
        });
        let css_path = format!("/style-{}.css", tag(Self::css().as_bytes()));
        Ok(Self { jurisdiction: Jurisdiction::load(pack)?, categories: Categories::load(pack)?, map, css_path })
    }

    /// The style of all pages.
    pub fn css() -> String {
        format!("{BASE_CSS}{CSS}")
    }

    /// A moment where the jurisdiction is.
    pub fn local(&self, at: Timestamp) -> ZonedDateTime {
        self.jurisdiction.calendar.local(at)
    }

    /// The present month.
    pub fn month(&self, now: Timestamp) -> Month {
        Month::of(self.local(now).date())
    }

    /// Every regency and city, with its name: those of the map, else those with a government among the agencies.
    pub fn regencies(&self) -> Vec<(RegionCode, String)> {
        match &self.map {
            Some(map) => map.whole.shapes.iter().map(|shape| (shape.code.clone(), shape.name.clone())).collect(),
            None => {
                let governed = self
                    .jurisdiction
                    .agencies
                    .iter()
                    .filter_map(|agency| Some((agency.region.clone()?, government_name(&agency.name))));
                let mut governed: Vec<_> = governed.collect();
                governed.sort();
                governed
            }
        }
    }

    /// The regency or city of a pack that has no other: what is told of places goes by its subdistricts.
    pub fn only_regency(&self) -> Option<RegionCode> {
        let sheets = &self.map.as_ref()?.regencies;
        sheets.keys().next().filter(|_| sheets.len() == 1).cloned()
    }

    /// The places that files of a month go by, and their sheet: regencies and cities, or the subdistricts of the only one.
    pub fn parts(&self) -> (Vec<(RegionCode, String)>, Option<&Sheet>) {
        match self.only_regency().and_then(|city| self.sheet(&city)) {
            Some(sheet) => {
                (sheet.shapes.iter().map(|shape| (shape.code.clone(), shape.name.clone())).collect(), Some(sheet))
            }
            None => (self.regencies(), self.map.as_ref().map(|map| &map.whole)),
        }
    }

    /// Name of a regency or city; its code where it has no name here.
    pub fn regency(&self, code: &RegionCode) -> String {
        let drawn = self.map.as_ref().and_then(|map| Some(map.whole.shape(code)?.name.clone()));
        let governed = || Some(government_name(&self.jurisdiction.agencies.government_of(code)?.name));
        drawn.or_else(governed).unwrap_or_else(|| code.to_string())
    }

    /// The sheet of a regency's subdistricts.
    pub fn sheet(&self, regency: &RegionCode) -> Option<&Sheet> {
        self.map.as_ref()?.regencies.get(regency)
    }

    /// Name of a place down to the subdistrict, with the regency: "Kec. Jepon, Kabupaten Blora".
    pub fn place(&self, code: &RegionCode) -> Option<String> {
        let regency = code.regency()?;
        let name = self.regency(&regency);
        let subdistrict = code.subdistrict().and_then(|code| Some(self.sheet(&regency)?.shape(&code)?.name.clone()));
        Some(match subdistrict {
            Some(subdistrict) => format!("Kec. {subdistrict}, {name}"),
            None => name,
        })
    }

    /// Name of a body; its code where it is none of the pack.
    pub fn agency(&self, code: &AgencyCode) -> String {
        self.jurisdiction.agencies.get(code).map_or_else(|| code.to_string(), |agency| agency.name.clone())
    }

    /// Title of a category.
    pub fn category(&self, category: Option<&Category>, language: Language) -> String {
        let entry = category.and_then(|category| self.categories.get(category));
        match (entry, category) {
            (Some(entry), _) => entry.title.clone(),
            (None, Some(category)) => category.to_string(),
            (None, None) => language.say("Belum diketahui", "Not known").to_owned(),
        }
    }
}

/// What a government governs, by its name.
fn government_name(name: &str) -> String {
    name.trim_start_matches("Pemerintah ").to_owned()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The shipped pack.
    pub fn jateng() -> Site {
        Site::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng")).unwrap()
    }

    /// A city, whose only regency is itself.
    pub fn kota_yogyakarta() -> Site {
        Site::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/kota-yogyakarta")).unwrap()
    }

    #[test]
    fn a_city_is_told_by_its_subdistricts() {
        let site = kota_yogyakarta();
        assert_eq!(site.only_regency().unwrap().as_str(), "34.71");
        assert_eq!(site.parts().0.len(), 14);
        assert_eq!(site.place(&"34.71.13.1007".parse().unwrap()).as_deref(), Some("Kec. Umbulharjo, Kota Yogyakarta"));
        assert_eq!((jateng().only_regency(), jateng().parts().0.len()), (None, 35));
    }

    #[test]
    fn places_have_names() {
        let site = jateng();
        let place = |code: &str| site.place(&code.parse().unwrap());
        assert_eq!(place("33.16.08.2001").as_deref(), Some("Kec. Jepon, Kabupaten Blora"));
        assert_eq!(place("33.16").as_deref(), Some("Kabupaten Blora"));
        assert_eq!(place("33"), None);
        assert_eq!(site.regencies().len(), 35);
    }
}
