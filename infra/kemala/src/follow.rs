//! A post on its way: from the webhook to the ticket to the message in the agency's queue.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::event::ReplyKind;
use kemala_domain::reply::{Reply, ReplyId};
use kemala_domain::report::VoiceRole;
use kemala_domain::{AgencyCode, Destination, EventId, Kind, PostKey, RegionCode, Ticket, TicketId, Urgency};
use kemala_messages::agency::MessageType;
use kemala_store::Store;
use serde::Serialize;

use crate::aws::SignedHttp;
use crate::local::Local;
use crate::queue::{AgencyQueue, Found, Queue, quarantined};
use crate::webhook::{Family, Post, Sender, User};

/// Between two looks at the table.
const TICK: Duration = Duration::from_millis(20);

/// Follows posts through a running system.
#[derive(Debug, Clone)]
pub struct Follower {
    local: Local,
    http: SignedHttp,
    sender: Sender,
    store: Store,
    reports: Queue,
    quarantine: Queue,
    account: User,
}

/// A post that intake has taken.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The post.
    pub post: Post,
    /// How it was wrapped.
    pub family: Family,
    /// When it was sent off.
    pub at: Timestamp,
    /// How long intake took to answer.
    pub answered_in: Duration,
}

impl Posted {
    /// How long it has been on its way at a time.
    fn age(&self, at: Timestamp) -> Duration {
        at.duration_since(self.at).try_into().unwrap_or_default()
    }

    /// The identity of the report.
    pub fn key(&self) -> Result<PostKey> {
        Ok(PostKey::x(&self.post.first_id().to_string())?)
    }
}

impl Follower {
    /// The receipt that the citizen gets, once it stands in the thread or has failed; `None` where nobody is answered.
    pub async fn receipt(&self, ticketed: &Ticketed, patience: Duration) -> Result<Option<Reply>> {
        let id = ReplyId::new(ticketed.posted.key()?, ReplyKind::Receipt, 1);
        let started = Instant::now();
        loop {
            let events = self.store.events(&ticketed.ticket.id).await?;
            let are_ordered = events.iter().all(|event| !event.undelivered.contains(&Destination::Citizens));
            match self.store.reply(&id).await? {
                None if are_ordered => return Ok(None),
                Some(reply) if reply.next_attempt().is_none() || started.elapsed() > patience => {
                    return Ok(Some(reply));
                }
                _ if started.elapsed() > patience => return Ok(None),
                _ => tokio::time::sleep(TICK).await,
            }
        }
    }
}

/// A post that has become a ticket.
#[derive(Debug, Clone)]
pub struct Ticketed {
    /// The post.
    pub posted: Posted,
    /// Its ticket as it stands.
    pub ticket: Ticket,
    /// How it came to a ticket that was open before; `None` where it opened its own.
    pub joined: Option<Joined>,
    /// How long that took since it was sent off.
    pub after: Duration,
}

/// How a post came to a ticket that was open before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// As what.
    pub role: VoiceRole,
    /// The event of the ticket that tells of it.
    pub event: u32,
}

impl Joined {
    /// Whether its agency hears of it.
    pub fn is_told(self) -> bool {
        self.role.counts()
    }
}

/// How far a post has come.
#[derive(Debug, Clone)]
pub enum Followed {
    /// It is a ticket.
    Ticket(Box<Ticketed>),
    /// It was read and became no ticket.
    NoTicket,
    /// It is still queued, or something went wrong on its way.
    OnItsWay,
}

impl Followed {
    /// The ticket, if it is one.
    pub fn ticket(&self) -> Option<&Ticketed> {
        match self {
            Self::Ticket(ticketed) => Some(ticketed),
            Self::NoTicket | Self::OnItsWay => None,
        }
    }
}

impl Follower {
    /// For a running system with the pack in `pack`.
    pub fn new(local: &Local, pack: &Path) -> Result<Self> {
        let jurisdiction = Jurisdiction::load(pack).map_err(|errors| anyhow!("the pack is broken:\n{errors}"))?;
        let account = jurisdiction.listen_to.first().unwrap_or(&jurisdiction.answer_from);
        Ok(Self {
            local: local.clone(),
            http: SignedHttp::new(&local.target)?,
            sender: Sender::new(local)?,
            store: Store::new(&local.target.sdk_config(), local.names.table()),
            reports: Queue::internal(&local.target, &local.names, "reports"),
            quarantine: Queue::internal(&local.target, &local.names, "quarantine"),
            account: User::new(&account.id, &account.handle),
        })
    }

