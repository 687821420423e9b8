//! Rows as they stand in the table.

use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{monday, opened, voice};
use serde_json::{Value, json};

use super::*;

/// A row in the short form of DynamoDB's JSON, keys in order.
fn shown(item: &Item) -> Value {
    let value = |attribute: &AttributeValue| match attribute {
        AttributeValue::Ss(set) => json!({ "set": set }),
        other => serde_dynamo::from_attribute_value(other.clone()).unwrap(),
    };
    item.iter().map(|(name, attribute)| (name.clone(), value(attribute))).collect()
}

#[test]
fn accusations_and_quiet_tickets_stand_in_no_list_for_the_public() {
    let public = opened("DINKES").ticket;
    let mut supervisory = public.clone();
    supervisory.decision.supervisory = true;
    let quiet = kemala_domain::Ticket { quiet: true, ..public.clone() };
    let is_listed = |ticket| ticket_row(ticket).unwrap().contains_key("opened_day");
    assert_eq!([&public, &supervisory, &quiet].map(is_listed), [true, false, false]);
}

#[test]
fn an_open_ticket_stands_in_its_indexes() {
    let ticket = opened("DINKES").ticket;
    let item = ticket_row(&ticket).unwrap();
    insta::assert_json_snapshot!(shown(&item), @r#"
    {
      "agency_open": "AGENCY#DINKES",
      "decision": {
        "addressee": "DINKES",
        "category": "road_damage",
        "confidence": 0.5,
        "kind": "complaint",
        "needs_location": false,
        "others": [
          "DPUBMCK"
        ],
        "pack_version": "test/1",
        "place": {
          "code": "33.16.08",
          "name": "Jepon, Kabupaten Blora"
        },
        "reasons": [
          {
            "about": "place",
            "concluded": "33.16.08",
            "matched": "kec jepon"
          }
        ],
        "supervisory": false,
        "triage": false,
        "urgency": "normal"
      },
      "due": {
        "at": "2026-11-25T05:00:00Z",
        "timer": {
          "promise": {
            "clock": "acknowledge",
            "rung": 0,
            "step": "reminder"
          }
        }
      },
      "due_at": "2026-11-25T05:00:00.000Z",
      "due_shard": "DUE#3",
      "held_since": "2026-11-23T02:00:00Z",
      "holder": "DINKES",
      "id": "KJ-PERWG6M45",
      "opened_at": "2026-11-23T02:00:00Z",
      "opened_day": "OPENED#2026-11-23",
      "opened_place": "33.16#2026-11-23T02:00:00.000Z",
      "origin": "x#100",
      "pack": "test",
      "pk": "TICKET#KJ-PERWG6M45",
      "policy_version": "test-1",
      "sk": "TICKET",
      "status": "assigned",
      "version": 1,
      "voices": 1
    }
    "#);
    assert_eq!(value::<Ticket>(item).unwrap(), ticket);
}

#[test]
fn an_event_waits_for_its_destinations() {
    let mut event = opened("DINKES").events.remove(0);
    let item = event_row(&event, monday()).unwrap();
    let index: Vec<_> =
        ["undelivered", "undelivered_shard", "next_attempt_at"].map(|name| shown(&item)[name].clone()).into();
    insta::assert_json_snapshot!(index, @r#"
    [
      {
        "set": [
          "skpd:DINKES",
          "citizens",
          "figures"
        ]
      },
      "UNDELIVERED#3",
      "2026-11-23T02:00:00.000Z"
    ]
    "#);
    assert_eq!(value::<Event>(item).unwrap(), event);

    event.undelivered = [].into();
    let item = event_row(&event, monday()).unwrap();
    assert!(!item.contains_key("undelivered") && !item.contains_key("undelivered_shard"));
    assert_eq!(value::<Event>(item).unwrap(), event);
}

#[test]
fn an_event_is_news_unless_it_is_for_bodies_or_about_an_accusation() {
    let news = |event: &Event| shown(&event_row(event, monday()).unwrap()).get("opened_day").cloned();
    let opened = opened("DINKES").events.remove(0);
    assert_eq!(news(&opened), Some(json!("NEWS#2026-11-23")));
    let mut accusation = opened.clone();
    accusation.filed.as_mut().unwrap().supervisory = true;
    let note = Event { body: kemala_domain::EventBody::Noted { text: "x".to_owned() }, ..opened };
    assert_eq!((news(&accusation), news(&note)), (None, None));
}

#[test]
fn a_voice_expires() {
    let voice = voice(VoiceRole::Opening, "100");
    let item = voice_row(&opened("DINKES").ticket.id, &voice, monday()).unwrap();
    assert_eq!(shown(&item)["expires_at"], monday().as_second());
    assert_eq!(value::<Voice>(item).unwrap(), voice);
}

#[test]
fn a_broken_row_is_named_and_not_quoted() {
    let mut item = ticket_row(&opened("DINKES").ticket).unwrap();
    item.insert("status".to_owned(), text("nama warga"));
    let error = value::<Ticket>(item).unwrap_err().to_string();
    assert!(error.starts_with("row TICKET#KJ-") && !error.contains("warga"), "{error}");
}

#[test]
fn rows_of_tickets_and_events_hold_no_personal_data() {
    let case = opened("DINKES");
    let rows = [ticket_row(&case.ticket).unwrap(), event_row(&case.events[0], monday()).unwrap()];
    for row in rows {
        let text = shown(&row).to_string();
        assert!(!text.contains("0812") && !text.contains("warga") && !text.contains("\"16\""), "{text}");
    }
}
