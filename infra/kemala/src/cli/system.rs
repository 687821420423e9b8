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

/// Arguments of `cost`.
#[derive(Debug, Args)]
pub struct Cost {
    /// Reports a day; several to compare
    #[arg(long, value_delimiter = ',', default_value = "500", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub reports_per_day: Vec<u32>,
    /// Posts to citizens for each report
    #[arg(long, default_value_t = 2.0, value_parser = at_least_nothing)]
    pub replies_per_report: f64,
    /// Agencies whose system polls (those of the pack)
    #[arg(long)]
    pub agencies: Option<u32>,
    /// Seconds from one poll of an agency to its next; 20 is one long poll after the other
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub poll_seconds: u32,
    /// Metrics of our own (as in infra/prices.toml)
    #[arg(long)]
    pub metrics: Option<u32>,
    /// Alarms (those of infra/template.yaml)
    #[arg(long)]
    pub alarms: Option<u32>,
    /// Dashboards (those of infra/template.yaml)
    #[arg(long)]
    pub dashboards: Option<u32>,
    /// What an X plan costs a month, in place of pay per use; governments need one (Enterprise)
    #[arg(long, value_name = "USD", value_parser = at_least_nothing)]
    pub x_plan: Option<f64>,
    /// Folder of the pack (the one that is deployed by default)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object per number of reports
    #[arg(long)]
    pub json: bool,
}

fn at_least_nothing(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "is not a number".to_owned())?;
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err("is less than nothing".to_owned()) }
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
    /// Dependencies, template, secrets and workflows keep to the rules; advisories as far as they can be had
    Policy,
    /// The whole system on the local cloud
    Pipeline,
    /// Without any one of its permissions a function fails
    Permissions,
}
