//! What clocks of other systems have got wrong, as their users published it; each test says what is right.

use jiff::civil::date;

use super::story::{Story, at};
use crate::clocks::{Class, Clock, Promise, Span, State};
use crate::decision::{Decision, Urgency};
use crate::event::ReplyKind;
use crate::lifecycle::{Deed, Word};
use crate::samples::{Law, agency, decision};

use Clock::{Acknowledge, FirstResponse, Resolution};

fn ask() -> Deed {
    Deed::AskCitizen { text: "Di mana?".to_owned() }
}

fn resolve() -> Deed {
    Deed::Resolve { text: "Sudah ditambal.".to_owned(), photo: None, shown_for: None }
}

/// The sample law with a promise of a first response of 5 working days.
fn law_with_first_response() -> Law {
    let mut law = Law::sample();
    let promise = Promise { within: Span::WorkingDays(5), ladder: "short".to_owned(), source: "test".to_owned() };
    law.policies.current.classes.get_mut(&Class::Complaint).unwrap().insert(FirstResponse, promise);
    law
}

/// Business hours were ignored (Chatwoot before #13392).
#[test]
fn a_report_off_hours_counts_from_the_next_opening() {
    // Monday evening, and Tuesday before the doors open: Tuesday to Thursday are the three days.
    for from in ["2026-11-23T16:00", "2026-11-23T22:15", "2026-11-24T03:00", "2026-11-24T07:30"] {
        assert_eq!(Story::of_complaint(from).deadline(Acknowledge), "Thu 26 Nov 16:00", "{from}");
    }
    // In the break of noon it is as if the afternoon began.
    assert_eq!(Story::of_complaint("2026-11-24T12:30").deadline(Acknowledge), "Fri 27 Nov 13:30");
}

/// Holidays were unknown (Chatwoot), or days that are none were taken for some (Zammad #390).
#[test]
fn a_report_on_a_holiday_counts_from_the_next_working_day() {
    let mut story = Story::of_complaint("2026-11-25T10:00");
    story.declare_holidays([date(2026, 11, 25)]);
    assert_eq!(story.deadline(Acknowledge), "Mon 30 Nov 16:00");
    // A holiday on a free day takes nothing away.
    story.declare_holidays([date(2026, 11, 25), date(2026, 11, 28)]);
    assert_eq!(story.deadline(Acknowledge), "Mon 30 Nov 16:00");
}

/// A pause over a weekend was taken off in calendar time (GLPI #10594), or added to the creation (Frappe #2449).
#[test]
fn a_pause_over_a_weekend_puts_off_by_its_working_time() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    assert_eq!(story.deadline(Resolution), "Fri 11 Dec 09:00");
    story.does(at("2026-11-27T14:00"), ask());
    // The question that nobody has seen yet pauses nothing.
    assert_eq!(story.deadline(Resolution), "Fri 11 Dec 09:00");
    story.is_told(at("2026-11-27T15:30"), ReplyKind::Ask);
    assert_eq!(story.state(Resolution, at("2026-11-28T12:00")), State::Paused);
    // Friday's last hour, and Monday's first.
    story.says(at("2026-11-30T08:30"), Word::Reply);
    assert_eq!(story.deadline(Resolution), "Fri 11 Dec 11:00");
    assert_eq!(story.state(Resolution, at("2026-11-30T08:30")), State::Running);
}

/// A pause was not known (osTicket #3034, Chatwoot), or only one of several counted.
#[test]
fn two_pauses_put_off_by_both() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    story.does(at("2026-11-24T09:00"), ask());
    story.is_told(at("2026-11-24T10:00"), ReplyKind::Ask);
    story.says(at("2026-11-24T11:00"), Word::Reply);
    story.does(
        at("2026-11-24T14:00"),
        Deed::NotOurs { reason: "Jalan desa.".to_owned(), named: Some(agency("PEMKAB3316")) },
    );
    story.does(at("2026-11-25T08:00"), ask());
    story.is_told(at("2026-11-25T09:00"), ReplyKind::Ask);
    story.says(at("2026-11-25T11:00"), Word::Reply);
    assert_eq!(story.case.ticket.pauses.len(), 2);
    // 1 + 2 hours; of Friday's morning 2.5 are left at 9.
    assert_eq!(story.deadline(Resolution), "Fri 11 Dec 13:30");
}

