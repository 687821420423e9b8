//! A change in the making.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Beside, Case, Change, VoiceChange};
use crate::clocks::{Clock, Terms, escalated_to, late};
use crate::decision::{Decision, Urgency};
use crate::event::{Actor, Destination, Event, EventBody, ReplyKind};
use crate::figures::{Filed, contribution};
use crate::hold::holds;
use crate::ids::AgencyCode;
use crate::public::was_always_public;
use crate::report::VoiceRole;
use crate::ticket::{Status, Ticket};

pub(super) struct Draft<'a> {
    pub(super) ticket: Ticket,
    history: &'a [Event],
    new: Vec<Event>,
    terms: Terms<'a>,
    now: Timestamp,
}

impl<'a> Draft<'a> {
    /// A change of a ticket that is to be opened.
    pub(super) fn new(ticket: Ticket, terms: Terms<'a>, now: Timestamp) -> Self {
        Self { ticket, history: &[], new: Vec::new(), terms, now }
    }

    pub(super) fn of(case: &'a Case, terms: Terms<'a>, now: Timestamp) -> Self {
        Self { ticket: case.ticket.clone(), history: &case.events, new: Vec::new(), terms, now }
    }

    /// The latest event is also for people without a queue.
    pub(super) fn tell_people(&mut self) {
        if let Some(event) = self.new.last_mut() {
            event.undelivered.insert(Destination::People);
        }
    }

    /// Adds an event of which these agencies must hear.
    pub(super) fn add(&mut self, actor: Actor, body: EventBody, tell: impl IntoIterator<Item = AgencyCode>) {
        self.ticket.version += 1;
        self.new.push(Event {
            ticket: self.ticket.id.clone(),
            seq: self.ticket.version,
            at: self.now,
            actor,
            body,
            undelivered: tell.into_iter().map(Destination::Agency).collect(),
            filed: None,
        });
    }

    /// The latest event is also for citizens, unless nothing is posted about the ticket.
    pub(super) fn tell_citizens(&mut self) {
        if let Some(event) = self.new.last_mut().filter(|_| !self.ticket.quiet) {
            event.undelivered.insert(Destination::Citizens);
        }
    }

    /// Hands the ticket to another. Citizens hear of it where they have been told a number and who has it.
    pub(super) fn hand_over(&mut self, actor: Actor, to: AgencyCode) {
        let from = std::mem::replace(&mut self.ticket.holder, to.clone());
        let is_for_triage = to == *self.terms.triage_desk;
        self.ticket.status = if is_for_triage { Status::Triage } else { Status::Assigned };
        self.add(actor, EventBody::Reassigned { from: from.clone(), to: to.clone() }, [from, to]);
        let is_receipt = |event: &Event| {
            matches!(event.body, EventBody::ReplySent { kind: ReplyKind::Receipt | ReplyKind::AskPlace, .. })
        };
        if !is_for_triage && !self.ticket.decision.supervisory && self.history.iter().any(is_receipt) {
            self.tell_citizens();
        }
    }

    /// A text says anew what the ticket is about. What people have decided stands.
    pub(super) fn decide(&mut self, decision: Decision) {
        if !self.history.iter().any(|event| matches!(event.body, EventBody::Corrected { .. })) {
            self.ticket.decision = decision;
        }
    }

    /// Who gets the ticket by what is decided now: `None` where it stays, as somebody has accepted it, or people have
    /// moved it, who know better than a text.
    pub(super) fn moves_to(&self) -> Option<AgencyCode> {
        let is_free = matches!(self.ticket.status, Status::Triage | Status::Assigned);
        let to = &self.ticket.decision.addressee;
        (is_free && *to != self.ticket.holder && !was_moved_by_people(self.history)).then(|| to.clone())
    }

    /// Takes in what another report of the incident says: its urgency, and its agency where the ticket has none yet.
    /// Of a copy nobody has to hear.
    pub(super) fn hear(&mut self, actor: Actor, added: EventBody, decision: &Decision, role: VoiceRole) {
        let urgency = self.ticket.decision.urgency.max(decision.urgency);
        let holder = self.ticket.holder.clone();
        let is_answer = self.ticket.status == Status::Triage && !decision.triage && role.counts();
        if is_answer && !was_moved_by_people(self.history) {
            self.add(actor.clone(), added, []);
            self.tell_joining(role);
            self.ticket.decision = decision.clone();
            self.hand_over(actor, decision.addressee.clone());
        } else {
            self.add(actor, added, Some(holder).filter(|_| role.counts()));
            self.tell_joining(role);
        }
        self.ticket.decision.urgency = urgency;
    }

    /// Who joins with words of their own gets a receipt; a joined ticket's reporters have one.
    fn tell_joining(&mut self, role: VoiceRole) {
        let is_report = self.new.last().is_some_and(|event| matches!(event.body, EventBody::VoiceAdded { .. }));
        if is_report && role == VoiceRole::SameIncident {
            self.tell_citizens();
        }
    }

    pub(super) fn count(&mut self, role: VoiceRole) {
        if role.counts() {
            self.ticket.voices += 1;
        } else {
            self.ticket.copies += 1;
        }
    }

    pub(super) fn finish(mut self, voices: Vec<VoiceChange>) -> Change {
        if self.ticket.decision.urgency == Urgency::Emergency {
            self.ticket.emergency_since.get_or_insert(self.now);
        }
        self.ticket.once_supervisory |= self.ticket.decision.supervisory || !was_always_public(self.history);
        self.file();
        let events: Vec<Event> = self.history.iter().chain(&self.new).cloned().collect();
        if let Some(hold) = holds(&events).pop() {
            self.ticket.held_since = hold.from;
            let theirs = events.get(events.partition_point(|event| event.at < hold.from)..).unwrap_or_default();
            self.ticket.acknowledged_at = Clock::Acknowledge.met_at(self.ticket.status, theirs);
        }
        self.ticket.pauses = self.terms.pauses(&self.ticket, &events);
        self.ticket.late = late(&self.ticket, &events);
        self.ticket.escalated_to = escalated_to(&events);
        self.ticket.due = self.terms.next_due(&self.ticket, &events);
        let based_on = self.ticket.version - self.new.len() as u32;
        Change { based_on, ticket: self.ticket, events: self.new, voices, beside: Beside::default() }
    }
}

impl Draft<'_> {
    /// Notes under what the new events count, and sends those that add something to the figures.
    fn file(&mut self) {
        let mut events = self.history.to_vec();
        for event in &mut self.new {
            event.filed = Some(Filed::of(&self.ticket));
            events.push(event.clone());
            if !contribution(&self.ticket, &events, self.terms).is_nothing() {
                event.undelivered.insert(Destination::Figures);
            }
        }
    }
}

/// Whether an agency or desk has handed the ticket on: then no text moves it any more.
pub(super) fn was_moved_by_people(events: &[Event]) -> bool {
    let by_people =
        |event: &Event| matches!((&event.body, &event.actor), (EventBody::Reassigned { .. }, Actor::Agency(_)));
    events.iter().any(by_people)
}

/// Who said that the ticket is not theirs.
pub(super) fn refusers(events: &[Event]) -> BTreeSet<&AgencyCode> {
    let refuser = |event: &'_ Event| matches!(event.body, EventBody::Refused { .. });
    events
        .iter()
        .filter(|event| refuser(event))
        .filter_map(|event| match &event.actor {
            Actor::Agency(agency) => Some(agency),
            Actor::Citizen | Actor::Clock => None,
        })
        .collect()
}
