//! Messages as an agency's system reads them.

use kemala_domain::lifecycle::{self, Change};
use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{Law, decision, monday, opened, voice};

use super::*;

/// The message that each destination of a change's last event gets, as type and whether it holds the text.
fn told(change: &Change, opening: &Voice, spoken: Option<&Voice>) -> Vec<(String, MessageType, bool)> {
    let event = change.events.last().unwrap();
    let snapshot = Snapshot { ticket: &change.ticket, opening: Some(opening), deadlines: &[] };
    let agencies = event.undelivered.iter().filter_map(|destination| match destination {
        kemala_domain::Destination::Agency(agency) => Some(agency),
        kemala_domain::Destination::Citizens
        | kemala_domain::Destination::People
        | kemala_domain::Destination::Figures => None,
    });
    let destinations = agencies.map(|agency| {
        let message = AgencyMessage::new(event, agency, snapshot, spoken);
        (agency.to_string(), message.message_type, message.data.ticket.text.is_some())
    });
    destinations.collect()
}

#[test]
fn an_agency_reads_all_it_needs() {
    let (case, opening) = (opened("PEMKAB3316"), voice(VoiceRole::Opening, "100"));
    let deadlines = Deadline::all(&case.ticket, Law::sample().terms());
    let snapshot = Snapshot { ticket: &case.ticket, opening: Some(&opening), deadlines: &deadlines };
    let message = AgencyMessage::new(&case.events[0], &case.ticket.holder, snapshot, None);
    insta::assert_json_snapshot!(message, @r#"
    {
      "specversion": "1.0",
      "id": "KJ-PERWG6M45/1",
      "source": "urn:kemala:test",
      "type": "id.kemala.ticket.assigned.v1",
      "subject": "KJ-PERWG6M45",
      "time": "2026-11-23T02:00:00Z",
      "datacontenttype": "application/json",
      "data": {
        "ticket": "KJ-PERWG6M45",
        "version": 1,
        "status": "assigned",
        "agency": "PEMKAB3316",
        "other_agencies": [
          "DPUBMCK"
        ],
        "kind": "complaint",
        "category": "road_damage",
        "place": {
          "name": "Jepon, Kabupaten Blora",
          "region": "33.16",
          "subdistrict": "33.16.08"
        },
        "urgency": "normal",
        "supervisory": false,
        "voices": 1,
        "opened_at": "2026-11-23T02:00:00Z",
        "deadlines": [
          {
            "clock": "acknowledge",
            "due_at": "2026-11-26T02:00:00Z"
          },
          {
            "clock": "resolution",
            "due_at": "2026-12-11T02:00:00Z"
          }
        ],
        "text": "Jalan rusak di Jepon, hubungi [nomor]",
        "permalink": "https://x.com/warga/status/100",
        "media": [
          {
            "kind": "photo",
            "url": "https://pbs.twimg.com/media/A.jpg"
          }
        ],
        "reasons": [
          {
            "about": "place",
            "concluded": "33.16.08",
            "matched": "kec jepon"
          }
        ],
        "confidence": 0.5,
        "pack_version": "test/1",
        "event": {
          "seq": 1,
          "at": "2026-11-23T02:00:00Z",
          "what": "opened"
        }
      }
    }
    "#);
    assert_eq!(message.deduplication_id(&case.ticket.holder), format!("{}/1/PEMKAB3316", case.ticket.id));
    let json = message.to_json().unwrap();
    assert!(!json.contains("0812") && !json.contains("\"16\""), "{json}");
    assert_eq!(serde_json::from_str::<AgencyMessage>(&json).unwrap(), message);
}

#[test]
fn what_was_written_in_the_thread_comes_with_the_message() {
    let (case, opening) = (opened("PEMKAB3316"), voice(VoiceRole::Opening, "100"));
    let mut reply = voice(VoiceRole::Reply, "101");
    reply.masked_text = "Sudah dua minggu, Pak".to_owned();
    let change = lifecycle::add_voice(&case, reply.clone(), Law::sample().terms(), monday());
    let event = change.events.last().unwrap();
    let snapshot = Snapshot { ticket: &change.ticket, opening: Some(&opening), deadlines: &[] };
    let message = AgencyMessage::new(event, &change.ticket.holder, snapshot, Some(&reply));
    assert_eq!(message.message_type, MessageType::CitizenReplied);
    insta::assert_json_snapshot!(message.data.event, @r#"
    {
      "seq": 2,
      "at": "2026-11-23T02:00:00Z",
      "what": "citizen_replied",
      "text": "Sudah dua minggu, Pak",
      "permalink": "https://x.com/warga/status/101"
    }
    "#);
}

#[test]
fn who_loses_a_ticket_sees_its_text_no_more() {
    let (case, opening) = (opened("PEMKAB3316"), voice(VoiceRole::Opening, "100"));
    let law = Law::sample();
    let change = lifecycle::edit(&case, opening.clone(), decision("PEMKAB3317"), law.terms(), monday());
    let told = told(&change, &opening, None);
    assert_eq!(
        told,
        [
            ("PEMKAB3316".to_owned(), MessageType::Reassigned, false),
            ("PEMKAB3317".to_owned(), MessageType::Assigned, true)
        ]
    );
}
