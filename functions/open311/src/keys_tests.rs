use std::sync::Mutex as SyncMutex;

use super::*;

pub const KEY: &str = "0123456789abcdef";

fn keys(json: &str) -> Keys {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_key_names_its_app() {
    let keys = keys(r#"{"keys": {"0123456789abcdef": "contoh", "short": "b", "another-long-key-1": ""}, "other": 1}"#);
    assert_eq!(keys.app_of(KEY), Some("contoh"));
    for none in ["", "0123456789abcde", "0123456789abcdef0", "short", "another-long-key-1", "contoh"] {
        assert_eq!(keys.app_of(none), None, "{none}");
    }
}

/// A vault that gives one answer after the other, and counts.
struct Scripted(SyncMutex<Vec<Result<Keys, Unusable>>>);

impl Vault for &Scripted {
    async fn fetch(&self) -> Result<Keys, Unusable> {
        self.0.lock().unwrap().remove(0)
    }
}

#[tokio::test]
async fn keys_that_are_known_count_while_the_vault_is_down_and_none_once_it_is_empty() {
    let known = || Ok(keys(r#"{"keys": {"0123456789abcdef": "contoh"}}"#));
    let down = || Err(Unusable::Malformed("x".to_owned(), serde_json::from_str::<u8>("").unwrap_err().into()));
    let vault = Scripted(SyncMutex::new(vec![down(), known(), down(), Err(Unusable::Empty("x".to_owned()))]));
    let trusted = TrustedKeys::new(&vault);
    let start: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    let known = Ok("contoh".to_owned());
    for (second, expected, left) in [
        (0, Err(NotTrusted::NoKeys), 3),
        (4, Err(NotTrusted::NoKeys), 3),
        (5, known.clone(), 2),
        (64, known.clone(), 2),
        (65, known.clone(), 1),
        (69, known, 1),
        (70, Err(NotTrusted::NoKeys), 0),
    ] {
        let app = trusted.app_of(KEY, start + SignedDuration::from_secs(second)).await;
        assert_eq!((app, vault.0.lock().unwrap().len()), (expected, left), "at {second} s");
    }
}

#[tokio::test]
async fn a_secret_without_a_key_is_like_none() {
    let vault = Scripted(SyncMutex::new(vec![Ok(keys(r#"{"keys": {"short": "a"}}"#))]));
    let app = TrustedKeys::new(&vault).app_of("short", Timestamp::UNIX_EPOCH).await;
    assert_eq!(app, Err(NotTrusted::NoKeys));
}

#[tokio::test]
async fn a_new_key_counts_soon_and_strangers_cannot_make_us_ask_at_will() {
    let with = |key: &str| Ok(keys(&format!(r#"{{"keys": {{"{key}": "contoh"}}}}"#)));
    let vault = Scripted(SyncMutex::new(vec![with("some-other-key-1"), with("some-other-key-1"), with(KEY)]));
    let trusted = TrustedKeys::new(&vault);
    let start: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    for (second, expected, left) in
        [(0, false, 2), (1, false, 2), (4, false, 2), (5, false, 1), (9, false, 1), (10, true, 0)]
    {
        let app = trusted.app_of(KEY, start + SignedDuration::from_secs(second)).await;
        assert_eq!((app.is_ok(), vault.0.lock().unwrap().len()), (expected, left), "at {second} s");
    }
}
