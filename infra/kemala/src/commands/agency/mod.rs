//! `agency`: poll an agency's queue as the agency does.

mod show;
mod work;

use std::io::Write;
use std::time::Duration;

use anyhow::{Result, anyhow};
use kemala_classifier::Jurisdiction;
use kemala_domain::AgencyCode;
use kemala_messages::in_queue::InQueue;

use super::{Outcome, running_with_pack};
use crate::aws::SignedHttp;
use crate::cli;
use crate::problem::Problem;
use crate::queue::{AgencyQueue, Received};
use crate::terminal::{json_line, out};

/// How long shown messages are held before others can have them.
const HOLD: Duration = Duration::from_secs(20);
/// The longest wait of one poll that SQS offers.
const LONGEST_POLL: Duration = Duration::from_secs(20);

pub(super) async fn run(arguments: cli::Agency) -> Result<Outcome> {
    let (local, pack) = running_with_pack()?;
    has_queue(&arguments.code, &pack)?;
    let http = SignedHttp::new(&local.target)?;
    let queue = AgencyQueue::open(&http, &local.target, &local.names, &arguments.code).await?;
    let wait = Duration::from_secs(arguments.wait);
    if arguments.work {
        let worker = work::Worker::new(&http, &local, &pack, &arguments).await?;
        return worker.run(&queue, wait).await;
    }
    let mut shown: Vec<Received> = Vec::new();
    let mut poll = Poll { queue: &queue, wait };
    loop {
        let page = poll.next().await?;
        if page.is_empty() {
            break;
        }
        for received in page {
            match (&received.message, arguments.json) {
                (InQueue::Ticket(message), true) => json_line(message)?,
                (InQueue::Ping(message), true) => json_line(message)?,
                (message, false) => show::message(message, received.held.receive_count, &pack.calendar)?,
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

/// Page after page of a queue, until nothing more comes: the first is waited for.
struct Poll<'a> {
    queue: &'a AgencyQueue,
    wait: Duration,
}

impl Poll<'_> {
    /// The next page; an empty one is the end.
    async fn next(&mut self) -> Result<Vec<Received>> {
        loop {
            let page = self.queue.receive(self.wait, HOLD).await?;
            if !page.is_empty() || self.wait <= LONGEST_POLL {
                self.wait = Duration::ZERO;
                return Ok(page);
            }
            // One poll waits at most 20 s; the rest of the time is waited in further polls.
            self.wait -= LONGEST_POLL;
        }
    }
}

/// That an agency has a queue, as commands about queues need.
pub(super) fn has_queue(code: &AgencyCode, pack: &Jurisdiction) -> Result<()> {
    let what = match pack.agencies.get(code) {
        Some(agency) if agency.has_queue() => return Ok(()),
        Some(agency) => format!("{code} ({}) has no queue; its matters go to {}", agency.name, pack.triage_desk),
        None => format!("there is no agency {code}"),
    };
    let remedy = format!("take a code with a queue from shared/packs/{}/agencies.csv", pack.name);
    Err(anyhow!(Problem::new(what, remedy)))
}
