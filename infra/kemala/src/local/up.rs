//! From sources to a running system.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use kemala_classifier::Pack;
use serde_json::json;

use super::build::{self, Built};
use super::emulator::Emulator;
use super::fake_x::FakeX;
use super::state::{Local, random_secret};
use super::venv::{EMULATOR, SAM, Venv};
use super::workspace::Workspace;
use super::{check, lock, sam, stage};
use crate::aws::SignedHttp;
use crate::names::Names;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::target::Target;
use crate::whole_pack;

/// What to bring up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Stage and pack.
    pub names: Names,
    /// Port of the emulator; `None` takes the one that runs, else the usual one.
    pub port: Option<u16>,
    /// Where the system's files are kept; each system, which is one emulator with any number of stacks, has its own folder.
    pub folder: PathBuf,
}

impl Options {
    /// The port that is used where none is asked for.
    pub const USUAL_PORT: u16 = 4580;

    /// What commands act on without options: the stack that `KEMALA_STAGE` and `KEMALA_PACK` name. A second system beside
    /// it, with a folder and a port of its own, is the one that `KEMALA_SYSTEM` and `KEMALA_PORT` name.
    pub fn usual(workspace: &Workspace) -> Self {
        let system = std::env::var("KEMALA_SYSTEM").unwrap_or_else(|_| "local".to_owned());
        let port = std::env::var("KEMALA_PORT").ok().and_then(|port| port.parse().ok());
        Self { names: Names::usual(), port, folder: workspace.home().join(system) }
    }

    /// The same with what a command line names.
    pub fn with(self, stage: Option<String>, pack: Option<String>, port: Option<u16>) -> Self {
        let Names { stage: usual_stage, pack: usual_pack } = self.names;
        let names = Names { stage: stage.unwrap_or(usual_stage), pack: pack.unwrap_or(usual_pack) };
        Self { names, port: port.or(self.port), ..self }
    }
}

/// Builds, starts and deploys what is not yet built, running and deployed. Safe to repeat: a running system is
/// updated in place and keeps its tickets.
pub async fn up(workspace: &Workspace, options: &Options, progress: &Progress) -> Result<Local> {
    let home = workspace.home();
    let _lock = lock::take(&home, progress).await?;
    let pack = look_at_sources(workspace, &options.names)?;
    let emulator = running_emulator(options)?;
    if let (None, Some(port)) = (&emulator, options.port) {
        check::port(port).map_err(|problem| anyhow!(problem))?;
    }
    check::machine(&home)?;

    let binaries = build::functions(workspace, progress);
    let tools = async {
        let (venv, sam) =
            tokio::try_join!(Venv::ensure(EMULATOR, &home, progress), Venv::ensure(SAM, &home, progress))?;
        let local = match (Local::find(&options.folder, &options.names)?, emulator) {
            (Some(local), _) => local,
            (None, Some(emulator)) => Local::new(emulator, &options.names, &options.folder),
            (None, None) => Local::new(start(&venv, options, progress).await?, &options.names, &options.folder),
        };
        // From here on it is found and stopped, also if the deployment fails.
        local.save()?;
        anyhow::Ok((local, sam))
    };
    let (binaries, (local, sam)) = tokio::try_join!(binaries, tools)?;
    deploy(workspace, local, &pack.jurisdiction.answer_from.handle, &sam, &binaries, progress).await
}

/// Says what is missing before anything is built; the pack.
fn look_at_sources(workspace: &Workspace, names: &Names) -> Result<Pack> {
    if !workspace.template().is_file() {
        return Err(anyhow!(Problem::new("there is no infra/template.yaml", "use a complete clone of the repository")));
    }
    let parameters = Workspace::stack_parameters(&names.pack);
    if !workspace.pack(&names.pack).is_dir() || !workspace.root().join(&parameters).is_file() {
        let what = format!("there is no pack '{}'", names.pack);
        let remedy = format!("name one with --pack that has a folder in shared/packs and a file {parameters}");
        return Err(anyhow!(Problem::new(what, remedy)));
    }
    let folder = workspace.pack(&names.pack);
    whole_pack::check(&folder).map_err(|errors| anyhow!("the pack in {} is broken:\n{errors}", folder.display()))
}

/// The emulator that runs already, for any stack. It takes more stacks, but it does not move to another port.
fn running_emulator(options: &Options) -> Result<Option<Emulator>> {
    let Some(local) = Local::of_system(&options.folder)?.into_iter().next() else { return Ok(None) };
    let port = local.emulator.port;
    if options.port.is_some_and(|wanted| wanted != port) {
        let what = format!("a system is already running on port {port}");
        return Err(anyhow!(Problem::new(what, "stop it first with: cargo kemala down")));
    }
    Ok(Some(local.emulator))
}

