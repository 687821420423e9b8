//! One file per command: what it does, in the words of the library.

mod agency;
mod bench;
mod classify;
mod demo;
mod down;
mod pack;
mod send;
mod test;
mod ticket;
mod tweet;
mod up;
mod words;

use anyhow::Result;

use crate::cli::{Bench, Cli, Command, Pack};
use crate::local::{Local, Options, Workspace};

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
        Command::Ticket(arguments) => ticket::run(arguments).await,
        Command::Classify(arguments) => classify::run(arguments),
        Command::Pack(Pack::Check(arguments)) => pack::check(arguments),
        Command::Bench(Bench::Classifier(arguments)) => bench::classifier(arguments).await,
        Command::Test(arguments) => test::run(arguments).await,
    }
}

/// The sources, and the system that runs from them.
fn running() -> Result<(Workspace, Local)> {
    let workspace = Workspace::find()?;
    let local = Local::running(&Options::usual(&workspace).folder)?;
    Ok((workspace, local))
}
