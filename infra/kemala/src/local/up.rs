//! From sources to a running system.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use kemala_classifier::Pack;
use kemala_x_api::Credentials;
use serde_json::json;

use super::build::{self, Built};
use super::emulator::Emulator;
use super::fake_x::FakeX;
use super::state::Local;
use super::venv::{EMULATOR, SAM, Venv};
use super::workspace::Workspace;
use super::{check, lock, sam, stage};
use crate::aws::SignedHttp;
use crate::names::Names;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::target::Target;

/// What to bring up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Stage and pack.
    pub names: Names,
    /// Port of the emulator; `None` takes the one that runs, else the usual one.
    pub port: Option<u16>,
    /// Where the system's files are kept; each system has its own folder.
    pub folder: PathBuf,
}

impl Options {
    /// The port that is used where none is asked for.
    pub const USUAL_PORT: u16 = 4580;

    /// What `cargo kemala up` brings up without options. A second system beside it, with a folder and a port of its
    /// own, is the one that `KEMALA_SYSTEM` and `KEMALA_PORT` name.
    pub fn usual(workspace: &Workspace) -> Self {
        let system = std::env::var("KEMALA_SYSTEM").unwrap_or_else(|_| "local".to_owned());
        let port = std::env::var("KEMALA_PORT").ok().and_then(|port| port.parse().ok());
        Self {
            names: Names { stage: "dev".to_owned(), pack: "jateng".to_owned() },
            port,
            folder: workspace.home().join(system),
        }
    }
}

/// Builds, starts and deploys what is not yet built, running and deployed. Safe to repeat: a running system is
/// updated in place and keeps its tickets.
pub async fn up(workspace: &Workspace, options: &Options, progress: &Progress) -> Result<Local> {
    let home = workspace.home();
    let _lock = lock::take(&home, progress).await?;
    look_at_sources(workspace, &options.names)?;
    let running = Local::find(&options.folder)?;
    fits(running.as_ref(), options)?;
    if let (None, Some(port)) = (&running, options.port) {
        check::port(port).map_err(|problem| anyhow!(problem))?;
    }
    check::machine(&home)?;

    let binaries = build::functions(workspace, progress);
    let tools = async {
        let (emulator, sam) =
            tokio::try_join!(Venv::ensure(EMULATOR, &home, progress), Venv::ensure(SAM, &home, progress))?;
        let local = match running {
            Some(local) => local,
            None => start(&emulator, options, progress).await?,
        };
        anyhow::Ok((local, sam))
    };
    let (binaries, (local, sam)) = tokio::try_join!(binaries, tools)?;
    deploy(workspace, local, &sam, &binaries, progress).await
}

/// Says what is missing before anything is built.
fn look_at_sources(workspace: &Workspace, names: &Names) -> Result<()> {
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
    let pack = Pack::load(&folder);
    pack.map(drop).map_err(|errors| anyhow!("the pack in {} is broken:\n{errors}", folder.display()))
}

/// A running system can be updated, but neither moved to another port nor turned into another one.
fn fits(running: Option<&Local>, options: &Options) -> Result<()> {
    let Some(local) = running else { return Ok(()) };
    let other_port = options.port.filter(|port| *port != local.emulator.port);
    let what = match other_port {
        Some(_) => format!("a system is already running on port {}", local.emulator.port),
        None if local.names != options.names => format!("another system is already running: {}", local.names.stack()),
        None => return Ok(()),
    };
    Err(anyhow!(Problem::new(what, "stop it first with: cargo kemala down")))
}

async fn start(venv: &Venv, options: &Options, progress: &Progress) -> Result<Local> {
    let step = progress.step("emulator");
    let port = options.port.unwrap_or(Options::USUAL_PORT);
    std::fs::create_dir_all(&options.folder)?;
    let emulator = Emulator::start(venv, port, &options.folder).await?;
    let local = Local {
        emulator,
        target: Target::emulator(port),
        names: options.names.clone(),
        consumer_secret: random_secret(),
        account: Credentials {
            consumer_key: random_secret(),
            consumer_secret: random_secret(),
            access_token: random_secret(),
            access_token_secret: random_secret(),
        },
        officers_password: String::new(),
        x: None,
        outputs: BTreeMap::new(),
        fingerprint: String::new(),
        folder: options.folder.clone(),
    };
    // From here on it is found and stopped, also if the deployment fails.
    local.save()?;
    step.done(&format!("running on {}", local.target.endpoint));
    Ok(local)
}

async fn deploy(
    workspace: &Workspace,
    mut local: Local,
    venv: &Venv,
    binaries: &Built,
    progress: &Progress,
) -> Result<Local> {
    if local.x.as_ref().is_none_or(|x| !x.is_running()) {
        local.x = Some(FakeX::start(&binaries.program, &local.folder, &local.account)?);
        local.fingerprint.clear();
        local.save()?;
    }
    if local.officers_password.is_empty() {
        local.officers_password = format!("Kemala-{}", random_secret());
        local.save()?;
    }
    let fingerprint = stage::fingerprint(workspace, &local.names, &binaries.functions)?;
    if local.fingerprint == fingerprint {
        progress.note("nothing has changed since the last deployment");
        return Ok(local);
    }
    let step = progress.step("deployment");
    step.now("laying out what is deployed");
    let template = stage::lay_out(workspace, &local.names, &binaries.functions, &local.folder.join("stage"))?;
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

/// 32 hexadecimal digits.
fn random_secret() -> String {
    (0..2).map(|part| format!("{:016x}", RandomState::new().hash_one(part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ() {
        assert_eq!(random_secret().len(), 32);
        assert_ne!(random_secret(), random_secret());
    }

    #[test]
    fn a_pack_that_is_not_there_is_told_before_anything_is_built() {
        let names = Names { stage: "dev".into(), pack: "atlantis".into() };
        insta::assert_snapshot!(look_at_sources(&Workspace::find().unwrap(), &names).unwrap_err(), @"
        there is no pack 'atlantis'
          what to do: name one with --pack that has a folder in shared/packs and a file infra/packs/atlantis.yaml
        ");
    }
}
