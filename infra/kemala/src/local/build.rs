//! The functions' binaries, built by cargo.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::workspace::Workspace;
use crate::problem::Problem;
use crate::progress::Progress;

/// The binary of each function, by the function's name.
pub type Binaries = BTreeMap<String, PathBuf>;

/// What a build gives.
pub struct Built {
    /// The functions.
    pub functions: Binaries,
    /// This program, as it is now: it plays X for the local system.
    pub program: PathBuf,
}

/// Builds the functions in the dev profile. What the compiler says goes to stderr as it is.
pub async fn functions(workspace: &Workspace, progress: &Progress) -> Result<Built> {
    let names = workspace.functions()?;
    if names.is_empty() {
        return Err(anyhow!(Problem::new("there are no functions to build", "use a complete clone of the repository")));
    }
    let step = progress.step("functions");
    step.now("asking cargo what there is to build");
    let total = crates_to_build(workspace, &names).await?;

    let mut command = cargo(workspace);
    command.args(["build", "--message-format=json-render-diagnostics"]);
    command.env("CARGO_TERM_COLOR", if std::io::stderr().is_terminal() { "always" } else { "never" });
    // This program is built with them: then cargo asks each dependency for the same features as when it built this
    // program alone, and nothing is built twice.
    command.args(["--package", env!("CARGO_PKG_NAME")]);
    command.args(names.iter().flat_map(|name| ["--package", name]));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cargo does not start")?;
    let artefacts = child.stdout.take().context("cargo has no output")?;
    let remarks = child.stderr.take().context("cargo has no error output")?;

    let told = async {
        let mut lines = BufReader::new(remarks).lines();
        let mut kept = Vec::new();
        while let Some(line) = lines.next_line().await? {
            match status_of(&anstream::adapter::strip_str(&line).to_string()) {
                Some(waiting) if waiting.starts_with("Blocking") => step.now("waiting for another cargo"),
                Some(_) => {}
                None => {
                    progress.note(&line);
                    kept.push(line);
                }
            }
        }
        anyhow::Ok(kept)
    };
    let built = async {
        let mut lines = BufReader::new(artefacts).lines();
        let (mut seen, mut binaries, mut program) = (HashSet::new(), Binaries::new(), None);
        while let Some(line) = lines.next_line().await? {
            let Ok(Message { package_id: Some(package), target: Some(target), executable, .. }) =
                serde_json::from_str(&line)
            else {
                continue;
            };
            seen.insert(package);
            step.now(format!("{} of {total} crates: {}", seen.len().min(total), target.name));
            match executable {
                Some(executable) if names.contains(&target.name) => {
                    binaries.insert(target.name, executable);
                }
                Some(executable) if target.name == env!("CARGO_PKG_NAME") => program = Some(executable),
                _ => {}
            }
        }
        anyhow::Ok((binaries, program))
    };
    let (said, (binaries, program)) = tokio::try_join!(told, built)?;
    if !child.wait().await?.success() {
        if said.iter().any(|line| line.contains("No space left on device")) {
            return Err(anyhow!(Problem::new(
                "the disk is full",
                "free at least 3 GB, or set CARGO_TARGET_DIR to another disk"
            )));
        }
        bail!("the functions do not build; see above");
    }
    for name in &names {
        let binary = binaries.get(name).with_context(|| format!("cargo built no binary {name}"))?;
        runs_here(name, binary)?;
    }
    step.done(&format!("{} functions built", names.len()));
    let program = program.context("cargo did not build this program")?;
    Ok(Built { functions: binaries, program })
}

/// Cargo, without what an outer `cargo run` has put into the environment for this program alone.
pub fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace.root()).stdin(Stdio::null()).kill_on_drop(true);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(name.as_ref());
        }
    }
    command
}

