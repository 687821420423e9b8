//! Any sequence of what can happen keeps a ticket's invariants.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::clocks::{Clock, Due, Timer};
use crate::event::{EventBody, ReplyFailure, ReplyKind};
use crate::hold::holds;
use crate::report::{Voice, VoiceRole};
use crate::samples::{Law, agency, bodies, decision, monday, opened, post, voice};
use crate::ticket::Status;

/// Something that can happen, with what it may come with.
#[derive(Debug, Clone)]
pub(crate) enum Happens {
    Deed(Action, Option<&'static str>),
    Word(Word),
    Report(VoiceRole, &'static str),
    Edit(&'static str),
    Deleted,
    Joined,
    Reply(ReplyKind, bool),
    Time,
}

const AGENCIES: [&str; 6] = ["DINKES", "DINSOS", "DPUBMCK", "PEMKAB3316", "TRIAGE", "DINPORA"];

pub(crate) fn happens() -> impl Strategy<Value = Happens> {
    let who = || prop::sample::select(AGENCIES.to_vec());
    let action = prop::sample::select(Action::ALL.to_vec());
    let role =
        prop::sample::select(vec![VoiceRole::Repost, VoiceRole::SameIncident, VoiceRole::Copy, VoiceRole::Quote]);
    let kind = prop::sample::select(vec![
        ReplyKind::Receipt,
        ReplyKind::AskPlace,
        ReplyKind::Ask,
        ReplyKind::Answer,
        ReplyKind::Resolved,
    ]);
    prop_oneof![
        6 => (action, prop::option::of(who())).prop_map(|(action, named)| Happens::Deed(action, named)),
        3 => prop::sample::select(Word::ALL.to_vec()).prop_map(Happens::Word),
        2 => (role, who()).prop_map(|(role, to)| Happens::Report(role, to)),
        1 => who().prop_map(Happens::Edit),
        1 => Just(Happens::Deleted),
        1 => Just(Happens::Joined),
        3 => (kind, any::<bool>()).prop_map(|(kind, sent)| Happens::Reply(kind, sent)),
        2 => Just(Happens::Time),
    ]
}

fn deed(action: Action, named: Option<&str>) -> Option<Deed> {
    let named = named.map(agency);
    let text = "Terima kasih atas laporannya".to_owned();
    Some(match action {
        Action::Accept => Deed::Accept,
        Action::Start => Deed::Start,
        Action::AskCitizen => Deed::AskCitizen { text },
        Action::Respond => Deed::Respond { text },
        Action::Resolve => Deed::Resolve { text, photo: None, shown_for: None },
        Action::NotOurs => Deed::NotOurs { reason: text, named },
        Action::Note => Deed::Note { text },
        Action::Assign => Deed::Assign { to: named.unwrap_or_else(|| agency("DINSOS")) },
        Action::Reject => Deed::Reject { reason: text },
        Action::Correct => Deed::Correct { decision: Box::new(decision("DINSOS")) },
        Action::Join | Action::Unjoin => return None,
    })
}

/// The change that follows, if any. `n` numbers the posts.
pub(crate) fn change(case: &Case, happens: &Happens, n: usize, now: jiff::Timestamp) -> Option<Change> {
    let law = Law::sample();
    let terms = law.terms();
    let id = (1000 + n).to_string();
    let said = |role| -> Voice { voice(role, &id) };
    let other = |id: &str| {
        let mut other = opened("TRIAGE");
        other.ticket.id = crate::TicketId::of_post(&"KJ".parse().unwrap(), &post(id), 0);
        other
    };
    Some(match happens {
        Happens::Deed(Action::Join, _) => {
            desk_join(&other("7"), case, &case.ticket.holder, &bodies(), terms, now).ok()?.from
        }
        Happens::Deed(Action::Unjoin, _) => {
            let into = Case {
                ticket: crate::Ticket { id: case.ticket.joined_to.clone()?, ..other("7").ticket },
                ..other("7")
            };
            unjoin(&into, case, &agency("TRIAGE"), &bodies(), terms, now).ok()?.from
        }
        Happens::Deed(action, named) => {
            let before = case.ticket.status;
            let done = act(case, &case.ticket.holder, deed(*action, *named)?, &bodies(), terms, now);
            assert!(done.is_err() || action.leads_to(before).is_some(), "{action} from {before:?}");
            let done = done.ok()?;
            let to = action.leads_to(before).unwrap();
            let is_as_said = done.ticket.status == to || (to, done.ticket.status) == (Status::Assigned, Status::Triage);
            assert!(is_as_said, "{action} from {before:?} led to {:?}", done.ticket.status);
            done
        }
        Happens::Word(word) => {
            let said = said(VoiceRole::Reply);
            match word {
                Word::Confirm => confirm(case, said, terms, now),
                Word::Reopen => reopen(case, said, terms, now),
                Word::Withdraw => withdraw(case, said, vec![(post("100"), VoiceRole::Opening)], terms, now),
                Word::Stop => stop(case, said, terms, now),
                Word::Status => ask_status(case, said, terms, now),
                Word::Place => place(case, said, decision("PEMKAB3317"), terms, now),
                Word::Reply => add_voice(case, said, terms, now),
            }
        }
        Happens::Report(role, to) if case.ticket.may_take_in(&decision(to)) => {
            join_report(case, said(*role), &decision(to), terms, now)
        }
        Happens::Report(..) => return None,
        Happens::Edit(to) => edit(case, crate::samples::edited(VoiceRole::Opening, "100", 1), decision(to), terms, now),
        Happens::Deleted => withdraw_voice(case, post("100"), VoiceRole::Opening, terms, now),
        Happens::Joined if case.ticket.may_take_in(&decision("TRIAGE")) => {
            join(case, &other("8"), VoiceRole::SameIncident, terms, now).into
        }
        Happens::Joined => return None,
        Happens::Reply(kind, true) => reply_sent(case, *kind, post("100"), post(&id), terms, now),
        Happens::Reply(kind, false) => reply_failed(case, *kind, post("100"), ReplyFailure::Unreachable, terms, now),
        Happens::Time => take_due_step(case, terms, now)?,
    })
}

/// What must always be true.
fn check(case: &Case) {
    let law = Law::sample();
    let Case { ticket, events } = case;
    let seqs: Vec<u32> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=ticket.version).collect::<Vec<_>>(), "no holes");
    assert!(events.is_sorted_by_key(|event| event.at));
    // One owner, and the history says the same as the ticket.
    let holds = holds(events);
    assert_eq!(holds.last().unwrap().agency, ticket.holder);
    assert_eq!(holds.last().unwrap().until.is_none(), ticket.status.is_open(), "{:?}", ticket.status);
    assert!(holds.windows(2).all(|pair| pair[0].until.is_some_and(|until| until <= pair[1].from)));
    assert!(ticket.status != Status::Triage || ticket.holder == agency("TRIAGE"));
    // No clock is lost, and none runs on.
    if !ticket.status.is_open() {
        assert_eq!(ticket.due, None);
        return;
    }
    let due = law.terms().next_due(ticket, events);
    // What was due in quiet hours waits for the morning.
    let is_morning = |at| law.calendar.civil(at).time() == jiff::civil::time(6, 0, 0, 0);
    let terms = law.terms();
    let waits = |stored: Due| {
        let mut all = terms.all_due(ticket, events).filter(|due| due.timer == stored.timer);
        all.any(|due| due == stored || due.at < stored.at && is_morning(stored.at))
    };
    assert!(ticket.due == due || ticket.due.is_some_and(waits), "{due:?}");
    let since = events.iter().rposition(|event| matches!(event.body, EventBody::Reopened { .. })).unwrap_or(0);
    let broken: BTreeSet<Clock> = events[since..]
        .iter()
        .filter_map(|event| match event.body {
            EventBody::ClockStep { clock, step: crate::clocks::Step::Breach, .. } => Some(clock),
            _ => None,
        })
        .collect();
    let runs = |clock: Clock| !clock.is_met(ticket.status, events) && !broken.contains(&clock);
    if [Clock::Acknowledge, Clock::Resolution].into_iter().any(runs) || ticket.status == Status::Resolved {
        assert!(ticket.due.is_some(), "{ticket:?}");
    }
    if let Some(due) = ticket.due {
        assert!(due.timer.leads_to(ticket.status).is_some(), "{due:?} in {:?}", ticket.status);
        assert!(ticket.status == Status::Resolved || due.timer != Timer::Close);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn any_life_keeps_the_invariants(
        holder in prop::sample::select(vec!["DINKES", "TRIAGE"]),
        life in prop::collection::vec((happens(), 0i64..200), 0..40),
    ) {
        let mut case = opened(holder);
        case.ticket.decision.needs_location = true;
        let mut now = monday();
        check(&case);
        for (n, (happens, hours)) in life.iter().enumerate() {
            now += SignedDuration::from_hours(*hours);
            let before = case.clone();
            let Some(change) = change(&case, happens, n, now) else { continue };
            prop_assert_eq!(change.based_on, before.ticket.version);
            case = change.applied_to(before.events);
            check(&case);
        }
    }
}