/// A citizen who never answers would stop the clock for ever.
#[test]
fn a_pause_without_an_answer_ends() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    story.does(at("2026-11-24T09:00"), ask());
    story.is_told(at("2026-11-24T10:00"), ReplyKind::Ask);
    assert_eq!(story.state(Resolution, at("2026-11-27T09:29")), State::Paused);
    story.passes(at("2026-11-27T09:30"));
    story.passes(at("2026-11-27T10:00"));
    assert_eq!(story.state(Resolution, at("2026-11-27T10:00")), State::Running);
    assert_eq!(story.deadline(Resolution), "Wed 16 Dec 09:00");
}

/// A reopened ticket began anew and forgot how long the citizen waits (osTicket), or its ladder was spent.
#[test]
fn a_reopened_ticket_keeps_the_citizens_clock_and_climbs_its_ladder_anew() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    story.does(at("2026-11-24T09:00"), resolve());
    story.is_told(at("2026-11-24T09:00"), ReplyKind::Resolved);
    assert_eq!(story.state(Resolution, at("2026-11-24T09:00")), State::Met);
    story.says(at("2026-11-30T09:00"), Word::Reopen);
    assert_eq!(story.deadline(Resolution), "Fri 11 Dec 09:00");
    insta::assert_snapshot!(story.passes(at("2026-12-14T00:00")), @"
    Tue 08 Dec 10:30 Resolution reminder
    Fri 11 Dec 09:00 Resolution head
    ");
    // Resolved too late, and objected to after the promise was broken: from the objection, for nobody could climb it else.
    story.does(at("2026-12-14T09:00"), resolve());
    assert_eq!(story.state(Resolution, at("2026-12-14T09:00")), State::MetLate);
    story.says(at("2026-12-15T09:00"), Word::Reopen);
    let broken = story.standing(Resolution, at("2026-12-15T09:00"));
    assert_eq!((broken.state, broken.due_at), (State::Breached, at("2026-12-11T09:00")));
    insta::assert_snapshot!(story.passes(at("2027-03-01T00:00")), @"
    Wed 30 Dec 10:30 Resolution reminder
    Mon 04 Jan 09:00 Resolution head
    Wed 06 Jan 09:00 Resolution sekda
    Mon 11 Jan 09:00 Resolution gubernur
    ");
}

/// An escalation that crossed days was set to midnight (GLPI #22678).
#[test]
fn a_deadline_that_crosses_days_keeps_its_time_of_day() {
    let story = Story::of_complaint("2026-11-23T15:59");
    assert_eq!(story.deadline(Acknowledge), "Thu 26 Nov 15:59");
    // Over Friday, whose break lies and lasts otherwise: seven and a half hours each.
    assert_eq!(Story::of_complaint("2026-11-26T15:59").deadline(Acknowledge), "Tue 01 Dec 15:59");
    assert_eq!(Story::of_complaint("2026-11-27T11:45").deadline(Acknowledge), "Wed 02 Dec 11:30");
}

/// One opening a weekday (Chatwoot #14009), and lunch as a holiday (osTicket #6847).
#[test]
fn a_break_at_noon_is_no_working_time() {
    let mut story = Story::of_complaint("2026-11-24T11:30");
    assert_eq!(story.deadline(Acknowledge), "Fri 27 Nov 11:30");
    // A pause over noon is as long as the office time around it: 30 and 15 minutes.
    story.does(at("2026-11-24T11:30"), ask());
    story.is_told(at("2026-11-24T11:30"), ReplyKind::Ask);
    story.says(at("2026-11-24T13:15"), Word::Reply);
    assert_eq!(story.deadline(Resolution), "Mon 14 Dec 13:15");
}

/// A calendar that is edited later left tickets with stale times (Zammad: "SLA change makes statistics wrong").
#[test]
fn a_calendar_that_is_edited_later_moves_what_is_open() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    story.declare_holidays([date(2026, 11, 25)]);
    // Nobody is told at the stale time; the ticket learns its new one.
    assert_eq!(story.passes(at("2026-11-25T12:00")), "");
    assert_eq!(story.case.ticket.due.unwrap().at, at("2026-11-26T12:00"));
    // And back: at the next touch of the ticket.
    story.declare_holidays([]);
    story.does(at("2026-11-25T13:00"), Deed::Note { text: "Catatan.".to_owned() });
    insta::assert_snapshot!(story.passes(at("2026-11-26T10:00")), @"
    Wed 25 Nov 13:00 Acknowledge reminder
    Thu 26 Nov 09:00 Acknowledge head
    ");
}

/// Collective leave that is declared while tickets are open.
#[test]
fn a_holiday_in_the_middle_moves_deadlines_but_no_breach_that_was_told() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    insta::assert_snapshot!(story.passes(at("2026-11-26T12:00")), @"
    Wed 25 Nov 12:00 Acknowledge reminder
    Thu 26 Nov 09:00 Acknowledge head
    ");
    story.declare_holidays([date(2026, 11, 26)]);
    let told = story.standing(Acknowledge, at("2026-11-26T12:00"));
    assert_eq!((told.state, told.due_at), (State::Breached, at("2026-11-26T09:00")));
    // Acknowledged in time by the new calendar, and late by what was told.
    story.does(at("2026-11-26T13:00"), Deed::Accept);
    assert_eq!(story.state(Acknowledge, at("2026-11-26T13:00")), State::MetLate);
    // The other promise moves by a day.
    assert_eq!(story.standing(Resolution, at("2026-11-26T13:00")).due_at, at("2026-12-14T09:00"));
    assert_eq!(story.passes(at("2026-12-08T23:00")), "");
}

/// The same, and the citizen objects between the breach that was told and the deadline as it would be now.
#[test]
fn a_breach_that_was_told_is_broken_before_an_objection_too() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    story.does(at("2026-11-23T10:00"), Deed::Accept);
    story.passes(at("2026-12-11T09:00"));
    story.declare_holidays([date(2026, 12, 10)]);
    story.does(at("2026-12-11T10:00"), resolve());
    story.says(at("2026-12-11T11:00"), Word::Reopen);
    // From the objection, not with a second breach on Monday.
    assert_eq!(story.passes(at("2026-12-27T00:00")), "");
}

