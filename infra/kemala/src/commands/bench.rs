//! `bench`: how the classifier compares with what one would take from the shelf.

use anyhow::Result;

use super::{Outcome, pack_in};
use crate::bench;
use crate::cli;
use crate::local::Workspace;
use crate::terminal::{json_line, out};

pub(super) async fn classifier(arguments: cli::BenchClassifier) -> Result<Outcome> {
    let (pack, _) = pack_in(arguments.pack)?;
    let report = bench::classifier(&Workspace::find()?, &pack, arguments.data.as_deref()).await?;
    if arguments.json {
        json_line(&report)?
    } else {
        report.write(&mut out())?
    }
    Ok(Outcome::Good)
}
