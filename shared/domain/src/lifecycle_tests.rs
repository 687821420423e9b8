//! Tickets through their life, as the parties would tell it.

use jiff::SignedDuration;

use super::*;
use crate::clocks::{Clock, Step};
use crate::report::VoiceRole;
use crate::samples::{Law, agency, decision, edited, monday, opened, post, voice};

/// What each event of a change says, and to whom.
fn told(change: &Change) -> String {
    let lines = change.events.iter().map(|event| {
        let to: Vec<String> = event.undelivered.iter().map(ToString::to_string).collect();
        let to = if to.is_empty() { "nobody".to_owned() } else { to.join(", ") };
        format!("{} {} -> {to}", event.seq, event.body.name())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_report_opens_a_ticket_with_its_first_deadline() {
    let case = opened("DINKES");
    assert_eq!((case.ticket.status, case.ticket.version), (Status::Assigned, 1));
    let due = case.ticket.due.unwrap();
    assert_eq!((due.clock, due.step), (Clock::Acknowledge, Step::Reminder));
    assert_eq!(Law::sample().calendar.local(due.at).strftime("%a %R").to_string(), "Wed 09:00");
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

    let accepted = accept(&case, &agency("PEMKAB3316"), law.terms(), monday()).unwrap().applied_to(case.events);
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
    let gone = withdraw_voice(&case, post("100"), law.terms(), monday());
    insta::assert_snapshot!(told(&gone), @"
    2 voice_withdrawn -> nobody
    3 withdrawn -> skpd:DINKES
    ");
    assert_eq!((gone.ticket.status, gone.ticket.due), (Status::Withdrawn, None));
}

#[test]
fn every_state_and_action() {
    let table: String = [Status::Triage, Status::Assigned, Status::Accepted, Status::Withdrawn]
        .iter()
        .flat_map(|&status| Action::ALL.map(|action| format!("{status:?} {action}: {:?}\n", action.leads_to(status))))
        .collect();
    insta::assert_snapshot!(table, @"
    Triage accept: None
    Assigned accept: Some(Accepted)
    Accepted accept: None
    Withdrawn accept: None
    ");
}

#[test]
fn only_the_holder_accepts() {
    let law = Law::sample();
    let refused = accept(&opened("DINKES"), &agency("DINSOS"), law.terms(), monday()).unwrap_err();
    assert_eq!(refused.to_string(), "the ticket is with DINKES, not with DINSOS");
}

#[test]
fn a_silent_agency_gets_one_reminder_and_one_breach_for_each_clock() {
    let law = Law::sample();
    let mut case = opened("DINKES");
    let mut log = String::new();
    // Looked at every hour for six weeks, twice each time.
    for hour in 0..24 * 42 {
        let now = monday() + SignedDuration::from_hours(hour);
        for _ in 0..2 {
            if let Some(change) = take_due_step(&case, law.terms(), now) {
                for event in &change.events {
                    let EventBody::ClockStep { clock, step, .. } = event.body else { panic!("{event:?}") };
                    log += &format!("{} {clock:?} {step:?}\n", law.calendar.local(now).strftime("%a %d %b %R"));
                }
                case = change.applied_to(case.events);
            }
        }
    }
    assert_eq!(case.ticket.due, None);
    insta::assert_snapshot!(log, @"
    Wed 25 Nov 09:00 Acknowledge Reminder
    Thu 26 Nov 09:00 Acknowledge Breach
    Tue 08 Dec 09:00 Resolution Reminder
    Fri 11 Dec 09:00 Resolution Breach
    ");
}

#[test]
fn accepting_ends_the_acknowledge_clock() {
    let law = Law::sample();
    let case = opened("DINKES");
    let accepted = accept(&case, &agency("DINKES"), law.terms(), monday()).unwrap();
    assert_eq!(accepted.ticket.due.unwrap().clock, Clock::Resolution);
}
