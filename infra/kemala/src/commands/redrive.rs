//! `redrive`: dead letters on their way again, by receive and send.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use super::agency::has_queue;
use super::{Outcome, deployed_with_pack, say_only_told};
use crate::cli;
use crate::deployment::Deployment;
use crate::progress::Progress;
use crate::queue::{DeadLetters, Fate, Held, Way};
use crate::terminal::{BOLD, Table, WARN, json_line, out, styled};

/// What became of messages, by the queue that they go to.
#[derive(Debug, Default)]
struct Counts {
    sent: BTreeMap<String, u32>,
    others: u32,
    unknown: u32,
}

pub(super) async fn run(arguments: cli::Redrive) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.mends.place).await?;
    if let Some(code) = &arguments.agency {
        has_queue(code, &pack)?;
    }
    let queues = arguments.queue.map_or_else(|| DeadLetters::ALL.to_vec(), |queue| vec![queue]);
    let mut counts = Counts::default();
    let mut behind = 0;
    for dead in queues {
        let seen = redrive(&deployment, dead, &arguments, &mut counts).await?;
        let left = deployment.queue(dead.queue()).length().await?;
        behind += left.saturating_sub(seen);
    }
    if !arguments.json {
        show(&counts, behind, arguments.mends.yes)?;
    }
    if !arguments.mends.yes {
        say_only_told();
    }
    Ok(Outcome::good_if(counts.unknown == 0))
}

/// Goes through one queue; how many messages were seen and stay there.
async fn redrive(
    deployment: &Deployment,
    dead: DeadLetters,
    arguments: &cli::Redrive,
    counts: &mut Counts,
) -> Result<u64> {
    let source = deployment.queue(dead.queue());
    let mut pace = tokio::time::interval(Duration::from_secs(1) / arguments.rate);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let step = Progress::on_stderr().step("redrive");
    let (mut seen, mut stay) = (0_u64, 0_u64);
    source
        .walk(async |held| {
            seen += 1;
            step.now(format!("{}: {seen} messages", source.name()));
            let way = dead.way(held, Timestamp::now());
            let fate = match &way {
                None => {
                    counts.unknown += 1;
                    Fate::Stays
                }
                Some(way) if arguments.agency.is_some() && way.agency != arguments.agency => {
                    counts.others += 1;
                    Fate::Stays
                }
                Some(way) => {
                    *counts.sent.entry(deployment.names.queue(&way.queue)).or_default() += 1;
                    if arguments.mends.yes {
                        pace.tick().await;
                        deployment.queue(&way.queue).send(&held.body, way.fifo.as_ref()).await?;
                        Fate::Done
                    } else {
                        Fate::Stays
                    }
                }
            };
            stay += u64::from(fate == Fate::Stays);
            if arguments.json {
                json_line(&facts(dead, held, way.as_ref(), fate))?;
            }
            Ok(fate)
        })
        .await?;
    step.done(&format!("{} gone through, {seen} messages", source.name()));
    Ok(stay)
}

/// A message for scripts: never its text.
fn facts(dead: DeadLetters, held: &Held, way: Option<&Way>, fate: Fate) -> serde_json::Value {
    json!({
        "from": dead.queue(),
        "message": held.id,
        "to": way.map(|way| &way.queue),
        "group": held.fifo.as_ref().map(|fifo| &fifo.group),
        "deduplication_id": way.and_then(|way| way.fifo.as_ref()).map(|fifo| &fifo.deduplication),
        "queued_at": held.queued_at,
        "sent": fate == Fate::Done,
    })
}

fn show(counts: &Counts, behind: u64, sent: bool) -> Result<()> {
    let mut out = out();
    if counts.sent.is_empty() {
        writeln!(out, "no dead letters{}", if counts.others > 0 { " of this agency" } else { "" })?;
    }
    let mut table = Table::default();
    for (queue, count) in &counts.sent {
        let what = if sent { "sent again" } else { "would be sent again" };
        table.row([styled(BOLD, queue), count.to_string(), what.to_owned()]);
    }
    table.write(&mut out)?;
    if counts.others > 0 {
        writeln!(out, "{} of other agencies stay", counts.others)?;
    }
    if counts.unknown > 0 {
        let told = styled(WARN, format!("{} stay: they name no queue they came from", counts.unknown));
        writeln!(out, "{told}; whoever put them there by hand must send them by hand")?;
    }
    if behind > 0 {
        let told = styled(WARN, format!("{behind} more stand behind others of their tickets"));
        writeln!(out, "{told}; run it again, also without --agency")?;
    }
    Ok(())
}
