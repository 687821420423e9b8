//! Time passes.

use jiff::Timestamp;

use super::draft::Draft;
use super::{Case, Change};
use crate::clocks::{Clock, Due, Step, Terms, Timer, is_taken_on};
use crate::event::{Actor, Event, EventBody};
use crate::ids::AgencyCode;
use crate::ladder::{Reach, Target};
use crate::ticket::Status;

/// Takes the one step that is due, if any. Without events it only moves the ticket's next due time (a calendar that
/// changed since, or quiet hours that have to end first); `None` where nothing changes at all.
pub fn take_due_step(case: &Case, terms: Terms<'_>, now: Timestamp) -> Option<Change> {
    if !case.ticket.status.is_open() {
        return None;
    }
    let mut draft = Draft::of(case, terms, now);
    let not_before = |due: &Due| if due.at <= now { terms.may_be_done(*due, &case.ticket, now) } else { due.at };
    let (may_be_done, later): (Vec<Due>, Vec<Due>) =
        terms.all_due(&case.ticket, &case.events).partition(|due| not_before(due) <= now);
    let change = match may_be_done.into_iter().min() {
        Some(due) => {
            draft.step(due, case, terms);
            draft.finish(Vec::new())
        }
        None => {
            let mut change = draft.finish(Vec::new());
            change.ticket.due = later.into_iter().map(|due| Due { at: not_before(&due), ..due }).min();
            change
        }
    };
    (!change.events.is_empty() || change.ticket.due != case.ticket.due).then_some(change)
}

/// Tells that the ticket's holder is silent: nothing was acknowledged since that moment, while so many tickets wait. `None`
/// where that has been told since, or the agency has been heard in this ticket.
pub fn tell_silence(
    case: &Case,
    since: Option<Timestamp>,
    waiting: u32,
    terms: Terms<'_>,
    now: Timestamp,
) -> Option<Change> {
    let is_told = |event: &Event| {
        matches!(event.body, EventBody::AgencySilent { .. }) && since.is_none_or(|since| since < event.at)
    };
    let came = case.events.iter().rposition(|event| matches!(event.body, EventBody::Reassigned { .. })).unwrap_or(0);
    let here = case.events.get(came..).unwrap_or_default();
    if !case.ticket.status.is_open() || here.iter().any(|event| is_told(event) || is_taken_on(event)) {
        return None;
    }
    let mut draft = Draft::of(case, terms, now);
    let desk = terms.policy(&case.ticket).silence.tells.clone();
    draft.add(Actor::Clock, EventBody::AgencySilent { since, waiting }, [desk]);
    draft.tell_people();
    Some(draft.finish(Vec::new()))
}

impl Draft<'_> {
    fn step(&mut self, due: Due, case: &Case, terms: Terms<'_>) {
        let holder = self.ticket.holder.clone();
        match due.timer {
            Timer::Promise { clock, rung, step } => self.reach_rung(clock, usize::from(rung), step, due.at, terms),
            Timer::Place if holder == *terms.triage_desk => self.add(Actor::Clock, EventBody::PlaceOverdue, [holder]),
            Timer::Place => {
                // People look for the place; who had it may well be right.
                self.ticket.decision.likely = Some(holder);
                self.add(Actor::Clock, EventBody::PlaceOverdue, []);
                self.hand_over(Actor::Clock, terms.triage_desk.clone());
            }
            Timer::Answer => {
                self.ticket.status = Status::InProgress;
                self.add(Actor::Clock, EventBody::AnswerOverdue, [holder]);
            }
            Timer::Close => {
                self.ticket.status = Status::Closed;
                let told = terms.was_told_of_resolution(&case.events);
                self.add(Actor::Clock, EventBody::Closed { told }, [holder]);
            }
        }
    }

    /// Reaches a rung of a clock's ladder, and tells who stands there.
    fn reach_rung(&mut self, clock: Clock, rung: usize, step: Step, due_at: Timestamp, terms: Terms<'_>) {
        let holder = self.ticket.holder.clone();
        let Some((_, ladder)) = terms.promise(&self.ticket, clock) else { return };
        let Some(rung) = ladder.rungs.get(rung) else { return };
        let Reach { told, unreached } = terms.hierarchy.reach(ladder, &rung.rung, &holder);
        let queue = |target: &Target| match target {
            Target::Holder => Some(holder.clone()),
            Target::Desk(code) => Some(code.clone()),
            Target::Head | Target::Secretary | Target::People => None,
        };
        let queues: Vec<AgencyCode> = told.iter().filter_map(queue).collect();
        let is_for_people = told.iter().any(|target| queue(target).is_none());
        let body = EventBody::ClockStep { clock, step, rung: rung.rung.clone(), due_at, told, unreached };
        self.add(Actor::Clock, body, queues);
        if is_for_people {
            self.tell_people();
        }
        if rung.citizens {
            self.tell_citizens();
        }
    }
}
