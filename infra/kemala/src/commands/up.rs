//! `up`: build, start, deploy.

use std::io::Write;

use anyhow::{Result, anyhow};
use kemala_classifier::{Consumer, Jurisdiction};
use serde_json::json;

use super::Outcome;
use crate::cli;
use crate::local::{self, Local, Options, Workspace};
use crate::progress::Progress;
use crate::terminal::{BOLD, DIM, Table, json_line, out, styled};

pub(super) async fn run(arguments: cli::Up) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let options = Options::usual(&workspace).with(arguments.stage, arguments.pack, arguments.port);
    let local = local::up(&workspace, &options, &Progress::on_stderr()).await?;
    if arguments.json {
        json_line(&facts(&local)?)?
    } else {
        show(&workspace, &local)?
    }
    Ok(Outcome::Good)
}

/// What a script may want to know.
fn facts(local: &Local) -> Result<serde_json::Value> {
    let names = &local.names;
    Ok(json!({
        "endpoint": local.target.endpoint,
        "region": local.target.region,
        "account": local.target.account,
        "access_key_id": local.target.keys.access_key_id,
        "secret_access_key": local.target.keys.secret_access_key,
        "stack": names.stack(),
        "table": names.table(),
        "webhook_url": local.webhook_url()?,
        "api_url": local.api_url()?,
        "desk_url": local.desk_url()?,
        "board_url": local.board_url()?,
        "reports_queue": names.queue("reports"),
        "agency_queues": format!("{}-skpd-<CODE>.fifo", names.stack()),
        "log": local.log(),
    }))
}

fn show(workspace: &Workspace, local: &Local) -> Result<()> {
    let pack = Jurisdiction::load(&workspace.pack(&local.names.pack)).map_err(|errors| anyhow!("{errors}"))?;
    let count = |consumer| pack.agencies.iter().filter(|agency| agency.consumer == consumer).count();
    let names = &local.names;
    let mut out = out();
    writeln!(out, "\n{} is running.\n", styled(BOLD, &pack.title))?;
    let mut table = Table::default();
    let mut line = |name: &str, value: String| table.row([styled(DIM, name), value]);
    line(
        "local cloud",
        format!("{} ({}, account {})", local.target.endpoint, local.target.region, local.target.account),
    );
    line("webhook", local.webhook_url()?.to_owned());
    line("agencies' API", local.api_url()?);
    line("officers' desk", format!("{}   (an account: cargo kemala desk TRIAGE)", local.desk_url()?));
    line("public board", local.board_url()?);
    line("table", names.table());
    line("queues", format!("{0}-reports, {0}-quarantine", names.stack()));
    line(
        "",
        format!(
            "{}-skpd-<CODE>.fifo: {} agencies, {} desks",
            names.stack(),
            count(Consumer::System),
            count(Consumer::Desk)
        ),
    );
    line("log", local.log().display().to_string());
    table.write(&mut out)?;
    let tag = pack.hashtags.first().map(String::as_str).unwrap_or_default();
    writeln!(out, "\nTry: cargo kemala tweet \"Jalan rusak di … #{tag}\"   Stop: cargo kemala down")?;
    Ok(())
}
