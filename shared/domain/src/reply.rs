//! Posts of ours to citizens: who is answered with what, and the life of such a post. At most one post comes of a row,
//! whatever fails: X has no idempotency keys, so after a call whose outcome nobody knows the account's timeline is asked,
//! and the call is never made again.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::decision::Urgency;
use crate::event::{Event, EventBody, ReplyFailure, ReplyKind};
use crate::ids::{InvalidId, PostKey, TicketId};
use crate::lifecycle::Case;
use crate::report::{Addressed, Voice, VoiceRole};

/// A post of ours, as a row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Identity of the row.
    pub id: ReplyId,
    /// The ticket.
    pub ticket: TicketId,
    /// The event that it tells of.
    pub event: u32,
    /// What it says.
    pub kind: ReplyKind,
    /// The post that it answers, in its latest version.
    pub to: PostKey,
    /// Whether it goes before others: somebody is in danger.
    pub is_urgent: bool,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// How often the row was changed; every change is conditional on it.
    pub revision: u32,
    /// The text, once it was first to be posted: what is looked for must be what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it is in its life.
    pub state: ReplyState,
}

/// Where a post of ours is in its life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyState {
    /// It is to be posted, not before that moment.
    Waiting {
        /// The moment.
        until: Timestamp,
    },
    /// A function is posting it, or was stopped while it did.
    Sending {
        /// Since when.
        since: Timestamp,
    },
    /// Nobody knows whether it was posted: the timeline is to be asked.
    Unknown {
        /// When it was sent.
        since: Timestamp,
        /// When the timeline is asked (again).
        until: Timestamp,
        /// How often it was not found there.
        missed: u32,
        /// Whether the platform said that it has this text already.
        is_duplicate: bool,
    },
    /// It stands in the citizen's thread.
    Sent {
        /// Our post; `None` where the platform has it and does not show it.
        post: Option<PostKey>,
        /// Since when we know.
        at: Timestamp,
    },
    /// It is not posted, and nobody tries again by itself.
    Failed {
        /// Why.
        why: ReplyFailure,
        /// Since when.
        at: Timestamp,
    },
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was posted.
    Posted(PostKey),
    /// The platform has the same text already.
    Duplicate,
    /// The platform does not let us answer this post.
    NotAllowed,
    /// Nothing was posted; not before that moment.
    NotBefore(Timestamp),
    /// Nothing was posted, and nothing ever will be: the request is wrong.
    Wrong,
    /// Nobody knows.
    Unknown,
    /// The timeline has it.
    Found(PostKey),
    /// The timeline does not have it.
    NotFound,
    /// The timeline could not be asked.
    NotAsked,
}

/// What to do with a post of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Post it.
    Post,
    /// It is too late to post it: people see that it was not.
    GiveUp,
    /// Look for it in the account's timeline.
    LookFor,
    /// Nothing before that moment.
    NotBefore(Timestamp),
    /// Nothing more.
    Nothing,
}

/// What has been posted shows in the timeline by then.
const SHOWS_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How often a post is looked for before people have to look.
const MOST_LOOKS: u32 = 2;
/// By then it is sent, or people see that it is not.
const SENT_OR_PARKED_WITHIN: SignedDuration = SignedDuration::from_mins(15);

impl Reply {
    /// A post that is ordered now.
    pub fn new(order: Order, ticket: TicketId, event: u32, now: Timestamp) -> Self {
        let Order { id, kind, to, is_urgent } = order;
        let state = ReplyState::Waiting { until: now };
        Self { id, ticket, event, kind, to, is_urgent, ordered_at: now, revision: 1, text: None, state }
    }

    /// What to do now.
    pub fn step(&self, now: Timestamp) -> Step {
        let is_late = now > after(self.ordered_at, SENT_OR_PARKED_WITHIN);
        let (at, step) = match self.state {
            ReplyState::Waiting { .. } if is_late => return Step::GiveUp,
            ReplyState::Waiting { until } => (until, Step::Post),
            ReplyState::Sending { since } => (after(since, SHOWS_AFTER), Step::LookFor),
            ReplyState::Unknown { until, .. } => (until, Step::LookFor),
            ReplyState::Sent { .. } | ReplyState::Failed { .. } => return Step::Nothing,
        };
        if at <= now { step } else { Step::NotBefore(at) }
    }

    /// When something is to be done next; `None` at its end.
    pub fn next_attempt(&self) -> Option<Timestamp> {
        match self.step(Timestamp::MIN) {
            Step::NotBefore(at) => Some(at),
            Step::Post | Step::LookFor | Step::GiveUp => Some(Timestamp::MIN),
            Step::Nothing => None,
        }
    }

    /// The row of one who is about to post that text.
    pub fn claimed(&self, text: String, now: Timestamp) -> Self {
        self.with(ReplyState::Sending { since: now }, Some(text))
    }

