//! The clocks of a ticket with 50 events, under the shipped pack: what comes next, and how each clock stands (to stay under
//! 20 µs together, they are part of every change of a ticket).

use std::path::Path;

use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_domain::ReplyKind;
use kemala_domain::lifecycle::{self, Case, Deed};
use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{decision, monday, post, voice};

fn main() {
    divan::main();
}

const EVENTS: usize = 50;

/// A complaint that two agencies have asked about, with more voices, and time that has passed: 50 events in four weeks.
fn long_life(pack: &Jurisdiction) -> (Case, Timestamp) {
    let terms = pack.terms();
    let bodies = pack.bodies(pack.calendar.local(monday()).date());
    let opening = voice(VoiceRole::Opening, "100");
    let id = kemala_domain::TicketId::of_post(&pack.ticket_prefix, &opening.report.first_post, 0);
    let mut case = lifecycle::open(id, "jateng", decision("DINKES"), opening, terms, monday()).applied_to(vec![]);
    let mut now = monday();
    let mut n = 0;
    while case.events.len() < EVENTS {
        now += SignedDuration::from_hours(13);
        n += 1;
        let holder = case.ticket.holder.clone();
        let text = || "teks".to_owned();
        let does = |deed| lifecycle::act(&case, &holder, deed, &bodies, terms, now).ok();
        let change = match n % 10 {
            1 => does(Deed::AskCitizen { text: text() }),
            2 => Some(lifecycle::reply_sent(&case, ReplyKind::Ask, post("100"), post("900"), terms, now)),
            4 if n == 4 => does(Deed::NotOurs { reason: text(), named: "DINSOS".parse().ok() }),
            7 => lifecycle::take_due_step(&case, terms, now),
            9 => does(Deed::Note { text: text() }),
            _ => Some(lifecycle::add_voice(&case, voice(VoiceRole::Reply, &n.to_string()), terms, now)),
        };
        if let Some(change) = change {
            case = change.applied_to(case.events);
        }
    }
    (case, now)
}

fn pack() -> Jurisdiction {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng");
    Jurisdiction::load(&dir).expect("the shipped pack is sound")
}

#[divan::bench]
fn next_due_and_standing_of_50_events(bencher: Bencher<'_, '_>) {
    let pack = pack();
    let (case, now) = long_life(&pack);
    assert!(case.events.len() >= EVENTS && case.ticket.pauses.len() >= 2 && case.ticket.due.is_some());
    let terms = pack.terms();
    bencher.bench(|| {
        let case = black_box(&case);
        let due = terms.next_due(&case.ticket, &case.events);
        let standing = terms.standing(&case.ticket, &case.events, black_box(now));
        (due, standing)
    });
}
