//! `agency`: poll an agency's queue as the agency does.

use std::io::Write;
use std::time::Duration;

use anyhow::{Result, anyhow};
use kemala_classifier::Jurisdiction;
use kemala_domain::{AgencyCode, Calendar};

use super::{Outcome, running, words};
use crate::aws::SignedHttp;
use crate::cli;
use crate::problem::Problem;
use crate::queue::{AgencyQueue, Received};
use crate::terminal::{BOLD, DIM, json_line, out, styled};

/// How long shown messages are held before others can have them.
const HOLD: Duration = Duration::from_secs(20);

pub(super) async fn run(arguments: cli::Agency) -> Result<Outcome> {
    let (workspace, local) = running()?;
    let pack = Jurisdiction::load(&workspace.pack(&local.names.pack)).map_err(|errors| anyhow!("{errors}"))?;
    has_queue(&arguments.code, &pack)?;
    let http = SignedHttp::new(&local.target)?;
    let queue = AgencyQueue::open(&http, &local.target, &local.names, &arguments.code).await?;
    let mut shown: Vec<Received> = Vec::new();
    let mut wait = Duration::from_secs(arguments.wait);
    loop {
        let page = queue.receive(wait, HOLD).await?;
        if page.is_empty() && (!shown.is_empty() || wait <= LONGEST_POLL) {
            break;
        }
        // One poll waits at most 20 s; without a message so far, the rest of the time is waited in further polls.
        wait = if page.is_empty() { wait - LONGEST_POLL } else { Duration::ZERO };
        for received in page {
            match arguments.json {
                true => json_line(&received.message)?,
                false => show(&received, &pack.calendar)?,
            }
            // Deleted only after it was shown: what breaks off here comes again.
            if arguments.delete {
                queue.delete(&received).await?;
            }
            shown.push(received);
        }
    }
    if !arguments.delete {
        queue.put_back(&shown).await?;
    }
    if !arguments.json {
        let fate = match (shown.len(), arguments.delete) {
            (0, _) => "no messages".to_owned(),
            (count, true) => format!("{count} messages, deleted"),
            (count, false) => format!("{count} messages, left in the queue"),
        };
        writeln!(out(), "{}: {fate}", queue.name())?;
    }
    Ok(Outcome::Good)
}

fn has_queue(code: &AgencyCode, pack: &Jurisdiction) -> Result<()> {
    let what = match pack.agencies.get(code) {
        Some(agency) if agency.has_queue() => return Ok(()),
        Some(agency) => format!("{code} ({}) has no queue; its matters go to {}", agency.name, pack.triage_desk),
        None => format!("there is no agency {code}"),
    };
    let remedy = format!("take a code with a queue from shared/packs/{}/agencies.csv", pack.name);
    Err(anyhow!(Problem::new(what, remedy)))
}

/// The longest wait of one poll that SQS offers.
const LONGEST_POLL: Duration = Duration::from_secs(20);

fn show(received: &Received, calendar: &Calendar) -> Result<()> {
    let message = &received.message;
    let ticket = &message.data.ticket;
    let mut out = out();
    writeln!(out, "{}  {}", styled(BOLD, &message.id), words::code(&message.message_type))?;
    let category = ticket.category.as_ref().map_or("unknown", |category| category.as_str());
    let place = ticket.place.name.as_deref().or(ticket.place.outside.as_deref()).unwrap_or("place unknown");
    writeln!(out, "  {category}, {}, {place}", words::code(&ticket.urgency))?;
    if let Some(text) = &ticket.text {
        writeln!(out, "  “{text}”")?;
    }
    let by = |at| calendar.local(at).strftime("%Y-%m-%d %H:%M");
    let deadlines =
        ticket.deadlines.iter().map(|promise| format!("{} by {}", words::code(&promise.clock), by(promise.due_at)));
    let deadlines: Vec<String> = deadlines.collect();
    if !deadlines.is_empty() {
        writeln!(out, "  {}", styled(DIM, deadlines.join(", ")))?;
    }
    if let Some(link) = &ticket.permalink {
        writeln!(out, "  {}", styled(DIM, link))?;
    }
    if received.held.receive_count > 1 {
        writeln!(out, "  {}", styled(DIM, format!("received {} times", received.held.receive_count)))?;
    }
    writeln!(out)?;
    Ok(())
}
