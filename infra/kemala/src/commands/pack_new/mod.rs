//! `pack new`: a pack to begin with. It is whole, and everything it is told lies on the triage desk until agencies are
//! added, one by one; only the account that it speaks with must be filled in.

mod files;
mod tables;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use kemala_domain::RegionCode;
use kemala_domain::ids::TicketPrefix;

use super::Outcome;
use crate::cli;
use crate::local::Workspace;
use crate::problem::Problem;
use crate::terminal::{BOLD, GOOD, out, styled};
use crate::whole_pack;
use files::Start;
use tables::Regions;

pub(super) fn run(arguments: &cli::PackNew) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let root = workspace.root();
    let start = start(&root.join("shared/packs"), arguments)?;
    let folder = write(&root.join("shared/packs"), &start)?;
    let parameters = root.join(Workspace::stack_parameters(&start.name));
    put(&parameters, &start.stack_parameters())?;
    let mut out = out();
    writeln!(out, "{} {}", styled(GOOD, "✓"), folder.display())?;
    writeln!(out, "{} {}", styled(GOOD, "✓"), parameters.display())?;
    writeln!(out, "\n{}", styled(BOLD, "What it still lacks, by `cargo kemala pack check`:"))?;
    match whole_pack::check(&folder) {
        Ok(_) => writeln!(out, "  nothing")?,
        Err(errors) => errors.0.iter().try_for_each(|error| writeln!(out, "  {error}"))?,
    }
    writeln!(out, "\n{}\n{}", styled(BOLD, "Add to samconfig.toml:"), start.environments())?;
    writeln!(out, "{}\n{}", styled(BOLD, "Then (infra/guides/new-city.md tells how):"), start.next_steps())?;
    Ok(Outcome::Good)
}

/// Reads what a pack begins with.
fn start(packs: &Path, arguments: &cli::PackNew) -> Result<Start> {
    let cli::PackNew { name, from, areas, code, prefix, hashtag, extends, .. } = arguments;
    let regions = Regions::read(from)?;
    let own = regions.within(code);
    let Some(jurisdiction) = own.first().filter(|place| place.code == *code) else {
        let what = format!("{} has no row {code}", from.display());
        return Err(anyhow!(Problem::new(
            what,
            "name the code of a province, regency or city of the file with --code"
        )));
    };
    let _: TicketPrefix = prefix.parse().context("--prefix")?;
    let base = packs.join(extends);
    let text = |file: &str| {
        std::fs::read_to_string(base.join(file))
            .with_context(|| format!("{} cannot be read", base.join(file).display()))
    };
    let base_regions = Regions::read(&base.join("regions.csv"))?;
    Ok(Start {
        name: name.clone(),
        extends: extends.clone(),
        prefix: prefix.clone(),
        hashtag: hashtag.clone(),
        jurisdiction: jurisdiction.clone(),
        areas: tables::areas_within(areas, code)?,
        outside: tables::outside(&own, &regions, &base_regions, &text("outside.csv")?)?,
        neighbours: regions.regencies().filter(|place| !place.code.is_in(code)).cloned().collect(),
        regions: own,
        base_area: base_regions.first_name().to_owned(),
        base_categories: text("categories.csv")?,
        base_replies: text("replies.toml")?,
        base_sla: text("sla.toml")?,
    })
}

/// Writes the folder; one that is there already is left as it is.
fn write(packs: &Path, start: &Start) -> Result<PathBuf> {
    let folder = packs.join(&start.name);
    if folder.exists() {
        let what = format!("{} is there already", folder.display());
        return Err(anyhow!(Problem::new(what, "choose another name, or delete the folder")));
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (file, text) in start.files() {
        put(&folder.join(file), &text)?;
    }
    Ok(folder)
}

fn put(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A name that a pack can have.
pub(crate) fn pack_name(text: &str) -> Result<String, String> {
    let is_name = kemala_classifier::is_pack_name(text);
    if is_name { Ok(text.to_owned()) } else { Err("a-z, 0-9 and single hyphens between, at most 20".to_owned()) }
}

/// A code of a province, regency or city.
pub(crate) fn jurisdiction_code(text: &str) -> Result<RegionCode, String> {
    let code: RegionCode = text.parse().map_err(|error| format!("{error}"))?;
    if code.as_str().len() <= 5 { Ok(code) } else { Err("a province, regency or city, such as 34.71".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of packs in which the shipped one is, and the arguments for Blora in it.
    fn blora(packs: &Path) -> cli::PackNew {
        let shipped = Workspace::find().unwrap().pack("jateng");
        std::os::unix::fs::symlink(&shipped, packs.join("jateng")).unwrap();
        cli::PackNew {
            name: "blora".to_owned(),
            from: shipped.join("regions.csv"),
            areas: shipped.join("areas.geojson"),
            code: "33.16".parse().unwrap(),
            prefix: "BL".to_owned(),
            hashtag: "KemalaBlora".to_owned(),
            extends: "jateng".to_owned(),
        }
    }

    #[test]
    fn a_new_pack_lacks_its_account_and_nothing_else() {
        let packs = tempfile::tempdir().unwrap();
        let start = start(packs.path(), &blora(packs.path())).unwrap();
        let folder = write(packs.path(), &start).unwrap();
        let lacks = whole_pack::check(&folder).unwrap_err().to_string();
        insta::assert_snapshot!(lacks, @"
        pack.toml:37: answer_from: give a handle, and an id of digits
        pack.toml:50: listen_to: give a handle, and an id of digits
        ");
        let toml = std::fs::read_to_string(folder.join("pack.toml")).unwrap();
        let filled = toml.replace("id = \"\"", "id = \"123\"").replace("handle = \"\"", "handle = \"KemalaBlora\"");
        std::fs::write(folder.join("pack.toml"), filled).unwrap();
        let pack = whole_pack::check(&folder).unwrap();
        let post = |text| kemala_classifier::Post { text, place_tag: None };
        let today = "2026-11-24".parse().unwrap();
        let here = pack.classify(&post("Jalan rusak parah di Kec. Jepon, mohon diperbaiki"), today).decision;
        assert_eq!((here.addressee.as_str(), here.place.code.unwrap().as_str()), ("TRIAGE", "33.16.08"));
        let outside = pack.classify(&post("Jalan rusak parah di Rembang, mohon diperbaiki"), today).decision;
        assert_eq!(outside.place.outside.as_deref(), Some("Rembang"));
        let codes: Vec<&str> = start.codes().to_vec();
        assert_eq!(codes, ["INSPEKTORAT", "TRIAGE", "SEKDA", "BUPATI", "OMBUDSMAN"]);
        assert!(
            pack.jurisdiction
                .agencies
                .iter()
                .filter(|agency| agency.has_queue())
                .map(|agency| agency.code.as_str())
                .eq(codes)
        );
    }

    #[test]
    fn a_pack_that_is_there_is_not_written_over() {
        let packs = tempfile::tempdir().unwrap();
        let arguments = blora(packs.path());
        let start = start(packs.path(), &arguments).unwrap();
        write(packs.path(), &start).unwrap();
        assert!(write(packs.path(), &start).unwrap_err().to_string().contains("is there already"));
        let nowhere = cli::PackNew { code: "34.71".parse().unwrap(), ..arguments };
        assert!(super::start(packs.path(), &nowhere).unwrap_err().to_string().contains("has no row 34.71"));
    }

    #[test]
    fn jurisdictions_are_no_villages() {
        assert_eq!(jurisdiction_code("34.71").unwrap().as_str(), "34.71");
        assert!(jurisdiction_code("34.71.01").is_err() && jurisdiction_code("x").is_err());
    }
}
