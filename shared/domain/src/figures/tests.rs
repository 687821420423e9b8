//! Figures can be added in any order, and say what happened.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::event::{ReplyFailure, ReplyKind};
use crate::lifecycle::{self, Case, Change, Deed};
use crate::report::VoiceRole;
use crate::samples::{Law, agency, bodies, decision, monday, opened, post, voice};

#[path = "recount_tests.rs"]
mod recount_tests;

fn figures() -> impl Strategy<Value = Figures> {
    let counts = prop::collection::vec((prop::sample::select(Figure::ALL.to_vec()), -9i64..99), 0..9);
    let times = prop::collection::vec(0u64..100_000, 0..9);
    (counts, times).prop_map(|(counts, times)| {
        let mut figures = Figures::default();
        counts.into_iter().for_each(|(figure, count)| figures.count(figure, count));
        times.into_iter().for_each(|minutes| figures.held.add(&Held::of_minutes(minutes)));
        figures
    })
}

fn sum(all: &[&Figures]) -> Figures {
    let mut sum = Figures::default();
    all.iter().for_each(|figures| sum.add(figures));
    sum.normal()
}

proptest! {
    #[test]
    fn order_and_grouping_do_not_matter(a in figures(), b in figures(), c in figures()) {
        prop_assert_eq!(sum(&[&a, &b]), sum(&[&b, &a]));
        prop_assert_eq!(sum(&[&sum(&[&a, &b]), &c]), sum(&[&a, &sum(&[&b, &c])]));
        prop_assert_eq!(sum(&[&a, &Figures::default()]), a.normal());
    }
}

/// A ticket's life, with what each of its events adds.
struct Play {
    law: Law,
    case: Case,
    now: jiff::Timestamp,
    log: String,
}

impl Play {
    fn of(holder: &str) -> Self {
        let case = opened(holder);
        let mut play = Self { law: Law::sample(), case, now: monday(), log: String::new() };
        play.tell(1);
        play
    }

    fn tell(&mut self, seq: usize) {
        let event = &self.case.events[seq - 1];
        self.log += &format!("{}\n", event.body.name());
        for (key, figures) in contribution(&self.case.ticket, &self.case.events[..seq], self.law.terms()).days {
            let mut added: Vec<String> =
                figures.counts().map(|(figure, count)| format!("{} {count:+}", figure.name())).collect();
            added.extend(figures.held.percentile(50).map(|minutes| format!("held {} h", minutes / 60.0)));
            let Subject { agency, category, regency } = key.subject;
            let category = category.map_or("-".to_owned(), String::from);
            let regency = regency.map_or("-".to_owned(), String::from);
            self.log += &format!("  {} {agency} {category} {regency}: {}\n", key.day, added.join(", "));
        }
    }

    fn then(&mut self, hours: i64, change: impl FnOnce(&Case, &Law, jiff::Timestamp) -> Change) -> &mut Self {
        self.now += SignedDuration::from_hours(hours);
        let change = change(&self.case, &self.law, self.now);
        let told = change.events.len();
        self.case = change.applied_to(std::mem::take(&mut self.case.events));
        let count = self.case.events.len();
        (count - told + 1..=count).for_each(|seq| self.tell(seq));
        self
    }

    fn deed(&mut self, hours: i64, by: &str, deed: Deed) -> &mut Self {
        self.then(hours, |case, law, now| lifecycle::act(case, &agency(by), deed, &bodies(), law.terms(), now).unwrap())
    }
}

fn said(id: &str) -> crate::Voice {
    voice(VoiceRole::Reply, id)
}

fn resolve() -> Deed {
    Deed::Resolve { text: "Sudah ditambal".to_owned(), photo: None, shown_for: None }
}

