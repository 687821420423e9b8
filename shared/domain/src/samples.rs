//! One small world for the tests of all crates: a law, a decision, a report, an opened ticket.
//!
//! Test data is wrong only if the test is; so this module alone may panic.
#![expect(clippy::unwrap_used, reason = "constants of tests")]
#![expect(missing_docs, reason = "each name says it")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;

use crate::calendar::Calendar;
use crate::clocks::{Class, Clock, Policies, Policy, Promise, QuietHours, Silence, Span, Terms};
use crate::decision::{Decision, Kind, Place, Reason, Urgency};
use crate::ids::{AgencyCode, PostKey, TicketId};
use crate::ladder::{AgencyKind, Hierarchy, Ladder, Offset, Rung, Standing, Target};
use crate::lifecycle::{self, Bodies, Case};
use crate::office_hours::{OfficeHours, Opening};
use crate::report::{Addressed, Author, Media, Relation, Report, Voice, VoiceRole};
use crate::waiting::{Wait, Waits};

/// A policy with two clocks for complaints and one for emergencies, office hours from 7 to 16 with a break, and a calendar
/// without holidays.
pub struct Law {
    pub policies: Policies,
    triage_desk: AgencyCode,
    pub calendar: Calendar,
    pub hierarchy: Hierarchy,
}

impl Law {
    pub fn sample() -> Self {
        let promise = |within, ladder: &str| Promise { within, ladder: ladder.to_owned(), source: "test".to_owned() };
        let complaint = [
            (Clock::Acknowledge, promise(Span::WorkingDays(3), "short")),
            (Clock::Resolution, promise(Span::WorkingDays(14), "long")),
        ];
        let emergency = [(Clock::Acknowledge, promise(Span::Minutes(15), "urgent"))];
        let classes = [(Class::Complaint, complaint.into()), (Class::Emergency, emergency.into())].into();
        let wait = |days| Wait { within: Span::WorkingDays(days), source: "test".to_owned() };
        let current = Policy {
            version: "test-1".to_owned(),
            classes,
            exceptions: Vec::new(),
            ladders: ladders(),
            waits: Waits { place: wait(2), answer: wait(3), objection: wait(10) },
            silence: Silence { within: Span::WorkingDays(3), tells: agency("SEKDA"), source: "test".to_owned() },
            quiet_hours: Some(QuietHours { from: time(21, 0, 0, 0), until: time(6, 0, 0, 0) }),
        };
        Self {
            policies: Policies { current, former: BTreeMap::new() },
            triage_desk: agency("TRIAGE"),
            calendar: Calendar::new(TimeZone::get("Asia/Jakarta").unwrap(), office_hours(), []),
            hierarchy: hierarchy(),
        }
    }

    pub fn terms(&self) -> Terms<'_> {
        Terms {
            policies: &self.policies,
            calendar: &self.calendar,
            hierarchy: &self.hierarchy,
            triage_desk: &self.triage_desk,
        }
    }
}

/// Monday to Friday, 07:30 to 16:00 with an hour at noon; on Fridays to 16:30 with an hour and a half.
pub fn office_hours() -> OfficeHours {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    let opening = |from: (i8, i8), until: (i8, i8)| Opening {
        from: time(from.0, from.1, 0, 0),
        until: time(until.0, until.1, 0, 0),
    };
    let usual = || vec![opening((7, 30), (12, 0)), opening((13, 0), (16, 0))];
    let days = [Monday, Tuesday, Wednesday, Thursday].map(|day| (day, usual()));
    let friday = (Friday, vec![opening((7, 30), (11, 30)), opening((13, 0), (16, 30))]);
    OfficeHours::new(days.into_iter().chain([friday])).unwrap()
}

fn ladders() -> BTreeMap<String, Ladder> {
    let rung = |name: &str, at, tells: &[Target]| Rung {
        rung: name.to_owned(),
        at,
        tells: tells.to_vec(),
        instead: BTreeMap::new(),
        citizens: false,
    };
    let reminder = || rung("reminder", Offset::Percent(80), &[Target::Holder]);
    let head = || rung("head", Offset::Percent(100), &[Target::Holder, Target::Head]);
    let overdue = |days| Offset::Overdue(Span::WorkingDays(days));
    let sekda = || rung("sekda", overdue(2), &[Target::Holder, Target::Desk(agency("SEKDA"))]);
    let gubernur = || rung("gubernur", overdue(5), &[Target::Desk(agency("GUBERNUR"))]);
    let ring = || rung("ring", Offset::After(Span::Minutes(5)), &[Target::People]);
    let usual = |rungs| Ladder { around_the_clock: false, rungs };
    [
        ("short".to_owned(), usual(vec![reminder(), head()])),
        ("long".to_owned(), usual(vec![reminder(), head(), sekda(), gubernur()])),
        ("urgent".to_owned(), Ladder { around_the_clock: true, rungs: vec![ring(), head()] }),
    ]
    .into()
}

/// An agency of the province whose head has an address, one without, and a regency.
fn hierarchy() -> Hierarchy {
    let body = |kind, head: Option<&str>| Standing {
        name: "Dinas Contoh".to_owned(),
        kind,
        has_queue: true,
        head: head.map(str::to_owned),
        secretary: None,
    };
    let bodies = [
        ("DINKES", body(AgencyKind::Provincial, Some("kepala@dinkes.example"))),
        ("DINSOS", body(AgencyKind::Provincial, None)),
        ("PEMKAB3316", body(AgencyKind::RegencyCity, None)),
        ("SEKDA", body(AgencyKind::Desk, None)),
        ("GUBERNUR", body(AgencyKind::Desk, None)),
    ];
    Hierarchy(bodies.map(|(code, body)| (agency(code), body)).into())
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

/// The ticket that post 100 opened on Monday at 9, in the hands of `holder`.
pub fn opened(holder: &str) -> Case {
    let opening = voice(VoiceRole::Opening, "100");
    let id = TicketId::of_post(&"KJ".parse().unwrap(), &opening.report.first_post, 0);
    lifecycle::open(id, "test", decision(holder), opening, Law::sample().terms(), monday()).applied_to(vec![])
}
