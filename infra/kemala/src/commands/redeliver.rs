//! `redeliver`: an agency that lost messages gets them again.

use std::io::Write;

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala_delivery::{Telling, told_since};
use kemala_domain::TicketId;
use kemala_store::Store;
use serde_json::json;

use super::agency::has_queue;
use super::{Outcome, deployed_with_pack, say_only_told, words};
use crate::cli;
use crate::terminal::{BOLD, json_line, out, styled};

/// Tickets of one page of the list.
const PAGE: i32 = 100;

pub(super) async fn run(arguments: cli::Redeliver) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.writes.place).await?;
    let is_dry = arguments.dry_run || !arguments.writes.may_write();
    let code = &arguments.code;
    has_queue(code, &pack)?;
    let now = Timestamp::now();
    let since = arguments.since.before(&pack.calendar.local(now)).context("--since lies too far away")?;
    // SQS takes a repeat under a number of its own; the second of this run is one, without a row that counts.
    let repeat = u32::try_from(now.as_second()).context("the clock of this machine is wrong")?;
    let store = deployment.store();
    let queues = deployment.agency_queues();
    let terms = pack.terms();
    let mut sent = 0;
    let tickets = tickets(&store, &arguments).await?;
    for id in &tickets {
        let Some(case) = store.case(id).await?.filter(|case| case.ticket.holder == *code) else { continue };
        for event in told_since(&case.events, code, since) {
            let message = Telling::read(&store, &case.ticket, event, terms).await?.to(code);
            if !is_dry {
                queues.send_again(code, &message, repeat).await?;
            }
            sent += 1;
            match arguments.json {
                true => json_line(&json!({"id": message.id, "type": message.message_type, "sent": !is_dry}))?,
                false => writeln!(out(), "{}  {}", styled(BOLD, &message.id), words::code(&message.message_type))?,
            }
        }
    }
    if !arguments.json {
        let done = if is_dry { "would be sent again" } else { "sent again" };
        writeln!(out(), "{sent} messages about the {} open tickets of {code} {done}", tickets.len())?;
    }
    if is_dry && !arguments.dry_run {
        say_only_told();
        return Ok(Outcome::Bad);
    }
    Ok(Outcome::Good)
}

/// The agency's open tickets.
async fn tickets(store: &Store, arguments: &cli::Redeliver) -> Result<Vec<TicketId>> {
    let mut ids = Vec::new();
    let mut from = None;
    loop {
        let page = store.agency_tickets(&arguments.code, None, from, PAGE).await?;
        ids.extend(page.tickets.into_iter().map(|ticket| ticket.id));
        from = page.next;
        if from.is_none() {
            return Ok(ids);
        }
    }
}
