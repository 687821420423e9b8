//! The gazetteer's files: places, everyday names, landmarks, and names of places outside.

use kemala_domain::RegionCode;
use serde::Deserialize;

use kemala_domain::ladder::AgencyKind;

use super::agencies::{self, Agencies};
use super::folder::{Folder, Row, is_yes};
use crate::place::{Areas, Gazetteer, Level, Name, PlaceEntry, PlaceWords};
use crate::text::Words;

pub(super) const REGIONS: &str = "regions.csv";
const ALIASES: &str = "aliases.csv";
const LANDMARKS: &str = "landmarks.csv";
const OUTSIDE: &str = "outside.csv";
const AREAS: &str = "areas.geojson";

/// An everyday name or a landmark.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    name: String,
    code: RegionCode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outside {
    name: String,
    place: String,
}

pub(super) fn read(folder: &mut Folder<'_>, agencies: &Agencies, words: &PlaceWords, everyday: &Words) -> Gazetteer {
    let regions = read_regions(folder);
    let are_known = folder.is_sound(REGIONS);
    for agency in agencies.iter().filter(|agency| are_known && agency.kind == AgencyKind::RegencyCity) {
        let has_no_row = |region: &&RegionCode| regions.binary_search_by(|place| place.code.cmp(region)).is_err();
        if let Some(region) = agency.region.as_ref().filter(has_no_row) {
            let problem = format!("{}: region {region} is not in regions.csv; correct it", agency.code);
            let line = folder.line_with(agencies::FILE, &format!("{},", agency.code));
            folder.error_at(agencies::FILE, line, problem);
        }
    }
    let index_of = |code: &RegionCode| regions.binary_search_by(|place| place.code.cmp(code)).ok();
    let mut others: Vec<(String, Name)> = Vec::new();
    for file in [ALIASES, LANDMARKS] {
        let rows: Vec<Row<Alias>> = folder.table(file);
        folder.check_unique(file, rows.iter().map(|row| (row.line, row.value.name.to_lowercase())));
        for Row { line, value } in rows {
            match index_of(&value.code) {
                Some(place) => others.push((value.name.clone(), Name::Everyday(place, value.name))),
                None if !folder.is_sound(REGIONS) => {}
                None => folder.error_at(file, line, format!("code: {} is not in regions.csv; correct it", value.code)),
            }
        }
    }
    let rows: Vec<Row<Outside>> = folder.table(OUTSIDE);
    folder.check_unique(OUTSIDE, rows.iter().map(|row| (row.line, row.value.name.to_lowercase())));
    others.extend(rows.into_iter().map(|row| (row.value.name, Name::Outside(row.value.place))));
    let areas = Areas::of_file(folder.path(AREAS));
    let mut gazetteer = Gazetteer::new(regions, &words.generic, &others, areas);
    gazetteer.mark_common(everyday.iter());
    gazetteer
}

/// Checks the areas, which are only read when a point asks for one.
pub(super) fn check_areas(folder: &mut Folder<'_>, gazetteer: &Gazetteer) {
    let Some(geojson) = folder.text(AREAS).filter(|_| folder.is_sound(REGIONS)) else { return };
    match Areas::check(&geojson) {
        Ok(codes) => {
            for code in codes.iter().filter(|code| gazetteer.index_of(code).is_none()) {
                let line = folder.line_with(AREAS, &format!("\"{code}\""));
                folder.error_at(AREAS, line, format!("{code} is not in regions.csv; correct it"));
            }
        }
        Err((line, problem)) => folder.error_at(AREAS, line, problem),
    }
}

fn read_regions(folder: &mut Folder<'_>) -> Vec<PlaceEntry> {
    let mut places: Vec<PlaceEntry> = Vec::new();
    let mut lines = Vec::new();
    folder.columns(REGIONS, ["code", "name", "common"], |folder, line, [code, name, common]| {
        let code: RegionCode = match code.parse() {
            Ok(code) => code,
            Err(error) => return folder.error_at(REGIONS, line, error),
        };
        let is_common = is_yes(common).unwrap_or_else(|problem| {
            folder.error_at(REGIONS, line, problem);
            false
        });
        if name.is_empty() {
            folder.error_at(REGIONS, line, "name is empty; give the name that people read");
        }
        if let Some(before) = places.last().filter(|before| before.code >= code) {
            let problem = format!("{code} stands after {}; sort the rows by code, each code once", before.code);
            folder.error_at(REGIONS, line, problem);
        }
        lines.push(line);
        places.push(PlaceEntry { level: Level::of(&code), is_common, code, name: name.to_owned() });
    });
    if folder.is_sound(REGIONS) {
        check_parents(folder, &places, &lines);
    }
    places
}

/// Every place lies in one that has a row, but for the first: the jurisdiction itself.
fn check_parents(folder: &mut Folder<'_>, places: &[PlaceEntry], lines: &[usize]) {
    let has_row = |code: &RegionCode| places.binary_search_by(|place| place.code.cmp(code)).is_ok();
    let mut parent: Option<RegionCode> = None;
    for (place, line) in places.iter().zip(lines).skip(1) {
        // Neighbours mostly lie in the same place, which is looked for once.
        if parent != place.code.parent() {
            parent = place.code.parent();
            if let Some(parent) = parent.as_ref().filter(|parent| !has_row(parent)) {
                folder.error_at(REGIONS, *line, format!("{} lies in {parent}, which has no row; add it", place.code));
            }
        }
    }
}
