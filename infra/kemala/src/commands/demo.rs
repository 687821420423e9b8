//! `demo`: sample posts go in, tickets arrive in the agencies' queues, and each is where it must be.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use futures::FutureExt;
use futures::future::try_join_all;
use jiff::Timestamp;
use kemala_domain::report::VoiceRole;
use kemala_store::Store;
use serde::Serialize;
use serde_json::json;

use super::{Outcome, words};
use crate::aws::SignedHttp;
use crate::cli;
use crate::follow::{Arrival, Followed, Follower, Posted, Ticketed};
use crate::local::{self, Local, Options, Workspace};
use crate::progress::Progress;
use crate::samples::{self, Sample};
use crate::terminal::{BAD, BOLD, DIM, GOOD, Table, json_line, out, styled};
use crate::webhook::{Post, User};

/// How long all posts together may take to become tickets, and then messages; they take a few seconds.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at the table.
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub(super) async fn run(arguments: cli::Demo) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let options = Options::usual(&workspace).with(arguments.stage, arguments.pack, arguments.port);
    let was_running = !Local::of_system(&options.folder)?.is_empty();
    let outcome = tokio::select! {
        outcome = show(&workspace, &options, arguments.json) => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow!("interrupted")),
    };
    if was_running || arguments.keep {
        if let Some(local) = Local::find(&options.folder, &options.names)?.filter(|_| outcome.is_ok()) {
            faces(&local)?;
        }
        anstream::eprintln!("the system goes on running; stop it with: cargo kemala down");
    } else if let Some(local) = Local::find(&options.folder, &options.names)? {
        local.down().await?;
    }
    outcome
}

async fn show(workspace: &Workspace, options: &Options, json: bool) -> Result<Outcome> {
    let progress = Progress::on_stderr();
    let local = local::up(workspace, options, &progress).await?;
    let samples = samples::of_pack(workspace, &local.names.pack)?;
    let follower = Follower::new(&local, &workspace.pack(&local.names.pack))?;
    let started = Instant::now();
    let step = progress.step("demo");
    let endings = play(&follower, samples, |what| step.now(what)).await?;
    let took = started.elapsed();
    step.now("adding up the public board");
    add_up_board(&local, &endings).await?;
    step.done(&format!("{} posts followed to their end", endings.len()));
    if json {
        endings.iter().try_for_each(json_line)?;
    } else {
        table(&endings)?;
        summary(&endings, took)?;
    }
    Ok(Outcome::good_if(endings.iter().all(|ending| ending.as_expected)))
}

