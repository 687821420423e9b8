//! What is kept of a citizen, by the platform's id of their account: for who asks to see it, and for who asks that it go.

use std::collections::BTreeSet;

use anyhow::Result;
use kemala_domain::lifecycle::Case;
use kemala_domain::reply::{Reply, ReplyId};
use kemala_domain::{AgencyCode, EventBody, PostKey, TicketId, Voice};
use kemala_messages::report::{Content, Message};
use kemala_store::Store;

use crate::queue::{Fate, Held, Put, Queue};

/// A report of theirs, with what became of it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The ticket it is a voice of.
    pub ticket: TicketId,
    /// The report.
    pub voice: Voice,
}

/// All reports of an account that the table keeps. Reads the whole table; `told` hears of each page how many were found.
///
/// # Errors
/// Where the table cannot be read.
pub async fn reports(store: &Store, author: &str, told: impl Fn(usize)) -> Result<Vec<Kept>> {
    let mut found = Vec::new();
    let mut from = None;
    loop {
        let page = store.reports_of(author, from).await?;
        found.extend(page.voices.into_iter().map(|(ticket, voice)| Kept { ticket, voice }));
        told(found.len());
        from = page.next;
        if from.is_none() {
            found.sort_by_key(|kept| kept.voice.report.created_at);
            return Ok(found);
        }
    }
}

/// Who held a ticket, and so was sent what its voices say.
pub fn holders(case: &Case) -> BTreeSet<AgencyCode> {
    let mut holders = BTreeSet::from([case.ticket.holder.clone()]);
    for event in &case.events {
        if let EventBody::Reassigned { from, to } = &event.body {
            holders.extend([from.clone(), to.clone()]);
        }
    }
    holders
}

/// Posts of ours in answer to a report.
///
/// # Errors
/// Where the table cannot be read.
pub async fn answers(store: &Store, case: &Case, kept: &Kept) -> Result<Vec<Reply>> {
    let report = &kept.voice.report;
    let is_theirs = |to: &PostKey| *to == report.first_post || *to == report.post;
    let mut found: Vec<Reply> = Vec::new();
    for event in &case.events {
        let EventBody::ReplySent { kind, to, .. } = &event.body else { continue };
        if !is_theirs(to) {
            continue;
        }
        // The event says what was posted, not of which event the post tells: one of those before it.
        for seq in 1..event.seq {
            let id = ReplyId::new(report.first_post.clone(), *kind, seq);
            if found.iter().all(|reply| reply.id != id)
                && let Some(reply) = store.reply(&id).await?
            {
                found.push(reply);
            }
        }
    }
    found.sort_by_key(|reply| reply.ordered_at);
    Ok(found)
}

/// Messages of a queue that hold something of an account: how many there are, or were.
///
/// # Errors
/// Where the queue cannot be read.
pub async fn in_queue(queue: &Queue, author: &str, delete: bool) -> Result<u32> {
    let mut found = 0;
    queue
        .walk(async |held| {
            if !is_of(held, author) {
                return Ok(Fate::Stays);
            }
            found += 1;
            Ok(if delete { Fate::Done } else { Fate::Stays })
        })
        .await?;
    Ok(found)
}

/// Whether a message of `quarantine` or `reports-dlq` is of an account.
fn is_of(held: &Held, author: &str) -> bool {
    if let Some(put) = Put::read(held) {
        return put.is_of(author);
    }
    match Message::from_json(&held.body).map(|message| message.content) {
        Ok(Content::Report(report)) => report.author.id == author,
        Ok(Content::Deletion(_)) | Err(_) => false,
    }
}
