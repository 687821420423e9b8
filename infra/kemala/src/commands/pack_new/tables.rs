//! Places for a new pack: of a table of regions and of polygons, those that lie in it and those around.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use kemala_domain::RegionCode;
use serde::Deserialize;
use serde_json::Value;

/// A row of a table of regions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Region {
    pub(super) code: RegionCode,
    /// Its official name.
    pub(super) name: String,
    lat: String,
    lon: String,
}

impl Region {
    /// Its name without the word for its level.
    pub(super) fn bare_name(&self) -> &str {
        let is_level = |word: &str| matches!(word, "Kabupaten" | "Kota");
        self.name.split_once(' ').filter(|(first, _)| is_level(first)).map_or(self.name.as_str(), |(_, bare)| bare)
    }

    /// A row of `regions.csv`.
    pub(super) fn row(&self) -> String {
        format!("{},{},{},{},\n", self.code, self.name, self.lat, self.lon)
    }
}

/// A table of regions, by code.
pub(super) struct Regions(Vec<Region>);

impl Regions {
    /// Reads a CSV file with the columns code, name, lat and lon; others are left out.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let mut rows = csv::Reader::from_path(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let regions: Result<Vec<Region>, csv::Error> = rows.deserialize().collect();
        let mut regions = regions.with_context(|| format!("{} is no table of regions", file.display()))?;
        regions.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(Self(regions))
    }

    /// A place and all that lies in it.
    pub(super) fn within(&self, code: &RegionCode) -> Vec<Region> {
        self.0.iter().filter(|place| place.code.is_in(code)).cloned().collect()
    }

    /// All regencies and cities.
    pub(super) fn regencies(&self) -> impl Iterator<Item = &Region> {
        self.0.iter().filter(|place| place.code.as_str().len() == 5)
    }

    pub(super) fn first_name(&self) -> &str {
        self.0.first().map(|place| place.name.as_str()).unwrap_or_default()
    }
}

/// The features of a GeoJSON file that lie in a place, a line each.
pub(super) fn areas_within(file: &Path, code: &RegionCode) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let geojson: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    let features = geojson["features"].as_array().context("it has no features")?;
    let of_subdistrict = |feature: &&Value| {
        let place: Option<RegionCode> = feature["properties"]["code"].as_str().and_then(|code| code.parse().ok());
        place.is_some_and(|place| place.is_in(code))
    };
    let line = |feature: &Value| {
        let (code, geometry) = (&feature["properties"]["code"], &feature["geometry"]);
        serde_json::json!({"type": "Feature", "properties": {"code": code}, "geometry": geometry}).to_string()
    };
    let lines: Vec<String> = features.iter().filter(of_subdistrict).map(line).collect();
    anyhow::ensure!(!lines.is_empty(), "{} has no polygon in {code}; give one of its subdistricts", file.display());
    Ok(format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n")))
}

/// Names of places outside with what each is called to people: the neighbours of the table, the regencies of the pack that
/// is extended, and what that knows of elsewhere. Names that a place of one's own has too are left out.
pub(super) fn outside(
    own: &[Region],
    table: &Regions,
    base: &Regions,
    base_outside: &str,
) -> Result<BTreeMap<String, String>> {
    let is_own = |name: &str| own.iter().any(|place| place.bare_name().eq_ignore_ascii_case(name));
    let mut outside = BTreeMap::new();
    let mut add = |name: &str, place: &str| {
        let key = name.to_lowercase();
        if !is_own(&key) && !is_own(place) {
            outside.entry(key).or_insert_with(|| place.to_owned());
        }
    };
    for region in table.regencies().chain(base.regencies()) {
        add(region.bare_name(), region.bare_name());
    }
    for row in csv::Reader::from_reader(base_outside.as_bytes()).deserialize() {
        let (name, place): (String, String) = row.context("outside.csv of the pack that is extended")?;
        add(&name, &place);
    }
    Ok(outside)
}
