//! The engine and a brute force agree on random histories under random policies: on every rung and the minute in which it is
//! reached, on every deadline, and on how every clock stands.
//!
//! The usual run takes 1,000 histories; `PROPTEST_CASES=100000 cargo test -p kemala-domain oracle` takes that many.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::brute_force::{BruteForce, DAY, Fact, Minute, Next};
use super::story::{Story, at};
use crate::clocks::{Class, Clock, Due, Policies, Policy, Promise, Span, Timer};
use crate::decision::{Decision, Urgency};
use crate::event::{Actor, EventBody, ReplyFailure, ReplyKind};
use crate::ladder::{Ladder, Offset, Rung, Target};
use crate::lifecycle::{self, Deed, Word};
use crate::report::VoiceRole;
use crate::samples::{Law, agency, decision, post, voice};
use crate::waiting::Wait;

/// What happens in a history, where it can.
#[derive(Debug, Clone, Copy)]
enum Happens {
    Accept,
    Start,
    Ask,
    AskPosted,
    AskFailed,
    Reply,
    Respond,
    Resolve,
    ResolvedPosted,
    NotOurs,
    Note,
    Confirm,
    Reopen,
    Danger,
    /// So many days after the beginning.
    Holiday(usize),
}

fn happens() -> impl Strategy<Value = Happens> {
    use Happens::*;
    prop_oneof![
        1 => Just(Accept),
        1 => Just(Start),
        3 => Just(Ask),
        4 => Just(AskPosted),
        1 => Just(AskFailed),
        2 => Just(Reply),
        1 => Just(Respond),
        3 => Just(Resolve),
        1 => Just(ResolvedPosted),
        2 => Just(NotOurs),
        1 => Just(Note),
        1 => Just(Confirm),
        3 => Just(Reopen),
        1 => Just(Danger),
        1 => (0usize..40).prop_map(Holiday),
    ]
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        4 => (1u32..=4).prop_map(Span::WorkingDays),
        1 => (1u32..=60).prop_map(|tens| Span::Minutes(tens * 10)),
    ]
}

fn ladder() -> impl Strategy<Value = Ladder> {
    let rungs = (
        prop::option::weighted(0.3, (5u32..500).prop_map(|minutes| Offset::After(Span::Minutes(minutes)))),
        prop::option::weighted(0.3, Just(Offset::Percent(50))),
        prop::option::weighted(0.8, Just(Offset::Percent(80))),
        prop::option::weighted(0.9, Just(Offset::Percent(100))),
        prop::option::weighted(0.5, span().prop_map(Offset::Overdue)),
        prop::option::weighted(0.3, (4u32..6).prop_map(|days| Offset::Overdue(Span::WorkingDays(days)))),
    );
    let rungs = rungs.prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].into_iter().flatten().collect::<Vec<_>>());
    (rungs, any::<bool>()).prop_map(|(offsets, around_the_clock)| {
        let rung = |(n, at)| Rung {
            rung: format!("rung {n}"),
            at,
            tells: vec![Target::Holder],
            instead: BTreeMap::new(),
            citizens: false,
        };
        Ladder { around_the_clock, rungs: offsets.into_iter().enumerate().map(rung).collect() }
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let promise = || prop::option::weighted(0.8, (span(), 0usize..3));
    let class = move || [promise(), promise(), promise()];
    let ladders = prop::collection::vec(ladder(), 3);
    (class(), class(), ladders, span(), span()).prop_map(|(complaint, emergency, ladders, answer, objection)| {
        let promises = |promises: [Option<(Span, usize)>; 3]| {
            let named = |(clock, promise): (Clock, Option<(Span, usize)>)| {
                let (within, ladder) = promise?;
                Some((clock, Promise { within, ladder: ladder.to_string(), source: "test".to_owned() }))
            };
            Clock::ALL.into_iter().zip(promises).filter_map(named).collect()
        };
        let wait = |within| Wait { within, source: "test".to_owned() };
        let mut policy = Law::sample().policies.current;
        policy.classes = [(Class::Complaint, promises(complaint)), (Class::Emergency, promises(emergency))].into();
        policy.ladders = ladders.into_iter().enumerate().map(|(n, ladder)| (n.to_string(), ladder)).collect();
        policy.waits.answer = wait(answer);
        policy.waits.objection = wait(objection);
        policy
    })
}

const FIRST_DAY: Date = date(2026, 11, 2);

fn moment(minute: Minute) -> Timestamp {
    at("2026-11-02T00:00") + SignedDuration::from_mins(minute as i64)
}

fn minute(moment: Timestamp) -> Minute {
    let since = moment.duration_since(at("2026-11-02T00:00"));
    assert_eq!(since.as_secs() % 60, 0, "whole minutes");
    usize::try_from(since.as_mins()).unwrap()
}

/// Both, side by side.
struct Pair<'a> {
    story: Story,
    brute: BruteForce<'a>,
    holidays: Vec<Date>,
    now: Minute,
}