    /// Wraps a post as X does, signs it and sends it in.
    pub async fn post(&self, post: Post, family: Family) -> Result<Posted> {
        let body = post.webhook(family, &self.account).to_string();
        let at = Timestamp::now();
        let sent = self.sender.post(body.as_bytes()).await?;
        if sent.status != 200 {
            let log = self.local.log();
            return Err(anyhow!("the webhook answered {} {}; see {}", sent.status, sent.body, log.display()));
        }
        Ok(Posted { post, family, at, answered_in: sent.took })
    }

    /// Waits for the ticket of a post, at most for `patience`. `all_read` ends with true once no report is on its way
    /// any more (a post without a ticket gets none then), or with false where that takes too long.
    pub async fn ticket(
        &self,
        posted: &Posted,
        patience: Duration,
        all_read: impl Future<Output = bool>,
    ) -> Result<Followed> {
        let mut all_read = std::pin::pin!(all_read);
        let mut pause = TICK;
        let mut is_all_read = false;
        loop {
            if let Some(ticketed) = self.look(posted).await? {
                return Ok(Followed::Ticket(Box::new(ticketed)));
            }
            if is_all_read {
                return Ok(Followed::NoTicket);
            }
            if posted.age(Timestamp::now()) > patience {
                return Ok(Followed::OnItsWay);
            }
            tokio::select! {
                // One more look: the ticket may have been written since the last.
                yes = &mut all_read => match yes {
                    true => is_all_read = true,
                    false => return Ok(Followed::OnItsWay),
                },
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(10 * TICK);
        }
    }

    async fn look(&self, posted: &Posted) -> Result<Option<Ticketed>> {
        let key = posted.key()?;
        let Some(id) = self.store.post(&key).await?.and_then(|known| known.ticket) else { return Ok(None) };
        let ticket = self.store.standing(&id).await?.with_context(|| format!("{id} has no row"))?;
        let joined = if ticket.origin == key { None } else { self.joined(&ticket.id, &key).await? };
        Ok(Some(Ticketed { posted: posted.clone(), ticket, joined, after: posted.age(Timestamp::now()) }))
    }

    async fn joined(&self, ticket: &TicketId, post: &PostKey) -> Result<Option<Joined>> {
        let Some(voice) = self.store.voice(ticket, post).await? else { return Ok(None) };
        let events = self.store.events(ticket).await?;
        let event = events.iter().find(|event| event.body.post() == Some(post)).map_or(0, |event| event.seq);
        Ok(Some(Joined { role: voice.role, event }))
    }

    /// Looks for the tickets' messages, each in its holder's queue, with the holder's own role.
    pub async fn messages(&self, tickets: &[Ticketed], patience: Duration) -> Result<BTreeMap<TicketId, Found>> {
        let mut by_holder: BTreeMap<&AgencyCode, BTreeMap<TicketId, u32>> = BTreeMap::new();
        for Ticketed { ticket, joined, .. } in tickets {
            // Of a copy nobody is told: then any message of its ticket will do.
            let from = joined.filter(|joined| joined.is_told()).map_or(1, |joined| joined.event);
            by_holder.entry(&ticket.holder).or_default().insert(ticket.id.clone(), from);
            if from > 1 {
                self.delivered(EventId { ticket: ticket.id.clone(), seq: from }, patience).await?;
            }
        }
        let looks = by_holder.into_iter().map(|(holder, wanted)| async move {
            let queue = AgencyQueue::open(&self.http, &self.local.target, &self.local.names, holder).await?;
            queue.find(&wanted, patience).await
        });
        Ok(futures::future::try_join_all(looks).await?.into_iter().flatten().collect())
    }

    /// Waits until an event has been delivered, at most for `patience`. Whoever holds a ticket's first message keeps later
    /// ones out of sight, so one looks when they are there.
    async fn delivered(&self, event: EventId, patience: Duration) -> Result<()> {
        let started = Instant::now();
        while started.elapsed() < patience {
            if self.store.event(&event).await?.is_some_and(|event| event.undelivered.is_empty()) {
                break;
            }
            tokio::time::sleep(5 * TICK).await;
        }
        Ok(())
    }

    /// Why posts became no ticket, as quarantine says.
    pub async fn refusals(&self, posted: &[&Posted]) -> Result<BTreeMap<PostKey, String>> {
        if posted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let posts = posted.iter().map(|posted| posted.key()).collect::<Result<BTreeSet<PostKey>>>()?;
        quarantined(&self.quarantine, &posts, Duration::from_secs(2)).await
    }

    /// Waits until no report is queued or being worked on; whether that happened within `patience`.
    pub async fn all_reports_read(&self, patience: Duration) -> bool {
        let started = Instant::now();
        while started.elapsed() < patience {
            if self.reports.length().await.is_ok_and(|length| length == 0) {
                return true;
            }
            tokio::time::sleep(5 * TICK).await;
        }
        false
    }
}

/// Where a post ended, as one object for scripts.
#[derive(Debug, Clone, Serialize)]
pub struct Arrival {
    /// What was posted.
    pub text: String,
    /// Id of the post.
    pub post: String,
    /// How X wrapped it.
    pub family: Family,
    /// Number of the ticket; `null` where there is nothing to act on.
    pub ticket: Option<TicketId>,
    /// Why there is no ticket, as quarantine has it.
    pub refused: Option<String>,
    /// How it came to a ticket that was open before; `null` where it opened its own.
    pub joined: Option<VoiceRole>,
    /// In whose queue it is.
    pub agency: Option<AgencyCode>,
    /// On the triage desk: who it is likely for.
    pub likely_agency: Option<AgencyCode>,
    /// Regency or city.
    pub region: Option<RegionCode>,
    /// Subdistrict.
    pub subdistrict: Option<RegionCode>,
    /// Village.
    pub village: Option<RegionCode>,
    /// Name of the place, for people.
    pub place: Option<String>,
    /// Complaint or question.
    pub kind: Option<Kind>,
    /// What it is about.
    pub category: Option<String>,
    /// How soon somebody must act.
    pub urgency: Option<Urgency>,
    /// How sure, 0 to 1.
    pub confidence: Option<f32>,
    /// Id of the message in the agency's queue.
    pub event: Option<String>,
    /// What the agency reads there: the text with personal data masked.
    pub text_sent: Option<String>,
    /// What the message is about.
    pub message_type: Option<MessageType>,
    /// From sending the webhook to the message in the agency's queue.
    pub seconds: f64,
}

impl Arrival {
    /// Of a post that became no ticket, with the reason if that was found.
    pub fn without_ticket(posted: &Posted, refused: Option<&String>) -> Self {
        Self {
            text: posted.post.text.clone(),
            post: posted.post.id().to_string(),
            family: posted.family,
            ticket: None,
            refused: refused.cloned(),
            joined: None,
            agency: None,
            likely_agency: None,
            region: None,
            subdistrict: None,
            village: None,
            place: None,
            kind: None,
            category: None,
            urgency: None,
            confidence: None,
            event: None,
            text_sent: None,
            message_type: None,
            seconds: rounded(posted.age(Timestamp::now())),
        }
    }

    /// Of a post that became a ticket, with its message if that was found.
    pub fn of(ticketed: &Ticketed, found: Option<&Found>) -> Self {
        let Ticketed { posted, ticket, joined, after } = ticketed;
        let decision = &ticket.decision;
        let took = found.map_or(*after, |found| posted.age(found.queued_at));
        Self {
            ticket: Some(ticket.id.clone()),
            joined: joined.map(|joined| joined.role),
            agency: Some(ticket.holder.clone()),
            likely_agency: decision.likely.clone(),
            region: decision.place.regency(),
            subdistrict: decision.place.subdistrict(),
            village: decision.place.village(),
            place: decision.place.name.clone().or_else(|| decision.place.outside.clone()),
            kind: Some(decision.kind),
            category: decision.category.as_ref().map(ToString::to_string),
            urgency: Some(decision.urgency),
            confidence: Some(decision.confidence),
            event: found.map(|found| found.message.id.clone()),
            text_sent: found.and_then(|found| found.message.data.ticket.text.clone()),
            message_type: found.map(|found| found.message.message_type),
            seconds: rounded(took),
            ..Self::without_ticket(posted, None)
        }
    }
}

/// Seconds to the millisecond.
fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}
