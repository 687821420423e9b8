//! Versions of a pack that people name: as it was shipped, with an override, or any folder.

use std::convert::Infallible;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, anyhow};
use kemala_classifier::{Pack, PackErrors};
use kemala_domain::Override;
use kemala_store::overrides::PackRows;

use crate::problem::Problem;

/// A version of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// The pack as it was shipped.
    Shipped,
    /// The shipped pack with an override of the running system.
    Override(u32),
    /// The pack in a folder.
    Folder(PathBuf),
}

impl FromStr for Version {
    type Err = Infallible;

    /// `shipped`, the number of an override, the version that a ticket names (`jateng/2026-11-24+3`), or a folder.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let number = text.rsplit('+').next().unwrap_or(text);
        Ok(match number.parse() {
            _ if text == "shipped" => Self::Shipped,
            Ok(number) => Self::Override(number),
            Err(_) => Self::Folder(text.into()),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped => f.write_str("the shipped pack"),
            Self::Override(number) => write!(f, "override {number}"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

impl Version {
    /// Reads it, from a shipped pack's folder and, for an override, from the rows of a running system.
    ///
    /// # Errors
    /// Where it is not there, or is broken.
    pub async fn load(&self, shipped: &Path, rows: Option<&PackRows>) -> Result<Pack> {
        let pack = match self {
            Self::Shipped => Pack::load(shipped),
            Self::Folder(folder) => Pack::load(folder),
            Self::Override(number) => {
                let rows = rows.context(Problem::new(
                    "overrides are in the local system, and it is not running",
                    "start it with: cargo kemala up",
                ))?;
                Pack::load_overridden(shipped, &stored(rows, *number).await?)
            }
        };
        pack.map_err(|errors| anyhow!("{self} is broken:\n{errors}"))
    }
}

/// An override of the running system.
///
/// # Errors
/// Where there is none of that number.
pub async fn stored(rows: &PackRows, number: u32) -> Result<Override> {
    rows.get(number).await?.with_context(|| {
        Problem::new(
            format!("there is no override {number}"),
            "see those that are there with: cargo kemala override list",
        )
    })
}

/// What is wrong with an override of a shipped pack.
pub fn errors(shipped: &Path, over: &Override) -> Option<PackErrors> {
    Pack::load_overridden(shipped, over).err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_named_as_on_tickets() {
        for (text, version) in [
            ("shipped", Version::Shipped),
            ("3", Version::Override(3)),
            ("+3", Version::Override(3)),
            ("jateng/2026-11-24+3", Version::Override(3)),
            ("shared/packs/jateng", Version::Folder("shared/packs/jateng".into())),
            ("../my+pack", Version::Folder("../my+pack".into())),
        ] {
            assert_eq!(text.parse(), Ok(version), "{text}");
        }
    }

    #[tokio::test]
    async fn without_a_system_there_are_no_overrides() {
        let told = Version::Override(1).load("shared/packs/jateng".as_ref(), None).await.unwrap_err().to_string();
        assert!(told.contains("cargo kemala up"), "{told}");
    }
}
