//! Which change follows from which report, action or due clock.
//!
//! Every function here takes the ticket's whole [`Case`] and returns a [`Change`]: what the ticket is now, and the
//! new events with who must hear of them. Nothing is written here; the store writes a change whole or not at all.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::author::Activity;
use crate::clocks::Terms;
use crate::decision::Decision;
use crate::event::{Actor, Destination, Event, EventBody};
use crate::ids::{AgencyCode, PostKey, TicketId};
use crate::incident::{Incidents, Signature};
use crate::report::{Voice, VoiceRole};
use crate::ticket::{Status, Ticket};

/// A ticket with its whole history, as read at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The ticket after its latest event.
    pub ticket: Ticket,
    /// All its events, in order, from 1 without holes.
    pub events: Vec<Event>,
}

/// What a change does to the voices of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub enum VoiceChange {
    /// A post speaks of the ticket for the first time, and becomes a known post.
    Add(Box<Voice>),
    /// A known post was edited; a lower or equal edit must change nothing.
    Edit(Box<Voice>),
    /// A known post was deleted: its row goes, the post stays known as deleted.
    Erase(PostKey),
}

/// One change of one ticket, to be written in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The version it is based on; 0 where the ticket must not exist yet. The write is conditional on it.
    pub based_on: u32,
    /// The ticket as it will be.
    pub ticket: Ticket,
    /// The new events. Empty where only the next due time moved.
    pub events: Vec<Event>,
    /// What happens to its voices.
    pub voice: Option<VoiceChange>,
    /// What is written with it.
    pub beside: Beside,
}

/// Rows that are written with a change, in the same transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// What places remember, each conditional on the version it was read with.
    pub incidents: Vec<Incidents>,
    /// What is counted of an author, conditional on the version it was read with.
    pub activity: Option<Activity>,
    /// A ticket that could not be compared with others when it was opened: the sweep shall do it.
    pub late_join: Option<Signature>,
}

impl Change {
    /// The case after this change; `before` is the history it is based on.
    pub fn applied_to(self, mut before: Vec<Event>) -> Case {
        before.extend(self.events);
        Case { ticket: self.ticket, events: before }
    }
}

/// What an agency or desk may do with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// "This is ours, we are on it."
    Accept,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 1] = [Action::Accept];

    /// The state that this action leads to; `None` where it is not allowed.
    pub fn leads_to(self, from: Status) -> Option<Status> {
        match (self, from) {
            (Self::Accept, Status::Assigned) => Some(Status::Accepted),
            (Self::Accept, _) => None,
        }
    }

    /// What may be done in a state.
    pub fn allowed_in(status: Status) -> Vec<Action> {
        Self::ALL.into_iter().filter(|action| action.leads_to(status).is_some()).collect()
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept => f.write_str("accept"),
        }
    }
}

/// Why an action changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The ticket is in somebody else's hands.
    #[error("the ticket is with {holder}, not with {agency}")]
    NotHolder {
        /// Who asked.
        agency: AgencyCode,
        /// Who has it.
        holder: AgencyCode,
    },
    /// The state does not allow the action.
    #[error("{action} is not possible while the ticket is {status:?}")]
    NotNow {
        /// What was asked.
        action: Action,
        /// The ticket's state.
        status: Status,
    },
}

/// Opens a ticket for a report.
pub fn open(id: TicketId, pack: &str, decision: Decision, voice: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let holder = decision.addressee.clone();
    let ticket = Ticket {
        id,
        version: 0,
        status: if decision.triage { Status::Triage } else { Status::Assigned },
        pack: pack.to_owned(),
        origin: voice.report.first_post.clone(),
        decision: decision.clone(),
        holder: holder.clone(),
        policy_version: terms.policy.version.clone(),
        opened_at: now,
        voices: 1,
        copies: 0,
        quiet: false,
        unreachable: false,
        incident: None,
        joined_to: None,
        due: None,
    };
    let mut draft = Draft { ticket, history: &[], new: Vec::new(), now };
    draft.add(Actor::Citizen, EventBody::Opened { decision: Box::new(decision) }, [holder]);
    draft.finish(terms, Some(VoiceChange::Add(Box::new(voice))))
}

