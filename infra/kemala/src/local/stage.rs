//! What is deployed, laid out as `sam deploy` wants it: the template, byte for byte the one in `infra/`, and beside it
//! a folder for each function with its binary and the packs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::build::Binaries;
use super::workspace::Workspace;
use crate::names::Names;

/// Lays everything out anew under `folder`, and says where the template is.
pub(super) fn lay_out(workspace: &Workspace, binaries: &Binaries, folder: &Path) -> Result<PathBuf> {
    let template = folder.join("infra/template.yaml");
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder.join("infra"))?;
    std::fs::copy(workspace.template(), &template)
        .with_context(|| format!("cannot copy {}", workspace.template().display()))?;
    for (name, binary) in binaries {
        let function = folder.join("functions").join(name);
        // All of them, as `sam build` does: one may extend another.
        for pack in workspace.packs()? {
            let copy = function.join("packs").join(&pack);
            std::fs::create_dir_all(&copy)?;
            copy_folder(&workspace.pack(&pack), &copy)?;
        }
        copy_binary(binary, &function.join("bootstrap"))?;
    }
    Ok(template)
}

/// A number that changes with the template, its parameters, the packs, any binary or the names. Binaries are judged by size and time:
/// cargo leaves them alone while nothing changes, and reading 200 MB would take longer than all else.
pub(super) fn fingerprint(workspace: &Workspace, names: &Names, binaries: &Binaries) -> Result<String> {
    let mut hash = DefaultHasher::new();
    (&names.stage, &names.pack).hash(&mut hash);
    let mut files = Vec::new();
    for pack in workspace.packs()? {
        files.extend(files_of(&workspace.pack(&pack))?);
    }
    let parameters = Workspace::stack_parameters(&names.pack);
    files.extend(["infra/template.yaml", "samconfig.toml", &parameters].map(|file| workspace.root().join(file)));
    for file in files {
        file.hash(&mut hash);
        std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hash);
    }
    for (name, binary) in binaries {
        let about = std::fs::metadata(binary)?;
        (name, about.len(), about.modified()?).hash(&mut hash);
    }
    Ok(format!("{:016x}", hash.finish()))
}

/// Files of a folder, sorted.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the pack in {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files_of(from)? {
        if let Some(name) = file.file_name() {
            std::fs::copy(&file, to.join(name))?;
        }
    }
    Ok(())
}

/// Copies a binary without its symbols, which are two thirds of it; as it is, where there is no `strip`.
fn copy_binary(from: &Path, to: &Path) -> Result<()> {
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(to).arg(from).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if !strip.status().is_ok_and(|status| status.success()) {
        std::fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}