/// Handing a ticket on gave the citizen's clock back its whole time.
#[test]
fn reassignment_keeps_the_citizens_clock() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    story.does(at("2026-11-23T10:00"), Deed::Accept);
    let refusal = Deed::NotOurs { reason: "Jalan kabupaten.".to_owned(), named: Some(agency("PEMKAB3316")) };
    story.does(at("2026-11-25T10:00"), refusal);
    assert_eq!(story.case.ticket.holder, agency("PEMKAB3316"));
    // Whoever refused has not taken it on; the new holder has what is left of the time.
    assert_eq!(story.state(Acknowledge, at("2026-11-25T10:00")), State::Running);
    insta::assert_snapshot!(story.passes(at("2026-11-26T09:00")), @"
    Wed 25 Nov 12:00 Acknowledge reminder
    Thu 26 Nov 09:00 Acknowledge head
    ");
    assert_eq!(story.deadline(Resolution), "Fri 11 Dec 09:00");
}

/// The time of an update overruled the first response (Zammad #5177, open).
#[test]
fn an_update_does_not_hide_the_first_response() {
    let mut story = Story::new(law_with_first_response(), decision("DINKES"), at("2026-11-23T09:00"));
    story.does(at("2026-11-23T10:00"), Deed::Accept);
    story.does(at("2026-11-24T10:00"), Deed::Start);
    story.does(at("2026-11-25T10:00"), Deed::Note { text: "Catatan.".to_owned() });
    story.says(at("2026-11-26T10:00"), Word::Reply);
    story.is_told(at("2026-11-26T10:00"), ReplyKind::Receipt);
    insta::assert_snapshot!(story.passes(at("2026-11-30T09:00")), @"
    Fri 27 Nov 09:00 FirstResponse reminder
    Mon 30 Nov 09:00 FirstResponse head
    ");
    story.does(at("2026-11-30T10:00"), Deed::Respond { text: "Kami jadwalkan.".to_owned() });
    assert_eq!(story.state(FirstResponse, at("2026-12-30T10:00")), State::MetLate);
}

/// Reminders came at midnight (Zammad #4432).
#[test]
fn nobody_is_reminded_at_midnight() {
    let mut story = Story::of_complaint("2026-11-23T09:00");
    // The system was out from Wednesday morning to Thursday, one minute after midnight.
    let terms = story.law.terms();
    let midnight = at("2026-11-26T00:01");
    let change = crate::lifecycle::take_due_step(&story.case, terms, midnight).unwrap();
    assert!(change.events.is_empty());
    story.case = change.applied_to(story.case.events);
    insta::assert_snapshot!(story.passes(at("2026-11-26T09:00")), @"
    Thu 26 Nov 06:00 Acknowledge reminder
    Thu 26 Nov 09:00 Acknowledge head
    ");
}

/// Danger does not wait for the morning.
#[test]
fn an_emergency_rings_at_midnight() {
    let danger = Decision { urgency: Urgency::Emergency, ..decision("DINKES") };
    let mut story = Story::new(Law::sample(), danger, at("2026-11-22T00:00"));
    insta::assert_snapshot!(story.passes(at("2026-11-23T09:00")), @"
    Sun 22 Nov 00:05 Acknowledge ring
    Sun 22 Nov 00:15 Acknowledge head
    ");
}

/// A quiet ladder of the same ticket must not hold a loud one back.
#[test]
fn what_waits_for_the_morning_holds_no_emergency_back() {
    let mut law = Law::sample();
    let promise = Promise { within: Span::Minutes(5), ladder: "short".to_owned(), source: "test".to_owned() };
    law.policies.current.classes.get_mut(&Class::Emergency).unwrap().insert(Resolution, promise);
    let danger = Decision { urgency: Urgency::Emergency, ..decision("DINKES") };
    let mut story = Story::new(law, danger, at("2026-11-22T00:00"));
    insta::assert_snapshot!(story.passes(at("2026-11-23T09:00")), @"
    Sun 22 Nov 00:05 Acknowledge ring
    Sun 22 Nov 00:15 Acknowledge head
    Sun 22 Nov 06:00 Resolution reminder
    Sun 22 Nov 06:00 Resolution head
    ");
}

/// A warning came by calendar time, or never (Zammad #2579: `close_in_min` stays nil).
#[test]
fn the_warning_before_a_breach_comes_in_working_time() {
    // Four fifths of three days are 2 days and 3 hours, over a weekend.
    let mut story = Story::of_complaint("2026-11-26T15:00");
    insta::assert_snapshot!(story.passes(at("2026-12-01T15:00")), @"
    Tue 01 Dec 09:30 Acknowledge reminder
    Tue 01 Dec 15:00 Acknowledge head
    ");
}

/// Counters of tickets that had ended went on (osTicket #1684).
#[test]
fn a_ticket_that_has_ended_breaks_no_promise_later() {
    let mut story = Story::new(Law::sample(), decision("TRIAGE"), at("2026-11-23T09:00"));
    story.does(at("2026-11-24T09:00"), Deed::Reject { reason: "Bukan laporan.".to_owned() });
    assert_eq!(story.state(Acknowledge, at("2026-11-24T09:00")), State::Ended);
    assert_eq!(story.state(Acknowledge, at("2027-01-24T09:00")), State::Ended);
}
