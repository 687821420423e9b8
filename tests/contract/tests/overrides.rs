//! Overrides stay in the table for years, and functions of several versions read them while a deployment is under way.

use std::fs;

use kemala_domain::Override;
use kemala_domain::overrides::Choice;
use serde_json::Value;

use crate::fixtures;

/// These files are never changed. A version that writes otherwise adds its own beside them.
fn stored(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(fixtures::folder("pack").join(name)).unwrap()).unwrap()
}

#[test]
fn a_stored_override_is_readable_forever() {
    let mut stored = stored("override_v1.json");
    let over: Override = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!((over.version, over.based_on.as_str(), over.note.as_str()), (3, "jateng/2026-11-24", "Natal"));
    assert!(over.files["holidays.csv"].text.contains("2026-12-25"));
    assert_eq!(serde_json::to_value(&over).unwrap(), stored, "it is written as it was read");
    // The keys of its row, and what is added later, do no harm.
    stored["pk"] = "PACK#jateng".into();
    stored["added"] = true.into();
    assert_eq!(serde_json::from_value::<Override>(stored).unwrap(), over);
}

#[test]
fn a_stored_choice_is_readable_forever() {
    let stored = stored("choice_v1.json");
    let choice: Choice = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(choice, Choice { revision: 5, version: Some(3), before: Some(2) });
    assert_eq!(serde_json::to_value(choice).unwrap(), stored);
    let off: Choice = serde_json::from_str(r#"{"revision":6,"before":3,"added":true}"#).unwrap();
    assert_eq!((off.version, off.before), (None, Some(3)));
}
