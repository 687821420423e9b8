//! Messages that were written once may still lie in a queue, a dead-letter queue or an archive: they stay readable.

use std::fs;

use kemala_messages::report::{Message, Unreadable, VERSION};
use serde_json::Value;

use crate::fixtures;

/// These files are never changed. A version that writes otherwise adds its own beside them.
fn stored(name: &str) -> String {
    fs::read_to_string(fixtures::folder("reports").join(name)).unwrap()
}

#[test]
fn every_stored_message_is_readable_forever() {
    for name in ["v1_full.json", "v1_smallest.json", "v1_deletion.json"] {
        let json = stored(name);
        let message = Message::from_json(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        insta::assert_debug_snapshot!(name, message);
        assert_eq!(VERSION, 1, "a new version needs stored messages of its own, and the next line a condition");
        let written: Value = serde_json::from_str(&message.to_json().unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(&json).unwrap(), "{name} is written as it was read");
    }
}

#[test]
fn a_field_that_is_added_later_does_no_harm() {
    let mut json: Value = serde_json::from_str(&stored("v1_smallest.json")).unwrap();
    json["added"] = true.into();
    json["report"]["added"] = true.into();
    assert!(Message::from_json(&json.to_string()).is_ok());
}

#[test]
fn a_newer_version_goes_back_to_the_queue() {
    let mut json: Value = serde_json::from_str(&stored("v1_full.json")).unwrap();
    json["v"] = (VERSION + 1).into();
    assert_eq!(Message::from_json(&json.to_string()), Err(Unreadable::NewerVersion(VERSION + 1)));
}