async fn start(venv: &Venv, options: &Options, progress: &Progress) -> Result<Emulator> {
    let step = progress.step("emulator");
    let port = options.port.unwrap_or(Options::USUAL_PORT);
    std::fs::create_dir_all(&options.folder)?;
    let emulator = Emulator::start(venv, port, &options.folder).await?;
    step.done(&format!("running on {}", Target::emulator(port).endpoint));
    Ok(emulator)
}

async fn deploy(
    workspace: &Workspace,
    mut local: Local,
    handle: &str,
    venv: &Venv,
    binaries: &Built,
    progress: &Progress,
) -> Result<Local> {
    if local.x.as_ref().is_none_or(|x| !x.is_running()) {
        local.x = Some(FakeX::start(&binaries.program, &local.folder, &local.account, handle)?);
        local.fingerprint.clear();
        local.save()?;
    }
    let fingerprint = stage::fingerprint(workspace, &local.names, &binaries.functions)?;
    if local.fingerprint == fingerprint {
        progress.note("nothing has changed since the last deployment");
        return Ok(local);
    }
    let step = progress.step("deployment");
    step.now("laying out what is deployed");
    let template = stage::lay_out(workspace, &binaries.functions, &local.folder.join("stage"))?;
    sam::deploy(venv, workspace, &local.target, &local.names, &local.x()?.url(), &template, &step).await?;
    step.now("reading the stack's outputs");
    let http = SignedHttp::new(&local.target)?;
    local.outputs = http.stack_outputs(&local.names.stack()).await?.into_iter().collect();
    if local.outputs.is_empty() {
        bail!("the stack {} has no outputs; see {}", local.names.stack(), local.log().display());
    }
    let secret = json!({"consumer_secret": local.consumer_secret, "previous_consumer_secret": null});
    http.put_secret(&local.names.x_secret(), &secret).await.context("the secret of X cannot be set")?;
    let account = serde_json::to_value(&local.account)?;
    http.put_secret(&local.names.x_account_secret(), &account)
        .await
        .context("the keys of the account cannot be set")?;
    http.put_secret(&local.names.open311_keys(), &json!({"keys": {(random_secret()): "lokal"}}))
        .await
        .context("the key for Open311 cannot be set")?;
    local.x()?.register(&local.webhook()?).await.context("what plays X does not take the webhook")?;
    local.fingerprint = fingerprint;
    local.save()?;
    step.done(&format!("{} deployed", local.names.stack()));
    Ok(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_that_is_not_there_is_told_before_anything_is_built() {
        let names = Names { stage: "dev".into(), pack: "atlantis".into() };
        insta::assert_snapshot!(look_at_sources(&Workspace::find().unwrap(), &names).unwrap_err(), @"
        there is no pack 'atlantis'
          what to do: name one with --pack that has a folder in shared/packs and a file infra/packs/atlantis.yaml
        ");
    }

    #[test]
    fn a_broken_pack_is_told_with_file_and_line_before_anything_is_built() {
        let (real, copy) = (Workspace::find().unwrap(), tempfile::tempdir().unwrap());
        let here = |path: &str| copy.path().join(path);
        for folder in ["infra/kemala", "infra/packs", "shared/packs/kota-yogyakarta"] {
            std::fs::create_dir_all(here(folder)).unwrap();
        }
        for file in ["Cargo.lock", "infra/template.yaml", "infra/packs/kota-yogyakarta.yaml"] {
            std::fs::copy(real.root().join(file), here(file)).unwrap();
        }
        std::os::unix::fs::symlink(real.pack("jateng"), here("shared/packs/jateng")).unwrap();
        let pack = here("shared/packs/kota-yogyakarta");
        for entry in std::fs::read_dir(real.pack("kota-yogyakarta")).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), pack.join(entry.file_name())).unwrap();
            }
        }
        let workspace = Workspace::above(copy.path()).unwrap();
        let names = Names { stage: "dev".into(), pack: "kota-yogyakarta".into() };
        look_at_sources(&workspace, &names).unwrap();
        let aliases = std::fs::read_to_string(pack.join("aliases.csv")).unwrap();
        std::fs::write(pack.join("aliases.csv"), format!("{aliases}nusantara,34.99\n")).unwrap();
        let told = look_at_sources(&workspace, &names).unwrap_err().to_string();
        let line = aliases.lines().count() + 1;
        assert!(told.contains(&format!("\naliases.csv:{line}: code: 34.99 is not in regions.csv")), "{told}");
    }
}
