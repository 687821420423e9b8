//! One file per command: what it does, in the words of the library.

mod agency;
mod bench;
mod classify;
mod comparison;
mod cost;
mod demo;
mod desk;
mod down;
mod erase;
mod eval;
mod export;
mod handover;
mod label;
mod overrides;
mod pack;
mod pack_map;
mod pack_new;
mod ping;
mod quarantine;
mod reclassify;
mod redeliver;
mod redrive;
mod report;
mod rotate_secret;
mod same;
mod send;
mod simulate;
mod test;
mod ticket;
mod train;
mod tweet;
mod up;
mod words;
mod x_replay;

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use jiff::civil::Date;
use kemala_classifier::{Jurisdiction, Pack, PackErrors};

use crate::cli::{self, Cli, Command, Place};
use crate::deployment::Deployment;
use crate::local::{Local, Options, Workspace, fake_x};
use crate::names::Names;
pub(crate) use pack_new::{jurisdiction_code, pack_name};

/// How a command ended, where it has told everything itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Good,
    /// Something is not as it should be.
    Bad,
}

impl Outcome {
    fn good_if(condition: bool) -> Self {
        if condition { Self::Good } else { Self::Bad }
    }
}

/// Runs the command of a command line.
///
/// # Errors
/// What kept it from being done, with what to do about it.
pub async fn run(cli: Cli) -> Result<Outcome> {
    match cli.command {
        Command::Up(arguments) => up::run(arguments).await,
        Command::Down(arguments) => down::run(arguments).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Tweet(arguments) => tweet::run(arguments).await,
        Command::Send(arguments) => send::run(arguments).await,
        Command::Agency(arguments) => agency::run(arguments).await,
        Command::Desk(arguments) => desk::run(arguments).await,
        Command::Ping(arguments) => ping::run(arguments).await,
        Command::Redeliver(arguments) => redeliver::run(arguments).await,
        Command::Ticket(arguments) => ticket::run(arguments).await,
        Command::Handover(arguments) => handover::run(arguments).await,
        Command::Classify(arguments) => classify::run(arguments),
        Command::Same(arguments) => same::run(arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
        Command::Train(arguments) => train::run(arguments),
        Command::Eval(arguments) => eval::run(arguments),
        Command::Label(arguments) => label::run(arguments).await,
        Command::Pack(cli::Pack::Check(arguments)) => pack::check(arguments),
        Command::Pack(cli::Pack::New(arguments)) => pack_new::run(&arguments),
        Command::Pack(cli::Pack::Map(arguments)) => pack_map::draw(&arguments),
        Command::Override(arguments) => overrides::run(arguments).await,
        Command::Report(arguments) => report::run(arguments).await,
        Command::Redrive(arguments) => redrive::run(arguments).await,
        Command::Quarantine(arguments) => quarantine::run(arguments).await,
        Command::XReplay(arguments) => x_replay::run(arguments).await,
        Command::RotateSecret(arguments) => rotate_secret::run(arguments).await,
        Command::Erase(arguments) => erase::run(arguments).await,
        Command::Export(arguments) => export::run(arguments).await,
        Command::Reclassify(arguments) => reclassify::run(arguments).await,
        Command::Bench(cli::Bench::Classifier(arguments)) => bench::classifier(arguments).await,
        Command::Cost(arguments) => cost::run(arguments),
        Command::Test(arguments) => test::run(arguments).await,
        Command::FakeX { keys, handle } => fake_x::serve(&keys, &handle).await.map(|()| Outcome::Good),
    }
}

/// The pack in a folder, or the one that is deployed by default.
fn pack_in(folder: Option<PathBuf>) -> Result<(PathBuf, Pack)> {
    loaded(folder, Pack::load)
}

/// The same without its model.
fn untrained_pack_in(folder: Option<PathBuf>) -> Result<(PathBuf, Pack)> {
    loaded(folder, Pack::load_untrained)
}

fn loaded(folder: Option<PathBuf>, load: fn(&Path) -> Result<Pack, PackErrors>) -> Result<(PathBuf, Pack)> {
    let folder = pack_folder(folder)?;
    let pack = load(&folder).map_err(|errors| anyhow!("the pack in {} is broken:\n{errors}", folder.display()))?;
    Ok((folder, pack))
}

/// The folder of a pack, or of the one that is deployed by default.
fn pack_folder(folder: Option<PathBuf>) -> Result<PathBuf> {
    folder.map_or_else(|| Ok(Workspace::find()?.pack(&Names::usual().pack)), Ok)
}

/// Which agencies are live depends on the day.
fn today(pack: &Pack) -> Date {
    pack.jurisdiction.calendar.local(Timestamp::now()).date()
}

/// The sources, and the system that runs from them.
fn running() -> Result<(Workspace, Local)> {
    let workspace = Workspace::find()?;
    let usual = Options::usual(&workspace);
    let local = Local::running(&usual.folder, &usual.names)?;
    Ok((workspace, local))
}

/// The system that runs from these sources, and what its pack says of agencies and law.
fn running_with_pack() -> Result<(Local, Jurisdiction)> {
    let (workspace, local) = running()?;
    let pack = jurisdiction(&workspace, &local.names.pack)?;
    Ok((local, pack))
}

/// The sources, and what is deployed from them at a place.
async fn deployed(place: &Place) -> Result<(Workspace, Deployment)> {
    match &place.environment {
        Some(environment) => {
            let workspace = Workspace::find()?;
            let deployment = Deployment::on_aws(&workspace, environment).await?;
            Ok((workspace, deployment))
        }
        None => {
            let (workspace, local) = running()?;
            let deployment = Deployment::local(&local)?;
            Ok((workspace, deployment))
        }
    }
}

/// What is deployed at a place, and what its pack says of agencies and law.
async fn deployed_with_pack(place: &Place) -> Result<(Deployment, Jurisdiction)> {
    let (workspace, deployment) = deployed(place).await?;
    let pack = jurisdiction(&workspace, &deployment.names.pack)?;
    Ok((deployment, pack))
}

fn jurisdiction(workspace: &Workspace, pack: &str) -> Result<Jurisdiction> {
    Jurisdiction::load(&workspace.pack(pack)).map_err(|errors| anyhow!("{errors}"))
}

/// Says that nothing was written, and what writes.
fn say_only_told() {
    anstream::eprintln!("nothing was changed; to do it add --yes");
}
