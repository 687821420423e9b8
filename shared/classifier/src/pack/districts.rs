//! Regencies, cities and subdistricts by name and middle, for who shows places and classifies nothing.

use std::collections::BTreeMap;
use std::path::Path;

use kemala_domain::RegionCode;
use kemala_domain::report::Point;

use super::errors::PackErrors;
use super::folder::Folder;
use super::places::REGIONS;

/// Length of a subdistrict's code: villages, whose codes are longer, are left out.
const SUBDISTRICT: usize = 8;

/// A regency, city or subdistrict.
#[derive(Debug, Clone, PartialEq)]
pub struct District {
    /// Its official name, such as "Kabupaten Blora" or "Jepon".
    pub name: String,
    /// Its middle; `None` where the pack does not tell.
    pub middle: Option<Point>,
}

/// All of a pack.
#[derive(Debug, Clone, Default)]
pub struct Districts(BTreeMap<RegionCode, District>);

impl Districts {
    /// Reads those of a pack.
    ///
    /// # Errors
    /// [`PackErrors`]
    pub fn load(dir: &Path) -> Result<Self, PackErrors> {
        let mut folder = Folder::new(dir);
        let mut districts = BTreeMap::new();
        folder.columns(REGIONS, ["code", "name", "lat", "lon"], |folder, line, [code, name, latitude, longitude]| {
            if code.len() > SUBDISTRICT {
                return;
            }
            match code.parse() {
                Ok(code) => drop(districts.insert(code, district(name, latitude, longitude))),
                Err(error) => folder.error_at(REGIONS, line, error),
            }
        });
        folder.finish(Some(Self(districts)))
    }

    /// The smallest of them that a place is or lies in.
    pub fn of(&self, place: &RegionCode) -> Option<(&RegionCode, &District)> {
        std::iter::successors(Some(place.clone()), RegionCode::parent).find_map(|code| self.0.get_key_value(&code))
    }

    /// Its name with the regency's: "Kec. Jepon, Kabupaten Blora".
    pub fn name(&self, code: &RegionCode) -> Option<String> {
        let own = &self.0.get(code)?.name;
        match code.regency().filter(|regency| regency != code).and_then(|regency| self.0.get(&regency)) {
            Some(regency) => Some(format!("Kec. {own}, {}", regency.name)),
            None => Some(own.clone()),
        }
    }
}

fn district(name: &str, latitude: &str, longitude: &str) -> District {
    let degrees = |text: &str, most: f64| text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    let middle = degrees(latitude, 90.0).zip(degrees(longitude, 180.0));
    let middle = middle.map(|(latitude, longitude)| Point { longitude, latitude });
    District { name: name.to_owned(), middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_is_shown_by_its_subdistrict() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/jateng");
        let districts = Districts::load(&pack).unwrap();
        let (code, jepon) = districts.of(&"33.16.08.2001".parse().unwrap()).unwrap();
        assert_eq!((code.as_str(), jepon.name.as_str()), ("33.16.08", "Jepon"));
        let middle = jepon.middle.unwrap();
        assert!((-7.2..-6.9).contains(&middle.latitude) && (111.4..111.6).contains(&middle.longitude), "{middle:?}");
        let name = |code: &str| districts.name(&code.parse().unwrap());
        assert_eq!(name("33.16.08").as_deref(), Some("Kec. Jepon, Kabupaten Blora"));
        assert_eq!(name("33.16").as_deref(), Some("Kabupaten Blora"));
        assert_eq!(name("99.01"), None);
        assert_eq!(districts.of(&"99.01.01".parse().unwrap()), None);
    }

    #[test]
    fn a_middle_that_is_nowhere_is_none() {
        assert_eq!(district("A", "95", "110").middle, None);
        assert_eq!(district("A", "", "").middle, None);
        assert_eq!(district("A", "-7.5", "NaN").middle, None);
    }
}
