//! Draws a map: polygons onto a grid of whole units, so coarse that borders drawn twice mostly fall together.

use std::collections::BTreeMap;

use kemala_domain::RegionCode;
use serde::Deserialize;

use crate::map::{Map, Shape, Sheet};
use crate::path::{Ring, doubled_area, written};

/// Units across the whole jurisdiction: as many as a wide screen has points for it.
const WHOLE: f64 = 800.0;
/// Units across a regency, or down it where it is taller than wide.
const REGENCY: f64 = 400.0;

/// Polygons of places: a GeoJSON file whose features have a `code`.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygons(BTreeMap<RegionCode, Vec<Polygon>>);

/// An outer ring and its holes, in degrees.
type Polygon = Vec<Vec<[f64; 2]>>;

/// Why no map could be drawn.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// The file is no GeoJSON of polygons with codes.
    #[error("line {}: not GeoJSON of polygons with a code each", .0.line())]
    NoPolygons(#[source] serde_json::Error),
    /// A place has no polygon, or one too small for the grid.
    #[error("{0} has no area")]
    NoArea(RegionCode),
    /// There is nothing to draw.
    #[error("there is no place to draw")]
    Empty,
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
    Polygon(Polygon),
    MultiPolygon(Vec<Polygon>),
}

impl Polygons {
    /// Reads GeoJSON.
    ///
    /// # Errors
    /// [`NotDrawn::NoPolygons`]
    pub fn read(geojson: &[u8]) -> Result<Self, NotDrawn> {
        let collection: Collection = serde_json::from_slice(geojson).map_err(NotDrawn::NoPolygons)?;
        let mut polygons: BTreeMap<RegionCode, Vec<Polygon>> = BTreeMap::new();
        for Feature { properties, geometry } in collection.features {
            let of_place = polygons.entry(properties.code).or_default();
            match geometry {
                Geometry::Polygon(polygon) => of_place.push(polygon),
                Geometry::MultiPolygon(several) => of_place.extend(several),
            }
        }
        Ok(Self(polygons))
    }
}

/// Draws places, given as code and name. Those of a regency or city come from the first polygons, subdistricts from the
/// second.
///
/// # Errors
/// [`NotDrawn`]
pub fn draw(places: &[(RegionCode, String)], regencies: &Polygons, subdistricts: &Polygons) -> Result<Map, NotDrawn> {
    let of_level = |length: usize| places.iter().filter(move |(code, _)| code.as_str().len() == length);
    let whole = sheet(&of_level(5).collect::<Vec<_>>(), regencies, WHOLE, f64::INFINITY)?;
    let mut sheets = BTreeMap::new();
    for (regency, _) in of_level(5) {
        let within: Vec<_> = of_level(8).filter(|(code, _)| code.is_in(regency)).collect();
        sheets.insert(regency.clone(), sheet(&within, subdistricts, REGENCY, REGENCY)?);
    }
    Ok(Map { whole, regencies: sheets })
}

/// One sheet, at most so many units wide and high.
fn sheet(places: &[&(RegionCode, String)], polygons: &Polygons, width: f64, height: f64) -> Result<Sheet, NotDrawn> {
    let mut parts = Vec::new();
    for (code, name) in places {
        let polygons = polygons.0.get(code).filter(|polygons| !polygons.is_empty());
        parts.push((code, name, polygons.ok_or_else(|| NotDrawn::NoArea(code.clone()))?));
    }
    let grid = Grid::around(parts.iter().flat_map(|(_, _, polygons)| *polygons), width, height)?;
    let mut shapes = Vec::new();
    for (code, name, polygons) in parts {
        let rings: Vec<Ring> = polygons.iter().flat_map(|polygon| grid.rings(polygon)).collect();
        let label = label(&rings).ok_or_else(|| NotDrawn::NoArea(code.clone()))?;
        shapes.push(Shape { code: code.clone(), name: name.clone(), path: written(&rings), label });
    }
    let (width, height) = grid.unit((grid.east, grid.south));
    Ok(Sheet {
        width,
        height,
        west: grid.west,
        north: grid.north,
        degrees_across: grid.across,
        degrees_down: grid.down,
        shapes,
    })
}

