//! Whatever is posted, nothing panics, nothing is lost without a word, and nobody gets a signature for a body.

use jiff::Timestamp;
use kemala_messages::SQS_MAX_BYTES;
use kemala_messages::quarantine::{self, Reason, Source};
use kemala_messages::report::{Content, Message};
use kemala_messages::x::crc::CrcToken;
use kemala_messages::x::signature::Signature;
use kemala_messages::x::{self, Incoming, NotRead};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::fixtures;

/// Reads a body and checks what must hold of every reading.
fn read(body: &[u8]) -> Result<(), TestCaseError> {
    let reading = match x::read(body, &fixtures::listening()) {
        Ok(reading) => reading,
        Err(NotRead::NoObject) => {
            prop_assert!(!matches!(serde_json::from_slice(body), Ok(Value::Object(_))), "an object was refused");
            return Ok(());
        }
        Err(NotRead::NotUnderstood(_)) => return Ok(()),
    };
    for incoming in reading.incoming {
        if let Incoming::Report(report) = incoming {
            let message = Message {
                received_at: Timestamp::UNIX_EPOCH,
                channel: reading.channel,
                content: Content::Report(report),
            };
            let json = message.to_json().unwrap();
            prop_assert_eq!(Message::from_json(&json), Ok(message));
            prop_assert!(!json.contains(['\u{FFFE}', '\u{FFFF}']), "SQS would refuse it");
        }
    }
    Ok(())
}

/// A fixture with some of its bytes changed, removed or doubled.
fn damaged_bytes() -> impl Strategy<Value = Vec<u8>> {
    let damage = (any::<Index>(), any::<Index>(), 0..4u8, any::<u8>());
    (select(fixtures::x_bodies()), proptest::collection::vec(damage, 1..6)).prop_map(|(fixture, damages)| {
        let mut body = fixture.body;
        for (at, length, kind, byte) in damages {
            let at = at.index(body.len() + 1);
            let end = at + length.index(body.len() - at + 1).min(40);
            match kind {
                0 => body[at..end].fill(byte),
                1 => drop(body.drain(at..end)),
                2 => body.splice(at..at, [byte]).for_each(drop),
                _ => body.extend_from_within(at..end),
            }
        }
        body
    })
}

/// Values that are JSON, but not what X's documentation says.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(vec![
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5e300),
            json!(u64::MAX),
            json!(""),
            json!("99999999999999999999"),
            json!("x#1"),
            json!([]),
            json!([[]]),
            json!({}),
            json!({"data": {}}),
            json!("@contoh_kab #kemalajateng &amp;#39; \u{FFFF}"),
        ]),
        "\\PC{0,60}".prop_map(Value::from),
    ]
}

/// A fixture with some of its values replaced, removed or moved.
fn damaged_json() -> impl Strategy<Value = Value> {
    let damage = (any::<Index>(), prop::option::of(odd_value()));
    (select(fixtures::x_bodies()), proptest::collection::vec(damage, 1..5)).prop_map(|(fixture, damages)| {
        let mut body: Value = serde_json::from_slice(&fixture.body).unwrap();
        for (at, value) in damages {
            let pointers = pointers(&body);
            let pointer = at.get(&pointers);
            match value {
                Some(value) => *body.pointer_mut(pointer).unwrap() = value,
                None => remove(&mut body, pointer),
            }
        }
        body
    })
}

/// The place of every value in a JSON text.
fn pointers(value: &Value) -> Vec<String> {
    let mut pointers = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in children {
        pointers.extend(self::pointers(value).into_iter().map(|rest| format!("/{key}{rest}")));
    }
    pointers
}

fn remove(body: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(object)) = body.pointer_mut(parent) {
        object.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        read(&body)?;
    }

    #[test]
    fn bodies_with_damaged_bytes_are_read_or_refused(body in damaged_bytes()) {
        read(&body)?;
    }

    #[test]
    fn bodies_with_other_values_than_documented_are_read_or_refused(body in damaged_json()) {
        read(body.to_string().as_bytes())?;
    }

    #[test]
    fn nobody_gets_a_signature_for_a_body(token in prop_oneof![
        "\\PC{0,40}",
        "[A-Za-z0-9._~+/=\"{}: -]{0,300}",
        damaged_json().prop_map(|body| body.to_string()),
    ]) {
        if token.parse::<CrcToken>().is_ok() {
            let could_be_json = token.contains(['{', '"', '[']);
            prop_assert!(!could_be_json);
            prop_assert_eq!(x::read(token.as_bytes(), &fixtures::listening()), Err(NotRead::NoObject));
        }
    }

    #[test]
    fn any_header_is_a_signature_or_not(header in "\\PC{0,80}|sha256=[A-Za-z0-9+/=,]{0,60}") {
        if header.parse::<Signature>().is_ok() {
            prop_assert!(header.starts_with("sha256=") && !header.contains(','));
        }
    }
}

proptest! {
    // Bodies of megabytes: fewer of them.
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_put_into_quarantine_fits_a_message(body in damaged_bytes(), times in 1usize..400) {
        let message = quarantine::Message::new(Reason::UnknownBody, Source::XWebhook, Timestamp::UNIX_EPOCH, &body.repeat(times));
        prop_assert!(message.to_json().unwrap().len() <= SQS_MAX_BYTES);
    }
}
