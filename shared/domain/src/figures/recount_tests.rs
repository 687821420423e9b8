//! A simulated month: its figures, summed event by event as delivery does, against a recount that reads each whole history
//! from its beginning with an eye on one thing at a time.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::clocks::Clock;
use crate::event::{Actor, Destination, Event, EventBody};
use crate::lifecycle::life_tests::{Happens, change, happens};
use crate::{EventId, TicketId};

/// Daily rows, with the rule that an event adds what it adds once.
#[derive(Default)]
struct Rows {
    done: BTreeSet<String>,
    rows: BTreeMap<FiguresKey, Figures>,
    places: BTreeMap<PlaceKey, Figures>,
}

impl Rows {
    fn deliver(&mut self, case: &Case, seq: u32, law: &Law) {
        let events = &case.events[..seq as usize];
        let is_new = self.done.insert(EventId { ticket: case.ticket.id.clone(), seq }.to_string());
        if is_new && events.last().unwrap().undelivered.contains(&Destination::Figures) {
            let added = contribution(&case.ticket, events, law.terms());
            added.days.iter().for_each(|(key, figures)| self.rows.entry(key.clone()).or_default().add(figures));
            added.places.iter().for_each(|(key, figures)| self.places.entry(key.clone()).or_default().add(figures));
        }
    }
}

/// Who gets a ticket, when it is opened, and what happens to it, in hours after one another.
type Life = (&'static str, i64, Vec<(Happens, i64)>);

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let holder = prop::sample::select(vec!["DINKES", "DINSOS", "TRIAGE"]);
    let life = prop::collection::vec((happens(), 0i64..60), 0..25);
    prop::collection::vec((holder, 0i64..600, life), 1..12)
}

/// Plays a ticket, and takes each due step on its way.
fn played(number: usize, holder: &str, start: i64, life: &[(Happens, i64)]) -> Case {
    let law = Law::sample();
    let mut now = monday() + SignedDuration::from_hours(start);
    let id = TicketId::of_post(&"KJ".parse().unwrap(), &post(&format!("5{number}")), 0);
    let opening = voice(VoiceRole::Opening, "100");
    let mut case = lifecycle::open(id, "test", decision(holder), opening, law.terms(), now).applied_to(vec![]);
    for (n, (happens, hours)) in life.iter().enumerate() {
        now += SignedDuration::from_hours(*hours);
        while let Some(due) = case.ticket.due.filter(|due| due.at < now) {
            let Some(change) = lifecycle::take_due_step(&case, law.terms(), due.at) else { break };
            case = change.applied_to(case.events);
        }
        if let Some(change) = change(&case, happens, n, now) {
            case = change.applied_to(case.events);
        }
    }
    case
}

/// The figures of one history, counted anew.
struct Recount<'a> {
    law: &'a Law,
    case: &'a Case,
    rows: BTreeMap<FiguresKey, Figures>,
}

