//! `pack map`: draws a pack's map; and what `pack check` says of one.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use kemala_classifier::{PackError, PackErrors};
use kemala_domain::RegionCode;
use kemala_map::Map;
use kemala_map::draw::{self, Polygons};

use super::Outcome;
use crate::cli;
use crate::terminal::{GOOD, out, styled};

const MAP: &str = "map.json";
const REGIONS: &str = "regions.csv";

pub(super) fn draw(arguments: &cli::PackMap) -> Result<Outcome> {
    let polygons = |file: &Path| -> Result<Polygons> {
        let geojson = fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
        Polygons::read(&geojson).with_context(|| file.display().to_string())
    };
    let regencies = polygons(&arguments.regencies)?;
    let subdistricts = polygons(&arguments.folder.join("areas.geojson"))?;
    let map = draw::draw(&places(&arguments.folder)?, &regencies, &subdistricts).context("no map was drawn")?;
    let (json, file) = (map.to_json()?, arguments.folder.join(MAP));
    fs::write(&file, &json).with_context(|| format!("{} could not be written", file.display()))?;
    let length = |sheet: &kemala_map::Sheet| sheet.shapes.iter().map(|shape| shape.path.len()).sum::<usize>();
    writeln!(
        out(),
        "{} {}: {} regencies and cities ({} bytes of paths), {} subdistricts ({} bytes)",
        styled(GOOD, "✓"),
        file.display(),
        map.whole.shapes.len(),
        length(&map.whole),
        map.regencies.values().map(|sheet| sheet.shapes.len()).sum::<usize>(),
        map.regencies.values().map(length).sum::<usize>(),
    )?;
    Ok(Outcome::Good)
}

/// Whether the map of a pack, where it has one, shows the pack's places.
pub(super) fn checked(folder: &Path) -> Result<(), PackErrors> {
    let wrong = |problem: String| PackError { file: MAP.to_owned(), line: None, problem };
    let problems = match (Map::load(folder), places(folder)) {
        (Ok(None), _) => return Ok(()),
        (Ok(Some(map)), Ok(places)) => {
            let codes: Vec<RegionCode> = places.into_iter().map(|(code, _)| code).collect();
            map.differences(&codes)
        }
        (Err(error), _) => vec![error.to_string()],
        (_, Err(error)) => vec![error.to_string()],
    };
    let again = |problem| wrong(format!("{problem}; draw it anew with cargo kemala pack map"));
    let errors: Vec<PackError> = problems.into_iter().map(again).collect();
    if errors.is_empty() { Ok(()) } else { Err(PackErrors(errors)) }
}

/// Codes and names of a pack's regencies, cities and subdistricts.
fn places(folder: &Path) -> Result<Vec<(RegionCode, String)>> {
    let file = folder.join(REGIONS);
    let mut rows = csv::Reader::from_path(&file).with_context(|| format!("{} could not be read", file.display()))?;
    let headers = rows.headers()?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).with_context(|| format!("{REGIONS} has no column {name}"))
    };
    let (code, name) = (column("code")?, column("name")?);
    let mut places = Vec::new();
    for row in rows.records() {
        let row = row?;
        let of_row = |column: usize| row.get(column).unwrap_or_default();
        let code: RegionCode = of_row(code).parse().with_context(|| REGIONS.to_owned())?;
        if matches!(code.as_str().len(), 5 | 8) {
            places.push((code, of_row(name).to_owned()));
        }
    }
    Ok(places)
}
