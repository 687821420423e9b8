//! Who is answered, and that nothing is ever posted twice.

use proptest::prelude::*;

use super::*;
use crate::samples::*;

fn rules() -> Rules {
    Rules { answer_hashtag_only: false, most_reporters: 3, most_to_one: 6, most_per_day: 100 }
}

fn by(author: &str, mut voice: Voice, addressed: Addressed) -> Voice {
    voice.report.author.id = author.to_owned();
    voice.report.addressed = addressed;
    voice
}

/// A ticket with these voices, at this event.
fn ordered(body: EventBody, voices: &[Voice], rules: &Rules) -> Vec<(String, String)> {
    let case = opened("DINKES", monday());
    ordered_in(&case, body, voices, rules)
}

fn ordered_in(case: &Case, body: EventBody, voices: &[Voice], rules: &Rules) -> Vec<(String, String)> {
    let actor = crate::event::Actor::Clock;
    let event = Event {
        ticket: case.ticket.id.clone(),
        seq: 7,
        at: monday(),
        actor,
        body,
        undelivered: Default::default(),
        filed: None,
    };
    orders(&event, case, voices, rules).into_iter().map(|order| (order.id.to_string(), order.to.to_string())).collect()
}

fn opened(agency: &str, at: Timestamp) -> Case {
    let law = Law::sample();
    let change = crate::lifecycle::open(
        "KJ-45RQ0X8XD".parse().unwrap(),
        "test",
        decision(agency),
        voice(VoiceRole::Opening, "1"),
        law.terms(),
        at,
    );
    change.applied_to(Vec::new())
}

fn answered() -> EventBody {
    EventBody::Responded { text: "Sudah kami cek".to_owned() }
}

#[test]
fn only_who_has_spoken_to_us_is_answered() {
    let body = || EventBody::Opened { decision: Box::new(decision("DINKES")) };
    let hashtag = [by("16", voice(VoiceRole::Opening, "1"), Addressed::Hashtag)];
    assert_eq!(ordered(body(), &hashtag, &rules()), []);
    let allowed = Rules { answer_hashtag_only: true, ..rules() };
    let receipt = ("x#1#receipt".to_owned(), "x#1".to_owned());
    assert_eq!(ordered(body(), &hashtag, &allowed), std::slice::from_ref(&receipt));
    let mention = [by("16", voice(VoiceRole::Opening, "1"), Addressed::Mention)];
    assert_eq!(ordered(body(), &mention, &rules()), [receipt]);
    // Who wrote the hashtag and later spoke to us is answered there.
    let later = [hashtag[0].clone(), by("16", voice(VoiceRole::Reply, "5"), Addressed::Reply)];
    assert_eq!(ordered(answered(), &later, &rules()), [("x#5#answer-7".to_owned(), "x#5".to_owned())]);
}

#[test]
fn nobody_is_answered_where_no_answer_is_taken() {
    let mut from_app = by("app/1", voice(VoiceRole::Opening, "1"), Addressed::Mention);
    from_app.report.post = PostKey::open311(&"a".repeat(32)).unwrap();
    from_app.report.first_post = from_app.report.post.clone();
    let law = Law::sample();
    let id = "KJ-45RQ0X8XD".parse().unwrap();
    let change = crate::lifecycle::open(id, "test", decision("DINKES"), from_app.clone(), law.terms(), monday());
    assert!(change.ticket.unreachable, "an agency's question would reach nobody");
    let case = change.applied_to(Vec::new());
    for body in [EventBody::Opened { decision: Box::new(decision("DINKES")) }, answered()] {
        assert_eq!(ordered_in(&case, body, std::slice::from_ref(&from_app), &rules()), []);
    }
}

