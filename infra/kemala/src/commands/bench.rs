//! `bench`: how the classifier compares with what one would take from the shelf.

use anyhow::Result;

use super::Outcome;
use crate::bench;
use crate::cli;
use crate::local::Workspace;
use crate::terminal::{json_line, out};

pub(super) async fn classifier(arguments: cli::BenchClassifier) -> Result<Outcome> {
    let report = bench::classifier(&Workspace::find()?, arguments.data.as_deref()).await?;
    if arguments.json {
        json_line(&report)?
    } else {
        report.write(&mut out())?
    }
    Ok(Outcome::Good)
}
