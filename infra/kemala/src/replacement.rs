//! Files on this machine that are to stand in for those of a pack.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use kemala_classifier::{Jurisdiction, REPLACEABLE, file_of};
use kemala_domain::Override;
use kemala_domain::overrides::Replacement;

use crate::problem::Problem;

/// An override of files, or of those files of a folder that may be replaced and differ from the shipped ones. It is not
/// checked here.
///
/// # Errors
/// Where a file cannot be read, or two have one name.
pub fn made_of(paths: &[PathBuf], shipped: &Path, version: u32, note: String) -> Result<Override> {
    let based_on = Jurisdiction::load(shipped)
        .map_err(|errors| anyhow!("the pack in {} is broken:\n{errors}", shipped.display()))?
        .version;
    let mut files = BTreeMap::new();
    for path in paths {
        if path.is_dir() {
            for name in REPLACEABLE {
                let Ok(text) = std::fs::read_to_string(path.join(name)) else { continue };
                let replaced = shipped_text(shipped, name);
                if text != replaced {
                    files.insert(name.to_owned(), Replacement::new(text, &replaced));
                }
            }
        } else {
            let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let replacement = Replacement::new(text, &shipped_text(shipped, &name));
            if files.insert(name.clone(), replacement).is_some() {
                let what = format!("two files are called {name}");
                return Err(anyhow!(Problem::new(what, "name each file of a pack once")));
            }
        }
    }
    Ok(Override { version, based_on, files, note, written_at: Timestamp::now() })
}

/// A file that is shipped; nothing where there is none, for then it may not be replaced anyway.
fn shipped_text(shipped: &Path, name: &str) -> String {
    std::fs::read_to_string(file_of(shipped, name)).unwrap_or_default()
}

/// An override with the files of an earlier one that it does not name.
pub fn on_top_of(over: Override, earlier: &Override) -> Override {
    let mut files = earlier.files.clone();
    files.extend(over.files);
    Override { files, ..over }
}

/// The pack's version that tickets will name.
pub fn named(over: &Override) -> String {
    format!("{}+{}", over.based_on, over.version)
}

/// Names of its files.
pub fn names(over: &Override) -> Vec<&str> {
    over.files.keys().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::Workspace;

    #[test]
    fn of_a_folder_only_what_differs_is_taken() {
        let shipped = Workspace::find().unwrap().pack("jateng");
        let folder = tempfile::tempdir().unwrap();
        for name in ["rules.toml", "holidays.csv", "agencies.csv"] {
            std::fs::copy(shipped.join(name), folder.path().join(name)).unwrap();
        }
        let made = |paths: &[PathBuf]| made_of(paths, &shipped, 4, "why".into());
        assert!(made(&[folder.path().into()]).unwrap().files.is_empty());
        std::fs::write(folder.path().join("holidays.csv"), "date,kind,name,estimated\n").unwrap();
        let over = made(&[folder.path().into()]).unwrap();
        assert_eq!((names(&over), over.version, over.note.as_str()), (vec!["holidays.csv"], 4, "why"));
        assert!(named(&over).starts_with("jateng/") && named(&over).ends_with("+4"));

        let twice = [folder.path().join("rules.toml"), shipped.join("rules.toml")];
        assert!(made(&twice).unwrap_err().to_string().contains("two files are called rules.toml"));
        assert!(made(&["nowhere.toml".into()]).unwrap_err().to_string().contains("nowhere.toml cannot be read"));
    }

    #[test]
    fn what_is_not_named_stays() {
        let over = |version: u32, files: &[(&str, &str)]| Override {
            version,
            based_on: "jateng/1".to_owned(),
            files: files.iter().map(|(name, text)| ((*name).to_owned(), Replacement::new(*text, ""))).collect(),
            note: String::new(),
            written_at: Timestamp::UNIX_EPOCH,
        };
        let earlier = over(1, &[("holidays.csv", "old"), ("words.csv", "old")]);
        let both = on_top_of(over(2, &[("words.csv", "new")]), &earlier);
        assert_eq!(both, over(2, &[("holidays.csv", "old"), ("words.csv", "new")]));
    }
}
