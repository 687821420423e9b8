//! What must hold when all is over.

use std::collections::{BTreeMap, BTreeSet};

use kemala_domain::{EventBody, TicketId};
use kemala_store::keys;

use crate::cloud::item::{Attribute, Item};
use crate::cloud::table::Key;
use crate::process::STACK;
use crate::schedule::{Done, World};

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An accepted post is in no ticket and not in quarantine.
    #[error("{0} was accepted and is nowhere")]
    Lost(String),
    /// An accepted post is in more than one ticket.
    #[error("{0} is in {1} tickets")]
    Double(String, usize),
    /// A ticket's events have a hole.
    #[error("the events of {0} are {1:?}")]
    Hole(String, Vec<u32>),
    /// An event did not reach somebody whom it named.
    #[error("{0} never reached {1}")]
    Untold(String, String),
    /// An event is still to be delivered after two sweeps.
    #[error("{0} is undelivered after two sweeps: {1:?}")]
    Undelivered(String, BTreeSet<String>),
    /// Two posts come of one row.
    #[error("{0} was posted {1} times")]
    PostedTwice(String, usize),
    /// A rung was reached twice.
    #[error("{0} reached {1} twice")]
    RungTwice(String, String),
    /// The table could not be read.
    #[error("a row cannot be read: {0}")]
    Unreadable(String),
}

/// Looks at everything.
pub(crate) async fn check(world: &World<'_>) -> Result<Done, Broken> {
    let (rows, told_at_first, quarantine) = {
        let state = world.account.cloud.state();
        let put_away = state.queues.messages(&format!("{STACK}-quarantine"));
        let bodies: Vec<String> = put_away.iter().map(|message| message.body.clone()).collect();
        (state.table.rows().clone(), state.table.told_at_first.clone(), bodies)
    };
    reports(world, &rows, &quarantine)?;
    let tickets = events(&rows)?;
    let events = told(world, &rows, &told_at_first)?;
    posts(world)?;
    rungs(world, &tickets).await?;
    Ok(Done {
        accepted: world.accepted.len(),
        tickets: tickets.len(),
        events,
        messages: world.received.values().map(Vec::len).sum(),
        posts: world.x.timeline().len(),
        faults: 0,
    })
}

/// Every accepted report is in exactly one ticket, or in quarantine.
fn reports(world: &World<'_>, rows: &BTreeMap<Key, Item>, quarantine: &[String]) -> Result<(), Broken> {
    let mut voices: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, sk) in rows.keys() {
        if let Some(post) = sk.strip_prefix("REPORT#") {
            *voices.entry(post).or_default() += 1;
        }
    }
    for post in &world.accepted {
        let number = post.trim_start_matches("x#");
        let is_kept = quarantine.iter().any(|body| body.contains(number));
        match voices.get(post.as_str()).copied().unwrap_or_default() {
            1 => {}
            // A reply in a thread is an event of its ticket.
            0 if is_kept || rows.contains_key(&(format!("POST#{post}"), "POST".to_owned())) => {}
            0 => return Err(Broken::Lost(post.clone())),
            more => return Err(Broken::Double(post.clone(), more)),
        }
    }
    Ok(())
}

/// The tickets; their events are numbered from 1 without holes.
fn events(rows: &BTreeMap<Key, Item>) -> Result<Vec<TicketId>, Broken> {
    let mut numbers: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (pk, sk) in rows.keys() {
        if let Some(seq) = keys::seq_of(sk) {
            numbers.entry(pk).or_default().push(seq);
        }
    }
    for (pk, seqs) in &numbers {
        if seqs.iter().zip(1..).any(|(seq, expected)| *seq != expected) {
            return Err(Broken::Hole((*pk).to_owned(), seqs.clone()));
        }
    }
    Ok(numbers.keys().filter_map(|pk| keys::ticket_of(pk)).collect())
}

/// Everybody whom an event named has it, or it is parked in sight of people.
fn told(
    world: &World<'_>,
    rows: &BTreeMap<Key, Item>,
    told_at_first: &BTreeMap<Key, BTreeSet<String>>,
) -> Result<usize, Broken> {
    for (key, named) in told_at_first {
        let id = format!("{}/{}", key.0.trim_start_matches("TICKET#"), keys::seq_of(&key.1).unwrap_or_default());
        let row = rows.get(key);
        let still = match row.and_then(|row| row.get("undelivered")) {
            Some(Attribute::Ss(still)) => still.clone(),
            _ => BTreeSet::new(),
        };
        let is_parked = row.and_then(|row| row.get("undelivered_shard")?.as_text()) == Some("PARKED");
        if !still.is_empty() && !is_parked {
            return Err(Broken::Undelivered(id, still));
        }
        for agency in named.difference(&still).filter_map(|destination| destination.strip_prefix("skpd:")) {
            if !world.received.contains_key(&(agency.to_owned(), id.clone())) {
                return Err(Broken::Untold(id, agency.to_owned()));
            }
        }
    }
    Ok(told_at_first.len())
}

/// At most one post comes of a row: no text stands twice in a thread.
fn posts(world: &World<'_>) -> Result<(), Broken> {
    let mut made: BTreeMap<(String, String), usize> = BTreeMap::new();
    for post in world.x.timeline() {
        *made.entry((post.to.to_string(), post.text)).or_default() += 1;
    }
    match made.into_iter().find(|(_, times)| *times > 1) {
        Some(((to, text), times)) => Err(Broken::PostedTwice(format!("{to}: {text}"), times)),
        None => Ok(()),
    }
}

/// Each rung of a clock is reached once, until the clock starts anew.
async fn rungs(world: &World<'_>, tickets: &[TicketId]) -> Result<(), Broken> {
    let store = world.account.look();
    for id in tickets {
        let case = store.case(id).await.map_err(|error| Broken::Unreadable(error.to_string()))?;
        let mut reached = BTreeSet::new();
        for event in case.iter().flat_map(|case| &case.events) {
            match &event.body {
                EventBody::ClockStep { clock, rung, .. } => {
                    let rung = format!("{clock:?} {rung}");
                    if !reached.insert(rung.clone()) {
                        return Err(Broken::RungTwice(id.to_string(), rung));
                    }
                }
                EventBody::Reopened { .. } => reached.clear(),
                _ => {}
            }
        }
    }
    Ok(())
}