/// A line of cargo's machine-readable output; only artefacts matter here.
#[derive(Debug, Deserialize)]
struct Message {
    package_id: Option<String>,
    target: Option<CargoTarget>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct CargoTarget {
    name: String,
}

/// Cargo's own status lines ("   Compiling serde v1.0") and not the compiler's diagnostics.
fn status_of(line: &str) -> Option<&str> {
    const VERBS: [&str; 9] =
        ["Compiling", "Finished", "Blocking", "Updating", "Downloading", "Downloaded", "Locking", "Adding", "Fresh"];
    let status = line.trim_start();
    VERBS.iter().any(|verb| status.starts_with(verb)).then_some(status)
}

/// How many crates the packages need, themselves included, for this machine.
async fn crates_to_build(workspace: &Workspace, packages: &[String]) -> Result<usize> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
        resolve: Resolve,
    }
    #[derive(Deserialize)]
    struct Package {
        id: String,
        name: String,
    }
    #[derive(Deserialize)]
    struct Resolve {
        nodes: Vec<Node>,
    }
    #[derive(Deserialize)]
    struct Node {
        id: String,
        deps: Vec<Dependency>,
    }
    #[derive(Deserialize)]
    struct Dependency {
        pkg: String,
        dep_kinds: Vec<Kind>,
    }
    #[derive(Deserialize)]
    struct Kind {
        kind: Option<String>,
    }

    let triple = host_triple().await?;
    let arguments = ["metadata", "--format-version", "1", "--filter-platform", &triple];
    let output =
        cargo(workspace).args(arguments).stderr(Stdio::inherit()).output().await.context("cargo does not start")?;
    if !output.status.success() {
        bail!("cargo cannot read the workspace; see above");
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata is not what it was")?;
    let nodes: HashMap<&str, &Node> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut open: Vec<&str> = metadata
        .packages
        .iter()
        .filter(|package| packages.contains(&package.name))
        .map(|package| package.id.as_str())
        .collect();
    let mut needed = HashSet::new();
    while let Some(id) = open.pop() {
        if needed.insert(id) {
            let dependencies = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
            let built =
                |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
            open.extend(dependencies.iter().filter(built).map(|dependency| dependency.pkg.as_str()));
        }
    }
    Ok(needed.len())
}

async fn host_triple() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().await.context("rustc does not start")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not say its host")?;
    Ok(host.to_owned())
}

/// Refuses a binary that this machine cannot run: the emulator starts it as it is.
fn runs_here(function: &str, binary: &Path) -> Result<()> {
    let mut head = [0; 20];
    let read = File::open(binary).and_then(|mut file| file.read_exact(&mut head));
    read.with_context(|| format!("cannot read {}", binary.display()))?;
    let found = elf_architecture(head);
    if found == Some(std::env::consts::ARCH) {
        return Ok(());
    }
    Err(anyhow!(Problem::new(
        format!(
            "the binary of {function} is for {}, this machine is {}",
            found.unwrap_or("something else"),
            std::env::consts::ARCH
        ),
        "remove build.target (or CARGO_BUILD_TARGET) from cargo's configuration, and run this again",
    )))
}

/// Architecture in the header of an ELF file, in Rust's words.
fn elf_architecture(head: [u8; 20]) -> Option<&'static str> {
    match (head.starts_with(b"\x7fELF"), head[18], head[19]) {
        (true, 0x3e, 0) => Some("x86_64"),
        (true, 0xb7, 0) => Some("aarch64"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn architectures_are_told_apart() {
        runs_here("this test", &std::env::current_exe().unwrap()).unwrap();
        assert_eq!(
            elf_architecture(*b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"),
            Some("aarch64")
        );
        assert_eq!(elf_architecture(*b"#!/bin/sh\nexit 0 #12"), None);
    }

    #[test]
    fn a_foreign_binary_is_refused_with_a_remedy() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"MZ this is a program of another system").unwrap();
        let error = runs_here("webhook-intake", file.path()).unwrap_err().to_string();
        assert!(error.contains("webhook-intake is for something else") && error.contains("build.target"), "{error}");
    }

    #[test]
    fn diagnostics_are_not_status_lines() {
        assert!(status_of("   Compiling serde v1.0.229").is_some());
        assert!(status_of("error[E0308]: mismatched types").is_none());
        assert!(status_of("  --> src/main.rs:1:1").is_none());
    }

    #[tokio::test]
    async fn the_crates_of_a_package_are_counted() {
        let count = crates_to_build(&Workspace::find().unwrap(), &["kemala-domain".to_owned()]).await.unwrap();
        assert!((5..60).contains(&count), "{count}");
    }
}
