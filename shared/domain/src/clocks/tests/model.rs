//! A year of a town: agencies that work, dawdle or are silent, runs every minute that overlap, are slow, crash between two
//! writes or stay out for days. Whatever happens, each rung is reached once, in order, not early, and as soon as one may.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::story::at;
use crate::clocks::{Class, Clock, Terms};
use crate::decision::{Decision, Urgency};
use crate::event::{Event, EventBody, ReplyKind};
use crate::ids::TicketId;
use crate::lifecycle::{self, Case, Change, Deed};
use crate::report::VoiceRole;
use crate::samples::{Law, agency, bodies, decision, post, voice};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Chance, from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn within(&mut self, time: SignedDuration) -> SignedDuration {
        SignedDuration::from_secs((self.next() % time.as_secs() as u64) as i64)
    }
}

/// What people do with a ticket, where they may.
#[derive(Debug, Clone, Copy)]
enum Move {
    Open { is_emergency: bool },
    Accept,
    Ask,
    AskPosted,
    Reply,
    Respond,
    Resolve,
    NotOurs,
    Confirm,
    Reopen,
    Danger,
}

const MOVES: [Move; 10] = [
    Move::Accept,
    Move::Ask,
    Move::AskPosted,
    Move::Reply,
    Move::Respond,
    Move::Resolve,
    Move::NotOurs,
    Move::Confirm,
    Move::Reopen,
    Move::Danger,
];

/// A run of sla-escalation: it finds what is due, and takes the tickets one by one, each step a read and a write.
struct Run {
    now: Timestamp,
    due: VecDeque<usize>,
    holds: Option<(usize, Change)>,
}

/// A rung as it can be reached once: the ticket, how often the citizen had objected, and which promises counted.
type Once = (usize, usize, Class, Clock, String);

struct Town {
    law: Law,
    chance: Chance,
    cases: BTreeMap<usize, Case>,
    reached: BTreeSet<Once>,
    /// When no run could do what it had to, latest: a crash, or an outage's end.
    out_until: Timestamp,
    conflicts: usize,
}

impl Town {
    /// Writes a change where it is based on what is there; checks every rung in it.
    fn write(&mut self, n: usize, change: Change, wall: Timestamp) {
        let version = self.cases.get(&n).map_or(0, |case| case.ticket.version);
        if change.based_on != version {
            self.conflicts += 1;
            return;
        }
        let before = self.cases.remove(&n);
        for event in &change.events {
            if let Some(before) = &before {
                self.check_rung(n, before, event, wall);
            }
        }
        let events = before.map(|case| case.events).unwrap_or_default();
        self.cases.insert(n, change.applied_to(events));
    }

    fn check_rung(&mut self, n: usize, before: &Case, event: &Event, wall: Timestamp) {
        let EventBody::ClockStep { clock, rung, due_at, .. } = &event.body else { return };
        let terms = self.law.terms();
        let class = Class::of(&before.ticket.decision);
        let (_, ladder) = terms.promise(&before.ticket, *clock).unwrap();
        let is_objection = |event: &&Event| matches!(event.body, EventBody::Reopened { .. });
        let round = before.events.iter().filter(is_objection).count();

        let once = (n, round, class, *clock, rung.clone());
        assert!(self.reached.insert(once), "{rung} of {clock:?} twice");
        let index = ladder.rungs.iter().position(|candidate| candidate.rung == *rung).unwrap();
        if let Some(lower) = index.checked_sub(1).map(|index| ladder.rungs[index].rung.clone()) {
            assert!(
                self.reached.contains(&(n, round, class, *clock, lower)),
                "{rung} of {clock:?} before the one below"
            );
        }

        assert!(*due_at <= event.at && event.at <= wall, "{rung} of {clock:?} early");
        let is_day = (6..21).contains(&self.law.calendar.civil(event.at).hour());
        assert!(is_day || ladder.around_the_clock, "{rung} of {clock:?} by night");
        let last = before.events.last().unwrap();
        if let EventBody::ClockStep { due_at: earlier, .. } = &last.body {
            assert!(earlier <= due_at, "{rung} of {clock:?} is caught up out of order");
        }

        // Before the latest change of the ticket nobody knew, and in an outage nobody could.
        let possible = (*due_at).max(last.at).max(self.out_until);
        let there = self.law.calendar.civil(possible);
        let (hour, morning) = (there.hour(), there.date().at(6, 0, 0, 0));
        let possible = match hour {
            _ if ladder.around_the_clock => possible,
            21.. => self.law.calendar.moment(morning).unwrap() + DAY,
            0..6 => self.law.calendar.moment(morning).unwrap(),
            _ => possible,
        };
        assert!(wall <= possible + MINUTE, "{rung} of {clock:?} late: possible at {possible}, done at {wall}");
    }