impl Recount<'_> {
    fn key(&self, agency: &AgencyCode, event: &Event) -> (FiguresKey, Timestamp) {
        let filed = event.filed.clone().unwrap();
        let subject = Subject { agency: agency.clone(), category: filed.category, regency: filed.regency };
        (FiguresKey { day: self.law.calendar.local(event.at).date(), subject }, event.at)
    }

    fn count(&mut self, figure: Figure, count: i64, agency: &AgencyCode, event: &Event, day_of: &Event) {
        let mut key = self.key(agency, event).0;
        key.day = self.law.calendar.local(day_of.at).date();
        self.rows.entry(key).or_default().count(figure, count);
    }

    /// Who has the ticket at each event, and after it.
    fn holders(&self) -> Vec<(AgencyCode, AgencyCode)> {
        let EventBody::Opened { decision } = &self.case.events[0].body else { panic!("a ticket is opened first") };
        let mut holder = decision.addressee.clone();
        let mut holders = Vec::new();
        for event in &self.case.events {
            let before = holder.clone();
            if let EventBody::Reassigned { from, to } = &event.body {
                assert_eq!(*from, before);
                holder = to.clone();
            }
            holders.push((before, holder.clone()));
        }
        holders
    }

    fn all(mut self) -> BTreeMap<FiguresKey, Figures> {
        let events = self.case.events.clone();
        let holders = self.holders();
        self.single(&events, &holders);
        self.tenures(&events, &holders);
        self.first_hop(&events, &holders);
        self.promise(&events, &holders);
        self.open_and_voices(&events, &holders);
        self.held(&events, &holders);
        self.rows
    }

    fn single(&mut self, events: &[Event], holders: &[(AgencyCode, AgencyCode)]) {
        let mut is_unreachable = false;
        for (event, (before, after)) in events.iter().zip(holders) {
            let figures: Vec<Figure> = match &event.body {
                EventBody::Opened { .. } => vec![Figure::Opened],
                EventBody::Resolved { .. } => vec![Figure::Resolved],
                EventBody::Reopened { .. } => vec![Figure::Reopened],
                EventBody::Confirmed { .. } => vec![Figure::Confirmed, Figure::Ended],
                EventBody::Closed { .. } | EventBody::Withdrawn => vec![Figure::Ended],
                EventBody::Rejected { .. } => vec![Figure::Ended, Figure::ClosedWithoutAction],
                EventBody::Refused { .. } => vec![Figure::HandedBack],
                EventBody::Joined { .. } => vec![Figure::Joined],
                EventBody::ReplyFailed { why: ReplyFailure::Unreachable, .. } if !is_unreachable => {
                    is_unreachable = true;
                    vec![Figure::Unreachable]
                }
                _ => vec![],
            };
            figures.into_iter().for_each(|figure| self.count(figure, 1, before, event, event));
            if matches!(event.body, EventBody::Opened { .. } | EventBody::Reassigned { .. }) {
                self.count(Figure::Received, 1, after, event, event);
            }
        }
    }

    /// What a holder does once between getting the ticket and handing it on.
    fn tenures(&mut self, events: &[Event], holders: &[(AgencyCode, AgencyCode)]) {
        let mut taken_on: Option<&Event> = None;
        let mut is_answered = false;
        for (event, (before, _)) in events.iter().zip(holders) {
            if let (EventBody::Refused { .. }, Some(earlier)) = (&event.body, taken_on) {
                self.count(Figure::Acknowledged, -1, before, earlier, event);
            }
            if matches!(event.body, EventBody::Reassigned { .. }) {
                (taken_on, is_answered) = (None, false);
            }
            if works(event) && taken_on.is_none() {
                taken_on = Some(event);
                self.count(Figure::Acknowledged, 1, before, event, event);
            }
            if matches!(event.body.name(), "responded" | "resolved") && !is_answered {
                is_answered = true;
                self.count(Figure::Answered, 1, before, event, event);
            }
        }
    }

    fn first_hop(&mut self, events: &[Event], holders: &[(AgencyCode, AgencyCode)]) {
        let first = &holders[0].0;
        if *first == agency("TRIAGE") {
            return;
        }
        let moved = events.iter().find(|event| event.body.name() == "reassigned");
        let is_before_move = |event: &&Event| moved.is_none_or(|moved| event.seq < moved.seq);
        let taken_on = events.iter().filter(is_before_move).find(|event| works(event));
        let sent_on = moved.filter(|moved| matches!(moved.actor, Actor::Agency(_)));
        if let Some(event) = taken_on {
            self.count(Figure::FirstHopRight, 1, first, event, event);
            if let Some(sent_on) = sent_on {
                self.count(Figure::FirstHopRight, -1, first, event, sent_on);
            }
        }
        if let Some(known) = taken_on.or(sent_on) {
            self.count(Figure::FirstHopKnown, 1, first, known, known);
        }
    }

    fn promise(&mut self, events: &[Event], holders: &[(AgencyCode, AgencyCode)]) {
        let terms = self.law.terms();
        let mut ticket = self.case.ticket.clone();
        let mut is_over = false;
        for (n, event) in events.iter().enumerate() {
            ticket.pauses = terms.pauses(&ticket, &events[..=n]);
            let filed = event.filed.as_ref().unwrap();
            ticket.decision.urgency = filed.urgency;
            let deadline = terms.deadline(&ticket, Clock::Resolution);
            let passed = deadline.is_some_and(|deadline| match event.body {
                EventBody::ClockStep { clock: Clock::Resolution, .. } => event.at >= deadline,
                _ => event.at > deadline,
            });
            let figure = if passed { Figure::PromiseBroken } else { Figure::PromiseKept };
            if !is_over && deadline.is_some() && (passed || event.body.name() == "resolved") {
                self.count(figure, 1, &holders[n].0, event, event);
                return;
            }
            match event.body.name() {
                "withdrawn" | "rejected" | "joined" => is_over = true,
                "unjoined" => is_over = false,
                _ => {}
            }
        }
    }

    fn open_and_voices(&mut self, events: &[Event], holders: &[(AgencyCode, AgencyCode)]) {
        let mut last: Option<(usize, bool)> = None;
        let (mut is_joined, mut counted) = (false, 0);
        for (n, event) in events.iter().enumerate() {
            let was_open = last.is_some_and(|(_, is_open)| is_open);
            let is_open = match event.body.name() {
                "opened" | "reopened" | "unjoined" => true,
                "closed" | "confirmed" | "rejected" | "withdrawn" | "joined" => false,
                _ => was_open,
            };
            if let Some((earlier, true)) = last {
                self.count(Figure::Open, -1, &holders[earlier].1, &events[earlier], event);
            }
            if is_open {
                self.count(Figure::Open, 1, &holders[n].1, event, event);
            }
            last = Some((n, is_open));
            match event.body.name() {
                "joined" => is_joined = true,
                "unjoined" => is_joined = false,
                _ => {}
            }
            let voices = if is_joined { 0 } else { i64::from(event.filed.as_ref().unwrap().voices) };
            self.count(Figure::Voices, voices - counted, &holders[n].0, event, event);
            counted = voices;
        }
    }

    fn held(&mut self, events: &[Event], holders: &[(AgencyCode, AgencyCode)]) {
        let calendar = &self.law.calendar;
        let mut since: Option<Timestamp> = None;
        for (n, event) in events.iter().enumerate() {
            let is_told = matches!(event.body.name(), "resolved" | "rejected")
                || (event.body.name() == "reassigned" && matches!(event.actor, Actor::Agency(_)));
            if let (Some(from), true) = (since.filter(|from| *from < event.at), is_told) {
                let mut worked = calendar.working_time(from, event.at);
                for pause in self.law.terms().pauses(&self.case.ticket, &events[..=n]) {
                    worked -= calendar.working_time(pause.from.max(from), pause.until.min(event.at));
                }
                let minutes = u64::try_from(worked.as_mins()).unwrap();
                let key = self.key(&holders[n].0, event).0;
                self.rows.entry(key).or_default().held.add(&Held::of_minutes(minutes));
            }
            match event.body.name() {
                "opened" | "reassigned" | "reopened" => since = Some(event.at),
                "unjoined" => since = since.or(Some(event.at)),
                "resolved" | "rejected" | "withdrawn" | "joined" | "closed" | "confirmed" => since = None,
                _ => {}
            }
        }
    }
}

