//! A second opinion on every clock: it walks minute by minute, counts those that count, and knows nothing of the engine but
//! its input (the policy's numbers) and its names for clocks and states.

use crate::clocks::{Class, Clock, Policy, Span, State};
use crate::ladder::{Ladder, Offset};

/// Minutes since Monday, 2 November 2026, 0:00 in Jakarta.
pub(super) type Minute = usize;

pub(super) const DAY: Minute = 24 * 60;

/// The longest time that a history takes, with what comes after it.
const DAYS: usize = 200;

/// Office minutes of a weekday, from Monday.
const HOURS: [&[(Minute, Minute)]; 7] = {
    const USUAL: &[(Minute, Minute)] = &[(450, 720), (780, 960)];
    [USUAL, USUAL, USUAL, USUAL, &[(450, 690), (780, 990)], &[], &[]]
};

/// Working minutes of a working day.
const WORKING_DAY: usize = 450;

/// Night, in minutes of the day.
const QUIET_FROM: Minute = 21 * 60;
const QUIET_UNTIL: Minute = 6 * 60;

/// What happened, as far as clocks care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Accepted,
    Started,
    Asked,
    AskPosted,
    AskFailed,
    Replied,
    Responded,
    Resolved,
    ResolvedPosted,
    Refused,
    Confirmed,
    Reopened,
    BecameEmergency,
    AnswerOverdue,
    Closed,
}

/// A rung that was reached.
#[derive(Debug, Clone)]
struct Reached {
    at: Minute,
    due: Minute,
    clock: Clock,
    rung: String,
    is_breach: bool,
    /// How often the citizen had objected before.
    round: usize,
}

/// What time does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Next {
    Rung(Clock, usize),
    Answer,
    Close,
}

pub(super) struct BruteForce<'a> {
    policy: &'a Policy,
    is_office: Vec<bool>,
    opened: Minute,
    facts: Vec<(Minute, Fact)>,
    reached: Vec<Reached>,
}

impl<'a> BruteForce<'a> {
    pub(super) fn new(policy: &'a Policy, opened: Minute) -> Self {
        let is_office = (0..DAYS * DAY).map(|minute| {
            let hours = HOURS[minute / DAY % 7];
            hours.iter().any(|(from, until)| (*from..*until).contains(&(minute % DAY)))
        });
        Self { policy, is_office: is_office.collect(), opened, facts: Vec::new(), reached: Vec::new() }
    }

    pub(super) fn declare_holiday(&mut self, day: usize) {
        self.is_office[day * DAY..(day + 1) * DAY].fill(false);
    }

    pub(super) fn happens(&mut self, at: Minute, fact: Fact) {
        self.facts.push((at, fact));
    }

    /// Whether somebody says that it is settled, and nobody has objected since.
    pub(super) fn is_settled(&self) -> bool {
        let word = |fact: &&(Minute, Fact)| matches!(fact.1, Fact::Resolved | Fact::Reopened);
        self.facts.iter().rev().find(word).is_some_and(|(_, fact)| *fact == Fact::Resolved)
    }

    /// When it was closed, if it is.
    pub(super) fn closed_at(&self) -> Option<Minute> {
        let word = |fact: &&(Minute, Fact)| matches!(fact.1, Fact::Confirmed | Fact::Closed | Fact::Reopened);
        let last = self.facts.iter().rev().find(word);
        last.filter(|(_, fact)| *fact != Fact::Reopened).map(|(at, _)| *at)
    }

    /// Lets time pass, and does what is due in that time: when, and what.
    pub(super) fn passes(&mut self, now: Minute, until: Minute) -> Vec<(Minute, String)> {
        let mut done = Vec::new();
        let mut now = now;
        while let Some((at, due, next)) = self.next_done(now).filter(|(at, ..)| *at <= until) {
            now = at;
            let name = match next {
                Next::Answer => self.fact(at, Fact::AnswerOverdue, "answer_overdue"),
                Next::Close => self.fact(at, Fact::Closed, "closed"),
                Next::Rung(clock, index) => {
                    let rung = &self.promise(clock).unwrap().1.rungs[index];
                    let is_breach = match rung.at {
                        Offset::Percent(percent) => percent >= 100,
                        Offset::After(_) => due >= self.ladder_deadline(clock).unwrap(),
                        Offset::Overdue(_) => true,
                    };
                    let (rung, round) = (rung.rung.clone(), self.round());
                    self.reached.push(Reached { at, due, clock, rung: rung.clone(), is_breach, round });
                    format!("{clock:?} {rung}")
                }
            };
            done.push((at, name));
        }
        done
    }