#[test]
fn each_event_adds_what_it_says() {
    let mut play = Play::of("DINKES");
    play.deed(2, "DINKES", Deed::Accept)
        .deed(2, "DINKES", Deed::NotOurs { reason: "x".to_owned(), named: Some(agency("DINSOS")) })
        .deed(20, "DINSOS", Deed::AskCitizen { text: "Di mana?".to_owned() })
        .then(1, |case, law, now| {
            lifecycle::reply_sent(case, ReplyKind::Ask, post("100"), post("900"), law.terms(), now)
        })
        .then(24, |case, law, now| lifecycle::add_voice(case, said("101"), law.terms(), now))
        .deed(3, "DINSOS", resolve())
        .then(5, |case, law, now| lifecycle::reopen(case, said("102"), law.terms(), now))
        .deed(3, "DINSOS", resolve())
        .then(5, |case, law, now| lifecycle::confirm(case, said("103"), law.terms(), now));
    insta::assert_snapshot!(play.log, @"
    opened
      2026-11-23 DINKES road_damage 33.16: opened +1, received +1, voices +1, open +1
    accepted
      2026-11-23 DINKES road_damage 33.16: first_hop_known +1, first_hop_right +1, acknowledged +1
    refused
      2026-11-23 DINKES road_damage 33.16: acknowledged -1, handed_back +1
    reassigned
      2026-11-23 DINKES road_damage 33.16: first_hop_right -1, open -1, held 3.058333333333333 h
      2026-11-23 DINSOS road_damage 33.16: received +1, open +1
    citizen_asked
      2026-11-24 DINSOS road_damage 33.16: acknowledged +1
    reply_sent
    citizen_replied
      2026-11-25 DINSOS road_damage 33.16: voices +1
    resolved
      2026-11-25 DINSOS road_damage 33.16: answered +1, resolved +1, promise_kept +1, held 7.725 h
    reopened
      2026-11-25 DINSOS road_damage 33.16: reopened +1, voices +1
    resolved
      2026-11-25 DINSOS road_damage 33.16: resolved +1, held 0 h
    confirmed
      2026-11-26 DINSOS road_damage 33.16: confirmed +1, ended +1, voices +1, open -1
    ");
}

#[test]
fn what_is_corrected_moves_only_what_is_open() {
    let mut play = Play::of("TRIAGE");
    let flood = crate::Decision { category: Some("flood".parse().unwrap()), ..decision("DINSOS") };
    play.deed(1, "TRIAGE", Deed::Correct { decision: Box::new(flood) })
        .deed(1, "TRIAGE", Deed::Assign { to: agency("DINSOS") })
        .then(1, |case, law, now| {
            let why = ReplyFailure::Unreachable;
            lifecycle::reply_failed(case, ReplyKind::Receipt, post("100"), why, law.terms(), now)
        });
    insta::assert_snapshot!(play.log, @"
    opened
      2026-11-23 TRIAGE road_damage 33.16: opened +1, received +1, voices +1, open +1
    corrected
      2026-11-23 TRIAGE flood 33.16: open +1
      2026-11-23 TRIAGE road_damage 33.16: open -1
    reassigned
      2026-11-23 DINSOS flood 33.16: received +1, open +1
      2026-11-23 TRIAGE flood 33.16: open -1, held 2.058333333333333 h
    reply_failed
      2026-11-23 DINSOS flood 33.16: unreachable +1
    ");
}

#[test]
fn who_never_resolves_is_late_and_the_promise_is_decided_once() {
    let mut play = Play::of("DINKES");
    play.deed(1, "DINKES", Deed::Accept);
    while let Some(due) = play.case.ticket.due {
        play.now = due.at;
        play.then(0, |case, law, now| lifecycle::take_due_step(case, law.terms(), now).unwrap());
    }
    play.deed(24, "DINKES", resolve());
    insta::assert_snapshot!(play.log, @"
    opened
      2026-11-23 DINKES road_damage 33.16: opened +1, received +1, voices +1, open +1
    accepted
      2026-11-23 DINKES road_damage 33.16: first_hop_known +1, first_hop_right +1, acknowledged +1
    clock_step
    clock_step
      2026-12-11 DINKES road_damage 33.16: promise_broken +1
    clock_step
    clock_step
    resolved
      2026-12-19 DINKES road_damage 33.16: answered +1, resolved +1, held 145.05833333333334 h
    ");
}

#[test]
fn who_resolves_at_the_last_moment_is_in_time() {
    for (late, wanted) in [(0, Figure::PromiseKept), (1, Figure::PromiseBroken)] {
        let mut play = Play::of("DINKES");
        let deadline = play.law.terms().deadline(&play.case.ticket, crate::Clock::Resolution).unwrap();
        play.now = deadline + SignedDuration::from_secs(late);
        play.deed(0, "DINKES", resolve());
        assert!(play.log.contains(wanted.name()), "{}", play.log);
    }
}

#[test]
fn a_ticket_from_before_figures_is_counted_nowhere() {
    let mut old = opened("DINKES");
    old.events[0].filed = None;
    let law = Law::sample();
    let change = lifecycle::act(&old, &agency("DINKES"), Deed::Accept, &bodies(), law.terms(), monday()).unwrap();
    assert!(change.events[0].undelivered.is_empty(), "{change:?}");
}

#[test]
fn what_an_older_program_did_not_count_is_made_up_for_by_the_next_event() {
    let mut play = Play::of("DINKES");
    play.deed(1, "DINKES", Deed::NotOurs { reason: "x".to_owned(), named: Some(agency("DINSOS")) });
    play.case.events[1].filed = None;
    play.case.events[2].filed = None;
    play.log.clear();
    play.deed(1, "DINSOS", Deed::Accept);
    insta::assert_snapshot!(play.log, @"
    accepted
      2026-11-23 DINKES road_damage 33.16: open -1
      2026-11-23 DINSOS road_damage 33.16: acknowledged +1, open +1
    ");
}

#[test]
fn shares_of_nothing_are_none() {
    for share in Share::ALL {
        assert_eq!(share.of(&Figures::default()).value(), None, "{share:?}");
        assert_eq!(Share::ALL.iter().filter(|other| other.name() == share.name()).count(), 1);
    }
    for figure in Figure::ALL {
        assert_eq!(Figure::named(figure.name()), Some(figure));
    }
    let mut figures = Figures::of(Figure::PromiseKept, 3);
    figures.count(Figure::PromiseBroken, 1);
    assert_eq!(Share::ResolvedInTime.of(&figures).value(), Some(0.75));
    assert_eq!(Ratio { part: -1, whole: 1 }.value(), None);
}
