//! Agencies that do nothing are noticed: silence is a property of all that an agency has, not of one ticket.

use jiff::Timestamp;

use crate::calendar::Calendar;
use crate::clocks::Silence;
use crate::ids::TicketId;
use crate::ticket::{Status, Ticket};

/// An agency that is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The ticket that has waited longest; in its life it is told.
    pub ticket: TicketId,
    /// When the agency acknowledged something last, of what it still has; `None` where it never has.
    pub since: Option<Timestamp>,
    /// How many of its tickets are not acknowledged.
    pub waiting: u32,
}

/// Whether who has these open tickets is silent: something has waited for it for the policy's time, and in that time it has
/// acknowledged nothing. A ticket that it has settled counts as long as the citizen may still object.
pub fn silence(tickets: &[Ticket], policy: &Silence, calendar: &Calendar, now: Timestamp) -> Option<Silent> {
    let is_over = |since: Timestamp| policy.within.after(since, calendar) <= now;
    let heard = tickets.iter().filter_map(|ticket| ticket.acknowledged_at).max();
    let waits = |ticket: &&Ticket| {
        ticket.acknowledged_at.is_none() && ticket.status.is_open() && ticket.status != Status::Resolved
    };
    let longest = tickets.iter().filter(waits).min_by_key(|ticket| (ticket.held_since, &ticket.id))?;
    let is_silent = is_over(longest.held_since) && heard.is_none_or(is_over);
    let waiting = u32::try_from(tickets.iter().filter(waits).count()).unwrap_or(u32::MAX);
    is_silent.then(|| Silent { ticket: longest.id.clone(), since: heard, waiting })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::samples::{Law, monday, opened};

    fn ticket(id: &str, held_since: Timestamp, acknowledged_at: Option<Timestamp>) -> Ticket {
        Ticket { id: id.parse().unwrap(), held_since, acknowledged_at, ..opened("DINKES").ticket }
    }

    #[test]
    fn who_has_acknowledged_nothing_for_three_working_days_is_silent() {
        let law = Law::sample();
        let policy = &law.policies.current.silence;
        let day = |days: i64| monday() + SignedDuration::from_hours(24 * days);
        let silent = |tickets: &[Ticket], now| silence(tickets, policy, &law.calendar, now);
        let waits = [ticket("KJ-45RQ0X8XD", day(0), None)];
        assert_eq!(silent(&waits, day(2)), None);
        let found = silent(&waits, day(3)).unwrap();
        assert_eq!((found.waiting, found.since), (1, None));
        // Something else was acknowledged on Wednesday: not before Monday is it silent.
        let [waits] = waits;
        let both = [waits, ticket("KJ-XNAV68E2F", day(0), Some(day(2)))];
        assert_eq!(silent(&both, day(4)), None);
        assert_eq!(silent(&both, day(7)).unwrap().since, Some(day(2)));
        // Nothing waits.
        assert_eq!(silent(&both[1..], day(30)), None);
    }
}