    fn fact(&mut self, at: Minute, fact: Fact, name: &str) -> String {
        self.facts.push((at, fact));
        name.to_owned()
    }

    /// What is done next after a moment, and when it was due. By night nobody is told, but by a loud ladder.
    fn next_done(&self, now: Minute) -> Option<(Minute, Minute, Next)> {
        let all = self.all_due().into_iter().map(|(due, next)| {
            let at = due.max(now);
            let is_quiet = match next {
                Next::Rung(clock, _) => !self.promise(clock).unwrap().1.around_the_clock,
                Next::Answer | Next::Close => false,
            };
            let at = match at % DAY {
                time if is_quiet && time >= QUIET_FROM => at - time + DAY + QUIET_UNTIL,
                time if is_quiet && time < QUIET_UNTIL => at - time + QUIET_UNTIL,
                _ => at,
            };
            (at, due, next)
        });
        all.min()
    }

    /// What is due next, and when, whether anybody may be told then or not.
    pub(super) fn next_due(&self) -> Option<(Minute, Next)> {
        self.all_due().into_iter().min()
    }

    fn all_due(&self) -> Vec<(Minute, Next)> {
        if self.closed_at().is_some() {
            return Vec::new();
        }
        let mut all: Vec<_> = Clock::ALL.into_iter().filter_map(|clock| self.next_rung(clock)).collect();
        if let Some(asked) = self.waits_since() {
            all.extend(self.walk(asked, self.policy.waits.answer.within, &[]).map(|at| (at, Next::Answer)));
        }
        if self.is_settled() {
            let resolved = self.facts.iter().rposition(|(_, fact)| *fact == Fact::Resolved).unwrap();
            let counts = |fact: &Fact| matches!(fact, Fact::Resolved | Fact::ResolvedPosted | Fact::Replied);
            let from = self.facts[resolved..].iter().filter(|(_, fact)| counts(fact)).map(|(at, _)| *at).max();
            all.extend(self.walk(from.unwrap(), self.policy.waits.objection.within, &[]).map(|at| (at, Next::Close)));
        }
        all
    }

    fn next_rung(&self, clock: Clock) -> Option<(Minute, Next)> {
        if self.met_at(clock).is_some() {
            return None;
        }
        let (within, ladder) = self.promise(clock)?;
        let (from, round) = (self.clock_from(), self.round());
        let is_reached = |name: &str| {
            let mut of_round = self.reached.iter().filter(|reached| reached.round == round && reached.at >= from);
            of_round.any(|reached| reached.clock == clock && reached.rung == name)
        };
        let index = ladder.rungs.iter().position(|rung| !is_reached(&rung.rung))?;
        let begun = self.ladder_from(clock);
        let pauses = self.pauses();
        let at = match ladder.rungs[index].at {
            Offset::Percent(percent) => {
                let (count, is_working) = measure(within);
                self.walk_for(begun, count * usize::from(percent) / 100, is_working, &pauses)
            }
            Offset::After(span) => self.walk(begun, span, &pauses),
            Offset::Overdue(span) => self.walk(self.ladder_deadline(clock)?, span, &pauses),
        };
        Some((at?, Next::Rung(clock, index)))
    }

    /// When a promise ends, kept or not.
    pub(super) fn deadline(&self, clock: Clock) -> Option<Minute> {
        self.walk(self.clock_from(), self.promise(clock)?.0, &self.pauses())
    }

    fn ladder_deadline(&self, clock: Clock) -> Option<Minute> {
        self.walk(self.ladder_from(clock), self.promise(clock)?.0, &self.pauses())
    }

    /// How a clock stands, and when its promise ends, or ended when that was told.
    pub(super) fn standing(&self, clock: Clock, now: Minute) -> Option<(State, Minute)> {
        let deadline = self.deadline(clock)?;
        let told = self.reached.iter().find(|reached| reached.clock == clock && reached.is_breach);
        let due = told.map_or(deadline, |breach| breach.due);
        let is_over = due <= self.closed_at().unwrap_or(now).min(now);
        let is_paused = self.pauses().iter().any(|(from, until)| (*from..*until).contains(&now));
        let state = match self.met_at(clock) {
            Some(at) if at <= due => State::Met,
            Some(_) => State::MetLate,
            None if told.is_some() || is_over => State::Breached,
            None if self.closed_at().is_some() => State::Ended,
            None if is_paused => State::Paused,
            None => State::Running,
        };
        Some((state, due))
    }