#[test]
fn every_reporter_hears_the_answer_once_up_to_a_limit() {
    let mention = |author, role, id| by(author, voice(role, id), Addressed::Mention);
    let voices = [
        mention("a", VoiceRole::Opening, "1"),
        mention("b", VoiceRole::SameIncident, "2"),
        mention("b", VoiceRole::SameIncident, "3"),
        mention("c", VoiceRole::Repost, "4"),
        mention("d", VoiceRole::Copy, "5"),
        mention("e", VoiceRole::Quote, "6"),
        mention("f", VoiceRole::SameIncident, "7"),
        mention("g", VoiceRole::SameIncident, "8"),
    ];
    let to = |body| ordered(body, &voices, &rules()).into_iter().map(|(_, to)| to).collect::<Vec<_>>();
    assert_eq!(to(answered()), ["x#1", "x#2", "x#7"]);
    assert_eq!(to(EventBody::CitizenAsked { text: String::new() }), ["x#1"]);
    assert_eq!(to(EventBody::VoiceAdded { post: post("3") }), ["x#3"]);
    assert_eq!(to(EventBody::VoiceAdded { post: post("4") }), [] as [&str; 0]);
    assert_eq!(to(EventBody::StatusAsked { post: post("6") }), ["x#6"]);
    assert_eq!(to(EventBody::Accepted), [] as [&str; 0]);
}

#[test]
fn stop_and_quiet_and_enough_are_obeyed() {
    let voices = [by("16", voice(VoiceRole::Opening, "1"), Addressed::Mention)];
    let law = Law::sample();
    let case = opened("DINKES", monday());
    let stopped =
        crate::lifecycle::stop(&case, by("16", voice(VoiceRole::Reply, "9"), Addressed::Reply), law.terms(), monday());
    let stopped = stopped.applied_to(case.events.clone());
    let with_stop = [voices[0].clone(), by("16", voice(VoiceRole::Reply, "9"), Addressed::Reply)];
    assert_eq!(ordered_in(&stopped, answered(), &with_stop, &rules()), []);
    // Another's word does not stop it.
    let by_other = [voices[0].clone(), by("17", voice(VoiceRole::Reply, "9"), Addressed::Reply)];
    assert_eq!(ordered_in(&stopped, answered(), &by_other, &rules()).len(), 1);

    let mut quiet = case.clone();
    quiet.ticket.quiet = true;
    assert_eq!(ordered_in(&quiet, answered(), &voices, &rules()), []);

    let mut enough = case;
    for n in 0..6 {
        let sent = crate::lifecycle::reply_sent(
            &enough,
            ReplyKind::Answer,
            post("1"),
            post(&format!("9{n}")),
            law.terms(),
            monday(),
        );
        enough = sent.applied_to(enough.events);
    }
    assert_eq!(ordered_in(&enough, answered(), &voices, &rules()), []);
    assert_eq!(ordered_in(&enough, EventBody::StatusAsked { post: post("1") }, &voices, &rules()).len(), 1);
}

#[test]
fn ids_are_read_as_they_are_written() {
    for id in [ReplyId::new(post("12"), ReplyKind::AskPlace, 1), ReplyId::new(post("12"), ReplyKind::HandedOn, 42)] {
        assert_eq!(id.to_string().parse::<ReplyId>().unwrap(), id);
    }
    assert_eq!(ReplyId::new(post("12"), ReplyKind::HandedOn, 42).to_string(), "x#12#handed_on-42");
    for text in ["", "x#12", "x#12#", "y#12#receipt", "x#12#Receipt", "receipt"] {
        assert!(text.parse::<ReplyId>().is_err(), "{text}");
    }
}

fn ordered_reply() -> Reply {
    let order = Order {
        id: ReplyId::new(post("1"), ReplyKind::Receipt, 1),
        kind: ReplyKind::Receipt,
        to: post("1"),
        is_urgent: false,
    };
    Reply::new(order, "KJ-45RQ0X8XD".parse().unwrap(), 1, monday())
}

