//! How each clock of a ticket stands: a function of its events, its policy, the calendar and nothing else.

use jiff::Timestamp;
use serde::Serialize;

use super::policy::Length;
use super::{Class, Clock, Due, Step, Terms, Timer};
use crate::event::{Event, EventBody};
use crate::ladder::{Ladder, Offset};
use crate::ticket::Ticket;
use crate::waiting::Pause;

/// A clock as it stands at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockStanding {
    /// Which clock.
    pub clock: Clock,
    /// Since when it runs (UTC).
    pub from: Timestamp,
    /// When the promise ends (UTC): of a breach that was told, when it was due then.
    pub due_at: Timestamp,
    /// How it stands.
    pub state: State,
    /// The highest rung that has been reached.
    pub rung: Option<String>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs.
    Running,
    /// It stands still, for the citizen is asked.
    Paused,
    /// The promise was kept in time.
    Met,
    /// The promise was kept, but late.
    MetLate,
    /// The promise is broken.
    Breached,
    /// The ticket has ended otherwise.
    Ended,
}

/// A promise with all that its times follow from.
pub(super) struct Track<'a> {
    clock: Clock,
    ladder: &'a Ladder,
    within: Length,
    from: Timestamp,
    /// Events since the ladder was begun, anew after an objection.
    climbed: &'a [Event],
    /// When the ladder begins where that is later than the clock.
    anew: Option<Timestamp>,
    pauses: &'a [Pause],
    terms: Terms<'a>,
    is_met: bool,
}

impl Terms<'_> {
    /// When a ticket's promise ends, whether met or not; `None` where its class has no such promise.
    pub fn deadline(&self, ticket: &Ticket, clock: Clock) -> Option<Timestamp> {
        let (within, _) = self.promise(ticket, clock)?;
        Some(within.after(self.clock_from(ticket), &ticket.pauses, self.calendar))
    }

    /// How every clock of a ticket stands at a moment. `events` are those up to it.
    pub fn standing(&self, ticket: &Ticket, events: &[Event], now: Timestamp) -> Vec<ClockStanding> {
        let standing = |clock| {
            let deadline = self.deadline(ticket, clock)?;
            let rung = events.iter().rev().find_map(|event| match &event.body {
                EventBody::ClockStep { clock: of, rung, .. } if *of == clock => Some(rung.clone()),
                _ => None,
            });
            // A holiday that is declared later moves no breach that was told.
            let told = told_breach(clock, events);
            let due_at = told.unwrap_or(deadline);
            // What has ended breaks no promise later.
            let judged_at = ended_at(ticket, events).map_or(now, |ended| ended.min(now));
            let is_paused = ticket.pauses.iter().any(|pause| pause.from <= now && now < pause.until);
            let state = match clock.met_at(ticket.status, events) {
                Some(at) if at <= due_at => State::Met,
                Some(_) => State::MetLate,
                None if told.is_some() || due_at <= judged_at => State::Breached,
                None if !ticket.status.is_open() => State::Ended,
                None if is_paused => State::Paused,
                None => State::Running,
            };
            Some(ClockStanding { clock, from: self.clock_from(ticket), due_at, state, rung })
        };
        Clock::ALL.into_iter().filter_map(standing).collect()
    }

    /// The promise of a clock, and its ladder.
    pub(crate) fn promise(&self, ticket: &Ticket, clock: Clock) -> Option<(Length, &Ladder)> {
        let decision = &ticket.decision;
        let promise = self.policy(ticket).promise(Class::of(decision), decision.category.as_ref(), clock);
        promise.map(|(within, ladder)| (within.length(self.calendar), ladder))
    }

    /// When a ticket's clocks began: with the report; of an emergency, when it first was one, for nobody can have kept a
    /// promise of minutes before.
    fn clock_from(&self, ticket: &Ticket) -> Timestamp {
        match Class::of(&ticket.decision) {
            Class::Emergency => ticket.emergency_since.unwrap_or(ticket.opened_at),
            Class::Supervisory | Class::Complaint | Class::Information => ticket.opened_at,
        }
    }

    pub(super) fn clocks_of<'a>(&'a self, ticket: &'a Ticket, events: &'a [Event]) -> impl Iterator<Item = Track<'a>> {
        let from = self.clock_from(ticket);
        let reopened = events.iter().rposition(|event| matches!(event.body, EventBody::Reopened { .. }));
        let reopened_at = reopened.and_then(|index| events.get(index)).map(|event| event.at);
        let before = events.get(..reopened.unwrap_or(0)).unwrap_or_default();
        Clock::ALL.into_iter().filter_map(move |clock| {
            let (within, ladder) = self.promise(ticket, clock)?;
            let since = events.get(reopened.unwrap_or(0)..).unwrap_or_default();
            let climbed = since.get(since.partition_point(|event| event.at < from)..).unwrap_or_default();
            let is_broken_at =
                |at| told_breach(clock, before).is_some() || within.after(from, &ticket.pauses, self.calendar) <= at;
            let anew = reopened_at.filter(|at| from <= *at && is_broken_at(*at));
            let is_met = clock.is_met(ticket.status, events);
            let pauses = ticket.pauses.as_slice();
            Some(Track { clock, ladder, within, from, climbed, anew, pauses, terms: *self, is_met })
        })
    }
}

/// When a promise was due whose breach has been told; of several rungs, by the first.
fn told_breach(clock: Clock, events: &[Event]) -> Option<Timestamp> {
    events.iter().find_map(|event| match &event.body {
        EventBody::ClockStep { clock: of, step: Step::Breach, due_at, .. } if *of == clock => Some(*due_at),
        _ => None,
    })
}

/// When the ticket ended, if it has.
fn ended_at(ticket: &Ticket, events: &[Event]) -> Option<Timestamp> {
    let is_end = |event: &&Event| {
        matches!(
            event.body,
            EventBody::Closed { .. }
                | EventBody::Confirmed { .. }
                | EventBody::Joined { .. }
                | EventBody::Rejected { .. }
                | EventBody::Withdrawn
        )
    };
    events.iter().rev().find(is_end).filter(|_| !ticket.status.is_open()).map(|event| event.at)
}

impl Track<'_> {
    /// The lowest rung that has not been reached, while the promise is not kept.
    pub(super) fn next_rung(&self) -> Option<Due> {
        if self.is_met {
            return None;
        }
        let is_reached = |name: &str| {
            self.climbed.iter().any(|event| match &event.body {
                EventBody::ClockStep { clock, rung, .. } => *clock == self.clock && rung == name,
                _ => false,
            })
        };
        let (index, rung) = self.ladder.rungs.iter().enumerate().find(|(_, rung)| !is_reached(&rung.rung))?;
        // The ladder counts from the objection where the promise was broken before it; else nobody could climb it
        // anew.
        let from = self.anew.unwrap_or(self.from);
        let after = |length: Length, from| length.after(from, self.pauses, self.terms.calendar);
        let deadline = || after(self.within, from);
        let at = match rung.at {
            Offset::Percent(percent) => after(self.within.percent(percent), from),
            Offset::After(span) => after(span.length(self.terms.calendar), from),
            Offset::Overdue(span) => after(span.length(self.terms.calendar), deadline()),
        };
        let step = match rung.at {
            Offset::Percent(percent) if percent < 100 => Step::Reminder,
            Offset::After(_) if at < deadline() => Step::Reminder,
            Offset::Percent(_) | Offset::After(_) | Offset::Overdue(_) => Step::Breach,
        };
        let timer = Timer::Promise { clock: self.clock, rung: u8::try_from(index).ok()?, step };
        Some(Due { at, timer })
    }
}