    /// The row after an attempt.
    pub fn after(&self, outcome: Outcome, now: Timestamp) -> Self {
        if self.step(now) == Step::Nothing {
            return self.clone();
        }
        let end = after(self.ordered_at, SENT_OR_PARKED_WITHIN);
        let parked = ReplyState::Failed { why: ReplyFailure::Parked, at: now };
        let sent = |post| ReplyState::Sent { post, at: now };
        let sent_at = match self.state {
            ReplyState::Sending { since } | ReplyState::Unknown { since, .. } => since,
            _ => now,
        };
        let (missed, was_duplicate) = match self.state {
            ReplyState::Unknown { missed, is_duplicate, .. } => (missed, is_duplicate),
            _ => (0, false),
        };
        let unknown = |missed, is_duplicate| ReplyState::Unknown {
            since: sent_at,
            until: after(now, SHOWS_AFTER),
            missed,
            is_duplicate,
        };
        let state = match outcome {
            Outcome::Posted(post) | Outcome::Found(post) => sent(Some(post)),
            Outcome::NotAllowed => ReplyState::Failed { why: ReplyFailure::Unreachable, at: now },
            Outcome::Wrong => parked,
            Outcome::NotBefore(until) if until <= end => ReplyState::Waiting { until },
            Outcome::NotBefore(_) => parked,
            Outcome::Unknown => unknown(0, false),
            Outcome::Duplicate => unknown(0, true),
            Outcome::NotFound if missed + 1 < MOST_LOOKS => unknown(missed + 1, was_duplicate),
            Outcome::NotFound if was_duplicate => sent(None),
            Outcome::NotFound => parked,
            Outcome::NotAsked if now < end => unknown(missed, was_duplicate),
            Outcome::NotAsked => parked,
        };
        self.with(state, self.text.clone())
    }

    fn with(&self, state: ReplyState, text: Option<String>) -> Self {
        Self { revision: self.revision + 1, state, text, ..self.clone() }
    }
}

fn after(moment: Timestamp, span: SignedDuration) -> Timestamp {
    moment.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// Identity of a post of ours: one receipt to a post, and one of every other kind for an event. Written
/// `x#1900000000000000001#receipt` or `x#1900000000000000001#answer-12`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReplyId {
    /// First post of the report that is answered.
    pub post: PostKey,
    slot: String,
}

impl ReplyId {
    /// Of a kind, for an event.
    pub fn new(post: PostKey, kind: ReplyKind, event: u32) -> Self {
        let slot = match kind {
            ReplyKind::Receipt | ReplyKind::AskPlace => "receipt".to_owned(),
            _ => format!("{}-{event}", kind.name()),
        };
        Self { post, slot }
    }
}

impl fmt::Display for ReplyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.post, self.slot)
    }
}

impl FromStr for ReplyId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (post, slot) = text.rsplit_once('#').unwrap_or_default();
        let is_slot = !slot.is_empty()
            && slot.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
        // An empty slot makes what follows no post either.
        Ok(Self { post: if is_slot { post } else { "" }.parse()?, slot: slot.to_owned() })
    }
}

impl TryFrom<String> for ReplyId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<ReplyId> for String {
    fn from(id: ReplyId) -> String {
        id.to_string()
    }
}

/// Who may be answered, and how much: the pack's `replies.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Whether who wrote the hashtag and did not name us may be answered: the plan with X decides.
    pub answer_hashtag_only: bool,
    /// Reporters of one ticket who are told of an answer or a resolution, the first ones.
    pub most_reporters: usize,
    /// Posts of ours to one reporter about one ticket; a status that is asked for is always given.
    pub most_to_one: usize,
    /// Posts of ours in a day of the pack's time zone.
    pub most_per_day: u32,
}

/// A post of ours that an event asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Identity.
    pub id: ReplyId,
    /// What it says.
    pub kind: ReplyKind,
    /// The post that it answers, in its latest version.
    pub to: PostKey,
    /// Whether it goes before others.
    pub is_urgent: bool,
}

/// The posts of ours that an event asks for: none where nobody may be answered. `voices` are the ticket's, in any order.
pub fn orders(event: &Event, case: &Case, voices: &[Voice], rules: &Rules) -> Vec<Order> {
    let Some(kind) = kind_of(&event.body) else { return Vec::new() };
    // What officials are accused of is not talked about in public.
    let is_private = case.ticket.decision.supervisory
        && !matches!(kind, ReplyKind::Receipt | ReplyKind::AskPlace | ReplyKind::Status);
    if case.ticket.quiet || is_private {
        return Vec::new();
    }
    let thread = Thread { case, voices, rules };
    let answered: Vec<&Voice> = match (&event.body, event.body.post()) {
        // What somebody asked or said is answered there.
        (EventBody::StatusAsked { .. } | EventBody::Reopened { .. }, Some(post)) => {
            thread.said(post).into_iter().collect()
        }
        (EventBody::VoiceAdded { .. }, Some(post)) => thread.reporter_of(post).into_iter().collect(),
        (EventBody::Responded { .. } | EventBody::Resolved { .. } | EventBody::Rejected { .. }, _) => {
            thread.reporters().into_iter().take(rules.most_reporters).collect()
        }
        _ => thread.reporters().into_iter().take(1).collect(),
    };
    let is_urgent = case.ticket.decision.urgency == Urgency::Emergency;
    let order = |voice: &Voice| Order {
        id: ReplyId::new(voice.report.first_post.clone(), kind, event.seq),
        kind,
        to: voice.report.post.clone(),
        is_urgent,
    };
    answered.into_iter().filter(|voice| kind == ReplyKind::Status || thread.has_room(voice)).map(order).collect()
}