    fn met_at(&self, clock: Clock) -> Option<Minute> {
        let first = |facts: &[(Minute, Fact)], counts: &[Fact]| {
            facts.iter().find(|(_, fact)| counts.contains(fact)).map(|(at, _)| *at)
        };
        match clock {
            Clock::Acknowledge => {
                let refused = self.facts.iter().rposition(|(_, fact)| *fact == Fact::Refused);
                let taken = [Fact::Accepted, Fact::Started, Fact::Asked, Fact::Responded, Fact::Resolved];
                first(&self.facts[refused.unwrap_or(0)..], &taken)
            }
            Clock::FirstResponse => first(&self.facts, &[Fact::Asked, Fact::Responded, Fact::Resolved]),
            Clock::Resolution if self.is_settled() => {
                self.facts.iter().rfind(|(_, fact)| *fact == Fact::Resolved).map(|(at, _)| *at)
            }
            Clock::Resolution => None,
        }
    }

    fn promise(&self, clock: Clock) -> Option<(Span, &'a Ladder)> {
        let class = if self.emergency_since().is_some() { Class::Emergency } else { Class::Complaint };
        let promise = self.policy.classes[&class].get(&clock)?;
        Some((promise.within, &self.policy.ladders[&promise.ladder]))
    }

    fn emergency_since(&self) -> Option<Minute> {
        self.facts.iter().find(|(_, fact)| *fact == Fact::BecameEmergency).map(|(at, _)| *at)
    }

    fn clock_from(&self) -> Minute {
        self.emergency_since().unwrap_or(self.opened)
    }

    /// How often the citizen has objected.
    pub(super) fn round(&self) -> usize {
        self.facts.iter().filter(|(_, fact)| *fact == Fact::Reopened).count()
    }

    /// When a ladder begins: with the clock, or with an objection where the promise was broken before it.
    fn ladder_from(&self, clock: Clock) -> Minute {
        let (from, round) = (self.clock_from(), self.round());
        let objection = self.facts.iter().rfind(|(_, fact)| *fact == Fact::Reopened).map(|(at, _)| *at);
        let is_broken = |at: &Minute| {
            let mut before = self.reached.iter().filter(|reached| reached.round < round);
            let was_told = before.any(|reached| reached.clock == clock && reached.is_breach);
            *at >= from && (was_told || self.deadline(clock).is_some_and(|deadline| deadline <= *at))
        };
        objection.filter(is_broken).unwrap_or(from)
    }

    /// Since when an answer is waited for.
    fn waits_since(&self) -> Option<Minute> {
        self.waits().last().and_then(|(from, until)| if until.is_none() { *from } else { None })
    }

    /// Times in which promises stand still.
    fn pauses(&self) -> Vec<(Minute, Minute)> {
        let longest = |from| self.walk(from, self.policy.waits.answer.within, &[]).unwrap_or(Minute::MAX);
        let waits = self.waits().into_iter();
        waits.filter_map(|(from, until)| Some((from?, until.unwrap_or(Minute::MAX).min(longest(from?))))).collect()
    }

    /// Each question: when it was posted, and when it was answered or became moot.
    fn waits(&self) -> Vec<(Option<Minute>, Option<Minute>)> {
        let mut waits: Vec<(Option<Minute>, Option<Minute>)> = Vec::new();
        for (at, fact) in &self.facts {
            if *fact == Fact::Asked {
                waits.push((None, None));
                continue;
            }
            let Some((posted, ended)) = waits.last_mut().filter(|(_, ended)| ended.is_none()) else { continue };
            match fact {
                Fact::AskPosted => *posted = posted.or(Some(*at)),
                Fact::AskFailed if posted.is_none() => *ended = Some(*at),
                Fact::Replied
                | Fact::AnswerOverdue
                | Fact::Started
                | Fact::Responded
                | Fact::Resolved
                | Fact::Refused => *ended = Some(*at),
                _ => {}
            }
        }
        waits
    }

    fn walk(&self, from: Minute, span: Span, pauses: &[(Minute, Minute)]) -> Option<Minute> {
        let (count, is_working) = measure(span);
        self.walk_for(from, count, is_working, pauses)
    }

    /// The first moment after so many minutes that count.
    fn walk_for(&self, from: Minute, count: usize, is_working: bool, pauses: &[(Minute, Minute)]) -> Option<Minute> {
        let mut left = count;
        let mut at = from;
        while left > 0 {
            let is_office = *self.is_office.get(at)?;
            let is_paused = pauses.iter().any(|(from, until)| *from <= at && at < *until);
            if !is_paused && (is_office || !is_working) {
                left -= 1;
            }
            at += 1;
        }
        Some(at)
    }
}

/// How many minutes a span is, and whether only office minutes count.
fn measure(span: Span) -> (usize, bool) {
    match span {
        Span::WorkingDays(days) => (days as usize * WORKING_DAY, true),
        Span::Minutes(minutes) => (minutes as usize, false),
    }
}