/// A grid of whole units over a part of the earth.
struct Grid {
    west: f64,
    east: f64,
    south: f64,
    north: f64,
    /// Degrees in a unit.
    across: f64,
    down: f64,
}

impl Grid {
    /// The grid around polygons. A unit is as wide as it is high, in kilometres, at the middle latitude.
    fn around<'a>(polygons: impl Iterator<Item = &'a Polygon>, width: f64, height: f64) -> Result<Self, NotDrawn> {
        let (mut west, mut south, mut east, mut north) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        for [x, y] in polygons.flatten().flatten() {
            (west, south, east, north) = (west.min(*x), south.min(*y), east.max(*x), north.max(*y));
        }
        if west >= east || south >= north {
            return Err(NotDrawn::Empty);
        }
        let narrowing = ((south + north) / 2.0).to_radians().cos();
        let down = ((east - west) * narrowing / width).max((north - south) / height);
        Ok(Self { west, east, south, north, across: down / narrowing, down })
    }

    fn unit(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (((x - self.west) / self.across).round() as i32, ((self.north - y) / self.down).round() as i32)
    }

    /// A polygon's rings: the outer one against the clock as people see it, holes with it, without those that are too small.
    fn rings(&self, polygon: &Polygon) -> Vec<Ring> {
        let mut rings = Vec::new();
        for (n, ring) in polygon.iter().enumerate() {
            let ring = simple(ring.iter().map(|[x, y]| self.unit((*x, *y))).collect());
            let area = doubled_area(&ring);
            if ring.len() < 3 || area == 0 {
                if n == 0 {
                    // Without its outer ring the holes mean nothing.
                    break;
                }
                continue;
            }
            let is_wrong = (area < 0) != (n == 0);
            rings.push(if is_wrong { ring.into_iter().rev().collect() } else { ring });
        }
        rings
    }
}

/// A ring without repeats, without its first point at the end, and without points on a line between their neighbours.
fn simple(mut ring: Ring) -> Ring {
    loop {
        let before = ring.len();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let count = ring.len();
        let point = |n: usize| ring.get(n % count).copied().unwrap_or_default();
        let is_corner = |n: usize| {
            let (a, b, c) = (point(n + count - 1), point(n), point(n + 1));
            (b.0 - a.0) * (c.1 - b.1) != (b.1 - a.1) * (c.0 - b.0)
        };
        // Two neighbours may both be on a line that bends back; one after the other is taken out.
        let straight = (0..count).find(|n| count > 2 && !is_corner(*n));
        if let Some(straight) = straight {
            ring.remove(straight);
        }
        if ring.len() == before {
            return ring;
        }
    }
}

