//! In which place a point lies, by the polygons of the pack.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use kemala_domain::RegionCode;
use kemala_domain::report::Point;
use serde::Deserialize;

/// Kilometres that the simplified polygons may be off: a point so near to one is taken for inside.
const SLIGHTLY_OFF_KM: f64 = 1.0;
/// From so many kilometres on a point is surely outside; between the two nobody can tell.
const WELL_AWAY_KM: f64 = 3.0;

/// The areas of a jurisdiction: a file of GeoJSON, read when a first point asks, since few posts have one and no cold
/// start should wait for it.
#[derive(Clone)]
pub(crate) struct Areas {
    file: PathBuf,
    areas: Arc<OnceLock<Vec<Area>>>,
}

/// Where a point is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Position {
    Inside(RegionCode),
    Outside,
    /// Too near to the border, or there are no areas that can be read.
    Unknown,
}

/// The area of one place.
#[derive(Debug)]
struct Area {
    code: RegionCode,
    /// West, south, east, north.
    bounds: [f64; 4],
    /// All rings of all its polygons; holes too, as the even-odd rule asks for no difference.
    rings: Vec<Vec<[f64; 2]>>,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: RegionCode,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<[f64; 2]>>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

impl Areas {
    /// The areas in a file, which [`Areas::check`] has found sound.
    pub(crate) fn of_file(file: PathBuf) -> Self {
        Self { file, areas: Arc::default() }
    }

    /// The places that have an area; or the line and what is wrong there.
    pub(crate) fn check(geojson: &str) -> Result<Vec<RegionCode>, (usize, String)> {
        let areas = parse(geojson.as_bytes()).map_err(|error| (error.line(), error.to_string()))?;
        Ok(areas.into_iter().map(|area| area.code).collect())
    }

    /// Where a point is.
    pub(crate) fn position(&self, point: Point) -> Position {
        let read = || fs::read(&self.file).ok().and_then(|geojson| parse(&geojson).ok());
        let areas = self.areas.get_or_init(|| read().unwrap_or_default());
        if let Some(area) = areas.iter().find(|area| area.holds(point)) {
            return Position::Inside(area.code.clone());
        }
        let distances = areas.iter().map(|area| (area.distance_km(point), area));
        match distances.min_by(|(a, _), (b, _)| a.total_cmp(b)) {
            Some((distance, area)) if distance <= SLIGHTLY_OFF_KM => Position::Inside(area.code.clone()),
            Some((distance, _)) if distance >= WELL_AWAY_KM => Position::Outside,
            _ => Position::Unknown,
        }
    }
}

fn parse(geojson: &[u8]) -> serde_json::Result<Vec<Area>> {
    let collection: Collection = serde_json::from_slice(geojson)?;
    let area = |feature: Feature| {
        let rings = match feature.geometry {
            Geometry::Polygon(rings) => rings,
            Geometry::MultiPolygon(polygons) => polygons.into_iter().flatten().collect(),
        };
        Area::new(feature.properties.code, rings)
    };
    Ok(collection.features.into_iter().map(area).collect())
}

#[cfg(test)]
impl Areas {
    /// The areas in a text, without a file.
    pub(crate) fn of_text(geojson: &str) -> Self {
        Self { file: PathBuf::new(), areas: Arc::new(parse(geojson.as_bytes()).unwrap_or_default().into()) }
    }
}

impl Area {
    fn new(code: RegionCode, rings: Vec<Vec<[f64; 2]>>) -> Self {
        let everywhere = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let bounds = rings.iter().flatten().fold(everywhere, |[west, south, east, north], &[x, y]| {
            [west.min(x), south.min(y), east.max(x), north.max(y)]
        });
        Self { code, bounds, rings }
    }

