//! The programs that measure: Kemala's, built as it is deployed, and the peers' in Python.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::process::Command;

use super::material::Material;
use super::results::Raw;
use crate::local::{self, PEERS, Venv, Workspace};
use crate::problem::Problem;
use crate::progress::Progress;

/// All that the measurements need, prepared.
pub(super) struct Runs {
    progress: Progress,
    /// Where texts and models lie.
    folder: PathBuf,
    binary: PathBuf,
    python: PathBuf,
    script: PathBuf,
    /// The peers that could be trained.
    peers: Vec<String>,
    core: Option<usize>,
}

impl Runs {
    /// Builds, installs, writes the texts and trains.
    pub(super) async fn prepare(workspace: &Workspace, material: &Material, progress: &Progress) -> Result<Self> {
        let binary = build(workspace, progress).await?;
        let venv = Venv::ensure(PEERS, &workspace.home(), progress).await?;
        let folder = workspace.home().join("bench");
        fs::create_dir_all(&folder)?;
        write(&folder, material)?;
        let core = if has_taskset().await { last_core() } else { None };
        let script = workspace.root().join("tests/bench/peers.py");
        let python = venv.program("python");
        let mut runs = Self { progress: progress.clone(), folder, binary, python, script, peers: Vec::new(), core };
        runs.peers = runs.train(material).await?;
        Ok(runs)
    }

    /// The core on which all is measured, where the system can pin a program to one.
    pub(super) fn core(&self) -> Option<usize> {
        self.core
    }

    /// Measures the classifier with a pack, then the peers by name.
    pub(super) async fn round(&self, pack: &Path) -> Result<(Raw, Vec<(String, Raw)>)> {
        let step = self.progress.step("round");
        step.now("measuring Kemala");
        let output = self.alone(&self.binary).arg(pack).args(self.texts()).output().await?;
        let kemala: Raw = answer(&output).context("the classifier cannot be measured")?;
        let mut peers = Vec::new();
        for peer in &self.peers {
            step.now(format!("measuring {peer}"));
            let arguments = ["measure".as_ref(), peer.as_ref(), self.folder.as_os_str()];
            let raw = self.ask_peers(|command| command.args(arguments).args(self.texts())).await?;
            peers.push((peer.clone(), raw));
        }
        let passes = |raw: &Raw| raw.texts_ns.len();
        let of_peers = peers.iter().map(|(name, raw)| format!(", {} of {name}", passes(raw)));
        step.done(&format!("{} passes of Kemala{}", passes(&kemala), of_peers.collect::<String>()));
        Ok((kemala, peers))
    }

    async fn train(&self, material: &Material) -> Result<Vec<String>> {
        let step = self.progress.step("peers");
        step.now("training");
        let rows = self.folder.join("rows.json");
        let trained: Vec<String> = self.ask_peers(|command| command.arg("train").arg(&rows).arg(&self.folder)).await?;
        step.done(&format!("{} trained on {} posts", trained.join(", "), material.training.len()));
        Ok(trained)
    }

    async fn ask_peers<T: DeserializeOwned>(&self, with: impl FnOnce(&mut Command) -> &mut Command) -> Result<T> {
        let mut command = self.alone(&self.python);
        let output = with(command.arg(&self.script)).output().await?;
        answer(&output).map_err(|error| {
            let what = format!("the peers cannot be measured: {error:#}");
            anyhow!(Problem::new(what, "delete .kemala/tools/peers and run this again: that installs them anew"))
        })
    }

    /// A program that has one core and one thread.
    fn alone(&self, program: &Path) -> Command {
        let mut command = match self.core {
            Some(core) => {
                let mut taskset = Command::new("taskset");
                taskset.args(["-c", &core.to_string()]).arg(program);
                taskset
            }
            None => Command::new(program),
        };
        for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            command.env(variable, "1");
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    fn texts(&self) -> [PathBuf; 2] {
        ["texts.json", "long.json"].map(|name| self.folder.join(name))
    }
}

fn write(folder: &Path, material: &Material) -> Result<()> {
    let rows: Vec<_> = material.training.iter().filter_map(|row| Some((&row.text, row.category.as_ref()?))).collect();
    let texts: Vec<_> = material.measuring.iter().map(|row| &row.text).collect();
    fs::write(folder.join("rows.json"), serde_json::to_vec(&rows)?)?;
    fs::write(folder.join("texts.json"), serde_json::to_vec(&texts)?)?;
    Ok(fs::write(folder.join("long.json"), serde_json::to_vec(&material.long_texts())?)?)
}

/// What a program has printed, or why it has failed.
fn answer<T: DeserializeOwned>(output: &Output) -> Result<T> {
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = said.trim_end().lines().rev().take(3).collect();
        bail!("{}: {}", output.status, last.into_iter().rev().collect::<Vec<_>>().join("\n"));
    }
    serde_json::from_slice(&output.stdout).context("its answer is not what it was")
}

/// Builds Kemala's side in the profile that is deployed.
async fn build(workspace: &Workspace, progress: &Progress) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Message {
        executable: Option<PathBuf>,
    }
    let step = progress.step("kemala");
    step.now("building as for deployment; the first time takes minutes");
    let mut cargo = local::cargo(workspace);
    cargo.args(["build", "--release", "--quiet", "--package", "kemala-bench", "--bin", "measure-classifier"]);
    let output = cargo.args(["--message-format", "json-render-diagnostics"]).stderr(Stdio::inherit()).output().await;
    let output = output.context("cargo does not start")?;
    if !output.status.success() {
        bail!("tests/bench does not build; see above");
    }
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let mut binaries = messages.filter_map(|line| serde_json::from_slice::<Message>(line).ok()?.executable);
    let binary = binaries.next().context("cargo built no binary measure-classifier")?;
    step.done("built as for deployment");
    Ok(binary)
}

async fn has_taskset() -> bool {
    let mut taskset = Command::new("taskset");
    taskset.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    taskset.status().await.is_ok_and(|status| status.success())
}

/// The last core that this process may use: the first ones are where interrupts go.
fn last_core() -> Option<usize> {
    last_of(&fs::read_to_string("/proc/self/status").ok()?)
}

fn last_of(status: &str) -> Option<usize> {
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    list.trim().rsplit([',', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    use super::*;

    #[test]
    fn the_last_allowed_core_is_taken() {
        assert_eq!(last_of("Name:\tx\nCpus_allowed_list:\t0-3,8\n"), Some(8));
        assert_eq!(last_of("Cpus_allowed_list:\t0-11\n"), Some(11));
        assert_eq!(last_of("Cpus_allowed_list:\t5"), Some(5));
        assert_eq!(last_of("Name:\tx\n"), None);
    }

    #[test]
    fn a_program_that_fails_is_quoted() {
        let output = |code: i32, stdout: &str, stderr: &str| Output {
            status: ExitStatus::from_raw(code << 8),
            stdout: stdout.into(),
            stderr: stderr.into(),
        };
        let trained: Vec<String> = answer(&output(0, "[\"linear_svc\"]", "a warning")).unwrap();
        assert_eq!(trained, ["linear_svc"]);
        let error = answer::<Vec<String>>(&output(1, "", "Traceback\n  a\n  b\nImportError: sklearn\n")).unwrap_err();
        assert!(error.to_string().ends_with("  b\nImportError: sklearn"), "{error}");
        assert!(answer::<Vec<String>>(&output(0, "nonsense", "")).is_err());
    }
}
