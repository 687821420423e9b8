//! Tickets between agencies and citizens, as the parties would tell it: what happened when, what the ticket is then,
//! and who hears of it.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::event::{EventBody, ReplyFailure, ReplyKind};
use crate::hold::hold_times;
use crate::report::VoiceRole;
use crate::samples::{Law, agency, bodies, decision, hearers, monday, opened, post, voice};
use crate::ticket::Status;

/// A ticket that is played through, and the log of it.
struct Play {
    law: Law,
    case: Case,
    now: Timestamp,
    posts: u32,
    log: String,
}

impl Play {
    fn of(case: Case) -> Self {
        Self { law: Law::sample(), case, now: monday(), posts: 200, log: String::new() }
    }

    fn wait(&mut self, hours: i64) -> &mut Self {
        self.now += SignedDuration::from_hours(hours);
        self
    }

    fn apply(&mut self, change: Change) -> &mut Self {
        for event in &change.events {
            let to = hearers(event);
            let at = self.law.calendar.local(event.at).strftime("%a %d %R");
            self.log += &format!("{at} {} ({:?}) -> {}\n", event.body.name(), change.ticket.status, to.join(", "));
        }
        self.case = change.applied_to(std::mem::take(&mut self.case.events));
        self
    }

    fn deed(&mut self, by: &str, deed: Deed) -> &mut Self {
        let change = act(&self.case, &agency(by), deed, &bodies(), self.law.terms(), self.now).unwrap();
        self.apply(change)
    }

    fn refused(&self, by: &str, deed: Deed) -> String {
        act(&self.case, &agency(by), deed, &bodies(), self.law.terms(), self.now).unwrap_err().to_string()
    }

    fn sent(&mut self, kind: ReplyKind) -> &mut Self {
        self.posts += 1;
        let ours = post(&format!("9{}", self.posts));
        let change = reply_sent(&self.case, kind, post("100"), ours, self.law.terms(), self.now);
        self.apply(change)
    }

    fn failed(&mut self, kind: ReplyKind) -> &mut Self {
        let why = ReplyFailure::Unreachable;
        let change = reply_failed(&self.case, kind, post("100"), why, self.law.terms(), self.now);
        self.apply(change)
    }

