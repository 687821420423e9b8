//! `down`: stop and forget.

use std::io::Write;

use anyhow::{Context, Result};
use serde_json::json;

use super::Outcome;
use crate::cli;
use crate::local::{Local, Options, Workspace};
use crate::terminal::{json_line, out};

pub(super) async fn run(arguments: cli::Down) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let home = workspace.home();
    // What is deleted must not be in use: then the systems of tests go too.
    let running = match arguments.purge {
        true => Local::all(&home)?,
        false => Local::of_system(&Options::usual(&workspace).folder)?,
    };
    for local in &running {
        local.down().await?;
    }
    let purged = arguments.purge && home.exists();
    if purged {
        std::fs::remove_dir_all(&home).with_context(|| format!("cannot delete {}", home.display()))?;
    }
    if arguments.json {
        let stopped: Vec<&str> = running.iter().map(|local| local.target.endpoint.as_str()).collect();
        json_line(&json!({"stopped": stopped, "purged": purged}))?;
        return Ok(Outcome::Good);
    }
    for local in &running {
        writeln!(out(), "stopped {} on {}", local.names.stack(), local.target.endpoint)?;
    }
    if running.is_empty() {
        writeln!(out(), "nothing is running")?;
    }
    if purged {
        writeln!(out(), "deleted {}", home.display())?;
    }
    Ok(Outcome::Good)
}
