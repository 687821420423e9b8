//! Arguments of what works with packs and their overrides.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kemala_domain::RegionCode;

use super::place::{Place, Writes};
use crate::version::Version;

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub enum Pack {
    /// Check a pack as a whole, and tell every error with file and line
    Check(PackCheck),
    /// Start a pack for another province, regency or city, with every file
    New(PackNew),
    /// Draw a pack's map.json, which pages show, from polygons
    Map(PackMap),
}

/// Arguments of `pack new`.
#[derive(Debug, Args)]
pub struct PackNew {
    /// Its name, as folder and in names of resources: a-z, 0-9 and single hyphens, at most 20
    #[arg(value_parser = crate::commands::pack_name)]
    pub name: String,
    /// CSV file of places with the columns code, name, lat, lon; neighbours may be in it
    #[arg(long)]
    pub from: PathBuf,
    /// GeoJSON with a polygon for each subdistrict, with its code
    #[arg(long)]
    pub areas: PathBuf,
    /// Code of the province, regency or city, such as 34.71
    #[arg(long, value_parser = crate::commands::jurisdiction_code)]
    pub code: RegionCode,
    /// What ticket numbers begin with: capital letters
    #[arg(long)]
    pub prefix: String,
    /// Hashtag without #
    #[arg(long)]
    pub hashtag: String,
    /// Pack whose language, calendar and model it shares
    #[arg(long, default_value = "jateng")]
    pub extends: String,
}

/// Arguments of `pack map`.
#[derive(Debug, Args)]
pub struct PackMap {
    /// Folder of the pack; subdistricts come from its areas.geojson
    pub folder: PathBuf,
    /// GeoJSON with a polygon for each regency and city, with its code
    #[arg(long)]
    pub regencies: PathBuf,
}

/// Arguments of `pack check`.
#[derive(Debug, Args)]
pub struct PackCheck {
    /// Folder of the pack
    pub folder: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What to do with overrides.
#[derive(Debug, Subcommand)]
pub enum Override {
    /// Check files, a folder or a stored override with the shipped pack, and tell every error with file and line
    Check(OverrideCheck),
    /// Check files with the shipped pack, write them as a new override, and let it count
    Put(OverridePut),
    /// Show the overrides, and which one counts
    List(OverrideList),
    /// Let a stored override count: one step, back or forth
    Use(OverrideUse),
    /// Let the shipped pack count
    Off(OverrideOff),
}

/// Arguments of `override check`.
#[derive(Debug, Args)]
pub struct OverrideCheck {
    /// Files of a pack, such as rules.toml; a folder with them; or the number of a stored override
    #[arg(required = true)]
    pub what: Vec<PathBuf>,
    /// Folder of the shipped pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Where a stored override is.
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override put`.
#[derive(Debug, Args)]
pub struct OverridePut {
    /// Files of a pack, such as rules.toml, or a folder with them
    #[arg(required = true)]
    pub what: Vec<PathBuf>,
    /// Leave out the files of the override that counts; without this, those that are not named stay as they are in it
    #[arg(long)]
    pub alone: bool,
    /// Why, for those who come after
    #[arg(long, default_value = "")]
    pub note: String,
    /// Where.
    #[command(flatten)]
    pub writes: Writes,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override use`.
#[derive(Debug, Args)]
pub struct OverrideUse {
    /// Number of the override
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub version: u32,
    /// Where.
    #[command(flatten)]
    pub writes: Writes,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override list`.
#[derive(Debug, Args)]
pub struct OverrideList {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override off`.
#[derive(Debug, Args)]
pub struct OverrideOff {
    /// Where.
    #[command(flatten)]
    pub writes: Writes,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `reclassify`.
#[derive(Debug, Args)]
pub struct Reclassify {
    /// `shipped`, the number of an override, or a pack's folder
    #[arg(long)]
    pub from: Version,
    /// The version to compare with, named in the same way
    #[arg(long)]
    pub to: Version,
    /// Take lines {"id", "text"} of a file instead of the running system's reports; `-` for standard input
    #[arg(long)]
    pub jsonl: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