/// Adds a post that speaks of the same incident.
///
/// A repost only counts, a copy not even that; all else says something, so the holder hears of it. The post that is
/// repeated by the one that opened the ticket may come later than its repeat: from then on it is the ticket's origin.
pub fn add_voice(case: &Case, voice: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, now);
    draft.count(voice.role);
    let post = voice.report.first_post.clone();
    let holder = draft.ticket.holder.clone();
    match voice.role {
        VoiceRole::Opening => {
            draft.ticket.origin = post.clone();
            draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, []);
        }
        VoiceRole::Repost | VoiceRole::Copy => draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, []),
        VoiceRole::Quote | VoiceRole::SameIncident => {
            draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, [holder])
        }
        VoiceRole::Reply => draft.add(Actor::Citizen, EventBody::CitizenReplied { post }, [holder]),
    }
    draft.finish(terms, Some(VoiceChange::Add(Box::new(voice))))
}

/// Adds a report of the same incident, as [`add_voice`] does. Where it tells of more urgency than the ticket has, that
/// counts from now on; where the ticket lies on the triage desk and the report leaves no doubt, it goes to whom the
/// report is for.
pub fn join_report(case: &Case, voice: Voice, decision: &Decision, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, now);
    draft.count(voice.role);
    let added = EventBody::VoiceAdded { post: voice.report.first_post.clone() };
    draft.hear(Actor::Citizen, added, decision, voice.role);
    draft.finish(terms, Some(VoiceChange::Add(Box::new(voice))))
}

/// Two changes that are written together: one ticket takes in another of the same incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The older ticket, which goes on.
    pub into: Change,
    /// The younger one, which ends.
    pub from: Change,
    /// How the younger one's opening post becomes a voice of the older.
    pub role: VoiceRole,
}

/// Joins a ticket into an older one of the same incident, as [`join_report`] joins a report. The voices follow.
pub fn join(older: &Case, younger: &Case, role: VoiceRole, terms: Terms<'_>, now: Timestamp) -> Join {
    let mut into = Draft::of(older, now);
    into.count(role);
    into.ticket.voices += younger.ticket.voices.saturating_sub(1);
    into.ticket.copies += younger.ticket.copies;
    let joined = EventBody::TicketJoined { ticket: younger.ticket.id.clone(), post: younger.ticket.origin.clone() };
    into.hear(Actor::Clock, joined, &younger.ticket.decision, role);

    let mut from = Draft::of(younger, now);
    let holder = from.ticket.holder.clone();
    from.ticket.status = Status::Joined;
    from.ticket.joined_to = Some(older.ticket.id.clone());
    from.ticket.incident = None;
    from.add(Actor::Clock, EventBody::Joined { into: older.ticket.id.clone() }, [holder]);
    Join { into: into.finish(terms, None), from: from.finish(terms, None), role }
}

/// Takes in a later version of a known post. Where it is the post that opened the ticket, `decision` counts from
/// now on, and the ticket moves as long as nobody has accepted it.
pub fn edit(case: &Case, voice: Voice, decision: Decision, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, now);
    let post = voice.report.first_post.clone();
    if post == draft.ticket.origin {
        draft.ticket.decision = decision;
    }
    let (from, to) = (draft.ticket.holder.clone(), draft.ticket.decision.addressee.clone());
    let decision = Box::new(draft.ticket.decision.clone());
    let moves = from != to && matches!(draft.ticket.status, Status::Triage | Status::Assigned);
    let edited = EventBody::Edited { post, edit: voice.report.edit, decision };
    if moves {
        // Who loses the ticket hears only that; who gets it hears all.
        draft.add(Actor::Citizen, edited, []);
        draft.ticket.holder = to.clone();
        draft.ticket.status = if draft.ticket.decision.triage { Status::Triage } else { Status::Assigned };
        draft.add(Actor::Citizen, EventBody::Reassigned { from: from.clone(), to: to.clone() }, [from, to]);
    } else {
        draft.add(Actor::Citizen, edited, [from]);
    }
    draft.finish(terms, Some(VoiceChange::Edit(Box::new(voice))))
}

/// Takes a deleted post's voice away, which had that role; without any voice the ticket is withdrawn. The text of a
/// voice whose copies are still there is still being said.
pub fn withdraw_voice(case: &Case, post: PostKey, role: VoiceRole, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, now);
    let holder = draft.ticket.holder.clone();
    let is_still_said = draft.ticket.copies > 0 && (!role.counts() || draft.ticket.voices == 1);
    if is_still_said {
        draft.ticket.copies -= 1;
    } else {
        draft.ticket.voices = draft.ticket.voices.saturating_sub(1);
    }
    if draft.ticket.voices == 0 && draft.ticket.status.is_open() {
        draft.add(Actor::Citizen, EventBody::VoiceWithdrawn { post: post.clone() }, []);
        draft.ticket.status = Status::Withdrawn;
        draft.ticket.incident = None;
        draft.add(Actor::Citizen, EventBody::Withdrawn, [holder]);
    } else {
        draft.add(Actor::Citizen, EventBody::VoiceWithdrawn { post: post.clone() }, [holder]);
    }
    draft.finish(terms, Some(VoiceChange::Erase(post)))
}