fn works(event: &Event) -> bool {
    matches!(event.body.name(), "accepted" | "started" | "citizen_asked" | "responded" | "resolved")
}

/// Rows without zeros.
fn normal(rows: BTreeMap<FiguresKey, Figures>) -> BTreeMap<FiguresKey, Figures> {
    let rows = rows.into_iter().filter(|(_, figures)| !figures.is_nothing());
    rows.map(|(key, figures)| (key, figures.normal())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_months_figures_equal_a_recount_whatever_the_order_and_the_repeats(
        lives in lives(),
        order in any::<u64>(),
    ) {
        let law = Law::sample();
        let cases: Vec<Case> =
            lives.iter().enumerate().map(|(n, (holder, start, life))| played(n, holder, *start, life)).collect();
        // Everything is delivered twice, in any order, with tickets as they stand at the end.
        let mut deliveries: Vec<(usize, u32)> = Vec::new();
        for (n, case) in cases.iter().enumerate() {
            deliveries.extend(case.events.iter().flat_map(|event| [(n, event.seq); 2]));
        }
        let mut rows = Rows::default();
        let mut state = order | 1;
        while !deliveries.is_empty() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (n, seq) = deliveries.swap_remove((state >> 33) as usize % deliveries.len());
            rows.deliver(&cases[n], seq, &law);
        }
        let mut recount: BTreeMap<FiguresKey, Figures> = BTreeMap::new();
        for case in &cases {
            let counted = Recount { law: &law, case, rows: BTreeMap::new() }.all();
            counted.into_iter().for_each(|(key, figures)| recount.entry(key).or_default().add(&figures));
        }
        let counted = normal(rows.rows);
        prop_assert_eq!(&counted, &normal(recount));
        // Places add up to the same, month by month, and say what is open there.
        let months: BTreeSet<Month> = counted.keys().map(|key| Month::of(key.day)).collect();
        for month in months {
            let of_days = counted.iter().filter(|(key, _)| Month::of(key.day) == month).map(|(_, figures)| figures);
            let of_places = rows.places.iter().filter(|(key, _)| key.month == month).map(|(_, figures)| figures);
            prop_assert_eq!(PlaceKey::figures(&sum(&of_days.collect::<Vec<_>>())), sum(&of_places.collect::<Vec<_>>()));
        }
        let mut open_at: BTreeMap<Spot, i64> = BTreeMap::new();
        for case in cases.iter().filter(|case| case.ticket.status.is_open()) {
            *open_at.entry(Filed::of(&case.ticket).spot()).or_default() += 1;
        }
        let mut counted_open: BTreeMap<Spot, i64> = BTreeMap::new();
        for (key, figures) in &rows.places {
            *counted_open.entry(key.spot.clone()).or_default() += figures.get(Figure::Open);
        }
        counted_open.retain(|_, open| *open != 0);
        prop_assert_eq!(counted_open, open_at);
        // What is open at the end is what is open.
        let open: i64 = counted.values().map(|figures| figures.get(Figure::Open)).sum();
        prop_assert_eq!(open, cases.iter().filter(|case| case.ticket.status.is_open()).count() as i64);
    }
}
