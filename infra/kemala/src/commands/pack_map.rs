//! `pack map`: draws a pack's map.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use kemala_map::draw::{self, Polygons};

use super::Outcome;
use crate::cli;
use crate::terminal::{GOOD, out, styled};
use crate::whole_pack::{MAP, places};

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
