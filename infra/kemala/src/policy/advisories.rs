//! Where advisories about crates come from: RustSec's database, from a file or the network.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::process::Command;
use tokio::time::timeout;

use super::Policy;

/// Where RustSec keeps it.
const HOME: &str = "https://github.com/RustSec/advisory-db";

/// How long it may take to fetch: it is 3 MB.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database of advisories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advisories {
    /// A git repository on this machine.
    Here(PathBuf),
    /// RustSec's own.
    Fetched,
}

impl Advisories {
    /// The database in the file or folder that `KEMALA_ADVISORY_DB` names, else the one beside the checkout
    /// (`../shared/advisory-db.tar.xz`), else RustSec's own; `None` where that is out of reach.
    ///
    /// # Errors
    /// A database that is given and none.
    pub async fn find(policy: &Policy) -> Result<Option<Self>> {
        let beside = policy.root.join("../shared/advisory-db.tar.xz");
        let named = std::env::var_os("KEMALA_ADVISORY_DB").map(PathBuf::from);
        let cache = policy.root.join(".kemala/advisory-dbs");
        if let Some(given) = named.or_else(|| beside.is_file().then_some(beside)) {
            // What was fetched from elsewhere has another history.
            let _ = std::fs::remove_dir_all(&cache);
            return Self::given(&given, &policy.root.join(".kemala/advisories")).await.map(Some);
        }
        let fetched = timeout(PATIENCE, policy.deny.fetch(&policy.root).output()).await;
        Ok(fetched.is_ok_and(|fetched| fetched.is_ok_and(|fetched| fetched.status.success())).then_some(Self::Fetched))
    }

    /// A database in an archive or a folder, as a repository in `target`, which is made anew.
    ///
    /// # Errors
    /// It is no database, or tar or git is missing.
    pub async fn given(given: &Path, target: &Path) -> Result<Self> {
        let _ = std::fs::remove_dir_all(target);
        std::fs::create_dir_all(target)?;
        if given.is_dir() {
            run(Command::new("cp").arg("-R").arg(given.join("crates")).arg(target)).await?;
        } else {
            run(Command::new("tar").arg("-xf").arg(given).arg("-C").arg(target)).await?;
        }
        if !target.join("crates").is_dir() {
            bail!("{} is no database of advisories: it has no folder crates", given.display());
        }
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.arg("-C").arg(target).args(["-c", "user.name=kemala", "-c", "user.email=kemala@localhost"]);
            git.args(arguments);
            git
        };
        run(&mut git(&["init", "--quiet", "--initial-branch", "main"])).await?;
        run(&mut git(&["add", "--all"])).await?;
        run(&mut git(&["commit", "--quiet", "--message", "as given"])).await?;
        Ok(Self::Here(target.canonicalize()?))
    }

    /// Has a command find the database where RustSec's own would be.
    pub(super) fn serve(&self, command: &mut Command) {
        if let Self::Here(repository) = self {
            command.env("GIT_CONFIG_COUNT", "1");
            command.env("GIT_CONFIG_KEY_0", format!("url.file://{}.insteadOf", repository.display()));
            command.env("GIT_CONFIG_VALUE_0", HOME);
        }
    }
}

async fn run(command: &mut Command) -> Result<()> {
    let said = command.stdin(Stdio::null()).output().await;
    let said = said.with_context(|| format!("{} does not start", command.as_std().get_program().display()))?;
    if !said.status.success() {
        let program = command.as_std().get_program();
        bail!("{} failed: {}", program.display(), String::from_utf8_lossy(&said.stderr).trim());
    }
    Ok(())
}
