//! Every kind of body that X is known to post, and two of others that come to a wrong address.

use std::fs;

use jiff::Timestamp;
use kemala_messages::quarantine::Reason;
use kemala_messages::report::{Channel, Content, Deletion, Message};
use kemala_messages::x::signature::{Signature, sign};
use kemala_messages::x::{self, Incoming, NotRead};
use serde_json::{Value, json};

use crate::fixtures::{self, SECRET};

#[test]
fn every_fixture_is_signed() {
    let listed: Vec<String> = fixtures::x_bodies().into_iter().map(|fixture| fixture.name).collect();
    let files =
        fs::read_dir(fixtures::folder("x")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.filter(|name| name.ends_with(".json")).collect();
    files.sort();
    assert_eq!(listed, files);
    assert_eq!(listed.len(), 20);
}

#[test]
fn signatures_are_valid_to_the_last_bit() {
    let secret = SECRET.parse().unwrap();
    for fixture in fixtures::x_bodies() {
        let signature: Signature = fixture.signature.parse().unwrap();
        assert!(signature.is_of(&secret, &fixture.body), "{}", fixture.name);
        assert_eq!(sign(&secret, &fixture.body), fixture.signature, "{}", fixture.name);
        for at in [0, fixture.body.len() / 2, fixture.body.len() - 1] {
            let mut flipped = fixture.body.clone();
            flipped[at] ^= 1;
            assert!(!signature.is_of(&secret, &flipped), "{} with byte {at} flipped", fixture.name);
        }
    }
}

#[test]
fn each_is_read_as_it_always_was() {
    for fixture in fixtures::x_bodies() {
        let name = fixture.name.trim_end_matches(".json");
        insta::assert_json_snapshot!(name, meaning(&fixture.body));
    }
}

/// What a body means: for reports and deletions the message on the `reports` queue, for the rest a code.
fn meaning(body: &[u8]) -> Value {
    match x::read(body, &fixtures::listening()) {
        Ok(reading) => {
            reading.incoming.into_iter().map(|incoming| meaning_of_event(incoming, reading.channel)).collect()
        }
        Err(NotRead::NotUnderstood(reason)) => json!({"quarantine": reason.code()}),
        Err(NotRead::NoObject) => json!("refused"),
    }
}

fn meaning_of_event(incoming: Incoming, channel: Channel) -> Value {
    match incoming {
        Incoming::Report(report) => json!({"message": message(channel, Content::Report(report))}),
        Incoming::Deletion { post, at } => {
            json!({"message": message(channel, Content::Deletion(Deletion { post, at }))})
        }
        Incoming::Dropped(reason) => json!({"dropped": reason.code()}),
        Incoming::Revoked { account } => json!({"revoked": account}),
        Incoming::ReplayStatus { job, complete } => json!({"replay": job, "complete": complete}),
        Incoming::NotUnderstood(reason) => json!({"quarantine": reason.code()}),
    }
}

fn message(channel: Channel, content: Content) -> Value {
    let received_at: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    let json = Message { received_at, channel, content }.to_json().unwrap();
    assert_eq!(Message::from_json(&json).unwrap().to_json().unwrap(), json, "read back and written again");
    serde_json::from_str(&json).unwrap()
}

#[test]
fn what_comes_from_elsewhere_is_kept_for_people() {
    let unknown = Err(NotRead::NotUnderstood(Reason::UnknownBody));
    for fixture in fixtures::x_bodies() {
        let from_elsewhere = fixture.name.starts_with("telegram") || fixture.name.starts_with("whatsapp");
        assert_eq!(x::read(&fixture.body, &fixtures::listening()) == unknown, from_elsewhere, "{}", fixture.name);
    }
}
