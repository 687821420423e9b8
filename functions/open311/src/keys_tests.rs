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
    for (second, there, left) in
        [(0, false, 3), (4, false, 3), (5, true, 2), (64, true, 2), (65, true, 1), (69, true, 1), (70, false, 0)]
    {
        let keys = trusted.at(start + SignedDuration::from_secs(second)).await;
        assert_eq!((keys.is_some(), vault.0.lock().unwrap().len()), (there, left), "at {second} s");
    }
}

#[tokio::test]
async fn a_secret_without_a_key_is_like_none() {
    let vault = Scripted(SyncMutex::new(vec![Ok(keys(r#"{"keys": {"short": "a"}}"#))]));
    assert!(TrustedKeys::new(&vault).at(Timestamp::UNIX_EPOCH).await.is_none());
}