/// Runs the round that the schedule runs each minute, once all is counted: it adds the board up.
async fn add_up_board(local: &Local, endings: &[Ending]) -> Result<()> {
    let store = Store::new(&local.target.sdk_config(), local.names.table());
    let started = Instant::now();
    for ticket in endings.iter().filter_map(|ending| ending.arrival.ticket.as_ref()) {
        while store.events(ticket).await?.iter().any(|event| !event.undelivered.is_empty()) {
            if started.elapsed() > PATIENCE {
                // The schedule makes up for it.
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    let round = json!({ "source": "aws.scheduler", "time": Timestamp::now() });
    SignedHttp::new(&local.target)?.invoke(&local.names.function("sla-escalation"), &round).await?;
    Ok(())
}

/// Where people look at what was just played.
fn faces(local: &Local) -> Result<()> {
    anstream::eprintln!("public board   {}", local.board_url()?);
    anstream::eprintln!("open311        {}/discovery.json", local.open311_url()?);
    anstream::eprintln!("officers' desk {}   (an account: cargo kemala desk TRIAGE)", local.desk_url()?);
    Ok(())
}

/// Where a sample ended, and whether that is where it must.
#[derive(Debug, Serialize)]
struct Ending {
    title: String,
    as_expected: bool,
    differences: Vec<String>,
    #[serde(flatten)]
    arrival: Arrival,
}

/// Sends all samples in at once and follows each to its end.
async fn play(follower: &Follower, samples: Vec<Sample>, say: impl Fn(String)) -> Result<Vec<Ending>> {
    say(format!("sending {} posts in", samples.len()));
    let posts = samples.iter().enumerate().map(|(number, sample)| {
        let author = User::sample(&format!("warga_contoh_{}", number + 1));
        follower.post(Post::new(&sample.text, author), sample.family)
    });
    let posted: Vec<Posted> = try_join_all(posts).await?;

    say(format!("{} posts are taken; waiting for their tickets", posted.len()));
    let all_read = follower.all_reports_read(PATIENCE).shared();
    let tickets = posted.iter().map(|posted| follower.ticket(posted, PATIENCE, all_read.clone()));
    let followed: Vec<Followed> = try_join_all(tickets).await?;
    if !all_read.await {
        bail!("reports are still queued after {} s; the emulator's log may say why", PATIENCE.as_secs());
    }

    let ticketed: Vec<Ticketed> = followed.iter().filter_map(Followed::ticket).cloned().collect();
    say(format!("{} tickets are open; reading the agencies' queues", ticketed.len()));
    let found = follower.messages(&ticketed, PATIENCE).await?;
    let without: Vec<&Posted> = posted
        .iter()
        .zip(&followed)
        .filter(|(_, followed)| followed.ticket().is_none())
        .map(|(posted, _)| posted)
        .collect();
    let refusals = follower.refusals(&without).await?;
    let endings = samples.into_iter().zip(&posted).zip(&followed).map(|((sample, posted), followed)| {
        let arrival = match followed.ticket() {
            Some(ticketed) => Arrival::of(ticketed, found.get(&ticketed.ticket.id)),
            None => Arrival::without_ticket(posted, posted.key().ok().and_then(|key| refusals.get(&key))),
        };
        let differences = sample.differences(&arrival);
        Ending { title: sample.title, as_expected: differences.is_empty(), differences, arrival }
    });
    Ok(endings.collect())
}

fn table(endings: &[Ending]) -> Result<()> {
    let mut table =
        Table::with_head(&["", "ticket", "place", "category", "agency", "read back from its queue", "seconds"]);
    for Ending { title, as_expected, differences, arrival } in endings {
        table.line(format!("  {} {}", arrival.text, styled(DIM, format!("({title})"))));
        let mark = if *as_expected { styled(GOOD, "✓") } else { styled(BAD, "✗") };
        let Some(ticket) = &arrival.ticket else {
            let why = arrival.refused.as_deref().unwrap_or("for a reason that quarantine does not know");
            table.line(format!("{mark} no ticket: {why}"));
            differences.iter().for_each(|difference| table.line(styled(BAD, format!("  {difference}"))));
            continue;
        };
        let agency = match (&arrival.agency, &arrival.likely_agency) {
            (Some(agency), Some(likely)) => format!("{agency} (likely for {likely})"),
            (Some(agency), None) => agency.to_string(),
            (None, _) => String::new(),
        };
        table.row([
            mark,
            styled(BOLD, ticket),
            arrival.place.clone().unwrap_or_else(|| "unknown".to_owned()),
            arrival.category.clone().unwrap_or_else(|| "unknown".to_owned()),
            agency,
            message(arrival),
            format!("{:.2}", arrival.seconds),
        ]);
        differences.iter().for_each(|difference| table.line(styled(BAD, format!("  {difference}"))));
    }
    table.write(&mut out())
}

fn message(arrival: &Arrival) -> String {
    match (&arrival.event, &arrival.message_type) {
        (Some(event), Some(message_type)) => format!("{event} {}", words::code(message_type)),
        _ if arrival.joined == Some(VoiceRole::Copy) => "a copy, of which nobody is told".to_owned(),
        _ => "nothing".to_owned(),
    }
}

fn summary(endings: &[Ending], took: Duration) -> Result<()> {
    let count = |condition: fn(&Ending) -> bool| endings.iter().filter(|ending| condition(ending)).count();
    let tickets = count(|ending| ending.arrival.ticket.is_some());
    let messages = count(|ending| ending.arrival.event.is_some());
    let queues: BTreeSet<_> = endings.iter().filter_map(|ending| ending.arrival.agency.as_ref()).collect();
    let wrong = count(|ending| !ending.as_expected);
    let verdict = match wrong {
        0 => styled(GOOD, "all as expected"),
        wrong => styled(BAD, format!("{wrong} not as expected")),
    };
    writeln!(
        out(),
        "\n{} posts, {tickets} tickets, {messages} messages read back from {} queues in {:.1} s: {verdict}",
        endings.len(),
        queues.len(),
        took.as_secs_f64()
    )?;
    Ok(())
}
