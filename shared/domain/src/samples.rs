//! One small world for the tests of all crates: a law, a decision, a report, an opened ticket.
//!
//! Test data is wrong only if the test is; so this module alone may panic.
#![expect(clippy::unwrap_used, reason = "constants of tests")]
#![expect(missing_docs, reason = "each name says it")]

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::calendar::Calendar;
use crate::clocks::{Class, Clock, Policy, Promise, Span, Terms};
use crate::decision::{Decision, Kind, Place, Reason, Urgency};
use crate::event::{Destination, Event};
use crate::ids::{AgencyCode, PostKey, TicketId};
use crate::lifecycle::{self, Bodies, Case};
use crate::report::{Addressed, Author, Media, Relation, Report, Voice, VoiceRole};
use crate::waiting::{Wait, Waits};

/// A policy with two clocks for complaints and one for emergencies, and a calendar without holidays.
pub struct Law {
    policy: Policy,
    triage_desk: AgencyCode,
    pub calendar: Calendar,
}

impl Law {
    pub fn sample() -> Self {
        let promise = |within, remind_after| Promise { within, remind_after, source: "test".to_owned() };
        let complaint = [
            (Clock::Acknowledge, promise(Span::WorkingDays(3), Span::WorkingDays(2))),
            (Clock::Resolution, promise(Span::WorkingDays(14), Span::WorkingDays(11))),
        ];
        let emergency = [(Clock::Acknowledge, promise(Span::Minutes(15), Span::Minutes(5)))];
        let classes = [(Class::Complaint, complaint.into()), (Class::Emergency, emergency.into())].into();
        let calendar = Calendar::new(TimeZone::get("Asia/Jakarta").unwrap(), []);
        let wait = |days| Wait { within: Span::WorkingDays(days), source: "test".to_owned() };
        let waits = Waits { place: wait(2), answer: wait(3), objection: wait(10) };
        Self {
            policy: Policy { version: "test-1".to_owned(), classes, waits },
            triage_desk: agency("TRIAGE"),
            calendar,
        }
    }

    pub fn terms(&self) -> Terms<'_> {
        Terms { policy: &self.policy, calendar: &self.calendar, triage_desk: &self.triage_desk }
    }
}

/// Some agencies with a queue, and two desks.
pub fn bodies() -> Bodies {
    let codes = |codes: &[&str]| codes.iter().map(|code| agency(code)).collect();
    Bodies {
        live: codes(&["DINKES", "DINSOS", "DPUBMCK", "PEMKAB3316", "PEMKAB3317", "INSPEKTORAT", "SEKDA", "TRIAGE"]),
        desks: codes(&["SEKDA", "TRIAGE"]),
        inspectorate: agency("INSPEKTORAT"),
    }
}

/// Monday, 23 November 2026, 09:00 in Jakarta.
pub fn monday() -> Timestamp {
    "2026-11-23T09:00+07".parse().unwrap()
}

pub fn agency(code: &str) -> AgencyCode {
    code.parse().unwrap()
}

pub fn post(id: &str) -> PostKey {
    PostKey::x(id).unwrap()
}

/// A damaged road in Jepon, for that agency; `TRIAGE` is the triage desk.
pub fn decision(addressee: &str) -> Decision {
    Decision {
        kind: Kind::Complaint,
        category: Some("road_damage".parse().unwrap()),
        place: Place {
            code: Some("33.16.08".parse().unwrap()),
            name: Some("Jepon, Kabupaten Blora".to_owned()),
            ..Place::default()
        },
        urgency: Urgency::Normal,
        supervisory: false,
        needs_location: false,
        addressee: agency(addressee),
        triage: addressee == "TRIAGE",
        likely: None,
        others: vec![agency("DPUBMCK")],
        confidence: 0.5,
        reasons: vec![Reason {
            about: "place".to_owned(),
            concluded: "33.16.08".to_owned(),
            matched: "kec jepon".to_owned(),
        }],
        pack_version: "test/1".to_owned(),
        model_version: None,
    }
}

/// A citizen's post, with a telephone number in it.
pub fn report(id: &str) -> Report {
    Report {
        post: post(id),
        first_post: post(id),
        edit: 0,
        author: Author { id: "16".to_owned(), handle: Some("warga".to_owned()) },
        text: "Jalan rusak di Jepon, hubungi 0812 0000 0000".to_owned(),
        created_at: monday(),
        relation: Relation::default(),
        addressed: Addressed::Hashtag,
        place_tag: None,
        media: vec![Media { kind: "photo".to_owned(), url: "https://pbs.twimg.com/media/A.jpg".to_owned() }],
    }
}

pub fn voice(role: VoiceRole, id: &str) -> Voice {
    let masked_text = "Jalan rusak di Jepon, hubungi [nomor]".to_owned();
    Voice { role, report: report(id), masked_text, received_at: monday() }
}

/// A later version of a voice's post.
pub fn edited(role: VoiceRole, id: &str, edit: u32) -> Voice {
    let mut voice = voice(role, id);
    voice.report.edit = edit;
    voice
}

/// Who hears of an event, as its destinations say; that it is counted as well is another matter.
pub fn hearers(event: &Event) -> Vec<String> {
    let hears = |to: &&Destination| **to != Destination::Figures;
    event.undelivered.iter().filter(hears).map(ToString::to_string).collect()
}

/// The ticket that post 100 opened on Monday at 9, in the hands of `holder`.
pub fn opened(holder: &str) -> Case {
    let opening = voice(VoiceRole::Opening, "100");
    let id = TicketId::of_post(&"KJ".parse().unwrap(), &opening.report.first_post, 0);
    lifecycle::open(id, "test", decision(holder), opening, Law::sample().terms(), monday()).applied_to(vec![])
}
