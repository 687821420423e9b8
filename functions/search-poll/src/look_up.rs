//! The nightly look-up: X tells nobody that a citizen deleted a post, so posts of open tickets are asked for. What is gone
//! becomes a deletion on the `reports` queue, as if X had told; what is there is noted, for a text is shown to the public only
//! where its post is known to be there.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kemala_domain::seen_live::SeenLive;
use kemala_domain::{Platform, PostKey, TicketId};
use kemala_intake::{Queue, Queues, send_all};
use kemala_messages::report::{Channel, Content, Deletion, Message};
use kemala_messages::x::search::{self, read_look_up};
use kemala_runtime::deadline::Deadline;
use kemala_store::cursors::{Cursors, LookUpCursor};
use kemala_store::{Store, WriteError};
use kemala_x_api::{Auth, XApi};
use serde::Serialize;

use crate::PollError;

/// Posts that X is asked about at once, its most.
const AT_ONCE: usize = 100;

/// Tickets that are read together.
const TICKETS: i32 = 25;

/// What a night's look-up did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct LookedUp {
    /// Posts that X was asked about.
    pub posts: usize,
    /// Those that are gone.
    pub gone: usize,
    /// Whether every open ticket was looked at; else the next night goes on.
    pub is_complete: bool,
}

/// Asks X about posts of open tickets, at most `budget` of them, from where the last night ended.
///
/// # Errors
/// [`PollError`]; what was found stays found.
pub async fn look_up(
    x: &XApi,
    auth: Auth<'_>,
    store: &Store,
    cursors: &Cursors<'_>,
    queues: &impl Queues,
    budget: usize,
    deadline: Deadline,
) -> Result<LookedUp, PollError> {
    let mut looked_up = LookedUp::default();
    let mut cursor = cursors.look_up().await?;
    let mut pages_begun = 0;
    // Once through all shards, wherever it begins: the last one is the first's other half.
    while pages_begun <= Store::SHARDS && looked_up.posts < budget && !deadline.has_passed() {
        let (tickets, next) = store.running(cursor.shard, cursor.start(), TICKETS).await?;
        let asked_at = Timestamp::now();
        let mut posts: Vec<(TicketId, PostKey)> = Vec::new();
        for ticket in tickets {
            let voices = store.voices(&ticket).await?;
            let of_x = voices.into_iter().map(|voice| voice.report.post).filter(|post| post.platform == Platform::X);
            posts.extend(of_x.map(|post| (ticket.clone(), post)));
        }
        let mut live = BTreeSet::new();
        for posts in posts.chunks(AT_ONCE) {
            let posts: Vec<PostKey> = posts.iter().map(|(_, post)| post.clone()).collect();
            looked_up.posts += posts.len();
            let answer = ask(x, auth, &posts, queues).await?;
            looked_up.gone += answer.gone.len();
            live.extend(answer.live);
        }
        posts.retain(|(_, post)| live.contains(post));
        note_live(store, &posts, asked_at).await?;
        if next.is_none() {
            pages_begun += 1;
        }
        cursor = LookUpCursor {
            revision: cursor.revision + 1,
            shard: if next.is_some() { cursor.shard } else { (cursor.shard + 1) % Store::SHARDS },
            after: next.map(|next| (next.ticket, next.due_at)),
        };
        match cursors.move_look_up(&cursor).await {
            Ok(()) => {}
            Err(WriteError::Conflict) => return Ok(looked_up),
            Err(error) => return Err(error.into()),
        }
    }
    looked_up.is_complete = pages_begun > Store::SHARDS;
    Ok(looked_up)
}

/// Asks about some posts, and tells of those that are gone.
async fn ask(x: &XApi, auth: Auth<'_>, posts: &[PostKey], queues: &impl Queues) -> Result<search::LookedUp, PollError> {
    let ids: Vec<&str> = posts.iter().map(PostKey::id).collect();
    let body = x.get(auth, "/2/tweets", &[("ids", &ids.join(","))]).await?;
    let answer = read_look_up(&body, posts)?;
    let now = Timestamp::now();
    let deletion = |post: &PostKey| {
        tracing::info!(post.id = %post, "a post is gone");
        let content = Content::Deletion(Deletion { post: post.clone(), at: None });
        Message { received_at: now, channel: Channel::XLookUp, content }.to_json()
    };
    let messages = answer.gone.iter().map(deletion).collect::<Result<_, _>>()?;
    send_all(queues, Queue::Reports, messages).await?;
    Ok(answer)
}

/// Notes which posts of each ticket are there: one write a ticket.
async fn note_live(store: &Store, live: &[(TicketId, PostKey)], at: Timestamp) -> Result<(), WriteError> {
    for posts in live.chunk_by(|(one, _), (other, _)| one == other) {
        let Some((ticket, _)) = posts.first() else { continue };
        let seen = SeenLive { at, posts: posts.iter().map(|(_, post)| post.clone()).collect() };
        store.keep_seen_live(ticket, &seen).await?;
    }
    Ok(())
}
