//! Each alarm in a case in which it must ring, and in one next to it in which it must not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use kemala_current_pack::OVERRIDES_REFUSED;
use kemala_domain::event::ReplyFailure;
use kemala_domain::reply::ReplyState;
use kemala_messages::quarantine::Reason;
use kemala_runtime::metrics::Metrics;
use kemala_store::outbox::Waiting;

use super::alarms::{Alarm, alarms};
use super::evaluate::State;
use super::series::{STACK, Series};
use ::webhook_intake::metrics::Ended;
use agency_updates::metrics as agency_updates;
use citizen_reply::metrics as citizen_reply;
use search_poll::metrics as search_poll;
use sla_escalation::metrics as sla_escalation;
use webhook_intake::metrics as webhook_intake;

/// 07:00 in Jakarta.
const MORNING: &str = "2026-11-23T00:00:00Z";

/// A stack that runs, minute by minute from [`MORNING`].
#[derive(Default)]
struct Story(Series);

fn minute(minute: i64) -> Timestamp {
    MORNING.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

impl Story {
    /// What the functions measure in a minute.
    fn at(mut self, number: i64, put: impl FnOnce(&Metrics)) -> Self {
        self.0.measure(minute(number), put);
        self
    }

    fn each(self, minutes: impl IntoIterator<Item = i64>, put: impl Fn(&Metrics, Timestamp)) -> Self {
        minutes.into_iter().fold(self, |story, number| story.at(number, |metrics| put(metrics, minute(number))))
    }

    /// Rounds are made in those minutes, and all is well.
    fn rounds(self, minutes: impl IntoIterator<Item = i64>) -> Self {
        self.each(minutes, |metrics, now| sla_escalation::waiting(metrics, &Waiting::default(), now))
    }

    /// Requests to the webhook that end like that.
    fn webhook(self, minutes: impl IntoIterator<Item = i64>, how: Ended) -> Self {
        self.each(minutes, |metrics, _| webhook_intake::ended(metrics, how))
    }

    /// A queue of the stack has that value in those minutes.
    fn queue(mut self, queue: &str, metric: &str, minutes: impl IntoIterator<Item = i64>, value: f64) -> Self {
        for number in minutes {
            self.0.of_aws("AWS/SQS", metric, ("QueueName", &format!("{STACK}-{queue}")), minute(number), value);
        }
        self
    }

    /// A function of the stack has that value in those minutes.
    fn function(mut self, function: &str, metric: &str, minutes: impl IntoIterator<Item = i64>, value: f64) -> Self {
        for number in minutes {
            let name = format!("{STACK}-{function}");
            self.0.of_aws("AWS/Lambda", metric, ("FunctionName", &name), minute(number), value);
        }
        self
    }
}

/// An alarm at the end of a story: after so many minutes.
struct Case {
    alarm: &'static str,
    why: &'static str,
    story: Story,
    after: i64,
    state: State,
}

fn case(alarm: &'static str, state: State, why: &'static str, after: i64, story: Story) -> Case {
    Case { alarm, why, story, after, state }
}

fn waiting(age: i64, parked_events: u32) -> impl Fn(&Metrics, Timestamp) {
    move |metrics, now| {
        let oldest = (age > 0).then(|| now - SignedDuration::from_secs(age));
        let waiting = Waiting { events: u32::from(age > 0), oldest, parked_events };
        sla_escalation::waiting(metrics, &waiting, now);
    }
}

fn reply(state: ReplyState) -> impl FnOnce(&Metrics) {
    move |metrics| citizen_reply::ended(metrics, &state)
}

fn failed(why: ReplyFailure) -> ReplyState {
    ReplyState::Failed { why, at: minute(0) }
}

fn steps(breaches: u32, silent: u32) -> impl Fn(&Metrics) {
    move |metrics| sla_escalation::escalated(metrics, &BTreeMap::from([("head".to_owned(), 7)]), breaches, silent)
}

fn cases() -> Vec<Case> {
    use State::{Alarm, Ok, Unchanged};
    let new = Story::default;
    let mut cases = vec![
        case(
            "undelivered-events",
            Alarm,
            "61 seconds old for three minutes",
            5,
            new().rounds(0..2).each(2..5, waiting(61, 0)),
        ),
        case("undelivered-events", Ok, "a minute old", 5, new().each(0..5, waiting(60, 0))),
        case("undelivered-events", Ok, "two of five", 6, new().rounds(1..4).each([0, 4, 5], waiting(61, 0))),
        case("undelivered-events", Alarm, "no round is made", 5, new()),
        case("undelivered-events", Ok, "nothing waits", 5, new().rounds(0..5)),
        case("undelivered-events", Ok, "once", 5, new().rounds(0..4).each([4], waiting(90, 0))),
        case("parked-events", Alarm, "one is parked", 1, new().each([0], waiting(0, 1))),
        case("parked-events", Ok, "none is", 1, new().rounds([0])),
        case("parked-events", Unchanged, "nobody looked", 1, new()),
        case("intake-errors", Alarm, "three", 5, new().webhook(0..3, Ended::Error)),
        case("intake-errors", Ok, "two", 5, new().webhook(0..2, Ended::Error).webhook(0..5, Ended::Taken)),
        case("intake-refused", Alarm, "five", 15, new().webhook(0..5, Ended::WrongSignature)),
        case("intake-refused", Ok, "four", 15, new().webhook(0..4, Ended::WrongSignature).webhook(0..15, Ended::Taken)),
        case("webhook-invalid", Alarm, "26 hours ago", 26 * 60 + 1, new().webhook([0], Ended::Challenge)),
        case("webhook-invalid", Ok, "a minute less", 26 * 60, new().webhook([0], Ended::Challenge)),
        case("webhook-silent", Alarm, "a morning", 180, new().rounds(0..180)),
        case("webhook-silent", Ok, "one came", 180, new().rounds(0..180).webhook([70], Ended::Taken)),
        case("webhook-silent", Ok, "not in a row", 240, new().rounds(0..240).webhook([130], Ended::Taken)),
        case("webhook-silent", Ok, "two hours of the day", 120, new().rounds(-60..120)),
        case("webhook-silent", Ok, "a night, 21:00 to 07:00", 24 * 60, new().rounds(14 * 60..24 * 60)),
        case("webhook-silent", Alarm, "until nine in the evening", 14 * 60, new().rounds(0..14 * 60)),
        case("breach-storm", Alarm, "a hundred", 15, new().at(3, steps(60, 0)).at(4, steps(40, 0))),
        case("breach-storm", Ok, "99", 15, new().at(3, steps(60, 0)).at(4, steps(39, 0))),
        case("reply-budget", Alarm, "a tenth", 5, new().at(1, |metrics| citizen_reply::budget(metrics, 20, 200))),
        case("reply-budget", Alarm, "nothing", 5, new().at(1, |metrics| citizen_reply::budget(metrics, 0, 200))),
        case("reply-budget", Ok, "more", 5, new().at(1, |metrics| citizen_reply::budget(metrics, 21, 200))),
        case("posting-refused", Alarm, "refused", 5, new().at(1, citizen_reply::posting_refused)),
        case("posting-refused", Ok, "sent", 5, new().at(1, reply(ReplyState::Sent { post: None, at: minute(0) }))),
        case("parked-replies", Alarm, "one", 5, new().at(1, reply(failed(ReplyFailure::Parked)))),
        case("parked-replies", Ok, "X does not let us", 5, new().at(1, reply(failed(ReplyFailure::Unreachable)))),
        case("search-gap", Alarm, "one", 5, new().at(1, search_poll::gap)),
        case(
            "search-gap",
            Ok,
            "a page is put away",
            5,
            new().at(1, |m| search_poll::quarantined(m, Reason::UnknownEvent)),
        ),
        case("agency-silent", Alarm, "one", 5, new().at(1, steps(0, 1))),
        case("agency-silent", Ok, "it is only late", 5, new().at(1, steps(3, 0))),
        case("unreadable-report", Alarm, "one", 5, new().at(1, agency_updates::unreadable_report)),
        case("unreadable-report", Ok, "none", 5, new().rounds(0..5)),
        case("override-refused", Alarm, "one", 1, new().at(0, |metrics| metrics.put(OVERRIDES_REFUSED, 1))),
        case("override-refused", Ok, "none", 1, new().rounds([0])),
        case("stream-age", Alarm, "for five minutes", 5, new().function("skpd-fanout", "IteratorAge", 0..5, 61_000.0)),
        case("stream-age", Ok, "for four", 5, new().function("skpd-fanout", "IteratorAge", 1..5, 61_000.0)),
    ];
    let visible = "ApproximateNumberOfMessagesVisible";
    for (alarm, queue) in [
        ("reports-dead-letters", "reports-dlq"),
        ("agency-dead-letters", "skpd-dlq.fifo"),
        ("replies-dead-letters", "replies-dlq.fifo"),
        ("failed-invocations", "failed-invocations"),
    ] {
        cases.push(case(alarm, Alarm, "one message", 1, new().queue(queue, visible, [0], 1.0)));
        cases.push(case(alarm, Ok, "none", 1, new().queue(queue, visible, [0], 0.0)));
        cases.push(case(alarm, Ok, "an old queue that is empty", 1, new()));
    }
    let age = "ApproximateAgeOfOldestMessage";
    for (alarm, queue) in [("reports-oldest-message", "reports"), ("replies-oldest-message", "replies.fifo")] {
        cases.push(case(alarm, Alarm, "ten minutes, for five", 5, new().queue(queue, age, 0..5, 600.0)));
        cases.push(case(alarm, Ok, "for four", 5, new().queue(queue, age, 1..5, 600.0)));
        cases.push(case(alarm, Ok, "three minutes", 5, new().queue(queue, age, 0..5, 180.0)));
    }
    for (alarm, function) in [
        ("functions-failing-WebhookIntake", "webhook-intake"),
        ("functions-failing-Classification", "classification"),
        ("functions-failing-SkpdFanout", "skpd-fanout"),
        ("functions-failing-SlaEscalation", "sla-escalation"),
        ("functions-failing-CitizenReply", "citizen-reply"),
        ("functions-failing-SearchPoll", "search-poll"),
        ("functions-failing-Open311", "open311"),
        ("functions-failing-PublicBoard", "public-board"),
        ("functions-failing-AgencyUpdates", "agency-updates"),
        ("functions-failing-SkpdDesk", "skpd-desk"),
    ] {
        cases.push(case(alarm, Alarm, "in two of three times", 15, new().function(function, "Errors", [1, 11], 1.0)));
        cases.push(case(alarm, Ok, "once", 15, new().function(function, "Errors", [1], 5.0)));
    }
    cases
}

#[test]
fn each_alarm_rings_when_it_must_and_not_otherwise() {
    let alarms: BTreeMap<String, Alarm> = alarms().into_iter().map(|alarm| (alarm.title.clone(), alarm)).collect();
    let mut seen: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    let cases = cases();
    for Case { alarm, why, story, after, state } in &cases {
        let definition = alarms.get(*alarm).unwrap_or_else(|| panic!("the template has no alarm {alarm}"));
        assert_eq!(definition.state(&story.0, minute(*after)), *state, "{alarm}: {why}");
        seen.entry(alarm).or_default().insert(*state == State::Alarm);
    }
    for alarm in alarms.keys() {
        assert_eq!(seen.get(alarm.as_str()).map(BTreeSet::len), Some(2), "{alarm} has a case each way");
    }
}

/// Where nothing is measured, and as long again after what rang.
#[test]
fn an_alarm_ends_by_itself_and_none_is_rung_by_silence_but_those_that_listen_for_it() {
    let listening = ["undelivered-events", "webhook-invalid"];
    let alarms: Vec<Alarm> = alarms().into_iter().filter(|alarm| !listening.contains(&alarm.title.as_str())).collect();
    for alarm in &alarms {
        assert_ne!(alarm.state(&Series::default(), minute(0)), State::Alarm, "{}", alarm.title);
    }
    for Case { alarm, story, after, state, why } in cases() {
        let Some(definition) = alarms.iter().find(|definition| definition.title == alarm) else { continue };
        if state == State::Alarm {
            assert_ne!(definition.state(&story.0, minute(2 * after)), State::Alarm, "{alarm}: {why}");
        }
    }
}
