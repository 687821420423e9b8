//! `quarantine`: what was accepted and not understood.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Result, anyhow, bail};
use kemala_intake::listening;
use kemala_messages::quarantine::Reason;
use serde_json::{Value, json};

use super::{Outcome, deployed, deployed_with_pack, say_only_told};
use crate::cli;
use crate::problem::Problem;
use crate::queue::{Again, Fate, Held, Put};
use crate::terminal::{BOLD, DIM, GOOD, Table, WARN, json_line, out, styled};

const QUEUE: &str = "quarantine";

pub(super) async fn run(arguments: cli::Quarantine) -> Result<Outcome> {
    match arguments {
        cli::Quarantine::List(arguments) => list(arguments).await,
        cli::Quarantine::Retry(arguments) => retry(arguments).await,
        cli::Quarantine::Drop(arguments) => drop_picked(arguments).await,
    }
}

/// Which messages are meant.
struct Pick {
    ids: Vec<String>,
    reason: Option<String>,
}

impl Pick {
    fn new(ids: Vec<String>, reason: Option<String>) -> Result<Self> {
        if let Some(reason) = &reason
            && !Reason::ALL.iter().any(|known| known.code() == reason)
        {
            let known: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
            bail!(Problem::new(format!("there is no reason {reason}"), format!("name one of {}", known.join(", "))));
        }
        Ok(Self { ids, reason })
    }

    /// Whether a message is meant; one of unknown shape has no reason, only an id.
    fn has(&self, held: &Held, put: Option<&Put>) -> bool {
        let has_reason = |reason: &String| put.is_some_and(|put| put.message.reason().code() == reason);
        (self.ids.is_empty() || self.ids.contains(&held.id)) && self.reason.as_ref().is_none_or(has_reason)
    }
}

async fn list(arguments: cli::QuarantineList) -> Result<Outcome> {
    let (_, deployment) = deployed(&arguments.place).await?;
    let pick = Pick::new(Vec::new(), arguments.reason)?;
    let mut found = Vec::new();
    deployment
        .queue(QUEUE)
        .walk(async |held| {
            let put = Put::read(held);
            if pick.has(held, put.as_ref()) {
                found.push((held.clone(), put));
            }
            Ok(Fate::Stays)
        })
        .await?;
    found.sort_by_key(|(held, put)| (put.as_ref().map(reason), held.queued_at));
    if arguments.json {
        for (held, put) in &found {
            let mut line = facts(held, put.as_ref());
            if arguments.show_text {
                line["body"] = text(held, put.as_ref()).into();
            }
            json_line(&line)?;
        }
        return Ok(Outcome::Good);
    }
    let mut out = out();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut table = Table::with_head(&["message", "reason", "from", "received", "post"]);
    for (held, put) in &found {
        *counts.entry(put.as_ref().map_or("unreadable", reason)).or_default() += 1;
        let [reason, source, received, post] = cells(put.as_ref());
        table.row([styled(BOLD, &held.id), reason, source, received, post]);
        if arguments.show_text {
            table.line(styled(DIM, format!("  {}", text(held, put.as_ref()))));
        }
    }
    if found.is_empty() {
        return Ok(writeln!(out, "{} nothing in quarantine", styled(GOOD, "✓")).map(|()| Outcome::Good)?);
    }
    table.write(&mut out)?;
    writeln!(out)?;
    for (reason, count) in counts {
        writeln!(out, "{count:>6}  {reason}")?;
    }
    Ok(Outcome::Good)
}

