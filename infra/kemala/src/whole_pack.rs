//! A pack with all that its folder has: what functions read, and the map that only pages show.

use std::path::Path;

use anyhow::{Context, Result};
use kemala_classifier::{Pack, PackError, PackErrors};
use kemala_domain::RegionCode;
use kemala_map::Map;

/// The map's file.
pub const MAP: &str = "map.json";
const REGIONS: &str = "regions.csv";

/// Reads and checks a pack, files that are only read when they are needed included.
///
/// # Errors
/// All that is wrong, with file and line.
pub fn check(folder: &Path) -> Result<Pack, PackErrors> {
    let pack = Pack::check(folder)?;
    check_map(folder)?;
    Ok(pack)
}

/// Whether the map of a pack, where it has one, shows the pack's places.
fn check_map(folder: &Path) -> Result<(), PackErrors> {
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
///
/// # Errors
/// Where `regions.csv` cannot be read.
pub fn places(folder: &Path) -> Result<Vec<(RegionCode, String)>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::Workspace;

    #[test]
    fn every_pack_is_whole_and_its_map_shows_its_places() {
        let workspace = Workspace::find().unwrap();
        for name in workspace.packs().unwrap() {
            let folder = workspace.pack(&name);
            assert_eq!(check(&folder).unwrap().jurisdiction.name, name);
            assert!(Map::load(&folder).unwrap().is_some(), "{name} has no map");
        }
    }

    #[test]
    fn a_map_of_other_places_is_told() {
        let (workspace, folder) = (Workspace::find().unwrap(), tempfile::tempdir().unwrap());
        std::fs::copy(workspace.pack("jateng").join(MAP), folder.path().join(MAP)).unwrap();
        std::fs::copy(workspace.pack("kota-yogyakarta").join(REGIONS), folder.path().join(REGIONS)).unwrap();
        let told = check_map(folder.path()).unwrap_err().to_string();
        assert!(told.contains("map.json: 34.71 has no shape; draw it anew with cargo kemala pack map"), "{told}");
    }
}
