//! `handover`: the package for the Ombudsman, when the ladder's last rung is reached.

mod package;
mod page;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;

use super::{Outcome, deployed_with_pack};
use crate::cli;
use crate::problem::Problem;
use crate::terminal::{BOLD, WARN, json_line, out, styled};
use package::Package;

pub(super) async fn run(arguments: cli::Handover) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.place).await?;
    let store = deployment.store();
    let id = &arguments.id;
    let Some(case) = store.case(id).await? else {
        return Err(anyhow!(Problem::new(format!("there is no ticket {id}"), "check the number on the receipt")));
    };
    let opening = store.voice(id, &case.ticket.origin).await?;
    let package = Package::of(&case, opening.as_ref(), arguments.consent.as_deref(), &pack, Timestamp::now());
    let folder = arguments.out.unwrap_or_else(|| PathBuf::from("."));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = |ending: &str| folder.join(format!("{id}.{ending}"));
    let written = [
        (file("json"), serde_json::to_string_pretty(&package)?),
        (file("html"), page::page(&package, &pack.calendar).into_string()),
    ];
    for (path, text) in &written {
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if arguments.json {
        json_line(&package)?;
        return Ok(Outcome::Good);
    }
    let mut out = out();
    for (path, _) in &written {
        writeln!(out, "{}", path.display())?;
    }
    let missed = package.clocks.iter().filter(|clock| page::is_missed(clock.state)).count();
    writeln!(out, "{}: {missed} promises broken, {} rungs reached", styled(BOLD, id), package.rungs.len())?;
    if package.report.is_none() {
        let why = match (&arguments.consent, case.ticket.decision.supervisory) {
            (_, true) => "officials are accused: numbers and deadlines only",
            (None, _) => "without the citizen's text; with --consent \"how and when they agreed\" it goes in",
            (Some(_), _) => "the citizen's text has expired or was erased",
        };
        writeln!(out, "{}", styled(WARN, why))?;
    }
    Ok(Outcome::Good)
}
