//! Tickets through their life, as the parties would tell it.

use jiff::SignedDuration;

use super::*;
use std::collections::BTreeSet;

use crate::clocks::{Clock, Step, Timer};
use crate::decision::{Decision, Urgency};
use crate::event::EventBody;
use crate::ladder::Target;
use crate::report::VoiceRole;
use crate::samples::{Law, agency, bodies, decision, edited, monday, opened, post, voice};
use crate::ticket::Status;

/// What each event of a change says, and to whom.
fn told(change: &Change) -> String {
    let lines = change.events.iter().map(|event| {
        let to: Vec<String> = event.undelivered.iter().map(ToString::to_string).collect();
        let to = if to.is_empty() { "nobody".to_owned() } else { to.join(", ") };
        format!("{} {} -> {to}", event.seq, event.body.name())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What a change is when an agency does something now.
fn done(case: &Case, by: &str, deed: Deed) -> Change {
    act(case, &agency(by), deed, &bodies(), Law::sample().terms(), monday()).unwrap()
}

#[test]
fn a_report_opens_a_ticket_with_its_first_deadline() {
    let case = opened("DINKES");
    assert_eq!((case.ticket.status, case.ticket.version), (Status::Assigned, 1));
    let due = case.ticket.due.unwrap();
    assert_eq!(due.timer, Timer::Promise { clock: Clock::Acknowledge, rung: 0, step: Step::Reminder });
    assert_eq!(Law::sample().calendar.local(due.at).strftime("%a %R").to_string(), "Wed 12:00");
    assert_eq!(opened("TRIAGE").ticket.status, Status::Triage);
}

#[test]
fn reposts_count_and_replies_are_told() {
    let law = Law::sample();
    let case = opened("DINKES");
    let repost = add_voice(&case, voice(VoiceRole::Repost, "101"), law.terms(), monday());
    assert_eq!(repost.ticket.voices, 2);
    insta::assert_snapshot!(told(&repost), @"2 voice_added -> nobody");
    let reply = add_voice(&case, voice(VoiceRole::Reply, "102"), law.terms(), monday());
    insta::assert_snapshot!(told(&reply), @"2 citizen_replied -> skpd:DINKES");
}

#[test]
fn an_edited_place_moves_the_ticket_until_it_is_accepted() {
    let law = Law::sample();
    let case = opened("PEMKAB3316");
    let moved = edit(&case, edited(VoiceRole::Opening, "100", 1), decision("PEMKAB3317"), law.terms(), monday());
    insta::assert_snapshot!(told(&moved), @"
    2 edited -> nobody
    3 reassigned -> skpd:PEMKAB3316, skpd:PEMKAB3317
    ");
    assert_eq!(moved.ticket.holder, agency("PEMKAB3317"));

    let accepted = done(&case, "PEMKAB3316", Deed::Accept).applied_to(case.events);
    let stays = edit(&accepted, edited(VoiceRole::Opening, "100", 1), decision("PEMKAB3317"), law.terms(), monday());
    insta::assert_snapshot!(told(&stays), @"3 edited -> skpd:PEMKAB3316");
    assert_eq!(stays.ticket.holder, agency("PEMKAB3316"));
}

#[test]
fn an_edit_of_another_voice_decides_nothing() {
    let law = Law::sample();
    let case = opened("PEMKAB3316");
    let change = edit(&case, edited(VoiceRole::Reply, "102", 1), decision("PEMKAB3317"), law.terms(), monday());
    assert_eq!(change.ticket.holder, agency("PEMKAB3316"));
    assert_eq!(change.ticket.decision, case.ticket.decision);
}

#[test]
fn the_last_deleted_voice_withdraws_the_ticket() {
    let law = Law::sample();
    let case = opened("DINKES");
    let gone = withdraw_voice(&case, post("100"), VoiceRole::Opening, law.terms(), monday());
    insta::assert_snapshot!(told(&gone), @"
    2 voice_withdrawn -> nobody
    3 withdrawn -> skpd:DINKES
    ");
    assert_eq!((gone.ticket.status, gone.ticket.due), (Status::Withdrawn, None));
}

#[test]
fn only_the_holder_accepts() {
    let law = Law::sample();
    let refused =
        act(&opened("DINKES"), &agency("DINSOS"), Deed::Accept, &bodies(), law.terms(), monday()).unwrap_err();
    assert_eq!(refused.to_string(), "the ticket is with DINKES, not with DINSOS");
}

#[test]
fn the_ladder_of_each_clock_is_climbed_once_and_a_head_without_an_address_is_skipped_upward() {
    let law = Law::sample();
    let mut case = opened("DINSOS");
    let mut log = String::new();
    // Looked at every hour for six weeks, twice each time.
    for hour in 0..24 * 42 {
        let now = monday() + SignedDuration::from_hours(hour);
        for _ in 0..2 {
            if let Some(change) = take_due_step(&case, law.terms(), now) {
                for event in &change.events {
                    let EventBody::ClockStep { clock, step, rung, told, unreached, .. } = &event.body else {
                        panic!("{event:?}")
                    };
                    let words = |targets: &BTreeSet<Target>| {
                        targets.iter().cloned().map(String::from).collect::<Vec<_>>().join(" ")
                    };
                    let (told, unreached) = (words(told), words(unreached));
                    let at = law.calendar.local(now).strftime("%a %d %b %R");
                    log += &format!("{at} {clock:?} {step:?} {rung}: {told} ({unreached})\n");
                }
                case = change.applied_to(case.events);
            }
        }
    }
    assert_eq!(case.ticket.due, None);
    insta::assert_snapshot!(log, @"
    Wed 25 Nov 12:00 Acknowledge Reminder reminder: holder ()
    Thu 26 Nov 09:00 Acknowledge Breach head: holder (head)
    Tue 08 Dec 11:00 Resolution Reminder reminder: holder ()
    Fri 11 Dec 09:00 Resolution Breach head: holder SEKDA (head)
    Tue 15 Dec 09:00 Resolution Breach sekda: holder SEKDA ()
    Fri 18 Dec 09:00 Resolution Breach gubernur: GUBERNUR ()
    ");
}

#[test]
fn accepting_ends_the_acknowledge_clock() {
    let accepted = done(&opened("DINKES"), "DINKES", Deed::Accept);
    let timer = accepted.ticket.due.unwrap().timer;
    assert_eq!(timer, Timer::Promise { clock: Clock::Resolution, rung: 0, step: Step::Reminder });
}

#[test]
fn another_report_of_the_incident_is_told_and_a_copy_is_not_even_counted() {
    let law = Law::sample();
    let case = opened("DINKES");
    let danger = Decision { urgency: Urgency::Emergency, ..decision("DINKES") };
    let same = join_report(&case, voice(VoiceRole::SameIncident, "101"), &danger, law.terms(), monday());
    insta::assert_snapshot!(told(&same), @"2 voice_added -> skpd:DINKES, citizens");
    assert_eq!((same.ticket.voices, same.ticket.decision.urgency), (2, Urgency::Emergency));
    let copy = join_report(&case, voice(VoiceRole::Copy, "101"), &decision("DINKES"), law.terms(), monday());
    insta::assert_snapshot!(told(&copy), @"2 voice_added -> nobody");
    assert_eq!((copy.ticket.voices, copy.ticket.copies), (1, 1));
}

#[test]
fn a_report_without_doubt_takes_its_ticket_off_the_triage_desk() {
    let law = Law::sample();
    let case = opened("TRIAGE");
    let sure = join_report(&case, voice(VoiceRole::SameIncident, "101"), &decision("DINKES"), law.terms(), monday());
    insta::assert_snapshot!(told(&sure), @"
    2 voice_added -> citizens
    3 reassigned -> skpd:DINKES, skpd:TRIAGE
    ");
    assert_eq!((sure.ticket.status, sure.ticket.voices), (Status::Assigned, 2));
    let unsure = join_report(&case, voice(VoiceRole::SameIncident, "101"), &decision("TRIAGE"), law.terms(), monday());
    assert_eq!((unsure.ticket.status, unsure.ticket.holder), (Status::Triage, agency("TRIAGE")));
}

#[test]
fn a_text_is_said_as_long_as_a_copy_is_there() {
    let law = Law::sample();
    let case = opened("DINKES");
    let copied = add_voice(&case, voice(VoiceRole::Copy, "101"), law.terms(), monday()).applied_to(case.events);
    let left = withdraw_voice(&copied, post("100"), VoiceRole::Opening, law.terms(), monday());
    assert_eq!((left.ticket.status, left.ticket.voices, left.ticket.copies), (Status::Assigned, 1, 0));
    let left = left.applied_to(copied.events);
    let gone = withdraw_voice(&left, post("101"), VoiceRole::Copy, law.terms(), monday());
    assert_eq!((gone.ticket.status, gone.ticket.voices), (Status::Withdrawn, 0));
}

#[test]
fn a_younger_ticket_goes_into_the_older_and_both_holders_are_told() {
    let law = Law::sample();
    let older = opened("DINKES");
    let mut younger = opened("DPUBMCK");
    younger.ticket.origin = post("200");
    younger.ticket.voices = 3;
    let Join { into, from, .. } = join(&older, &younger, VoiceRole::SameIncident, law.terms(), monday());
    insta::assert_snapshot!(told(&into), @"2 ticket_joined -> skpd:DINKES");
    insta::assert_snapshot!(told(&from), @"2 joined -> skpd:DPUBMCK");
    assert_eq!(into.ticket.voices, 4);
    assert_eq!(
        (from.ticket.status, from.ticket.due, from.ticket.joined_to),
        (Status::Joined, None, Some(older.ticket.id))
    );
}

#[test]
fn a_rung_tells_citizens_where_the_policy_says_so_and_only_then() {
    let mut law = Law::sample();
    let breach = monday() + SignedDuration::from_hours(24 * 4);
    let at_breach = |law: &Law| {
        let reminded =
            take_due_step(&opened("DINKES"), law.terms(), breach).unwrap().applied_to(opened("DINKES").events);
        told(&take_due_step(&reminded, law.terms(), breach).unwrap())
    };
    insta::assert_snapshot!(at_breach(&law), @"3 clock_step -> skpd:DINKES, people");
    let ladder = law.policies.current.ladders.get_mut("short").unwrap();
    ladder.rungs[1].citizens = true;
    insta::assert_snapshot!(at_breach(&law), @"3 clock_step -> skpd:DINKES, citizens, people");
}

#[test]
fn an_emergency_rings_after_five_minutes_also_at_night_and_counts_from_when_it_is_one() {
    let law = Law::sample();
    let case = opened("DINKES");
    // Two days later somebody tells of danger, at 02:00.
    let night = monday() + SignedDuration::from_hours(24 * 2 + 17);
    let danger = Decision { urgency: Urgency::Emergency, ..decision("DINKES") };
    let case =
        join_report(&case, voice(VoiceRole::SameIncident, "101"), &danger, law.terms(), night).applied_to(case.events);
    let due = case.ticket.due.unwrap();
    assert_eq!(due.at, night + SignedDuration::from_mins(5));
    let ring = take_due_step(&case, law.terms(), due.at).unwrap();
    insta::assert_snapshot!(told(&ring), @"3 clock_step -> people");
    assert!(take_due_step(&case, law.terms(), due.at - SignedDuration::from_secs(1)).is_none());
}

#[test]
fn a_silent_agency_is_told_of_once() {
    let law = Law::sample();
    let case = opened("DINKES");
    let later = monday() + SignedDuration::from_hours(24 * 4);
    let told_of = tell_silence(&case, None, 3, law.terms(), later).unwrap();
    insta::assert_snapshot!(told(&told_of), @"2 agency_silent -> skpd:SEKDA, people");
    let case = told_of.applied_to(case.events);
    assert!(tell_silence(&case, None, 3, law.terms(), later).is_none());
    // It was heard elsewhere since, and fell silent again.
    let again = later + SignedDuration::from_hours(24 * 7);
    assert!(tell_silence(&case, Some(later + SignedDuration::from_hours(1)), 3, law.terms(), again).is_some());
    let accepted = act(&case, &agency("DINKES"), Deed::Accept, &bodies(), law.terms(), again).unwrap();
    let accepted = accepted.applied_to(case.events);
    assert!(tell_silence(&accepted, None, 3, law.terms(), again).is_none());
}
