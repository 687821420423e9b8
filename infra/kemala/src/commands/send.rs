//! `send`: sign a body and post it, as X does.

use std::io::{Read, Write};

use anyhow::{Context, Result};
use serde_json::json;

use super::{Outcome, running};
use crate::cli;
use crate::terminal::{BAD, GOOD, json_line, out, styled};
use crate::webhook::Sender;

pub(super) async fn run(arguments: cli::Send) -> Result<Outcome> {
    let body = if arguments.file.as_os_str() == "-" {
        let mut body = Vec::new();
        std::io::stdin().read_to_end(&mut body).context("standard input cannot be read")?;
        body
    } else {
        std::fs::read(&arguments.file).with_context(|| format!("cannot read {}", arguments.file.display()))?
    };
    let (_, local) = running()?;
    let sent = Sender::new(&local)?.post(&body).await?;
    let taken = sent.status == 200;
    if arguments.json {
        json_line(&json!({"status": sent.status, "body": sent.body, "seconds": sent.took.as_secs_f64()}))?;
    } else {
        let status = styled(if taken { GOOD } else { BAD }, sent.status);
        writeln!(out(), "{status} {} ({} ms)", sent.body.trim(), sent.took.as_millis())?;
    }
    Ok(Outcome::good_if(taken))
}
