//! The secrets' contents, before and after a change. Nothing here is ever printed.

use anyhow::{Result, bail};
use jiff::{SignedDuration, Timestamp};
use kemala_messages::x::signature::ConsumerSecret;
use serde_json::{Map, Value, json};

use crate::problem::Problem;

/// How long both consumer secrets count at least: X repeats what was not taken for about 5 minutes, intake keeps secrets for
/// 5, and clocks and queues want some room.
pub const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

type Content = Map<String, Value>;

const CURRENT: &str = "consumer_secret";
const PREVIOUS: &str = "previous_consumer_secret";
const SINCE: &str = "rotated_at";

/// X's consumer secret: the new one counts, and so does the one before until [`finish_x`].
///
/// # Errors
/// Where it is no secret or nothing new, or an earlier change is not finished.
pub fn begin_x(mut held: Content, new: &str, now: Timestamp) -> Result<Content> {
    if new.parse::<ConsumerSecret>().is_err() {
        bail!(Problem::new("that is no consumer secret", "paste it whole, without spaces: X calls it API Key Secret"));
    }
    if held.get(PREVIOUS).is_some_and(|previous| !previous.is_null()) {
        let remedy = "finish it first with: cargo kemala rotate-secret x --finish";
        bail!(Problem::new("an earlier change is not finished: two secrets count already", remedy));
    }
    let old = held.get(CURRENT).cloned().unwrap_or(Value::Null);
    if old == new {
        bail!(Problem::new("that is the secret that counts already", "generate a new one in X's developer portal"));
    }
    held.insert(PREVIOUS.to_owned(), old);
    held.insert(CURRENT.to_owned(), new.into());
    held.insert(SINCE.to_owned(), json!(now));
    Ok(held)
}

/// The consumer secret before counts no more.
///
/// # Errors
/// Where there is none, or [`OVERLAP`] is not over and it is not to be `early`.
pub fn finish_x(mut held: Content, early: bool, now: Timestamp) -> Result<Content> {
    if held.get(PREVIOUS).is_none_or(Value::is_null) {
        bail!(Problem::new("no change is under way: one secret counts", "nothing is to be done"));
    }
    let since: Option<Timestamp> = held.get(SINCE).and_then(|at| at.as_str()).and_then(|at| at.parse().ok());
    if let Some(left) = since.map(|since| OVERLAP - now.duration_since(since)).filter(|left| left.is_positive())
        && !early
    {
        let minutes = (left.as_secs() + 59) / 60;
        let what = format!("events signed with the old secret may be under way for {minutes} more minutes");
        bail!(Problem::new(what, "repeat it then; with --early they are lost"));
    }
    held.insert(PREVIOUS.to_owned(), Value::Null);
    held.remove(SINCE);
    Ok(held)
}

/// An app's new key for Open311: it counts, and so do those before until [`finish_app`].
pub fn begin_app(mut held: Content, app: &str, key: &str) -> Content {
    let keys = held.entry("keys").or_insert_with(|| json!({}));
    let old = keys_of(keys, app);
    keys[key] = app.into();
    let retiring = held.entry("retiring").or_insert_with(|| json!({}));
    retiring[app] = json!(old);
    held
}

/// The app's keys before the last one count no more.
///
/// # Errors
/// Where there are none.
pub fn finish_app(mut held: Content, app: &str) -> Result<Content> {
    let retiring = held.get_mut("retiring").and_then(Value::as_object_mut).and_then(|retiring| retiring.remove(app));
    let old: Vec<String> = retiring.map(serde_json::from_value).transpose()?.unwrap_or_default();
    if old.is_empty() {
        bail!(Problem::new(format!("no change is under way for {app}"), "nothing is to be done"));
    }
    if let Some(keys) = held.get_mut("keys").and_then(Value::as_object_mut) {
        keys.retain(|key, _| !old.contains(key));
    }
    Ok(held)
}

fn keys_of(keys: &Value, app: &str) -> Vec<String> {
    let all = keys.as_object().into_iter().flatten();
    all.filter(|(_, name)| name.as_str() == Some(app)).map(|(key, _)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(value: Value) -> Content {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn both_secrets_of_x_count_until_the_end() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let first = begin_x(Content::new(), "one", now).unwrap();
        assert_eq!((first[CURRENT].as_str(), first[PREVIOUS].is_null()), (Some("one"), true));
        let both = begin_x(first, "two", now).unwrap();
        assert_eq!((both[CURRENT].as_str(), both[PREVIOUS].as_str()), (Some("two"), Some("one")));
        for (what, new) in
            [("two", "two"), ("not finished", "three"), ("no consumer secret", "a b"), ("no consumer", "")]
        {
            let told = begin_x(both.clone(), new, now).unwrap_err().to_string();
            assert!(!told.contains("one") || what != "two", "{told}");
        }
        assert!(finish_x(both.clone(), false, now + SignedDuration::from_mins(14)).is_err());
        for (early, minutes) in [(true, 1), (false, 15)] {
            let done = finish_x(both.clone(), early, now + SignedDuration::from_mins(minutes)).unwrap();
            assert_eq!(Value::from(done.clone()), json!({ CURRENT: "two", PREVIOUS: null }));
            assert!(finish_x(done, true, now).is_err(), "once is enough");
        }
    }

    #[test]
    fn an_app_has_both_keys_until_the_end_and_others_keep_theirs() {
        let held = content(json!({ "keys": { "old": "lapor", "other": "warga" } }));
        let both = begin_app(held, "lapor", "new");
        assert_eq!(both["keys"], json!({ "old": "lapor", "other": "warga", "new": "lapor" }));
        let done = finish_app(both, "lapor").unwrap();
        assert_eq!(done["keys"], json!({ "other": "warga", "new": "lapor" }));
        assert!(finish_app(done, "lapor").is_err());
        let first = begin_app(Content::new(), "lapor", "new");
        assert_eq!(first["keys"], json!({ "new": "lapor" }));
    }
}
