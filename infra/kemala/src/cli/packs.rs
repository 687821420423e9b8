//! Arguments of what works with packs and their overrides.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::place::{Place, Writes};
use crate::version::Version;

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub enum Pack {
    /// Check a pack as a whole, and tell every error with file and line
    Check(PackCheck),
    /// Draw a pack's map.json, which pages show, from polygons
    Map(PackMap),
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
