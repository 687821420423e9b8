//! What one event adds.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::{Figure, Figures, FiguresKey, Filed, Held, Month, PlaceKey, Spot, Subject};
use crate::clocks::{Clock, Terms, is_taken_on};
use crate::event::{Actor, Event, EventBody, ReplyFailure};
use crate::hold::holds;
use crate::ids::AgencyCode;
use crate::ticket::Ticket;

/// What an event adds, twice: to the rows of its day, and to what the public board has of its place. Both are the same
/// numbers, so sums over places are the sums over agencies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// To the figures of its day.
    pub days: BTreeMap<FiguresKey, Figures>,
    /// To its month's figures of places, those of [`PlaceKey::FIGURES`] alone. A place is there, with nothing, also where
    /// only other figures are added or all is taken back: the board sees that something was counted.
    pub places: BTreeMap<PlaceKey, Figures>,
}

impl Added {
    /// Whether the event adds nothing.
    pub fn is_nothing(&self) -> bool {
        self.days.is_empty() && self.places.is_empty()
    }
}

/// What the last of a ticket's first events adds to the figures; nothing, where the ticket was opened before figures were
/// kept. Of `ticket` only what never changes is read, so it may be as it stands now.
pub fn contribution(ticket: &Ticket, events: &[Event], terms: Terms<'_>) -> Added {
    let is_counted = events.first().is_some_and(|opened| opened.filed.is_some());
    let Some((event, before)) = events.split_last().filter(|_| is_counted) else { return Added::default() };
    let Some(filed) = &event.filed else { return Added::default() };
    let Some(holder) = holder(before).or_else(|| holder(events)) else { return Added::default() };
    let mut adding = Adding { day: terms.calendar.local(event.at).date(), sums: BTreeMap::new() };
    let tenure = tenure(before);

    if let EventBody::Opened { .. } = &event.body {
        adding.one(Figure::Opened, &holder, filed);
        adding.one(Figure::Received, &holder, filed);
    }
    if let EventBody::Reassigned { to, .. } = &event.body {
        adding.one(Figure::Received, to, filed);
    }
    for figure in plain(&event.body) {
        adding.one(*figure, &holder, filed);
    }
    if is_taken_on(event) && !tenure.iter().any(is_taken_on) {
        adding.one(Figure::Acknowledged, &holder, filed);
    }
    if let (EventBody::Refused { .. }, Some(taken_on)) = (&event.body, tenure.iter().find(|event| is_taken_on(event))) {
        adding.take_back(Figure::Acknowledged, &holder, taken_on);
    }
    if is_answer(event) && !tenure.iter().any(is_answer) {
        adding.one(Figure::Answered, &holder, filed);
    }
    if is_unreachable(event) && !before.iter().any(is_unreachable) {
        adding.one(Figure::Unreachable, &holder, filed);
    }
    first_hop(event, before, &holder, filed, &mut adding);
    if let Some(figure) = promise(ticket, events, terms) {
        adding.one(figure, &holder, filed);
    }
    if let Some(held) = held(ticket, events, terms) {
        adding.to(&holder, filed).held.add(&held);
    }
    let counted_before = up_to_last_filed(before);
    if let Some((holder, filed)) = open_under(counted_before) {
        adding.to(&holder, filed).count(Figure::Open, -1);
    }
    if let Some((holder, filed)) = open_under(events) {
        adding.to(&holder, filed).count(Figure::Open, 1);
    }
    adding.to(&holder, filed).count(Figure::Voices, voices(events) - voices(counted_before));
    adding.all()
}

/// The sums in the making, by all that anybody counts them for.
struct Adding {
    day: jiff::civil::Date,
    sums: BTreeMap<(FiguresKey, Spot), Figures>,
}

