//! What agencies are promised is checked in: the API as OpenAPI, and each message of their queues as JSON Schema with an
//! example. The files follow from the Rust types; `WRITE_SCHEMAS=1 cargo test -p kemala-contract` writes them anew.

use std::fs;
use std::path::PathBuf;

use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::{self, Case, Change, Deed, act};
use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{Law, agency, bodies, monday, opened, voice};
use kemala_domain::{AgencyCode, Destination, Ping, Voice};
use kemala_messages::agency::{AgencyMessage, Deadline, MessageType, Snapshot};
use kemala_messages::ping::PingMessage;
use kemala_messages::{openapi, schema};
use serde_json::{Value, json};

fn infra(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../infra").join(path)
}

/// Compares with the file that is checked in, or writes it.
fn is_current(path: &str, current: &Value) {
    let file = infra(path);
    let current = serde_json::to_string_pretty(current).unwrap() + "\n";
    if std::env::var_os("WRITE_SCHEMAS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &current).unwrap();
    }
    let checked_in = fs::read_to_string(&file).unwrap_or_default();
    assert!(checked_in == current, "infra/{path} is old: WRITE_SCHEMAS=1 cargo test -p kemala-contract writes it anew");
}

/// The message of a change's last event that an agency gets.
fn message(change: &Change, to: &AgencyCode, spoken: Option<&Voice>, terms: Terms<'_>) -> AgencyMessage {
    let event = change.events.last().unwrap();
    assert!(event.undelivered.contains(&Destination::Agency(to.clone())), "{to} hears nothing of it");
    let opening = voice(VoiceRole::Opening, "100");
    let deadlines = Deadline::all(&change.ticket, terms);
    AgencyMessage::new(
        event,
        to,
        Snapshot { ticket: &change.ticket, opening: Some(&opening), deadlines: &deadlines },
        spoken,
    )
}

/// A message of each type, as one ticket may cause them.
fn examples() -> Vec<AgencyMessage> {
    let law = Law::sample();
    let (terms, blora) = (law.terms(), agency("PEMKAB3316"));
    let case = opened("PEMKAB3316");
    let first = Change {
        based_on: 0,
        ticket: case.ticket.clone(),
        events: case.events.clone(),
        voices: Vec::new(),
        beside: lifecycle::Beside::default(),
    };
    let due = case.ticket.due.unwrap().at;
    let late = lifecycle::take_due_step(&case, terms, due).unwrap();
    let said = voice(VoiceRole::Reply, "101");
    let replied = lifecycle::add_voice(&case, said.clone(), terms, monday());
    let other = voice(VoiceRole::SameIncident, "102");
    let joined = lifecycle::add_voice(&case, other.clone(), terms, monday());
    let deed = Deed::NotOurs { reason: "Jalan provinsi".to_owned(), named: Some(agency("DPUBMCK")) };
    let handed_on = act(&case, &blora, deed, &bodies(), terms, monday()).unwrap();
    let gone = withdrawn(&case, terms);
    vec![
        message(&first, &blora, None, terms),
        message(&joined, &blora, Some(&other), terms),
        message(&late, &blora, None, terms),
        message(&gone, &blora, None, terms),
        message(&handed_on, &blora, None, terms),
        message(&replied, &blora, Some(&said), terms),
    ]
}

fn withdrawn(case: &Case, terms: Terms<'_>) -> Change {
    lifecycle::withdraw_voice(case, case.ticket.origin.clone(), VoiceRole::Opening, terms, monday())
}

#[test]
fn every_message_has_its_schema_and_an_example_that_fits() {
    let examples = examples();
    let types: Vec<MessageType> = examples.iter().map(|message| message.message_type).collect();
    assert_eq!(
        types,
        [
            MessageType::Assigned,
            MessageType::Updated,
            MessageType::Escalated,
            MessageType::Withdrawn,
            MessageType::Reassigned,
            MessageType::CitizenReplied,
        ]
    );
    for example in examples {
        let schema = schema::of_message(example.message_type);
        let example = serde_json::from_str(&example.to_json().unwrap()).unwrap();
        let wrong = [("/type", json!("x")), ("/data/version", json!("1")), ("/subject", json!("?"))];
        is_current_with_example(schema, example, &wrong);
    }
}

#[test]
fn a_ping_has_its_schema_and_an_example_that_fits() {
    let ping = Ping::new(agency("DINKES"), monday()).unwrap();
    let example = serde_json::from_str(&PingMessage::new(&ping, "jateng").to_json().unwrap()).unwrap();
    let wrong = [("/type", json!("x")), ("/id", json!("KJ/1")), ("/subject", json!("?"))];
    is_current_with_example(schema::of_ping(), example, &wrong);
}

/// Checks that the example fits its schema and that faults in it do not, and compares both with what is checked in.
fn is_current_with_example(mut schema: Value, example: Value, wrong: &[(&str, Value)]) {
    let name = example["type"].as_str().unwrap().to_owned();
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&example).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
    // A schema that lets everything through would show nothing.
    for (pointer, wrong) in wrong.iter().chain(&[("/time", json!("today"))]) {
        let mut other = example.clone();
        *other.pointer_mut(pointer).unwrap() = wrong.clone();
        assert!(!validator.is_valid(&other), "{name} {pointer}");
    }
    schema["examples"] = json!([example]);
    is_current(&format!("schemas/{name}.json"), &schema);
}

#[test]
fn the_api_is_as_it_is_checked_in() {
    let document = openapi::agency_updates();
    for body in document["components"]["schemas"].as_object().unwrap().values() {
        jsonschema::draft202012::meta::validate(body).unwrap();
    }
    is_current("openapi/agency-updates.json", &document);
}
