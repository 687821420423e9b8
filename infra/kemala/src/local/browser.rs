//! A browser for tests of pages: the machine's own Chromium, else one that Playwright installs beside the other tools.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tokio::process::Command;

use super::venv::Venv;
use crate::progress::Progress;

/// Names of the browser, as distributions have them.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Environment by which Playwright finds the browser.
pub struct Browser {
    /// Variables for whoever drives it.
    pub variables: Vec<(&'static str, PathBuf)>,
}

impl Browser {
    /// Finds or installs it; `venv` has Playwright.
    ///
    /// # Errors
    /// Where none is there and none can be installed.
    pub async fn ensure(venv: &Venv, home: &Path, progress: &Progress) -> Result<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let in_path =
            |name: &&str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
        if let Some(found) = NAMES.iter().find_map(in_path) {
            return Ok(Self { variables: vec![("CHROMIUM", found)] });
        }
        let folder = home.join("tools").join("browsers");
        let step = progress.step("browser");
        step.now("installing Chromium (about 100 MB)");
        let mut install = Command::new(venv.program("playwright"));
        install.args(["install", "chromium-headless-shell"]).env("PLAYWRIGHT_BROWSERS_PATH", &folder);
        let output = install.kill_on_drop(true).output().await?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "no browser can be installed; install one with your package manager (Debian: apt install chromium)\n{said}"
            );
        }
        step.done("Chromium installed");
        Ok(Self { variables: vec![("PLAYWRIGHT_BROWSERS_PATH", folder)] })
    }
}
