//! cargo-deny, built once on this machine.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, anyhow};
use tokio::process::Command;

use crate::problem::Problem;
use crate::progress::Progress;

/// The version whose rules `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// The program.
#[derive(Debug, Clone)]
pub struct CargoDeny {
    program: PathBuf,
}

impl CargoDeny {
    /// Builds it with `cargo`, unless it is there in this version.
    ///
    /// Not optimised: 80 s on two cores, and a check takes seconds either way. Taken as source from crates.io like all
    /// else, by its own lock file: ready binaries would be one more place to trust.
    ///
    /// # Errors
    /// It cannot be fetched or built.
    pub async fn ensure(mut cargo: Command, home: &Path, progress: &Progress) -> Result<Self> {
        let root = home.join("tools/cargo-deny");
        let deny = Self { program: root.join("bin/cargo-deny") };
        let said = Command::new(&deny.program).arg("--version").stdin(Stdio::null()).output().await;
        if said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).trim() == format!("cargo-deny {VERSION}")) {
            return Ok(deny);
        }
        let step = progress.step("cargo-deny");
        step.now("building it (once)");
        cargo
            .args(["install", "cargo-deny", "--version", VERSION, "--locked", "--debug", "--force", "--root"])
            .arg(&root);
        // Built in a folder of its own: what the workspace has built stays as it is.
        cargo.env("CARGO_TARGET_DIR", root.join("target")).env("CARGO_PROFILE_DEV_DEBUG", "false");
        let built = cargo.output().await.context("cargo does not start")?;
        if !built.status.success() {
            let what =
                format!("cargo-deny {VERSION} does not build:\n{}", String::from_utf8_lossy(&built.stderr).trim());
            return Err(anyhow!(Problem::new(what, "check the network and proxy; crates come from crates.io")));
        }
        std::fs::remove_dir_all(root.join("target"))?;
        step.done(&format!("cargo-deny {VERSION} built"));
        Ok(deny)
    }

    /// `cargo deny fetch db`: whether the database of advisories could be fetched.
    pub(super) fn fetch(&self, folder: &Path) -> Command {
        let mut fetch = Command::new(&self.program);
        fetch.current_dir(folder).args(["fetch", "db"]).stdin(Stdio::null()).kill_on_drop(true);
        fetch
    }

    /// Some of its checks. A rule that nothing matches any more is a finding.
    pub(super) fn check(&self, folder: &Path, rules: &Path, which: &[&str]) -> Command {
        let mut check = Command::new(&self.program);
        check.current_dir(folder).arg("--config").arg(rules);
        check.args(["check", "-D", "warnings", "--hide-inclusion-graph"]).args(which).stdin(Stdio::null());
        check
    }
}
