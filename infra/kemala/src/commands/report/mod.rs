//! `report`: how agencies do in a month, and what a pilot changed.

mod pilot;
mod pilot_page;
mod table;

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use kemala_report::{Names, Report, counted};
use kemala_store::figures::FiguresRows;

use super::{Outcome, deployed, today, untrained_pack_in};
use crate::cli;
use crate::problem::Problem;
use crate::terminal::{json_line, out};
use pilot::Pilot;

pub(super) async fn run(arguments: cli::Report) -> Result<Outcome> {
    let (workspace, deployment) = deployed(&arguments.place).await?;
    let (_, pack) = untrained_pack_in(Some(workspace.pack(&deployment.names.pack)))?;
    let store = deployment.store();
    let rows = FiguresRows::new(&store, &deployment.names.pack);
    let names = Names { pack: Some(&pack) };
    let today = today(&pack);
    let made_at = pack.jurisdiction.calendar.local(Timestamp::now());
    match (arguments.month, arguments.from) {
        (Some(month), _) => {
            let report = Report::new(&counted(&rows, month.into()).await?, &names);
            if let Some(folder) = &arguments.out {
                for (format, content) in kemala_report::files(&report, &made_at)? {
                    write(folder, &format!("figures.{format}"), &content)?;
                }
            }
            match arguments.json {
                true => json_line(&kemala_report::json(&report))?,
                false => table::show(&report, today, &mut out())?,
            }
        }
        (None, Some(from)) => {
            let Some((before, since)) = pilot::periods(from, today) else {
                let what = format!("a pilot that begins on {from} has had no whole day yet");
                return Err(anyhow!(Problem::new(what, "give its first day; today is not over")));
            };
            let before = Report::new(&counted(&rows, before).await?, &names);
            let since = Report::new(&counted(&rows, since).await?, &names);
            let pilot = Pilot::new(&before, &since);
            if let Some(folder) = &arguments.out {
                write(folder, "pilot.json", &serde_json::to_string_pretty(&pilot)?)?;
                write(folder, "pilot.html", &pilot_page::page(&pilot, &made_at).into_string())?;
            }
            match arguments.json {
                true => json_line(&pilot)?,
                false => pilot.show(&mut out())?,
            }
        }
        (None, None) => return Err(anyhow!(Problem::new("no month is given", "add --month 2026-11"))),
    }
    if let Some(folder) = arguments.out.filter(|_| !arguments.json) {
        writeln!(out(), "files are in {}", folder.display())?;
    }
    Ok(Outcome::Good)
}

fn write(folder: &Path, name: &str, content: &str) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let file = folder.join(name);
    fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