/// What the platform does with a call, and what the caller hears of it.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Fine,
    FailsBefore,
    FailsAfter,
    Limited,
    NotAllowed,
    /// The function is killed before it can write down what came of the call.
    KilledBefore,
    KilledAfter,
    TimelineDown,
    /// The timeline does not show the newest posts yet.
    TimelineLags,
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    use Fault::*;
    let any = prop_oneof![
        3 => Just(Fine), 1 => Just(FailsBefore), 1 => Just(FailsAfter), 1 => Just(Limited), 1 => Just(NotAllowed),
        1 => Just(KilledBefore), 1 => Just(KilledAfter), 1 => Just(TimelineDown), 1 => Just(TimelineLags)
    ];
    proptest::collection::vec(any, 1..20)
}

proptest! {
    /// Whatever fails, and whenever a function looks at the row: at most one post, and an end within a quarter of an hour
    /// of the first look after it.
    #[test]
    fn at_most_one_post_comes_of_a_row(faults in faults(), waits in proptest::collection::vec(1i64..200, 40)) {
        let mut reply = ordered_reply();
        let mut now = monday();
        let mut posted: Vec<PostKey> = Vec::new();
        let mut faults = faults.into_iter();
        for wait in waits {
            now = now.checked_add(SignedDuration::from_secs(wait)).unwrap();
            let fault = faults.next().unwrap_or(Fault::Fine);
            let outcome = match reply.step(now) {
                Step::Nothing => break,
                Step::GiveUp => Outcome::NotBefore(Timestamp::MAX),
                Step::NotBefore(at) => { prop_assert!(at > now); continue }
                Step::Post => {
                    reply = reply.claimed("KJ-45RQ0X8XD: terima kasih".to_owned(), now);
                    let effect = !matches!(fault, Fault::FailsBefore | Fault::Limited | Fault::NotAllowed | Fault::KilledBefore);
                    if effect {
                        posted.push(post("77"));
                    }
                    match fault {
                        Fault::KilledBefore | Fault::KilledAfter => continue,
                        Fault::Limited => Outcome::NotBefore(now.checked_add(SignedDuration::from_secs(100)).unwrap()),
                        Fault::NotAllowed => Outcome::NotAllowed,
                        Fault::FailsBefore | Fault::FailsAfter => Outcome::Unknown,
                        _ => Outcome::Posted(post("77")),
                    }
                }
                Step::LookFor => match (fault, posted.first()) {
                    (Fault::TimelineDown, _) => Outcome::NotAsked,
                    (Fault::TimelineLags, _) | (_, None) => Outcome::NotFound,
                    (_, Some(post)) => Outcome::Found(post.clone()),
                },
            };
            reply = reply.after(outcome, now);
            let is_known = matches!(reply.state, ReplyState::Sent { .. });
            prop_assert!(!is_known || posted.len() == 1);
        }
        prop_assert!(posted.len() <= 1, "{posted:?}");
        if reply.step(now) != Step::Nothing {
            // One more look after the quarter of an hour ends it.
            let late = reply.ordered_at.checked_add(SignedDuration::from_mins(40)).unwrap().max(now);
            let ended = reply.after(Outcome::NotAsked, late);
            prop_assert_eq!(ended.step(late), Step::Nothing);
            let ended = reply.after(Outcome::NotBefore(late.checked_add(SignedDuration::from_secs(1)).unwrap()), late);
            prop_assert_eq!(ended.step(late), Step::Nothing);
        }
    }
}

#[test]
fn a_duplicate_that_is_not_shown_counts_as_sent() {
    let at = |minute: i64| monday().checked_add(SignedDuration::from_mins(minute)).unwrap();
    let claimed = ordered_reply().claimed("text".to_owned(), at(0));
    let unknown = claimed.after(Outcome::Duplicate, at(0));
    assert_eq!(unknown.step(at(0)), Step::NotBefore(at(1)));
    let looked = unknown.after(Outcome::NotFound, at(1)).after(Outcome::NotFound, at(2));
    assert_eq!(looked.state, ReplyState::Sent { post: None, at: at(2) });
    let lost = claimed.after(Outcome::Unknown, at(0)).after(Outcome::NotFound, at(1)).after(Outcome::NotFound, at(2));
    assert_eq!(lost.state, ReplyState::Failed { why: ReplyFailure::Parked, at: at(2) });
}
