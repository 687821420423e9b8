//! The Python tools, each in a virtual environment of its own (they pin different versions of boto3).

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Result, anyhow, bail};
use tokio::process::Command;

use crate::problem::Problem;
use crate::progress::Progress;

/// A tool and exactly what is installed for it.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// Name of its folder, and of the step that installs it.
    pub name: &'static str,
    /// Requirements, pinned.
    pub pins: &'static [&'static str],
}

/// The local cloud: MiniStack (MIT), with the two packages that are optional there and needed here.
pub const EMULATOR: Tool =
    Tool { name: "emulator", pins: &["ministack==1.5.33", "aws-sam-translator==1.115.0", "cryptography==50.0.2"] };

/// The SAM CLI, with the linter of templates.
pub const SAM: Tool = Tool { name: "sam", pins: &["aws-sam-cli==1.170.0", "cfn-lint==1.58.0"] };

/// What builds functions for AWS: cargo-lambda, with the linker that knows Amazon Linux's glibc.
pub const LAMBDA: Tool = Tool { name: "lambda", pins: &["cargo-lambda==1.9.2"] };

/// What tries the agencies' API by its OpenAPI document, and what signs for it.
pub const SCHEMATHESIS: Tool = Tool { name: "schemathesis", pins: &["schemathesis==4.32.5", "botocore==1.44.8"] };

/// What drives a browser, and axe-core, which knows what keeps people out of a page.
pub const BROWSER: Tool = Tool { name: "browser", pins: &["playwright==1.65.2", "axe-playwright-python==0.1.8"] };
/// Clients of Open311: one of today that reads, and Code for America's, which also writes.
pub const OPEN311: Tool = Tool { name: "open311", pins: &["georeport==0.3.1", "three==0.8.0"] };

/// What the samples of an agency's side need: boto3 for the one in Python, the AWS CLI for the one in bash.
pub const SAMPLES: Tool = Tool { name: "samples", pins: &["boto3==1.44.8", "awscli==1.46.3"] };

/// The peers of the classifier: the last versions for Python 3.10; fastText has no wheels from 3.13 on.
pub const PEERS: Tool = Tool {
    name: "peers",
    pins: &[
        "scikit-learn==1.7.2",
        "numpy==2.2.6",
        "scipy==1.15.3",
        "fasttext-numpy2-wheel==0.9.2; python_version < '3.13'",
    ],
};

/// A virtual environment that holds a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Path of a program in it.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// Makes the environment, unless it is there with just these pins and this Python.
    pub async fn ensure(tool: Tool, home: &Path, progress: &Progress) -> Result<Self> {
        let venv = Self { folder: home.join("tools").join(tool.name) };
        let wanted = format!("{}\n{}\n", python_version().await?, tool.pins.join("\n"));
        let marker = venv.folder.join("installed.txt");
        if std::fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
            return Ok(venv);
        }
        let step = progress.step(tool.name);
        step.now("making a virtual environment");
        std::fs::create_dir_all(home.join("tools"))?;
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv.folder)).await?;
        step.now(format!("installing {}", tool.pins.join(", ")));
        let pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"];
        run(Command::new(venv.program("python")).args(pip).args(tool.pins)).await?;
        std::fs::write(&marker, wanted)?;
        step.done(&format!("{} installed", tool.pins.join(", ")));
        Ok(venv)
    }
}

async fn python_version() -> Result<String> {
    let output = Command::new("python3").arg("-V").output().await.map_err(|error| {
        let what = format!("python3 does not start: {error}");
        anyhow!(Problem::new(what, "install Python 3.10 or newer, with its venv module"))
    })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

async fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await?;
    if output.status.success() {
        return Ok(());
    }
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match remedy(&said) {
        Some(problem) => Err(anyhow!(problem)),
        None => bail!("{:?} failed:\n{}", command.as_std().get_program(), last_lines(&said, 15)),
    }
}

/// What to do about the failures of pip that users meet.
fn remedy(said: &str) -> Option<Problem> {
    let any = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    if any(&["No space left on device"]) {
        return Some(Problem::new("the disk is full", "free at least 1 GB and run this again"));
    }
    if any(&["ensurepip is not available", "No module named ensurepip"]) {
        return Some(Problem::new(
            "this Python cannot make virtual environments",
            "install its venv module (Debian, Ubuntu: apt install python3-venv)",
        ));
    }
    if any(&[
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeoutError",
        "ProxyError",
        "Network is unreachable",
    ]) {
        return Some(Problem::new(
            "pip cannot reach the package index",
            "check the network and proxy, or name a mirror in PIP_INDEX_URL; the tools are fetched only once",
        ));
    }
    if any(&["No matching distribution found"]) {
        return Some(Problem::new(
            format!("pip finds no fitting version:\n{}", last_lines(said, 3)),
            "use Python 3.10 to 3.14 on Linux or macOS, and a package index that is up to date",
        ));
    }
    None
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_pip_have_remedies() {
        let offline = "WARNING: Retrying (Retry(total=4)) after connection broken by 'NameResolutionError(...)'\n\
                       ERROR: No matching distribution found for ministack==1.5.33";
        insta::assert_snapshot!(remedy(offline).unwrap(), @"
        pip cannot reach the package index
          what to do: check the network and proxy, or name a mirror in PIP_INDEX_URL; the tools are fetched only once
        ");
        insta::assert_snapshot!(remedy("OSError: [Errno 28] No space left on device").unwrap(), @"
        the disk is full
          what to do: free at least 1 GB and run this again
        ");
        assert!(remedy("error: metadata-generation-failed").is_none());
    }

    #[tokio::test]
    async fn what_is_installed_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("tools/nothing");
        std::fs::create_dir_all(&folder).unwrap();
        let tool = Tool { name: "nothing", pins: &["no-such-package==0"] };
        std::fs::write(
            folder.join("installed.txt"),
            format!("{}\nno-such-package==0\n", python_version().await.unwrap()),
        )
        .unwrap();
        let venv = Venv::ensure(tool, home.path(), &Progress::silent()).await.unwrap();
        assert_eq!(venv.program("x"), folder.join("bin/x"));
    }
}