    /// Somebody does something now, as far as it is allowed.
    fn does(&mut self, n: usize, what: Move, now: Timestamp) {
        let change = match (self.cases.get(&n), what) {
            (None, Move::Open { is_emergency }) => Some(opened(n, is_emergency, self.law.terms(), now)),
            (Some(case), what) => moved(case, what, self.law.terms(), now),
            (None, _) => None,
        };
        if let Some(change) = change {
            self.write(n, change, now);
        }
    }

    fn run(&self, now: Timestamp) -> Run {
        let is_due = |case: &Case| case.ticket.due.is_some_and(|due| due.at <= now);
        let due = self.cases.iter().filter(|(_, case)| is_due(case)).map(|(n, _)| *n);
        Run { now, due: due.collect(), holds: None }
    }

    /// Lets runs work side by side, in any order. Some crash; one that is slow is left for the next minute.
    fn work(&mut self, mut runs: Vec<Run>, wall: Timestamp) -> Option<Run> {
        while !runs.is_empty() {
            let index = self.chance.below(runs.len());
            if self.chance.percent(1) {
                // Its last write is there or not; what it held is lost.
                runs.swap_remove(index);
                self.out_until = wall;
                continue;
            }
            if runs.len() == 1 && self.chance.percent(1) {
                self.out_until = wall;
                return runs.pop();
            }
            let run = &mut runs[index];
            if let Some((n, change)) = run.holds.take() {
                self.write(n, change, wall);
            } else if let Some(n) = run.due.front().copied() {
                match lifecycle::take_due_step(&self.cases[&n], self.law.terms(), run.now) {
                    Some(change) => run.holds = Some((n, change)),
                    None => drop(run.due.pop_front()),
                }
            } else {
                runs.swap_remove(index);
            }
        }
        None
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.cases.values().filter_map(|case| case.ticket.due).map(|due| due.at).min()
    }
}

fn opened(n: usize, is_emergency: bool, terms: Terms<'_>, now: Timestamp) -> Change {
    let agencies = ["DINKES", "DINSOS", "PEMKAB3316"];
    let urgency = if is_emergency { Urgency::Emergency } else { Urgency::Normal };
    let decision = Decision { urgency, ..decision(agencies[n % agencies.len()]) };
    let opening = voice(VoiceRole::Opening, &format!("1{n:04}"));
    let id = TicketId::of_post(&"KJ".parse().unwrap(), &opening.report.first_post, 0);
    lifecycle::open(id, "test", decision, opening, terms, now)
}

fn moved(case: &Case, what: Move, terms: Terms<'_>, now: Timestamp) -> Option<Change> {
    let text = || "teks".to_owned();
    let deed = match what {
        Move::Accept => Deed::Accept,
        Move::Ask => Deed::AskCitizen { text: text() },
        Move::Respond => Deed::Respond { text: text() },
        Move::Resolve => Deed::Resolve { text: text(), photo: None, shown_for: None },
        Move::NotOurs => {
            let named = ["DINKES", "DINSOS", "PEMKAB3316"].map(agency).into_iter();
            let named = named.rev().find(|code| *code != case.ticket.holder);
            Deed::NotOurs { reason: text(), named }
        }
        word => return said(case, word, terms, now),
    };
    lifecycle::act(case, &case.ticket.holder, deed, &bodies(), terms, now).ok()
}

