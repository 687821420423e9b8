//! The gazetteer's files: places, everyday names, landmarks, and names of places outside.

use kemala_domain::RegionCode;
use serde::Deserialize;

use super::agencies::{self, Agencies, AgencyKind};
use super::folder::{Folder, Row, yes_or_no};
use crate::place::{Areas, Gazetteer, Level, Name, PlaceEntry, PlaceWords};
use crate::text::Words;

const REGIONS: &str = "regions.csv";
const ALIASES: &str = "aliases.csv";
const LANDMARKS: &str = "landmarks.csv";
const OUTSIDE: &str = "outside.csv";
const AREAS: &str = "areas.geojson";

#[derive(Deserialize)]
struct Region {
    code: RegionCode,
    name: String,
    #[serde(deserialize_with = "yes_or_no")]
    common: bool,
}

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
            folder.error(agencies::FILE, problem);
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
    let areas = Areas::new(folder.text(AREAS).unwrap_or_default());
    let others = others.iter().map(|(name, means)| (name.as_str(), means.clone()));
    let mut gazetteer = Gazetteer::new(regions, &words.generic, others, areas);
    gazetteer.mark_common(everyday.iter());
    gazetteer
}

/// Checks the areas, which are only understood when a point asks for one.
pub(super) fn check_areas(folder: &mut Folder<'_>, gazetteer: &Gazetteer) {
    if !folder.is_sound(AREAS) || !folder.is_sound(REGIONS) {
        return;
    }
    match gazetteer.areas.check() {
        Ok(codes) => {
            for code in codes.iter().filter(|code| gazetteer.index_of(code).is_none()) {
                folder.error(AREAS, format!("{code} is not in regions.csv; correct it"));
            }
        }
        Err((line, problem)) => folder.error_at(AREAS, line, problem),
    }
}

fn read_regions(folder: &mut Folder<'_>) -> Vec<PlaceEntry> {
    let rows: Vec<Row<Region>> = folder.table(REGIONS);
    for pair in rows.windows(2) {
        if let [before, row] = pair
            && before.value.code >= row.value.code
        {
            let problem =
                format!("{} stands after {}; sort the rows by code, each code once", row.value.code, before.value.code);
            folder.error_at(REGIONS, row.line, problem);
        }
    }
    let is_complete = folder.is_sound(REGIONS);
    let has_row = |code: &RegionCode| rows.binary_search_by(|row| row.value.code.cmp(code)).is_ok();
    let mut parent: Option<RegionCode> = None;
    for Row { line, value } in &rows {
        // Neighbours mostly have the same parent, which is looked for once.
        if parent != value.code.parent() {
            parent = value.code.parent();
            if let Some(parent) = parent.as_ref().filter(|parent| is_complete && !has_row(parent)) {
                folder.error_at(REGIONS, *line, format!("{} lies in {parent}, which has no row; add it", value.code));
            }
        }
        if value.name.is_empty() {
            folder.error_at(REGIONS, *line, "name is empty; give the name that people read");
        }
    }
    let place = |Region { code, name, common }| PlaceEntry { level: Level::of(&code), is_common: common, code, name };
    rows.into_iter().map(|row| place(row.value)).collect()
}