/// The middle of the largest ring.
fn label(rings: &[Ring]) -> Option<(i32, i32)> {
    let largest = rings.iter().max_by_key(|ring| doubled_area(ring).abs())?;
    let area = doubled_area(largest);
    let next = largest.iter().cycle().skip(1);
    let (mut x, mut y) = (0i64, 0i64);
    for (a, b) in largest.iter().zip(next) {
        let (a, b) = ((i64::from(a.0), i64::from(a.1)), (i64::from(b.0), i64::from(b.1)));
        let cross = a.0 * b.1 - b.0 * a.1;
        x += (a.0 + b.0) * cross;
        y += (a.1 + b.1) * cross;
    }
    (area != 0).then(|| ((x / (3 * area)) as i32, (y / (3 * area)) as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGENCIES: &str = r#"{"features":[
        {"properties":{"code":"99.01"},"geometry":{"type":"Polygon","coordinates":[
            [[110,-7],[111,-7],[111,-6.5],[111,-6],[110,-6],[110,-7]],
            [[110.4,-6.6],[110.6,-6.6],[110.6,-6.4],[110.4,-6.4],[110.4,-6.6]]]}},
        {"properties":{"code":"99.02"},"geometry":{"type":"MultiPolygon","coordinates":[
            [[[111,-7],[112,-7],[112,-6],[111,-6],[111,-7]]], [[[110,-8],[110.5,-8],[110.5,-7.5],[110,-7.5],[110,-8]]]]}}]}"#;

    fn places() -> Vec<(RegionCode, String)> {
        [
            ("99", "Utara"),
            ("99.01", "Kabupaten Timur"),
            ("99.01.01", "Sukamaju"),
            ("99.02", "Kota Barat"),
            ("99.02.01", "X"),
        ]
        .map(|(code, name)| (code.parse().unwrap(), name.to_owned()))
        .to_vec()
    }

    fn map() -> Map {
        let subdistricts = REGENCIES.replace("99.01", "99.01.01").replace("99.02", "99.02.01");
        let read = |geojson: &str| Polygons::read(geojson.as_bytes()).unwrap();
        draw(&places(), &read(REGENCIES), &read(&subdistricts)).unwrap()
    }

    #[test]
    fn shared_borders_stay_shared_and_straight_points_go() {
        let map = map();
        let paths: Vec<&str> = map.whole.shapes.iter().map(|shape| shape.path.as_str()).collect();
        assert_eq!((map.whole.width, map.whole.height), (800, 806));
        // The hole is a second ring of the first, the island a second of the other; both meet at x = 400.
        assert_eq!(paths[0], "M0 403l400 0 0-403-400 0zM160 161l80 0 0 81-80 0z");
        assert_eq!(paths[1], "M400 403l400 0 0-403-400 0zM0 806l200 0 0-201-200 0z");
        assert_eq!(map.whole.shapes[0].label, (200, 201));
        assert!(map.regencies.values().all(|sheet| sheet.width <= 400 && sheet.height <= 400));
    }

    #[test]
    fn it_is_read_back_and_is_where_it_was() {
        let map = map();
        let folder = std::env::temp_dir().join(format!("kemala-map-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("map.json"), map.to_json().unwrap()).unwrap();
        assert_eq!(Map::load(&folder).unwrap().unwrap(), map);
        std::fs::write(folder.join("map.json"), "{}").unwrap();
        assert!(Map::load(&folder).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(Map::load(&folder).unwrap().is_none());
        let polygons = map.whole.polygons(&map.whole.shapes[0]);
        assert_eq!((polygons.len(), polygons[0].len()), (1, 2), "one polygon with a hole");
        let [west, south] = polygons[0][0][0];
        assert!((west - 110.0).abs() < 0.01 && (south - -7.0).abs() < 0.01, "{west} {south}");
        assert_eq!(polygons[0][0].first(), polygons[0][0].last());
        assert_eq!(map.whole.polygons(&map.whole.shapes[1]).len(), 2, "two polygons");
    }

    #[test]
    fn a_place_without_an_area_is_named() {
        let empty = Polygons(BTreeMap::new());
        assert_eq!(draw(&places(), &empty, &empty).unwrap_err().to_string(), "99.01 has no area");
        assert!(matches!(draw(&[], &empty, &empty), Err(NotDrawn::Empty)));
        assert!(Polygons::read(b"{\"features\": [{}]}").is_err());
        let codes: Vec<RegionCode> = places().into_iter().map(|(code, _)| code).collect();
        assert!(map().differences(&codes).is_empty());
        assert_eq!(map().differences(&codes[..3]), ["99.02 is no place", "99.02.01 is no place"]);
        let more = [codes, vec!["99.03".parse().unwrap()]].concat();
        assert_eq!(map().differences(&more), ["99.03 has no shape"]);
    }
}