fn said(case: &Case, what: Move, terms: Terms<'_>, now: Timestamp) -> Option<Change> {
    let said = |role| voice(role, &format!("5{}", case.ticket.version));
    Some(match what {
        Move::AskPosted => lifecycle::reply_sent(case, ReplyKind::Ask, post("100"), post("900"), terms, now),
        Move::Reply => lifecycle::add_voice(case, said(VoiceRole::Reply), terms, now),
        Move::Confirm => lifecycle::confirm(case, said(VoiceRole::Reply), terms, now),
        Move::Reopen => lifecycle::reopen(case, said(VoiceRole::Reply), terms, now),
        Move::Danger if case.ticket.status.is_open() => {
            let danger = Decision { urgency: Urgency::Emergency, ..decision("DINKES") };
            lifecycle::join_report(case, said(VoiceRole::SameIncident), &danger, terms, now)
        }
        _ => return None,
    })
}

/// What people do in a year, and when.
fn agenda(tickets: usize, chance: &mut Chance) -> BTreeMap<(Timestamp, usize), (usize, Move)> {
    let mut agenda = BTreeMap::new();
    for n in 0..tickets {
        let mut when = at("2026-11-02T00:00") + chance.within(DAY * 330);
        let is_emergency = chance.percent(15);
        let mut plan = |when, what| {
            let serial = agenda.len();
            agenda.insert((when, serial), (n, what));
        };
        plan(when, Move::Open { is_emergency });
        // A third are never touched by anybody.
        let moves = if chance.percent(33) { 0 } else { chance.below(14) };
        for _ in 0..moves {
            let longest = [DAY / 24, DAY, DAY * 8][chance.below(3)];
            when += chance.within(longest);
            // Danger is rare.
            let usual = MOVES.len() - if chance.percent(5) { 0 } else { 1 };
            plan(when, MOVES[chance.below(usual)]);
        }
    }
    agenda
}

/// A year with that many tickets. Returns how many rungs were reached, and how many writes were lost to another run.
fn year(seed: u64, tickets: usize) -> (usize, usize) {
    let mut chance = Chance(seed);
    let mut agenda = agenda(tickets, &mut chance);
    let beginning = at("2026-11-02T00:00");
    let end = beginning + DAY * 400;
    let outages = (0..6).map(|_| {
        let from = beginning + chance.within(DAY * 390);
        let longest = [DAY / 4, DAY * 6][chance.below(2)];
        (from, from + chance.within(longest))
    });
    let outages: Vec<(Timestamp, Timestamp)> = outages.collect();
    let law = Law::sample();
    let mut town =
        Town { law, chance, cases: BTreeMap::new(), reached: BTreeSet::new(), out_until: beginning, conflicts: 0 };
    let mut slow: Option<Run> = None;
    let mut tick = beginning;
    loop {
        // The first minute in which something is due, or a slow run goes on; none while the system is out.
        let wanted = if slow.is_some() { Some(tick) } else { town.next_due() };
        let mut next = wanted.map_or(end, |at| (tick + MINUTE).max(whole_minute_from(at)));
        while let Some((_, until)) = outages.iter().find(|(from, until)| *from <= next && next < *until) {
            town.out_until = whole_minute_from(*until);
            next = town.out_until;
        }
        match agenda.first_key_value() {
            Some((&(when, _), _)) if when < next => {
                let (_, (n, what)) = agenda.pop_first().unwrap();
                town.does(n, what, when);
            }
            _ if next >= end => break,
            _ => {
                tick = next;
                let mut runs: Vec<Run> = slow.take().into_iter().collect();
                runs.extend((0..=town.chance.below(2)).map(|_| town.run(tick)));
                slow = town.work(runs, tick);
            }
        }
    }
    // What is left to come lies beyond the end; no promise that is broken was forgotten.
    for case in town.cases.values() {
        let due = town.law.terms().next_due(&case.ticket, &case.events);
        assert!(due.is_none_or(|due| due.at >= end), "{due:?} is left of {:?}", case.ticket);
    }
    (town.reached.len(), town.conflicts)
}

/// The first whole minute that is not before a moment.
fn whole_minute_from(at: Timestamp) -> Timestamp {
    let seconds = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    Timestamp::from_second(seconds + (60 - seconds % 60) % 60).unwrap()
}

#[test]
fn a_year_with_many_tickets_reaches_many_rungs() {
    let (reached, conflicts) = year(2026, 400);
    assert!(reached > 800 && conflicts > 100, "{reached} rungs, {conflicts} conflicts: too few to show anything");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn every_rung_is_reached_once_and_in_time(seed in any::<u64>(), tickets in 1usize..40) {
        year(seed, tickets);
    }
}