/// The holder takes the ticket on.
///
/// # Errors
/// [`Refused`] where somebody else holds it, or where its state does not allow it.
pub fn accept(case: &Case, agency: &AgencyCode, terms: Terms<'_>, now: Timestamp) -> Result<Change, Refused> {
    let ticket = &case.ticket;
    if ticket.holder != *agency {
        return Err(Refused::NotHolder { agency: agency.clone(), holder: ticket.holder.clone() });
    }
    let action = Action::Accept;
    let status = action.leads_to(ticket.status).ok_or(Refused::NotNow { action, status: ticket.status })?;
    let mut draft = Draft::of(case, now);
    draft.ticket.status = status;
    draft.add(Actor::Agency(agency.clone()), EventBody::Accepted, []);
    Ok(draft.finish(terms, None))
}

/// Takes the one clock step that is due, if any. Without events it only moves the ticket's next due time
/// (a calendar that changed since); `None` where nothing changes at all.
pub fn take_due_step(case: &Case, terms: Terms<'_>, now: Timestamp) -> Option<Change> {
    let mut draft = Draft::of(case, now);
    if !case.ticket.status.is_open() {
        return None;
    }
    if let Some(due) = terms.next_due(&case.ticket.decision, &case.events).filter(|due| due.at <= now) {
        let body = EventBody::ClockStep { clock: due.clock, step: due.step, due_at: due.at };
        let holder = draft.ticket.holder.clone();
        draft.add(Actor::Clock, body, [holder]);
    }
    let change = draft.finish(terms, None);
    (!change.events.is_empty() || change.ticket.due != case.ticket.due).then_some(change)
}

/// A change in the making.
struct Draft<'a> {
    ticket: Ticket,
    history: &'a [Event],
    new: Vec<Event>,
    now: Timestamp,
}

impl<'a> Draft<'a> {
    fn of(case: &'a Case, now: Timestamp) -> Self {
        Self { ticket: case.ticket.clone(), history: &case.events, new: Vec::new(), now }
    }

    fn add(&mut self, actor: Actor, body: EventBody, tell: impl IntoIterator<Item = AgencyCode>) {
        self.ticket.version += 1;
        self.new.push(Event {
            ticket: self.ticket.id.clone(),
            seq: self.ticket.version,
            at: self.now,
            actor,
            body,
            undelivered: tell.into_iter().map(Destination::Agency).collect(),
        });
    }

    /// Takes in what another report of the incident says: its urgency, and its agency where the ticket has none yet.
    /// Of a copy nobody has to hear.
    fn hear(&mut self, actor: Actor, added: EventBody, decision: &Decision, role: VoiceRole) {
        let urgency = self.ticket.decision.urgency.max(decision.urgency);
        let from = self.ticket.holder.clone();
        if self.ticket.status == Status::Triage && !decision.triage && role.counts() {
            let to = decision.addressee.clone();
            self.add(actor.clone(), added, []);
            self.ticket.decision = decision.clone();
            self.ticket.holder = to.clone();
            self.ticket.status = Status::Assigned;
            self.add(actor, EventBody::Reassigned { from: from.clone(), to: to.clone() }, [from, to]);
        } else {
            self.add(actor, added, Some(from).filter(|_| role.counts()));
        }
        self.ticket.decision.urgency = urgency;
    }

    fn count(&mut self, role: VoiceRole) {
        if role.counts() {
            self.ticket.voices += 1;
        } else {
            self.ticket.copies += 1;
        }
    }

    fn finish(mut self, terms: Terms<'_>, voice: Option<VoiceChange>) -> Change {
        let events: Vec<Event> = self.history.iter().chain(&self.new).cloned().collect();
        let open = self.ticket.status.is_open();
        self.ticket.due = open.then(|| terms.next_due(&self.ticket.decision, &events)).flatten();
        let based_on = self.ticket.version - self.new.len() as u32;
        Change { based_on, ticket: self.ticket, events: self.new, voice, beside: Beside::default() }
    }
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;