async fn retry(arguments: cli::QuarantinePick) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.mends.place).await?;
    let pick = Pick::new(arguments.ids, arguments.reason)?;
    let listening = listening(&pack);
    let reports = deployment.queue("reports");
    let (mut sent, mut done, mut stay) = (0_usize, 0_u32, 0_u32);
    deployment
        .queue(QUEUE)
        .walk(async |held| {
            let put = Put::read(held);
            if !pick.has(held, put.as_ref()) {
                return Ok(Fate::Stays);
            }
            let again = put.as_ref().map(|put| put.again(&listening));
            let (messages, fate, why) = match again {
                Some(Again::Whole(messages)) => (messages, Fate::Done, "read"),
                Some(Again::Partly(messages)) => (messages, Fate::Stays, "still not understood"),
                Some(Again::Cut) => (Vec::new(), Fate::Stays, "its end is missing"),
                None => (Vec::new(), Fate::Stays, "put there by a newer program"),
            };
            sent += messages.len();
            match fate {
                Fate::Done => done += 1,
                Fate::Stays => stay += 1,
            }
            if arguments.json {
                let mut line = facts(held, put.as_ref());
                line["again"] = json!({"what": why, "reports": messages.len(), "done": arguments.mends.yes});
                json_line(&line)?;
            }
            if !arguments.mends.yes {
                return Ok(Fate::Stays);
            }
            for message in &messages {
                reports.send(message, None).await?;
            }
            Ok(fate)
        })
        .await?;
    if !arguments.json {
        let would = if arguments.mends.yes { "" } else { "would " };
        let mut out = out();
        writeln!(out, "{done} messages {would}leave quarantine, with {sent} reports sent to classification")?;
        if stay > 0 {
            let told = styled(WARN, format!("{stay} stay"));
            writeln!(
                out,
                "{told}: still not understood, or cut where their end did not fit; look with: quarantine list"
            )?;
        }
        writeln!(out, "what classification refuses again comes back to quarantine")?;
    }
    if !arguments.mends.yes {
        say_only_told();
    }
    Ok(Outcome::Good)
}

async fn drop_picked(cli::QuarantineDrop { pick: arguments }: cli::QuarantineDrop) -> Result<Outcome> {
    let (_, deployment) = deployed(&arguments.mends.place).await?;
    let pick = Pick::new(arguments.ids, arguments.reason)?;
    let mut dropped = 0_usize;
    deployment
        .queue(QUEUE)
        .walk(async |held| {
            let put = Put::read(held);
            if !pick.has(held, put.as_ref()) {
                return Ok(Fate::Stays);
            }
            dropped += 1;
            if arguments.json {
                let mut line = facts(held, put.as_ref());
                line["dropped"] = arguments.mends.yes.into();
                json_line(&line)?;
            }
            Ok(if arguments.mends.yes { Fate::Done } else { Fate::Stays })
        })
        .await?;
    if !arguments.json {
        let what = if arguments.mends.yes { "deleted for good" } else { "would be deleted for good" };
        writeln!(out(), "{dropped} messages {what}")?;
    }
    if !arguments.mends.yes {
        say_only_told();
    } else if dropped < pick.ids.len() {
        let what = format!("{} of the ids were not found", pick.ids.len() - dropped);
        return Err(anyhow!(Problem::new(what, "look again with: cargo kemala quarantine list")));
    }
    Ok(Outcome::Good)
}

fn reason(put: &Put) -> &'static str {
    put.message.reason().code()
}

/// What is told of a message without its body.
fn facts(held: &Held, put: Option<&Put>) -> Value {
    json!({
        "message": held.id,
        "reason": put.map(reason),
        "source": put.map(|put| put.message.source()),
        "received_at": put.map(|put| put.message.received_at()),
        "post": put.and_then(|put| put.post.as_ref()),
        "cut": put.is_some_and(|put| put.message.is_cut()),
    })
}

fn cells(put: Option<&Put>) -> [String; 4] {
    let Some(put) = put else { return ["unreadable".to_owned(), String::new(), String::new(), String::new()] };
    let source = json!(put.message.source());
    let cut = if put.message.is_cut() { " (cut)" } else { "" };
    [
        format!("{}{cut}", reason(put)),
        source.as_str().unwrap_or_default().to_owned(),
        put.message.received_at().strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        put.post.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// The body, for who asked to see it.
fn text(held: &Held, put: Option<&Put>) -> String {
    put.map_or_else(|| held.body.clone(), |put| String::from_utf8_lossy(&put.message.body()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_that_there_is() {
        assert!(Pick::new(vec![], Some("unknown_thread".into())).is_ok());
        let told = Pick::new(vec![], Some("unknown".into())).err().unwrap().to_string();
        assert!(told.contains("unknown_event, unreadable_event"), "{told}");
    }
}