impl Pair<'_> {
    /// Time passes: both must do the same in the same minutes.
    fn passes(&mut self, until: Minute) {
        let first = self.story.case.events.len();
        self.story.passes(moment(until));
        let by_clock = self.story.case.events[first..].iter().filter(|event| event.actor == Actor::Clock);
        let named = by_clock.map(|event| match &event.body {
            EventBody::ClockStep { clock, rung, .. } => (minute(event.at), format!("{clock:?} {rung}")),
            body => (minute(event.at), body.name().to_owned()),
        });
        let engine: Vec<_> = named.collect();
        assert_eq!(engine, self.brute.passes(self.now, until), "what time did");
        self.now = until;
    }

    fn happens(&mut self, what: Happens) {
        let text = || "teks".to_owned();
        let now = moment(self.now);
        let deed = match what {
            Happens::Accept => Some((Deed::Accept, Fact::Accepted)),
            Happens::Start => Some((Deed::Start, Fact::Started)),
            Happens::Ask => Some((Deed::AskCitizen { text: text() }, Fact::Asked)),
            Happens::Respond => Some((Deed::Respond { text: text() }, Fact::Responded)),
            Happens::Resolve => Some((Deed::Resolve { text: text(), photo: None, shown_for: None }, Fact::Resolved)),
            Happens::NotOurs => {
                let named = ["PEMKAB3316", "PEMKAB3317", "DINSOS"].map(agency);
                let named = named.into_iter().find(|code| *code != self.story.case.ticket.holder);
                Some((Deed::NotOurs { reason: text(), named }, Fact::Refused))
            }
            _ => None,
        };
        if let Some((deed, fact)) = deed {
            if self.story.may_do(now, &deed) {
                self.story.does(now, deed);
                self.brute.happens(self.now, fact);
            }
            return;
        }
        let fact = match what {
            Happens::AskPosted => {
                self.story.is_told(now, ReplyKind::Ask);
                Fact::AskPosted
            }
            Happens::ResolvedPosted => {
                self.story.is_told(now, ReplyKind::Resolved);
                Fact::ResolvedPosted
            }
            Happens::AskFailed => {
                self.story.changes(|case, terms| {
                    lifecycle::reply_failed(case, ReplyKind::Ask, post("100"), ReplyFailure::Parked, terms, now)
                });
                Fact::AskFailed
            }
            Happens::Confirm => {
                let is_meant = self.brute.is_settled() && self.brute.closed_at().is_none();
                self.story.says(now, Word::Confirm);
                if is_meant { Fact::Confirmed } else { Fact::Replied }
            }
            Happens::Reopen => {
                let is_meant = self.brute.is_settled();
                self.story.says(now, Word::Reopen);
                if is_meant { Fact::Reopened } else { Fact::Replied }
            }
            Happens::Danger if self.brute.closed_at().is_none() => {
                let danger = Decision { urgency: Urgency::Emergency, ..decision("DINKES") };
                let id = format!("5{}", self.story.case.ticket.version);
                let said = voice(VoiceRole::SameIncident, &id);
                self.story.changes(|case, terms| lifecycle::join_report(case, said, &danger, terms, now));
                Fact::BecameEmergency
            }
            Happens::Holiday(day) => {
                self.holidays.push(FIRST_DAY + jiff::Span::new().days(day as i64));
                self.story.declare_holidays(self.holidays.clone());
                self.brute.declare_holiday(day);
                // A later deadline may turn out not to have been broken before an objection; then the ladder's rungs come
                // nearer, at the ticket's next touch.
                if self.brute.round() > 0 {
                    self.story.is_told(now, ReplyKind::Status);
                }
                return;
            }
            Happens::Reply => {
                self.story.says(now, Word::Reply);
                Fact::Replied
            }
            _ => return,
        };
        self.brute.happens(self.now, fact);
    }

    /// Both must say the same of every clock now.
    fn agree(&self) {
        let terms = self.story.law.terms();
        let (ticket, events) = (&self.story.case.ticket, &self.story.case.events);
        for clock in Clock::ALL {
            let deadline = terms.deadline(ticket, clock).map(minute);
            assert_eq!(deadline, self.brute.deadline(clock), "deadline of {clock:?}");
            let all = terms.standing(ticket, events, moment(self.now)).into_iter();
            let of_clock = all.filter(|standing| standing.clock == clock);
            let standing = of_clock.map(|standing| (standing.state, minute(standing.due_at))).next();
            assert_eq!(standing, self.brute.standing(clock, self.now), "standing of {clock:?}");
        }
        let named = |due: Due| match due.timer {
            Timer::Promise { clock, rung, .. } => (minute(due.at), Next::Rung(clock, usize::from(rung))),
            Timer::Answer => (minute(due.at), Next::Answer),
            Timer::Close => (minute(due.at), Next::Close),
            Timer::Place => panic!("no place is asked for"),
        };
        assert_eq!(terms.next_due(ticket, events).map(named), self.brute.next_due(), "what is due next");
    }
}

/// As many as the environment says, else 1,000.
fn cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { usual } else { ProptestConfig { cases: 1000, ..usual } }
}

proptest! {
    #![proptest_config(cases())]
    #[test]
    fn oracle_and_engine_agree(
        policy in policy(),
        opened in 0..7 * DAY,
        history in prop::collection::vec((prop_oneof![0..600usize, 0..4 * DAY], happens()), 0..12),
    ) {
        let mut law = Law::sample();
        law.policies = Policies { current: policy.clone(), former: BTreeMap::new() };
        let story = Story::new(law, decision("DINKES"), moment(opened));
        let mut pair = Pair { story, brute: BruteForce::new(&policy, opened), holidays: Vec::new(), now: opened };
        let mut is_stale = false;
        pair.agree();
        for (later, what) in history {
            pair.passes(pair.now + later);
            let touched = pair.story.case.ticket.version;
            pair.happens(what);
            // A new calendar counts for the ticket from its next touch on.
            is_stale = matches!(what, Happens::Holiday(_)) || is_stale && pair.story.case.ticket.version == touched;
            if !is_stale {
                pair.agree();
            }
        }
        pair.passes(pair.now + 20 * DAY);
    }
}
