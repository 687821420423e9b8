//! `ticket`: a ticket's row, its events, and its way from post to message.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::Timer;
use kemala_domain::lifecycle::Case;
use kemala_domain::{Event, Voice};
use serde_json::{Value, json};

use super::{Outcome, deployed_with_pack, words};
use crate::aws::SignedHttp;
use crate::cli;
use crate::deployment::Deployment;
use crate::problem::Problem;
use crate::queue::{AgencyQueue, Found};
use crate::terminal::{BOLD, DIM, GOOD, Table, WARN, json_line, out, styled};
use crate::webhook::snowflake;

/// How long its message is looked for; it may have been deleted by its agency.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) async fn run(arguments: cli::Ticket) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.place).await?;
    let store = deployment.store();
    let Some(case) = store.case(&arguments.id).await? else {
        let what = format!("there is no ticket {}", arguments.id);
        return Err(anyhow!(Problem::new(
            what,
            "check the number; those of the local system are gone after cargo kemala down"
        )));
    };
    let voices = store.voices(&arguments.id).await?;
    let message = message(&deployment, &case).await?;
    let way = way(&case, &voices, message.as_ref());
    if arguments.json {
        let way: Vec<Value> = way.into_iter().map(|(at, what)| json!({"at": at, "what": what})).collect();
        json_line(&json!({"ticket": case.ticket, "events": case.events, "voices": voices, "way": way}))?;
    } else {
        show(&case, &way, &pack)?;
    }
    Ok(Outcome::Good)
}

/// The ticket's first message in its holder's queue. A real agency's queue is left alone: a look counts as a receive, and
/// hides messages from their agency for a moment.
async fn message(deployment: &Deployment, case: &Case) -> Result<Option<Found>> {
    if !deployment.is_local {
        return Ok(None);
    }
    let http = SignedHttp::new(&deployment.target)?;
    let queue = AgencyQueue::open(&http, &deployment.target, &deployment.names, &case.ticket.holder).await?;
    let wanted = BTreeMap::from([(case.ticket.id.clone(), 1)]);
    Ok(queue.find(&wanted, PATIENCE).await?.remove(&case.ticket.id))
}

/// What happened on the way from post to message, and what comes next, in order.
fn way(case: &Case, voices: &[Voice], message: Option<&Found>) -> Vec<(Timestamp, String)> {
    let mut steps = Vec::new();
    for voice in voices {
        let post = &voice.report.post;
        let made = post.id().parse().map_or(voice.report.created_at, snowflake::made_at);
        steps.push((made, format!("post {post} is made")));
        steps.push((voice.received_at, format!("post {post} is taken in")));
    }
    for event in &case.events {
        steps.push((event.at, format!("event {} {}", event.id(), event.body.name())));
    }
    if let Some(Found { message, queued_at }) = message {
        steps.push((*queued_at, format!("message {} is in the queue of {}", message.id, message.data.ticket.agency)));
    }
    if let Some(due) = case.ticket.due {
        steps.push((due.at, format!("next: {}", next(due.timer))));
    }
    steps.sort_by_key(|(at, _)| *at);
    steps
}

/// What time does next, in words.
fn next(timer: Timer) -> String {
    match timer {
        Timer::Promise { clock, step, .. } => format!("{} {}", words::code(&clock), words::code(&step)),
        Timer::Place => "the place is waited for no longer".to_owned(),
        Timer::Answer => "the citizen's answer is waited for no longer".to_owned(),
        Timer::Close => "closed, if the citizen does not object".to_owned(),
    }
}

fn show(case: &Case, way: &[(Timestamp, String)], pack: &Jurisdiction) -> Result<()> {
    let Case { ticket, events } = case;
    let decision = &ticket.decision;
    let local_time = |at| pack.calendar.local(at).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string();
    let mut out = out();
    let holder = pack.agencies.get(&ticket.holder).map_or("", |agency| agency.name.as_str());
    let (id, code) = (styled(BOLD, &ticket.id), styled(BOLD, &ticket.holder));
    writeln!(out, "{id}  {}, in the hands of {code} {holder}", words::code(&ticket.status))?;
    let mut table = Table::default();
    let mut line = |name: &str, value: String| table.row([styled(DIM, name), value]);
    line("place", words::place(&decision.place));
    line("about", words::matter(decision));
    line("version", ticket.version.to_string());
    let copies = if ticket.copies > 0 { format!(", and {} copies", ticket.copies) } else { String::new() };
    line("voices", format!("{}{copies}", ticket.voices));
    if let Some(into) = &ticket.joined_to {
        line("joined to", into.to_string());
    }
    if ticket.quiet {
        line("quiet", "nothing is posted about it: its author is over the limit".to_owned());
    }
    line("decided by", words::decided_by(ticket));
    for reason in words::reasons(&decision.reasons) {
        line("because", reason);
    }
    table.write(&mut out)?;

    writeln!(out, "\n{}", styled(BOLD, "events"))?;
    let mut table = Table::with_head(&["id", "what", "by", "still to deliver to"]);
    for event in events {
        table.row([event.id().to_string(), event.body.name().to_owned(), actor(event)?, undelivered(event)]);
    }
    table.write(&mut out)?;

    writeln!(out, "\n{}", styled(BOLD, "way"))?;
    let mut table = Table::default();
    for (at, what) in way {
        table.row([local_time(*at), what.clone()]);
    }
    table.write(&mut out)
}

fn actor(event: &Event) -> Result<String> {
    Ok(serde_json::to_value(&event.actor)?.to_string().replace(['"', '{', '}'], ""))
}

fn undelivered(event: &Event) -> String {
    let open: Vec<String> = event.undelivered.iter().map(ToString::to_string).collect();
    if open.is_empty() { styled(GOOD, "nobody") } else { styled(WARN, open.join(", ")) }
}
