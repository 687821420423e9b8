//! Time passes.

use jiff::Timestamp;

use super::draft::Draft;
use super::{Case, Change};
use crate::clocks::{Due, Terms, Timer};
use crate::event::{Actor, EventBody};
use crate::ticket::Status;

/// Takes the one step that is due, if any. Without events it only moves the ticket's next due time
/// (a calendar that changed since); `None` where nothing changes at all.
pub fn take_due_step(case: &Case, terms: Terms<'_>, now: Timestamp) -> Option<Change> {
    if !case.ticket.status.is_open() {
        return None;
    }
    let mut draft = Draft::of(case, terms, now);
    if let Some(due) = terms.next_due(&case.ticket, &case.events).filter(|due| due.at <= now) {
        draft.step(due, case, terms);
    }
    let change = draft.finish(Vec::new());
    (!change.events.is_empty() || change.ticket.due != case.ticket.due).then_some(change)
}

impl Draft<'_> {
    fn step(&mut self, due: Due, case: &Case, terms: Terms<'_>) {
        let holder = self.ticket.holder.clone();
        match due.timer {
            Timer::Promise { clock, step } => {
                self.add(Actor::Clock, EventBody::ClockStep { clock, step, due_at: due.at }, [holder]);
            }
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
}