    fn said(&mut self, what: fn(&Case, crate::Voice, crate::clocks::Terms<'_>, Timestamp) -> Change) -> &mut Self {
        self.posts += 1;
        let said = voice(VoiceRole::Reply, &self.posts.to_string());
        let change = what(&self.case, said, self.law.terms(), self.now);
        self.apply(change)
    }

    /// Time passes, looked at every hour.
    fn pass(&mut self, days: i64) -> &mut Self {
        for _ in 0..days * 24 {
            self.wait(1);
            while let Some(change) = take_due_step(&self.case, self.law.terms(), self.now) {
                self.apply(change);
            }
        }
        self
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn asks() -> Deed {
    Deed::AskCitizen { text: text("Mohon info nomor tiang yang padam") }
}

fn resolves() -> Deed {
    Deed::Resolve { text: text("Lampu sudah diganti"), photo: None, shown_for: None }
}

fn refuses(named: Option<&str>) -> Deed {
    Deed::NotOurs { reason: text("jalan kabupaten"), named: named.map(agency) }
}

#[test]
fn a_ticket_is_worked_to_its_end() {
    let mut play = Play::of(opened("DINKES"));
    play.sent(ReplyKind::Receipt).wait(1).deed("DINKES", Deed::Accept).deed("DINKES", Deed::Start);
    play.deed("DINKES", Deed::Respond { text: text("Petugas menuju lokasi") });
    play.wait(1).deed("DINKES", resolves()).sent(ReplyKind::Resolved).wait(1).said(confirm);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 reply_sent (Assigned) -> 
    Mon 23 10:00 accepted (Accepted) -> 
    Mon 23 10:00 started (InProgress) -> 
    Mon 23 10:00 responded (InProgress) -> citizens
    Mon 23 11:00 resolved (Resolved) -> citizens
    Mon 23 11:00 reply_sent (Resolved) -> 
    Mon 23 12:00 confirmed (Closed) -> skpd:DINKES
    ");
    assert_eq!(play.case.ticket.due, None);
}

#[test]
fn a_question_stops_the_promise_until_the_answer() {
    let mut play = Play::of(opened("DINKES"));
    let before = play.law.terms().deadline(&play.case.ticket, crate::clocks::Clock::Resolution).unwrap();
    play.deed("DINKES", Deed::Accept).wait(2).deed("DINKES", asks()).wait(22).sent(ReplyKind::Ask);
    play.wait(26).said(add_voice);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 accepted (Accepted) -> 
    Mon 23 11:00 citizen_asked (WaitingCitizen) -> citizens
    Tue 24 09:00 reply_sent (WaitingCitizen) -> 
    Wed 25 11:00 citizen_replied (InProgress) -> skpd:DINKES
    ");
    let after = play.law.terms().deadline(&play.case.ticket, crate::clocks::Clock::Resolution).unwrap();
    // Tuesday from 09:00 and Wednesday until 11:00, of office hours.
    assert_eq!(play.law.calendar.working_time(before, after), SignedDuration::from_mins(570));
    assert_eq!(play.refused("DINKES", asks()), "DINKES has asked the citizen before; an agency asks once");
}

#[test]
fn an_answer_is_waited_for_three_working_days() {
    let mut play = Play::of(opened("DINKES"));
    play.deed("DINKES", asks()).wait(24).sent(ReplyKind::Ask).pass(7);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 citizen_asked (WaitingCitizen) -> citizens
    Tue 24 09:00 reply_sent (WaitingCitizen) -> 
    Fri 27 09:00 answer_overdue (InProgress) -> skpd:DINKES
    ");
}

#[test]
fn who_cannot_be_asked_is_not_waited_for() {
    let mut play = Play::of(opened("DINKES"));
    play.deed("DINKES", asks()).failed(ReplyKind::Ask);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 citizen_asked (WaitingCitizen) -> citizens
    Mon 23 09:00 reply_failed (InProgress) -> skpd:DINKES
    ");
    assert!(play.case.ticket.unreachable && play.case.ticket.pauses.is_empty());
    let refused = Play::of(play.case).refused("DINKES", asks());
    assert_eq!(refused, "who reported this cannot be asked; act on what is there");
}

#[test]
fn silence_closes_ten_working_days_after_the_post() {
    let mut play = Play::of(opened("DINKES"));
    play.deed("DINKES", resolves()).wait(24).sent(ReplyKind::Resolved).pass(20);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 resolved (Resolved) -> citizens
    Tue 24 09:00 reply_sent (Resolved) -> 
    Tue 08 09:00 closed (Closed) -> skpd:DINKES
    ");
    let mut untold = Play::of(opened("DINKES"));
    untold.deed("DINKES", resolves()).failed(ReplyKind::Resolved).pass(20);
    assert_eq!(untold.case.events.last().unwrap().body, EventBody::Closed { told: false });
}

#[test]
fn an_objection_gives_it_back_and_the_ladder_starts_anew() {
    let mut play = Play::of(opened("DINKES"));
    play.pass(19).deed("DINKES", resolves()).sent(ReplyKind::Resolved).pass(30).said(reopen).pass(2);
    insta::assert_snapshot!(play.log, @"
    Wed 25 12:00 clock_step (Assigned) -> skpd:DINKES
    Thu 26 09:00 clock_step (Assigned) -> skpd:DINKES, people
    Tue 08 11:00 clock_step (Assigned) -> skpd:DINKES
    Fri 11 09:00 clock_step (Assigned) -> skpd:DINKES, people
    Sat 12 09:00 resolved (Resolved) -> citizens
    Sat 12 09:00 reply_sent (Resolved) -> 
    Fri 25 17:00 closed (Closed) -> skpd:DINKES
    Mon 11 09:00 reopened (Reopened) -> skpd:DINKES, citizens
    ");
    assert_eq!(play.case.ticket.status, Status::Reopened);
    play.deed("DINKES", Deed::Accept);
}

#[test]
fn sudah_means_nothing_where_nothing_was_resolved() {
    let mut play = Play::of(opened("DINKES"));
    play.said(confirm).said(reopen);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 citizen_replied (Assigned) -> skpd:DINKES
    Mon 23 09:00 citizen_replied (Assigned) -> skpd:DINKES
    ");
}

#[test]
fn a_wrong_addressee_costs_the_citizen_nothing() {
    let mut play = Play::of(opened("DINKES"));
    play.sent(ReplyKind::Receipt).wait(24).deed("DINKES", refuses(Some("DINSOS")));
    // The one who comes next by the decision; then people decide.
    play.wait(24).deed("DINSOS", refuses(None)).wait(24).deed("DPUBMCK", refuses(Some("PEMKAB3316")));
    play.wait(5).deed("TRIAGE", Deed::Assign { to: agency("PEMKAB3316") });
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 reply_sent (Assigned) -> 
    Tue 24 09:00 refused (Assigned) -> 
    Tue 24 09:00 reassigned (Assigned) -> skpd:DINKES, skpd:DINSOS, citizens
    Wed 25 09:00 refused (Assigned) -> 
    Wed 25 09:00 reassigned (Assigned) -> skpd:DINSOS, skpd:DPUBMCK, citizens
    Thu 26 09:00 refused (Triage) -> 
    Thu 26 09:00 reassigned (Triage) -> skpd:DPUBMCK, skpd:TRIAGE
    Thu 26 14:00 reassigned (Assigned) -> skpd:PEMKAB3316, skpd:TRIAGE, citizens
    ");
    assert_eq!(play.case.ticket.opened_at, monday());
    let held: Vec<String> = hold_times(&play.case.events, play.now)
        .iter()
        .map(|(agency, time)| format!("{agency} {}", time.as_hours()))
        .collect();
    assert_eq!(held, ["DINKES 24", "DINSOS 24", "DPUBMCK 24", "PEMKAB3316 0", "TRIAGE 5"]);
    let total = hold_times(&play.case.events, play.now).into_values().fold(SignedDuration::ZERO, |a, b| a + b);
    assert_eq!(total, play.now.duration_since(play.case.ticket.opened_at));
}

#[test]
fn who_has_no_queue_or_has_refused_is_a_matter_for_people() {
    for named in ["DINPORA", "DINKES"] {
        let mut play = Play::of(opened("DINKES"));
        play.deed("DINKES", refuses(Some("DINSOS"))).deed("DINSOS", refuses(Some(named)));
        assert_eq!(play.case.ticket.status, Status::Triage, "{named}");
        assert_eq!(play.case.ticket.decision.likely, Some(agency(named)));
    }
}

#[test]
fn accusations_stay_with_the_inspectorate() {
    let mut case = opened("INSPEKTORAT");
    case.ticket.decision.supervisory = true;
    let mut play = Play::of(case);
    play.deed("INSPEKTORAT", refuses(Some("DINSOS")));
    assert_eq!(play.case.ticket.status, Status::Triage);
    let refused = play.refused("TRIAGE", Deed::Assign { to: agency("DINSOS") });
    assert_eq!(refused, "officials are accused: only INSPEKTORAT may have the ticket");
    play.deed("TRIAGE", Deed::Assign { to: agency("INSPEKTORAT") });
}

#[test]
fn a_place_moves_the_ticket_and_completes_it() {
    let mut case = opened("DINKES");
    case.ticket.decision.needs_location = true;
    let mut play = Play::of(case);
    play.sent(ReplyKind::AskPlace).wait(3);
    let said = voice(VoiceRole::Reply, "201");
    let change = place(&play.case, said, decision("PEMKAB3317"), play.law.terms(), play.now);
    play.apply(change).pass(1);
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 reply_sent (Assigned) -> 
    Mon 23 12:00 placed (Assigned) -> 
    Mon 23 12:00 reassigned (Assigned) -> skpd:DINKES, skpd:PEMKAB3317, citizens
    ");
    assert!(!play.case.ticket.decision.needs_location);
}

#[test]
fn a_place_that_is_not_given_is_looked_for_by_people() {
    let mut case = opened("DINKES");
    case.ticket.decision.needs_location = true;
    let mut play = Play::of(case.clone());
    play.wait(1).sent(ReplyKind::AskPlace).pass(2);
    insta::assert_snapshot!(play.log, @"
    Mon 23 10:00 reply_sent (Assigned) -> 
    Wed 25 10:00 place_overdue (Triage) -> 
    Wed 25 10:00 reassigned (Triage) -> skpd:DINKES, skpd:TRIAGE
    ");
    assert_eq!(play.case.ticket.decision.likely, Some(agency("DINKES")));
    let change = place(&play.case, voice(VoiceRole::Reply, "201"), decision("PEMKAB3317"), play.law.terms(), play.now);
    assert_eq!((change.ticket.status, change.ticket.holder), (Status::Assigned, agency("PEMKAB3317")));
    // Who has accepted it keeps it.
    let mut accepted = Play::of(case);
    accepted.sent(ReplyKind::AskPlace).deed("DINKES", Deed::Accept).pass(3);
    assert_eq!(accepted.case.ticket.holder, agency("DINKES"));
}

#[test]
fn what_was_once_an_accusation_stays_out_of_sight() {
    let mut play = Play::of(opened("TRIAGE"));
    let accusation = Decision { supervisory: true, ..decision("TRIAGE") };
    play.deed("TRIAGE", Deed::Correct { decision: Box::new(accusation) });
    play.deed("TRIAGE", Deed::Correct { decision: Box::new(decision("DINSOS")) });
    assert!(!play.case.ticket.decision.supervisory && !crate::public::is_public(&play.case.ticket));
}

#[test]
fn what_people_decided_no_text_undoes() {
    let mut play = Play::of(opened("TRIAGE"));
    play.deed("TRIAGE", Deed::Correct { decision: Box::new(decision("DINSOS")) });
    play.deed("TRIAGE", Deed::Assign { to: agency("DPUBMCK") });
    let edited = crate::samples::edited(VoiceRole::Opening, "100", 1);
    let change = edit(&play.case, edited, decision("PEMKAB3317"), play.law.terms(), play.now);
    assert_eq!((&change.ticket.holder, &change.ticket.decision), (&agency("DPUBMCK"), &decision("DINSOS")));
}

#[test]
fn a_photo_seen_before_is_shown_to_the_desk() {
    let mut play = Play::of(opened("DINKES"));
    let photo = Some(text("https://example.go.id/1.jpg"));
    play.deed("DINKES", Deed::Resolve { text: text("Selesai"), photo, shown_for: Some(opened("DINKES").ticket.id) });
    insta::assert_snapshot!(play.log, @"
    Mon 23 09:00 resolved (Resolved) -> citizens
    Mon 23 09:00 photo_reused (Resolved) -> skpd:TRIAGE
    ");
}

#[test]
fn a_wish_to_be_forgotten_leaves_what_others_said() {
    let mut play = Play::of(opened("DINKES"));
    let asks = |play: &Play| {
        let theirs = vec![(post("100"), VoiceRole::Opening)];
        withdraw(&play.case, voice(VoiceRole::Reply, "300"), theirs, play.law.terms(), play.now)
    };
    let alone = asks(&play);
    assert_eq!(alone.ticket.status, Status::Withdrawn);
    assert!(matches!(alone.voices.as_slice(), [VoiceChange::Hear(_), VoiceChange::Erase(_)]));
    let other = voice(VoiceRole::SameIncident, "101");
    let change = join_report(&play.case, other, &decision("DINKES"), play.law.terms(), play.now);
    play.apply(change);
    assert_eq!(asks(&play).ticket.status, Status::Assigned);
}

#[test]
fn nothing_is_posted_about_a_quiet_ticket() {
    let mut case = opened("DINKES");
    case.ticket.quiet = true;
    let mut play = Play::of(case);
    play.said(ask_status).deed("DINKES", resolves());
    assert!(!play.log.contains("citizens"), "{}", play.log);
    assert_eq!(play.refused("DINKES", asks()), "ask_citizen is not possible while the ticket is Resolved");
}

#[test]
fn a_desk_joins_and_takes_out_again() {
    let (into, mut from) = (opened("DINKES"), opened("TRIAGE"));
    from.ticket.id = crate::TicketId::of_post(&"KJ".parse().unwrap(), &post("500"), 0);
    (from.ticket.origin, from.ticket.voices) = (post("500"), 2);
    let (desk, law) = (agency("TRIAGE"), Law::sample());
    let refused = desk_join(&into, &from, &agency("DINKES"), &bodies(), law.terms(), monday()).unwrap_err();
    assert_eq!(refused, Refused::ForDesks(Action::Join));
    assert!(desk_join(&into, &into, &desk, &bodies(), law.terms(), monday()).is_err());
    let Join { into: taken, from: gone, .. } =
        desk_join(&into, &from, &desk, &bodies(), law.terms(), monday()).unwrap();
    assert_eq!((taken.ticket.voices, gone.ticket.status), (3, Status::Joined));
    let (taken, gone) = (taken.applied_to(into.events), gone.applied_to(from.events));
    let Unjoin { into: rest, from: alone, posts } =
        unjoin(&taken, &gone, &desk, &bodies(), law.terms(), monday()).unwrap();
    assert_eq!((rest.ticket.voices, alone.ticket.status, alone.ticket.joined_to), (1, Status::Triage, None));
    assert_eq!(posts, [post("500")]);
    assert!(alone.ticket.due.is_some());
}
