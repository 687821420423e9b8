use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{opened, voice};
use kemala_domain::{PostKey, TicketId, Voice};

use super::*;
use crate::site::tests::{jateng, pack};

fn known(change: impl FnOnce(&mut Known)) -> Known {
    let case = opened("DINKES");
    let mut opening: Voice = voice(VoiceRole::Opening, "100");
    opening.masked_text = "Jalan <rusak> @warga https://t.co/a".to_owned();
    let mut known = Known { ticket: case.ticket, events: case.events, opening: Some(opening), seen: None };
    change(&mut known);
    known
}

fn view(jurisdiction: &Jurisdiction, hours: i64) -> View<'_> {
    let now = kemala_domain::samples::monday() + jiff::SignedDuration::from_hours(hours);
    View { site: jateng(), jurisdiction, language: Language::Indonesian, now }
}

#[test]
fn a_ticket_as_everybody_may_see_it() {
    let jurisdiction = Jurisdiction::load(&pack()).unwrap();
    insta::assert_json_snapshot!(view(&jurisdiction, 1).request(&known(|_| ()), true), @r#"
    {
      "service_request_id": "KJ-PERWG6M45",
      "status": "open",
      "status_notes": "Menunggu diterima instansi",
      "service_name": "Jalan dan jembatan rusak",
      "service_code": "road_damage",
      "description": "Jalan <rusak> [akun] [tautan]",
      "agency_responsible": "Dinas Kesehatan",
      "service_notice": null,
      "requested_datetime": "2026-11-23T02:00:00Z",
      "updated_datetime": "2026-11-23T02:00:00Z",
      "expected_datetime": "2026-12-11T02:00:00Z",
      "address": "Kec. Jepon, Kabupaten Blora",
      "address_id": "33.16.08",
      "zipcode": null,
      "lat": -7.0164,
      "long": 111.4597,
      "media_url": null,
      "extended_attributes": {
        "status": "assigned",
        "voices": 1,
        "late": [],
        "acknowledge_datetime": "2026-11-26T02:00:00Z",
        "first_response_datetime": "2026-11-30T02:00:00Z",
        "joined_to": null
      }
    }
    "#);
}

#[test]
fn no_text_is_shown_of_a_post_that_may_be_gone_or_was_not_public() {
    let jurisdiction = Jurisdiction::load(&pack()).unwrap();
    let described = |hours, known: &Known| view(&jurisdiction, hours).request(known, false).description.is_some();
    assert!(described(24, &known(|_| ())));
    assert!(!described(25, &known(|_| ())));
    assert!(!described(1, &known(|known| known.ticket.status = Status::Withdrawn)));
    assert!(!described(1, &known(|known| known.opening = None)));
    let from_app = known(|known| {
        if let Some(opening) = &mut known.opening {
            opening.report.post = PostKey::open311(&"a".repeat(32)).unwrap();
        }
    });
    assert!(!described(1, &from_app));
}

#[test]
fn a_notice_says_where_it_goes_on_or_that_it_is_late() {
    let jurisdiction = Jurisdiction::load(&pack()).unwrap();
    let notice = |known: Known| view(&jurisdiction, 1).request(&known, false).service_notice;
    let other: TicketId = "KJ-45RQ0X8XD".parse().unwrap();
    let joined = known(|known| {
        known.ticket.status = Status::Joined;
        known.ticket.joined_to = Some(other);
    });
    assert_eq!(notice(joined).as_deref(), Some("Dilanjutkan sebagai KJ-45RQ0X8XD"));
    let late = known(|known| known.ticket.late = vec![Clock::Resolution]);
    assert_eq!(notice(late).as_deref(), Some("Batas waktu penyelesaian terlewati"));
}

#[test]
fn what_is_said_to_be_settled_is_closed() {
    let closed: Vec<_> = Status::ALL.into_iter().filter(|state| status(*state) == OpenOrClosed::Closed).collect();
    assert_eq!(closed, [Status::Resolved, Status::Closed, Status::Joined, Status::Withdrawn, Status::Rejected]);
    assert_eq!(w3("2026-11-24T01:02:03.999+07:00".parse().unwrap()), "2026-11-23T18:02:03Z");
}