    /// Even-odd: a line from the point to the east crosses the edge an odd number of times.
    fn holds(&self, Point { longitude: x, latitude: y }: Point) -> bool {
        let [west, south, east, north] = self.bounds;
        if x < west || x > east || y < south || y > north {
            return false;
        }
        let crosses =
            |[[x1, y1], [x2, y2]]: [[f64; 2]; 2]| (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1;
        self.edges().filter(|&edge| crosses(edge)).count() % 2 == 1
    }

    fn distance_km(&self, point: Point) -> f64 {
        self.edges().map(|edge| distance_km(point, edge)).fold(f64::INFINITY, f64::min)
    }

    fn edges(&self) -> impl Iterator<Item = [[f64; 2]; 2]> {
        self.rings.iter().flat_map(|ring| ring.windows(2)).filter_map(|pair| pair.try_into().ok())
    }
}

/// Distance from a point to an edge over a flat earth: right to a metre or so near by.
fn distance_km(point: Point, [from, to]: [[f64; 2]; 2]) -> f64 {
    const KM_PER_DEGREE: f64 = 111.2;
    let east = KM_PER_DEGREE * point.latitude.to_radians().cos();
    let flat = |[x, y]: [f64; 2]| [(x - point.longitude) * east, (y - point.latitude) * KM_PER_DEGREE];
    let ([x1, y1], [x2, y2]) = (flat(from), flat(to));
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(x1 * dx + y1 * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (x1 + along * dx, y1 + along * dy);
    // Not `hypot`: that one needs a newer C library (glibc 2.35) than Amazon Linux 2023 has.
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A square with a hole, and a second place in two parts.
    const GEOJSON: &str = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": "99.01.01", "name": "Sukamaju"}, "geometry": {"type": "Polygon",
         "coordinates": [[[110, -7], [111, -7], [111, -8], [110, -8], [110, -7]],
                         [[110.4, -7.4], [110.6, -7.4], [110.6, -7.6], [110.4, -7.6], [110.4, -7.4]]]}},
        {"type": "Feature", "properties": {"code": "99.01"}, "geometry": {"type": "MultiPolygon",
         "coordinates": [[[[112, -7], [113, -7], [113, -8], [112, -7]]], [[[110.45, -7.45], [110.55, -7.45], [110.5, -7.55], [110.45, -7.45]]]]}}]}"#;

    fn position(longitude: f64, latitude: f64) -> Position {
        Areas::of_text(GEOJSON).position(Point { longitude, latitude })
    }

    #[test]
    fn a_point_is_in_one_area_or_in_none() {
        let inside = |code: &str| Position::Inside(code.parse().unwrap());
        assert_eq!(position(110.1, -7.1), inside("99.01.01"));
        assert_eq!(position(110.5, -7.5), inside("99.01"));
        assert_eq!(position(112.9, -7.5), inside("99.01"));
        // Half a kilometre, two and many off.
        assert_eq!(position(109.995, -7.5), inside("99.01.01"));
        assert_eq!(position(109.98, -7.5), Position::Unknown);
        assert_eq!(position(109.9, -7.5), Position::Outside);
        assert_eq!(position(0.0, 0.0), Position::Outside);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(Areas::check(GEOJSON).unwrap().len(), 2);
        let (line, problem) = Areas::check(&GEOJSON.replace("99.01.01", "Sukamaju")).unwrap_err();
        assert_eq!((line, problem.contains("place code")), (2, true), "{problem}");
    }

    #[test]
    fn without_areas_nobody_knows() {
        let dir = tempfile::tempdir().unwrap();
        let position =
            |file: &str| Areas::of_file(dir.path().join(file)).position(Point { longitude: 110.1, latitude: -7.1 });
        std::fs::write(dir.path().join("broken"), "{}").unwrap();
        std::fs::write(dir.path().join("sound"), GEOJSON).unwrap();
        assert_eq!(position("missing"), Position::Unknown);
        assert_eq!(position("broken"), Position::Unknown);
        assert_eq!(position("sound"), Position::Inside("99.01.01".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn no_point_upsets_it(longitude in any::<f64>(), latitude in any::<f64>()) {
            prop_assert_eq!(position(longitude, latitude), position(longitude, latitude));
        }
    }
}
