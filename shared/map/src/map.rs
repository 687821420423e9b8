//! A map as its file has it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use kemala_domain::RegionCode;
use serde::{Deserialize, Serialize};

use crate::path::{Ring, doubled_area, read};

/// Name of the file in a pack's folder.
const FILE: &str = "map.json";

/// The map of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// The whole jurisdiction, a shape a regency or city.
    pub whole: Sheet,
    /// Each of these on a sheet of its own, a shape a subdistrict.
    pub regencies: BTreeMap<RegionCode, Sheet>,
}

/// Shapes that share one grid of whole units; north is up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Width, in units.
    pub width: i32,
    /// Height, in units.
    pub height: i32,
    /// Longitude of its left edge, degrees.
    pub west: f64,
    /// Latitude of its upper edge, degrees.
    pub north: f64,
    /// Degrees of longitude in a unit.
    pub degrees_across: f64,
    /// Degrees of latitude in a unit.
    pub degrees_down: f64,
    /// Its shapes, by code.
    pub shapes: Vec<Shape>,
}

/// The area of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The place.
    pub code: RegionCode,
    /// Its name, as people read it.
    pub name: String,
    /// Its outline as an SVG path, for `fill-rule="evenodd"`.
    pub path: String,
    /// Where its label stands: the middle of its largest part.
    pub label: (i32, i32),
}

/// Why there is no map.
#[derive(Debug, thiserror::Error)]
pub enum NoMap {
    /// The file cannot be read.
    #[error("map.json could not be read")]
    Unreadable(#[source] io::Error),
    /// The file is no map.
    #[error("map.json is no map; make it anew with cargo kemala pack map")]
    Invalid(#[source] serde_json::Error),
}

impl Map {
    /// The map in a pack's folder; `None` where the pack has none.
    ///
    /// # Errors
    /// [`NoMap`] where there is one that cannot be used.
    pub fn load(pack: &Path) -> Result<Option<Self>, NoMap> {
        match fs::read(pack.join(FILE)) {
            Ok(json) => serde_json::from_slice(&json).map(Some).map_err(NoMap::Invalid),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(NoMap::Unreadable(error)),
        }
    }

    /// Its file: a line a shape, so that a change shows which.
    ///
    /// # Errors
    /// [`NoMap::Invalid`] where a number is none.
    pub fn to_json(&self) -> Result<String, NoMap> {
        let json = serde_json::to_string(self).map_err(NoMap::Invalid)?;
        Ok(json.replace("{\"code\"", "\n{\"code\"") + "\n")
    }

    /// Places of a list (code and name, regencies and subdistricts) that the map has not, and shapes that are not in it.
    pub fn differences(&self, places: &[RegionCode]) -> Vec<String> {
        let is_drawn = |code: &&RegionCode| matches!(code.as_str().len(), 5 | 8);
        let wanted: Vec<&RegionCode> = places.iter().filter(is_drawn).collect();
        let sheets = std::iter::once(&self.whole).chain(self.regencies.values());
        let drawn: Vec<&RegionCode> = sheets.flat_map(|sheet| &sheet.shapes).map(|shape| &shape.code).collect();
        let missing = wanted.iter().filter(|code| !drawn.contains(code)).map(|code| format!("{code} has no shape"));
        let strange = drawn.iter().filter(|code| !wanted.contains(code)).map(|code| format!("{code} is no place"));
        missing.chain(strange).collect()
    }
}

impl Sheet {
    /// The shape of a place.
    pub fn shape(&self, code: &RegionCode) -> Option<&Shape> {
        self.shapes.iter().find(|shape| shape.code == *code)
    }

    /// The polygons of a shape in degrees, as GeoJSON has them (RFC 7946): each ring closed, the outer one against the
    /// clock, its holes with it.
    pub fn polygons(&self, shape: &Shape) -> Vec<Vec<Vec<[f64; 2]>>> {
        let mut polygons: Vec<Vec<Vec<[f64; 2]>>> = Vec::new();
        for ring in read(&shape.path) {
            // Outer rings run against the clock as people see it, and y grows downward; see [`crate::draw`].
            let is_hole = doubled_area(&ring) > 0;
            let ring = self.degrees(&ring);
            match polygons.last_mut().filter(|_| is_hole) {
                Some(polygon) => polygon.push(ring),
                None => polygons.push(vec![ring]),
            }
        }
        polygons
    }

    fn degrees(&self, ring: &Ring) -> Vec<[f64; 2]> {
        let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
        let point = |(x, y): &(i32, i32)| {
            [
                round(self.west + f64::from(*x) * self.degrees_across),
                round(self.north - f64::from(*y) * self.degrees_down),
            ]
        };
        ring.iter().chain(ring.first()).map(point).collect()
    }
}