/// What an event says to citizens, if anything.
fn kind_of(body: &EventBody) -> Option<ReplyKind> {
    match body {
        EventBody::Opened { decision } if decision.needs_location => Some(ReplyKind::AskPlace),
        EventBody::Opened { .. } | EventBody::VoiceAdded { .. } => Some(ReplyKind::Receipt),
        EventBody::CitizenAsked { .. } => Some(ReplyKind::Ask),
        EventBody::Responded { .. } => Some(ReplyKind::Answer),
        EventBody::Resolved { .. } => Some(ReplyKind::Resolved),
        EventBody::StatusAsked { .. } => Some(ReplyKind::Status),
        EventBody::Reopened { .. } => Some(ReplyKind::Reopened),
        EventBody::Reassigned { .. } => Some(ReplyKind::HandedOn),
        EventBody::Rejected { .. } => Some(ReplyKind::Rejected),
        EventBody::ClockStep { .. } => Some(ReplyKind::Late),
        _ => None,
    }
}

struct Thread<'a> {
    case: &'a Case,
    voices: &'a [Voice],
    rules: &'a Rules,
}

impl<'a> Thread<'a> {
    /// Who reported, each once, the first to report first; each with a post of theirs that may be answered.
    fn reporters(&self) -> Vec<&'a Voice> {
        let mut reports: Vec<&Voice> = self.voices.iter().filter(|voice| is_report(voice)).collect();
        reports.sort_by_key(|voice| (voice.role != VoiceRole::Opening, voice.received_at, &voice.report.first_post));
        let mut seen = BTreeSet::new();
        reports.retain(|voice| seen.insert(&voice.report.author.id));
        reports.into_iter().filter_map(|voice| self.answerable_of(&voice.report.author.id)).collect()
    }

    /// The reporter whose report that post is.
    fn reporter_of(&self, post: &PostKey) -> Option<&'a Voice> {
        let report = self.voices.iter().find(|voice| voice.report.first_post == *post && is_report(voice))?;
        Some(report).filter(|voice| self.may_answer(voice))
    }

    /// A post in the thread.
    fn said(&self, post: &PostKey) -> Option<&'a Voice> {
        self.voices.iter().find(|voice| voice.report.first_post == *post).filter(|voice| self.may_answer(voice))
    }

    /// The first post of an author that may be answered, their report before what they said later.
    fn answerable_of(&self, author: &str) -> Option<&'a Voice> {
        let theirs = self.voices.iter().filter(|voice| voice.report.author.id == author && self.may_answer(voice));
        theirs.min_by_key(|voice| (!is_report(voice), voice.received_at, &voice.report.first_post))
    }

    /// Whether the platform and the author let us: not who wrote only the hashtag, unless the plan allows it, or by an app;
    /// nobody who said "stop"; no repost or copy.
    fn may_answer(&self, voice: &Voice) -> bool {
        let report = &voice.report;
        let has_spoken_to_us = report.addressed != Addressed::Hashtag || self.rules.answer_hashtag_only;
        let is_own_word =
            !matches!(voice.role, VoiceRole::Repost | VoiceRole::Copy) && report.relation.repost_of.is_none();
        report.post.platform.takes_answers() && has_spoken_to_us && is_own_word && !self.has_stopped(&report.author.id)
    }

    fn has_stopped(&self, author: &str) -> bool {
        let wrote = |post: &PostKey| {
            self.voices.iter().any(|voice| voice.report.first_post == *post && voice.report.author.id == author)
        };
        self.case.events.iter().any(|event| matches!(&event.body, EventBody::Stopped { post } if wrote(post)))
    }

    /// Whether the author has got fewer posts of ours about this than they get at most.
    fn has_room(&self, voice: &Voice) -> bool {
        let author = &voice.report.author.id;
        let theirs: BTreeSet<&PostKey> = self
            .voices
            .iter()
            .filter(|voice| voice.report.author.id == *author)
            .flat_map(|voice| [&voice.report.first_post, &voice.report.post])
            .collect();
        let got = self
            .case
            .events
            .iter()
            .filter(|event| matches!(&event.body, EventBody::ReplySent { to, .. } if theirs.contains(to)));
        got.count() < self.rules.most_to_one
    }
}

fn is_report(voice: &Voice) -> bool {
    matches!(voice.role, VoiceRole::Opening | VoiceRole::SameIncident)
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
