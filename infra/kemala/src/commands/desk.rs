//! `desk`: the officers' desk of the local system, and an account to sign in with.

use std::io::Write;

use anyhow::{Result, bail};
use serde_json::json;

use super::{Outcome, running_with_pack};
use crate::aws::SignedHttp;
use crate::cli;
use crate::local::Login;
use crate::terminal::{BOLD, DIM, Table, json_line, out, styled};

pub(super) async fn run(arguments: cli::Desk) -> Result<Outcome> {
    let (local, pack) = running_with_pack()?;
    for code in &arguments.codes {
        if pack.agencies.get(code).is_none() {
            bail!("{code} is no body of this pack; shared/packs/{}/agencies.csv has them", local.names.pack);
        }
    }
    let http = SignedHttp::new(&local.target)?;
    let Login { name, password } = local.officer(&http, &arguments.codes).await?;
    let url = local.desk_url()?;
    if arguments.json {
        json_line(&json!({ "url": url, "user": name, "password": password, "agencies": arguments.codes }))?;
        return Ok(Outcome::Good);
    }
    let mut table = Table::default();
    table.row([styled(DIM, "desk"), styled(BOLD, url)]);
    table.row([styled(DIM, "user"), name]);
    table.row([styled(DIM, "password"), password]);
    table.write(&mut out())?;
    writeln!(out(), "\nOpen the desk in a browser and sign in. The account is this system's alone.")?;
    Ok(Outcome::Good)
}
