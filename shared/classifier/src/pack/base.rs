//! What packs share: `extends = "jateng"` in `pack.toml` takes from the pack beside it the files of language and calendar
//! that a folder does not have itself. All that names an agency or a place is a pack's own.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Files that may be another pack's.
pub const SHARED: [&str; 6] =
    ["commands.toml", "holidays.csv", "incident.toml", "model.bin", "rules.toml", "words.csv"];

/// The pack that another one extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) name: String,
    pub(super) dir: PathBuf,
}

impl Base {
    /// The base that a pack names; `None` where it names none. What is wrong with the name is told with `pack.toml`.
    pub(super) fn of(dir: &Path) -> Option<Self> {
        #[derive(Deserialize)]
        struct Extends {
            extends: String,
        }
        let text = std::fs::read_to_string(dir.join(super::jurisdiction::PACK)).ok()?;
        let Extends { extends } = toml::from_str(&text).ok()?;
        Self::named(dir, &extends).ok()
    }

    /// The pack of that name beside another.
    pub(super) fn named(dir: &Path, name: &str) -> Result<Self, String> {
        if !is_name(name) {
            return Err(format!("{name:?} is no name of a pack"));
        }
        // A folder that is named by a relative path may have no parent in its name.
        let own = dir.canonicalize().map_err(|error| error.to_string())?;
        let beside = own.parent().map(|packs| packs.join(name)).filter(|beside| beside.is_dir() && *beside != own);
        let beside = beside.ok_or_else(|| format!("there is no pack {name} beside this one"))?;
        Ok(Self { name: name.to_owned(), dir: beside })
    }

    /// Whether a file of a folder is taken from here.
    pub(super) fn gives(&self, file: &str, dir: &Path) -> bool {
        SHARED.contains(&file) && !dir.join(file).exists()
    }
}

/// Where a file of a pack is: in its folder, or in that of the pack which it extends.
pub fn file_of(pack: &Path, file: &str) -> PathBuf {
    match Base::of(pack) {
        Some(base) if base.gives(file, pack) => base.dir.join(file),
        _ => pack.join(file),
    }
}

/// Whether a text can be the name of a pack, which names of resources carry: words of a-z and 0-9 with single hyphens
/// between.
pub fn is_name(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 20 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_with_hyphens_between() {
        for name in ["jateng", "kota-yogyakarta", "a1"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-a", "a-", "a--b", "1a", "A", "kota yogyakarta", "..", "a/b", "a-very-long-name-of-a-city"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
