//! `erase`: what is kept of a citizen goes, at their request. By the way that X's own deletes take, so one path does it:
//! a deletion on the `reports` queue for each post, which takes the row away, withdraws a ticket that has no voice left,
//! and tells its agency.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala_domain::{AgencyCode, PostKey, TicketId};
use kemala_messages::report::{Channel, Content, Deletion, Message};
use kemala_store::Store;
use serde_json::json;

use super::{Outcome, deployed, say_only_told};
use crate::citizen::{self, Kept};
use crate::cli;
use crate::deployment::Deployment;
use crate::progress::Progress;
use crate::terminal::{BOLD, DIM, GOOD, Table, WARN, json_line, out, styled};

/// How long classification may take to read the deletions; what is queued before them may be much.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Where reports lie that are no rows.
const QUEUES: [&str; 2] = ["quarantine", "reports-dlq"];

pub(super) async fn run(arguments: cli::Erase) -> Result<Outcome> {
    let (_, deployment) = deployed(&arguments.mends.place).await?;
    let store = deployment.store();
    let progress = Progress::on_stderr();
    let kept = find(&store, &arguments, &progress).await?;
    let told = told(&store, &kept).await?;
    let is_sure = arguments.mends.yes;
    let mut left = kept.len();
    if is_sure {
        let step = progress.step("erase");
        step.now(format!("{left} deletions"));
        send_deletions(&deployment, &kept).await?;
        left = wait(&store, &kept).await?;
        step.done(&format!("{} of {} rows are gone", kept.len() - left, kept.len()));
    }
    let mut in_queues = BTreeMap::new();
    if let Some(author) = &arguments.author {
        for name in QUEUES {
            in_queues.insert(name, citizen::in_queue(&deployment.queue(name), author, is_sure).await?);
        }
    }
    if arguments.json {
        let posts: Vec<_> =
            kept.iter().map(|kept| json!({"ticket": kept.ticket, "post": kept.voice.report.first_post})).collect();
        json_line(&json!({
            "done": is_sure, "reports": posts, "left": left, "in_queues": in_queues, "sent_to": told,
            "remains": REMAINS,
        }))?;
    } else {
        show(&kept, &in_queues, &told, is_sure, left)?;
    }
    if !is_sure {
        say_only_told();
    }
    Ok(Outcome::good_if(!is_sure || left == 0))
}

async fn find(store: &Store, arguments: &cli::Erase, progress: &Progress) -> Result<Vec<Kept>> {
    if let Some(post) = &arguments.post {
        let kept = of_post(store, post).await?;
        let is_theirs = |kept: &Kept| arguments.author.as_ref().is_none_or(|id| kept.voice.report.author.id == *id);
        return Ok(kept.into_iter().filter(is_theirs).collect());
    }
    let author = arguments.author.as_deref().context("an account or a post is needed")?;
    let step = progress.step("search");
    let kept = citizen::reports(store, author, |found| step.now(format!("{found} reports"))).await?;
    step.done(&format!("{} reports", kept.len()));
    Ok(kept)
}

async fn of_post(store: &Store, post: &PostKey) -> Result<Option<Kept>> {
    let Some(known) = store.post(post).await? else { return Ok(None) };
    let Some(ticket) = known.ticket else { return Ok(None) };
    let Some(ticket) = store.standing(&ticket).await?.map(|ticket| ticket.id) else { return Ok(None) };
    let voice = store.voice(&ticket, &known.first_post).await?;
    Ok(voice.map(|voice| Kept { ticket, voice }))
}

/// Who was sent what they wrote, by ticket.
async fn told(store: &Store, kept: &[Kept]) -> Result<BTreeMap<TicketId, BTreeSet<AgencyCode>>> {
    let mut told = BTreeMap::new();
    for Kept { ticket, .. } in kept {
        if !told.contains_key(ticket)
            && let Some(case) = store.case(ticket).await?
        {
            told.insert(ticket.clone(), citizen::holders(&case));
        }
    }
    Ok(told)
}

async fn send_deletions(deployment: &Deployment, kept: &[Kept]) -> Result<()> {
    let reports = deployment.queue("reports");
    for Kept { voice, .. } in kept {
        let content = Content::Deletion(Deletion { post: voice.report.first_post.clone(), at: None });
        // As the nightly look-up says it of a post that is gone: any version of classification knows that.
        let message = Message { received_at: Timestamp::now(), channel: Channel::XLookUp, content };
        reports.send(&message.to_json()?, None).await?;
    }
    Ok(())
}

/// Waits until the rows are gone; how many are not.
async fn wait(store: &Store, kept: &[Kept]) -> Result<usize> {
    let started = Instant::now();
    let mut left: Vec<&Kept> = kept.iter().collect();
    loop {
        let mut still = Vec::new();
        for kept in left {
            if store.voice(&kept.ticket, &kept.voice.report.first_post).await?.is_some() {
                still.push(kept);
            }
        }
        left = still;
        if left.is_empty() || started.elapsed() > PATIENCE {
            return Ok(left.len());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What is not deleted, and until when it is there.
const REMAINS: [&str; 6] = [
    "what they posted in the last minutes may still be queued: run this again in an hour",
    "tickets and their events: no text, no name; they keep numbers of posts, which lead nowhere once the post is deleted on X",
    "backups of the table: 35 days; after a restore in that time run this again",
    "messages in agencies' queues and their dead letters: 14 days, masked text",
    "logs: no texts and no handles are in them",
    "answers of ours in the thread on X: delete them there by hand if the citizen asks",
];

fn show(
    kept: &[Kept],
    in_queues: &BTreeMap<&str, u32>,
    told: &BTreeMap<TicketId, BTreeSet<AgencyCode>>,
    is_sure: bool,
    left: usize,
) -> Result<()> {
    let mut out = out();
    let mut table = Table::with_head(&["ticket", "post", "received"]);
    for Kept { ticket, voice } in kept {
        let received = voice.received_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        table.row([styled(BOLD, ticket), voice.report.first_post.to_string(), received]);
    }
    if kept.is_empty() {
        writeln!(out, "the table keeps no report of theirs")?;
    } else {
        table.write(&mut out)?;
    }
    for (queue, count) in in_queues.iter().filter(|(_, count)| **count > 0) {
        writeln!(out, "{count} messages in {queue}")?;
    }
    match (is_sure, left) {
        (true, 0) => writeln!(out, "{} erased", styled(GOOD, "✓"))?,
        (true, left) => {
            let told = styled(WARN, format!("{left} reports are still there"));
            writeln!(out, "{told}: their deletion is queued; run it again later to see that they are gone")?;
        }
        (false, _) => {}
    }
    let agencies: BTreeSet<&AgencyCode> = told.values().flatten().collect();
    if !agencies.is_empty() {
        let agencies: Vec<&str> = agencies.iter().map(|code| code.as_str()).collect();
        writeln!(
            out,
            "\nwere sent the masked text, and must be asked about their own systems: {}",
            agencies.join(", ")
        )?;
    }
    writeln!(out, "\n{}", styled(BOLD, "what remains"))?;
    for line in REMAINS {
        writeln!(out, "{}", styled(DIM, format!("- {line}")))?;
    }
    Ok(())
}
