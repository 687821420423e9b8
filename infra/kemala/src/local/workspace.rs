//! Where the sources are, and where a local machine keeps its things.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use crate::problem::Problem;

/// The root folder of the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Looks for the root upwards from the crate that cargo runs (as in `cargo run` and `cargo test`), else from the
    /// current folder.
    pub fn find() -> Result<Self> {
        let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_dir()?,
        };
        Self::above(&start)
    }

    /// Looks for the root upwards from a folder.
    pub fn above(start: &Path) -> Result<Self> {
        let is_root = |folder: &&Path| folder.join("Cargo.lock").is_file() && folder.join("infra/kemala").is_dir();
        let root = start.ancestors().find(is_root).ok_or_else(|| {
            let what = format!("no Kemala sources in {} or above", start.display());
            anyhow!(Problem::new(what, "run this inside a clone of the repository"))
        })?;
        Ok(Self { root: root.to_owned() })
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The template of the whole stack.
    pub fn template(&self) -> PathBuf {
        self.root.join("infra/template.yaml")
    }

    /// The folder of a pack by its name.
    pub fn pack(&self, name: &str) -> PathBuf {
        self.root.join("shared/packs").join(name)
    }

    /// Names of all packs, in order.
    pub fn packs(&self) -> Result<Vec<String>> {
        self.folders_with("shared/packs", "pack.toml")
    }

    /// The stack parameters of a pack, from the root.
    pub fn stack_parameters(pack: &str) -> String {
        format!("infra/packs/{pack}.yaml")
    }

    /// Names of the functions: the folders under `functions/` that are crates, in order.
    pub fn functions(&self) -> Result<Vec<String>> {
        self.folders_with("functions", "Cargo.toml")
    }

    /// Names of the folders in a folder that have a file, in order.
    fn folders_with(&self, parent: &str, file: &str) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.root.join(parent))? {
            let entry = entry?;
            if entry.path().join(file).is_file() {
                names.extend(entry.file_name().into_string());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Tools and state of local machines; ignored by git, and safe to delete while none runs.
    pub fn home(&self) -> PathBuf {
        self.root.join(".kemala")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_are_found_from_within() {
        let workspace = Workspace::find().unwrap();
        assert!(workspace.root().join("infra/kemala/Cargo.toml").is_file());
        assert_eq!(Workspace::above(&workspace.root().join("infra/kemala/src/local")).unwrap(), workspace);
    }

    #[test]
    fn packs_are_folders_with_settings() {
        assert_eq!(Workspace::find().unwrap().packs().unwrap(), ["jateng", "kota-yogyakarta"]);
    }

    #[test]
    fn elsewhere_the_user_is_told_what_to_do() {
        let elsewhere = tempfile::tempdir().unwrap();
        let error = Workspace::above(elsewhere.path()).unwrap_err().to_string();
        assert!(error.contains("run this inside a clone"), "{error}");
    }
}
