//! Policy: what may come into the build, what checkov says of the template, secrets in the sources, the workflows.
//!
//! Each check is a command whose exit code is the result, and whose output are the findings. What is accepted, and why,
//! stands in `deny.toml` and `infra/policy/`; `tests/policy` shows that each check finds what is planted.

mod advisories;
mod cargo_deny;

use std::path::{Path, PathBuf};

use anyhow::Result;
use tokio::process::Command;

pub use advisories::Advisories;
pub use cargo_deny::CargoDeny;

use crate::local::{Tool, Venv, Workspace, cargo};
use crate::progress::Progress;

/// checkov alone: it brings a fork of detect-secrets under the same name.
const CHECKOV: Tool = Tool { name: "checkov", pins: &["checkov==3.3.30"] };

/// Secrets; workflows against GitHub's own schema, and against what makes them unsafe. (actionlint's packages on PyPI
/// fetch its program from GitHub while they are installed, or are forks.)
const SCANNERS: Tool =
    Tool { name: "scanners", pins: &["detect-secrets==1.5.0", "zizmor==1.32.0", "check-jsonschema==0.39.0"] };

/// The tools, installed, and the sources that they check.
#[derive(Debug)]
pub struct Policy {
    root: PathBuf,
    checkov: Venv,
    scanners: Venv,
    deny: CargoDeny,
}

impl Policy {
    /// Installs what is not yet there: on a new machine of two cores about two minutes, once.
    ///
    /// # Errors
    /// What kept a tool from being installed.
    pub async fn ensure(workspace: &Workspace, progress: &Progress) -> Result<Self> {
        let home = workspace.home();
        let (checkov, scanners, deny) = tokio::try_join!(
            Venv::ensure(CHECKOV, &home, progress),
            Venv::ensure(SCANNERS, &home, progress),
            CargoDeny::ensure(cargo(workspace), &home, progress),
        )?;
        Ok(Self { root: workspace.root().to_owned(), checkov, scanners, deny })
    }

    /// Licences, bans, versions and sources of the dependencies of the workspace in `folder`, by a `deny.toml`.
    pub fn dependencies(&self, folder: &Path, rules: &Path) -> Command {
        self.deny.check(folder, rules, &["licenses", "bans", "sources"])
    }

    /// Known advisories about the dependencies of the workspace in `folder`.
    pub fn advisories(&self, folder: &Path, rules: &Path, database: &Advisories) -> Command {
        let mut check = self.deny.check(folder, rules, &["advisories"]);
        database.serve(&mut check);
        check
    }

    /// A transformed template; `accepted` replaces the project's own list.
    pub fn template(&self, plain: &Path, accepted: Option<&Path>) -> Command {
        let mut check = Command::new(self.checkov.program("python"));
        check.arg(self.script("template.py")).arg(plain).args(accepted);
        check
    }

    /// Secrets in the files that git tracks in `folder`; `accepted` replaces the project's own list.
    pub fn secrets(&self, folder: &Path, accepted: Option<&Path>) -> Command {
        let mut check = Command::new(self.scanners.program("python"));
        check.arg(self.script("secret_scan.py")).arg(folder).args(accepted);
        check
    }

    /// The workflows and the dependabot file under `folder`: their form.
    ///
    /// # Errors
    /// The folder of the workflows cannot be read.
    pub fn workflow_forms(&self, folder: &Path) -> Result<Vec<Command>> {
        let mut checks = Vec::new();
        let workflows = std::fs::read_dir(folder.join(".github/workflows"))?;
        let mut files = workflows.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        files.sort();
        checks.push(self.form("vendor.github-workflows", &files));
        let dependabot = folder.join(".github/dependabot.yml");
        if dependabot.is_file() {
            checks.push(self.form("vendor.dependabot", &[dependabot]));
        }
        Ok(checks)
    }

    fn form(&self, schema: &str, files: &[PathBuf]) -> Command {
        let mut check = Command::new(self.scanners.program("check-jsonschema"));
        check.args(["--builtin-schema", schema]).args(files);
        check
    }

    /// The same files: what makes them unsafe (actions not pinned, permissions too wide, inputs in scripts).
    pub fn workflow_safety(&self, folder: &Path) -> Command {
        let mut check = Command::new(self.scanners.program("zizmor"));
        check.args(["--offline", "--no-progress", "--persona", "pedantic"]).arg(folder);
        check
    }

    fn script(&self, name: &str) -> PathBuf {
        self.root.join("infra/policy").join(name)
    }
}