impl Adding {
    fn to(&mut self, agency: &AgencyCode, filed: &Filed) -> &mut Figures {
        let subject =
            Subject { agency: agency.clone(), category: filed.category.clone(), regency: filed.regency.clone() };
        self.sums.entry((FiguresKey { day: self.day, subject }, filed.spot())).or_default()
    }

    /// What they add up to.
    fn all(mut self) -> Added {
        self.sums.retain(|_, figures| !figures.is_nothing());
        let mut added = Added::default();
        for ((key, spot), figures) in self.sums {
            let place = PlaceKey { month: Month::of(key.day), spot };
            added.places.entry(place).or_default().add(&PlaceKey::figures(&figures));
            added.days.entry(key).or_default().add(&figures);
        }
        added.days.retain(|_, figures| !figures.is_nothing());
        added
    }

    fn one(&mut self, figure: Figure, agency: &AgencyCode, filed: &Filed) {
        self.to(agency, filed).count(figure, 1);
    }

    /// Takes back what an earlier event of the same holder added, where that was counted.
    fn take_back(&mut self, figure: Figure, agency: &AgencyCode, earlier: &Event) {
        if let Some(filed) = &earlier.filed {
            self.to(agency, filed).count(figure, -1);
        }
    }
}

/// What an event adds whatever came before it.
fn plain(body: &EventBody) -> &'static [Figure] {
    match body {
        EventBody::Resolved { .. } => &[Figure::Resolved],
        EventBody::Reopened { .. } => &[Figure::Reopened],
        EventBody::Confirmed { .. } => &[Figure::Confirmed, Figure::Ended],
        EventBody::Closed { .. } | EventBody::Withdrawn => &[Figure::Ended],
        EventBody::Rejected { .. } => &[Figure::Ended, Figure::ClosedWithoutAction],
        EventBody::Refused { .. } => &[Figure::HandedBack],
        EventBody::Joined { .. } => &[Figure::Joined],
        _ => &[],
    }
}

/// Whether the agency that a ticket was opened for was the right one.
fn first_hop(event: &Event, before: &[Event], holder: &AgencyCode, filed: &Filed, adding: &mut Adding) {
    let is_guess = before.first().is_some_and(|opened| match &opened.body {
        EventBody::Opened { decision } => !decision.triage,
        _ => false,
    });
    if !is_guess || before.iter().any(|event| matches!(event.body, EventBody::Reassigned { .. })) {
        return;
    }
    let taken_on = before.iter().find(|event| is_taken_on(event));
    match (is_taken_on(event), is_handed_on(event), taken_on) {
        (true, _, None) => {
            adding.one(Figure::FirstHopKnown, holder, filed);
            adding.one(Figure::FirstHopRight, holder, filed);
        }
        (_, true, None) => adding.one(Figure::FirstHopKnown, holder, filed),
        (_, true, Some(taken_on)) => adding.take_back(Figure::FirstHopRight, holder, taken_on),
        _ => {}
    }
}

/// Whether the last event decides the promise that the matter will be settled, and how.
fn promise(ticket: &Ticket, events: &[Event], terms: Terms<'_>) -> Option<Figure> {
    let is_decided = (1..events.len()).any(|count| {
        let earlier = events.get(..count).unwrap_or_default();
        decides(ticket, earlier, terms).is_some()
    });
    if is_decided { None } else { decides(ticket, events, terms) }
}

/// The same for a ticket whose promise no earlier event has decided.
fn decides(ticket: &Ticket, events: &[Event], terms: Terms<'_>) -> Option<Figure> {
    let (event, before) = events.split_last()?;
    // Looked at for every event of a history that may be long: what is cheap and mostly settles it comes first.
    let is_resolution = matches!(event.body, EventBody::Resolved { .. });
    let filed = event.filed.as_ref()?;
    let then = |pauses| Ticket { decision: filed.promised(&ticket.decision), pauses, ..ticket.clone() };
    let deadline = |pauses| terms.deadline(&then(pauses), Clock::Resolution);
    // Pauses only put it off.
    if !is_resolution && event.at < deadline(Vec::new())? {
        return None;
    }
    open_under(up_to_last_filed(before))?;
    let deadline = deadline(terms.pauses(ticket, events))?;
    let is_late = match event.body {
        // The clock's own step comes at the very moment.
        EventBody::ClockStep { clock: Clock::Resolution, .. } => event.at >= deadline,
        _ => event.at > deadline,
    };
    match (is_late, is_resolution) {
        (true, _) => Some(Figure::PromiseBroken),
        (false, true) => Some(Figure::PromiseKept),
        (false, false) => None,
    }
}

