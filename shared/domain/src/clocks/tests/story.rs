//! One ticket, told in the order in which things happen to it. Time passes only where it is said to.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calendar::Calendar;
use crate::clocks::{Clock, ClockStanding, State, Terms};
use crate::decision::Decision;
use crate::event::{Event, EventBody, ReplyKind};
use crate::ids::TicketId;
use crate::lifecycle::{self, Case, Change, Deed, Word};
use crate::report::VoiceRole;
use crate::samples::{Law, bodies, decision, office_hours, post, voice};

pub(super) struct Story {
    pub(super) law: Law,
    pub(super) case: Case,
}

/// A moment in Jakarta, such as `2026-11-23T09:00`.
pub(super) fn at(text: &str) -> Timestamp {
    format!("{text}+07").parse().unwrap()
}

impl Story {
    pub(super) fn new(law: Law, decision: Decision, from: Timestamp) -> Self {
        let opening = voice(VoiceRole::Opening, "100");
        let id = TicketId::of_post(&"KJ".parse().unwrap(), &opening.report.first_post, 0);
        let case = lifecycle::open(id, "test", decision, opening, law.terms(), from).applied_to(vec![]);
        Self { law, case }
    }

    /// A complaint in the hands of an agency.
    pub(super) fn of_complaint(from: &str) -> Self {
        Self::new(Law::sample(), decision("DINKES"), at(from))
    }

    /// From now on offices are closed on these days.
    pub(super) fn declare_holidays(&mut self, days: impl IntoIterator<Item = Date>) {
        self.law.calendar = Calendar::new(TimeZone::get("Asia/Jakarta").unwrap(), office_hours(), days);
    }

    /// The holder does something.
    pub(super) fn does(&mut self, at: Timestamp, deed: Deed) {
        let holder = self.case.ticket.holder.clone();
        let change = lifecycle::act(&self.case, &holder, deed, &bodies(), self.law.terms(), at).unwrap();
        self.becomes(change);
    }

    /// A post of ours is confirmed.
    pub(super) fn is_told(&mut self, at: Timestamp, kind: ReplyKind) {
        let change = lifecycle::reply_sent(&self.case, kind, post("100"), post("900"), self.law.terms(), at);
        self.becomes(change);
    }

    /// The citizen writes.
    pub(super) fn says(&mut self, at: Timestamp, word: Word) {
        let said = voice(VoiceRole::Reply, &self.case.ticket.version.to_string());
        let terms = self.law.terms();
        let change = match word {
            Word::Confirm => lifecycle::confirm(&self.case, said, terms, at),
            Word::Reopen => lifecycle::reopen(&self.case, said, terms, at),
            _ => lifecycle::add_voice(&self.case, said, terms, at),
        };
        self.becomes(change);
    }

    /// Whether the holder may do that now.
    pub(super) fn may_do(&self, at: Timestamp, deed: &Deed) -> bool {
        let holder = &self.case.ticket.holder;
        lifecycle::act(&self.case, holder, deed.clone(), &bodies(), self.law.terms(), at).is_ok()
    }

    /// Anything else happens.
    pub(super) fn changes(&mut self, change: impl FnOnce(&Case, Terms<'_>) -> Change) {
        let change = change(&self.case, self.law.terms());
        self.becomes(change);
    }

    fn becomes(&mut self, change: Change) {
        let events = std::mem::take(&mut self.case.events);
        self.case = change.applied_to(events);
    }

    /// Time passes, and what is due is done at once. Returns the rungs that are reached, a line each.
    pub(super) fn passes(&mut self, until: Timestamp) -> String {
        let first = self.case.events.len();
        while let Some(due) = self.case.ticket.due.filter(|due| due.at <= until) {
            // A due time in the past is caught up now.
            let latest = self.case.events.last().map_or(due.at, |event| event.at);
            match lifecycle::take_due_step(&self.case, self.law.terms(), due.at.max(latest)) {
                Some(change) => self.becomes(change),
                None => break,
            }
        }
        let rung = |event: &Event| match &event.body {
            EventBody::ClockStep { clock, rung, .. } => {
                let at = self.law.calendar.local(event.at).strftime("%a %d %b %R");
                Some(format!("{at} {clock:?} {rung}\n"))
            }
            _ => None,
        };
        self.case.events[first..].iter().filter_map(rung).collect()
    }

    pub(super) fn standing(&self, clock: Clock, now: Timestamp) -> ClockStanding {
        let all = self.law.terms().standing(&self.case.ticket, &self.case.events, now);
        all.into_iter().find(|standing| standing.clock == clock).unwrap()
    }

    pub(super) fn state(&self, clock: Clock, now: Timestamp) -> State {
        self.standing(clock, now).state
    }

    /// When a promise ends, such as `Thu 26 Nov 09:00`.
    pub(super) fn deadline(&self, clock: Clock) -> String {
        let at = self.law.terms().deadline(&self.case.ticket, clock).unwrap();
        self.law.calendar.local(at).strftime("%a %d %b %R").to_string()
    }
}
