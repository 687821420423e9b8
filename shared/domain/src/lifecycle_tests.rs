//! Tickets through their life, as the parties would tell it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::calendar::Calendar;
use crate::clocks::{Class, Clock, Policy, Promise, Span, Step};
use crate::decision::{Kind, Place, Urgency};
use crate::report::{Addressed, Author, Relation, Report};

fn policy() -> Policy {
    let promise = |within, remind_after| Promise { within, remind_after, source: "test".to_owned() };
    let complaint = [
        (Clock::Acknowledge, promise(Span::WorkingDays(3), Span::WorkingDays(2))),
        (Clock::Resolution, promise(Span::WorkingDays(14), Span::WorkingDays(11))),
    ];
    let emergency = [(Clock::Acknowledge, promise(Span::Minutes(15), Span::Minutes(5)))];
    Policy {
        version: "test-1".to_owned(),
        classes: [(Class::Complaint, complaint.into()), (Class::Emergency, emergency.into())].into(),
    }
}

fn calendar() -> Calendar {
    Calendar::new(TimeZone::get("Asia/Jakarta").unwrap(), [])
}

/// Monday, 23 November 2026, 09:00 in Jakarta.
fn monday() -> Timestamp {
    "2026-11-23T09:00+07".parse().unwrap()
}

fn agency(code: &str) -> AgencyCode {
    code.parse().unwrap()
}

fn decision(addressee: &str) -> Decision {
    Decision {
        kind: Kind::Complaint,
        category: Some("road_damage".parse().unwrap()),
        place: Place { code: Some("33.16.08".parse().unwrap()), ..Place::default() },
        urgency: Urgency::Normal,
        supervisory: false,
        needs_location: false,
        addressee: agency(addressee),
        triage: addressee == "TRIAGE",
        likely: None,
        others: vec![],
        confidence: 0.9,
        reasons: vec![],
        pack_version: "test/1".to_owned(),
    }
}

fn voice(role: VoiceRole, id: &str, edit: u32) -> Voice {
    let post = PostKey::x(id).unwrap();
    Voice {
        role,
        report: Report {
            post: post.clone(),
            first_post: post,
            edit,
            author: Author { id: "1".to_owned(), handle: None },
            text: "jalan rusak".to_owned(),
            created_at: monday(),
            relation: Relation::default(),
            addressed: Addressed::Hashtag,
            place_tag: None,
            media: vec![],
        },
        masked_text: "jalan rusak".to_owned(),
        received_at: monday(),
    }
}

/// A ticket opened on Monday at 9, in the hands of `holder`.
fn opened(holder: &str) -> Case {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let id = TicketId::of_post(&"KJ".parse().unwrap(), &PostKey::x("100").unwrap(), 0);
    open(id, "test", decision(holder), voice(VoiceRole::Opening, "100", 0), terms, monday()).applied_to(vec![])
}

/// What each event of a change says, and to whom.
fn told(change: &Change) -> String {
    let lines = change.events.iter().map(|event| {
        let body = serde_json::to_value(&event.body).unwrap();
        let to: Vec<String> = event.undelivered.iter().map(ToString::to_string).collect();
        format!("{} {} -> {}", event.seq, body["type"].as_str().unwrap(), to.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_report_opens_a_ticket_with_its_first_deadline() {
    let case = opened("DINKES");
    assert_eq!((case.ticket.status, case.ticket.version), (Status::Assigned, 1));
    let due = case.ticket.due.unwrap();
    assert_eq!((due.clock, due.step), (Clock::Acknowledge, Step::Reminder));
    assert_eq!(calendar().local(due.at).strftime("%a %R").to_string(), "Wed 09:00");
    assert_eq!(opened("TRIAGE").ticket.status, Status::Triage);
}

#[test]
fn reposts_count_and_replies_are_told() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let case = opened("DINKES");
    let repost = add_voice(&case, voice(VoiceRole::Repost, "101", 0), terms, monday());
    assert_eq!(repost.ticket.voices, 2);
    insta::assert_snapshot!(told(&repost), @"");
    let reply = add_voice(&case, voice(VoiceRole::Reply, "102", 0), terms, monday());
    insta::assert_snapshot!(told(&reply), @"");
}

#[test]
fn an_edited_place_moves_the_ticket_until_it_is_accepted() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let case = opened("PEMKAB3316");
    let moved = edit(&case, voice(VoiceRole::Opening, "100", 1), decision("PEMKAB3317"), terms, monday());
    insta::assert_snapshot!(told(&moved), @"");
    assert_eq!(moved.ticket.holder, agency("PEMKAB3317"));

    let accepted = accept(&case, &agency("PEMKAB3316"), terms, monday()).unwrap().applied_to(case.events);
    let stays = edit(&accepted, voice(VoiceRole::Opening, "100", 1), decision("PEMKAB3317"), terms, monday());
    insta::assert_snapshot!(told(&stays), @"");
    assert_eq!(stays.ticket.holder, agency("PEMKAB3316"));
}

#[test]
fn an_edit_of_another_voice_decides_nothing() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let case = opened("PEMKAB3316");
    let change = edit(&case, voice(VoiceRole::Reply, "102", 1), decision("PEMKAB3317"), terms, monday());
    assert_eq!(change.ticket.holder, agency("PEMKAB3316"));
    assert_eq!(change.ticket.decision, case.ticket.decision);
}

#[test]
fn the_last_deleted_voice_withdraws_the_ticket() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let case = opened("DINKES");
    let gone = withdraw_voice(&case, PostKey::x("100").unwrap(), terms, monday());
    insta::assert_snapshot!(told(&gone), @"");
    assert_eq!((gone.ticket.status, gone.ticket.due), (Status::Withdrawn, None));
}

#[test]
fn every_state_and_action() {
    let table: String = [Status::Triage, Status::Assigned, Status::Accepted, Status::Withdrawn]
        .iter()
        .flat_map(|&status| Action::ALL.map(|action| format!("{status:?} {action}: {:?}\n", action.leads_to(status))))
        .collect();
    insta::assert_snapshot!(table, @"");
}

#[test]
fn only_the_holder_accepts() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let refused = accept(&opened("DINKES"), &agency("DINSOS"), terms, monday()).unwrap_err();
    assert_eq!(refused.to_string(), "the ticket is with DINKES, not with DINSOS");
}

#[test]
fn a_silent_agency_gets_one_reminder_and_one_breach_for_each_clock() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let mut case = opened("DINKES");
    let mut log = String::new();
    // Looked at every hour for six weeks, twice each time.
    for hour in 0..24 * 42 {
        let now = monday() + SignedDuration::from_hours(hour);
        for _ in 0..2 {
            if let Some(change) = take_due_step(&case, terms, now) {
                for event in &change.events {
                    let EventBody::ClockStep { clock, step, .. } = event.body else { panic!("{event:?}") };
                    log += &format!("{} {clock:?} {step:?}\n", calendar.local(now).strftime("%a %d %b %R"));
                }
                case = change.applied_to(case.events);
            }
        }
    }
    assert_eq!(case.ticket.due, None);
    insta::assert_snapshot!(log, @"");
}

#[test]
fn accepting_ends_the_acknowledge_clock() {
    let (policy, calendar) = (policy(), calendar());
    let terms = Terms { policy: &policy, calendar: &calendar };
    let case = opened("DINKES");
    let accepted = accept(&case, &agency("DINKES"), terms, monday()).unwrap();
    assert_eq!(accepted.ticket.due.unwrap().clock, Clock::Resolution);
}