/// The working time of the stretch that ends with the event, if one does.
fn held(ticket: &Ticket, events: &[Event], terms: Terms<'_>) -> Option<Held> {
    let (event, before) = events.split_last()?;
    let is_end = match event.body {
        EventBody::Resolved { .. } | EventBody::Rejected { .. } => true,
        _ => is_handed_on(event),
    };
    let hold = holds(before).pop().filter(|hold| is_end && hold.until.is_none())?;
    let reopened = before.iter().rev().find(|event| matches!(event.body, EventBody::Reopened { .. }));
    let from = reopened.map_or(hold.from, |reopened| reopened.at.max(hold.from));
    if from >= event.at {
        // Taken out of another ticket and handed on at once: it was in nobody's hands.
        return None;
    }
    let pauses = terms.pauses(ticket, events);
    let paused: SignedDuration = pauses
        .iter()
        .map(|pause| terms.calendar.working_time(pause.from.max(from), pause.until.min(event.at)))
        .fold(SignedDuration::ZERO, SignedDuration::saturating_add);
    let worked = terms.calendar.working_time(from, event.at).saturating_sub(paused);
    Some(Held::of_minutes(u64::try_from(worked.as_mins()).unwrap_or(0)))
}

fn holder(events: &[Event]) -> Option<AgencyCode> {
    holds(events).pop().map(|hold| hold.agency)
}

/// Under what a ticket with that history counts as open, while it does.
fn open_under(events: &[Event]) -> Option<(AgencyCode, &Filed)> {
    let hold = holds(events).pop().filter(|hold| hold.until.is_none())?;
    Some((hold.agency, events.last()?.filed.as_ref()?))
}

/// The posts that count for a ticket with that history.
fn voices(events: &[Event]) -> i64 {
    let is_joined = events.iter().rev().find_map(|event| match event.body {
        EventBody::Joined { .. } => Some(true),
        EventBody::Unjoined { .. } => Some(false),
        _ => None,
    });
    let voices = events.last().and_then(|event| event.filed.as_ref()).map_or(0, |filed| filed.voices);
    if is_joined == Some(true) { 0 } else { voices.into() }
}

/// The history up to the last event that was counted: one that an older program wrote is made up for by the next.
fn up_to_last_filed(events: &[Event]) -> &[Event] {
    let count = events.iter().rposition(|event| event.filed.is_some()).map_or(0, |last| last + 1);
    events.get(..count).unwrap_or_default()
}

/// The events since the ticket came into the present hands.
fn tenure(events: &[Event]) -> &[Event] {
    let brings = |event: &Event| matches!(event.body, EventBody::Opened { .. } | EventBody::Reassigned { .. });
    events.iter().rposition(brings).and_then(|first| events.get(first..)).unwrap_or_default()
}

fn is_answer(event: &Event) -> bool {
    matches!(event.body, EventBody::Responded { .. } | EventBody::Resolved { .. })
}

/// Whether people handed the ticket on: the agency that had it, or a desk.
fn is_handed_on(event: &Event) -> bool {
    matches!((&event.body, &event.actor), (EventBody::Reassigned { .. }, Actor::Agency(_)))
}

fn is_unreachable(event: &Event) -> bool {
    matches!(event.body, EventBody::ReplyFailed { why: ReplyFailure::Unreachable, .. })
}
