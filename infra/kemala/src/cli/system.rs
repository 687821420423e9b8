//! Arguments of what runs the system, and sends reports into it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::webhook::Family;

/// Arguments of `up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Port of the local cloud on 127.0.0.1 (4580, or the one that runs)
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..))]
    pub port: Option<u16>,
    /// Stage, a part of every name (KEMALA_STAGE, else dev)
    #[arg(long, value_parser = ["dev", "staging", "prod"])]
    pub stage: Option<String>,
    /// Pack, a folder of shared/packs (KEMALA_PACK, else jateng); beside others that run
    #[arg(long)]
    pub pack: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `down`.
#[derive(Debug, Args)]
pub struct Down {
    /// Stop the tests' system too, and delete the installed tools and logs
    #[arg(long)]
    pub purge: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Leave the system running
    #[arg(long)]
    pub keep: bool,
    /// Stage (KEMALA_STAGE, else dev)
    #[arg(long, value_parser = ["dev", "staging", "prod"])]
    pub stage: Option<String>,
    /// Pack with samples in infra/kemala/samples (KEMALA_PACK, else jateng)
    #[arg(long)]
    pub pack: Option<String>,
    /// Port of the local cloud on 127.0.0.1 (4580, or the one that runs)
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..))]
    pub port: Option<u16>,
    /// Print one JSON object per post
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `tweet`.
#[derive(Debug, Args)]
pub struct Tweet {
    /// What is posted; without the pack's hashtag or a mention it is for nobody
    pub text: String,
    /// Handle of the author (somebody else each time)
    #[arg(long)]
    pub from: Option<String>,
    /// How X wraps it: filtered-stream, activity or account-activity
    #[arg(long, default_value = "filtered-stream")]
    pub family: Family,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `send`.
#[derive(Debug, Args)]
pub struct Send {
    /// File with the body, `-` for standard input
    pub file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Only these parts
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Print one JSON object with the counts; all else goes to stderr
    #[arg(long)]
    pub json: bool,
}

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The sources are formatted
    Format,
    /// Clippy has no remarks
    Lint,
    /// The documentation builds without remarks
    Docs,
    /// Tests beside the code, and of the wire formats
    Unit,
    /// The template, as written and as CloudFormation transforms it
    Template,
    /// The whole system on the local cloud
    Pipeline,
}
