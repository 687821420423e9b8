//! Rules without deployment: files that stand in for those of the shipped pack, and which version of them counts.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Files that stand in for those of a shipped pack. A version that was written never changes, so that its number on a
/// ticket always means the same rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Its number, from 1.
    pub version: u32,
    /// The shipped pack that it was made for, such as `jateng/2026-11-24`.
    pub based_on: String,
    /// Whole files by their name in the pack's folder.
    pub files: BTreeMap<String, Replacement>,
    /// Why it was made, in the words of who made it.
    #[serde(default)]
    pub note: String,
    /// When it was written.
    pub written_at: Timestamp,
}

impl Override {
    /// Most bytes of names and files together: a row holds 400 KB at most.
    pub const MOST_BYTES: usize = 300_000;

    /// Bytes of names and files together.
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|(name, file)| name.len() + file.text.len()).sum()
    }
}

/// A file that stands in for a shipped one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// Its content.
    pub text: String,
    /// The shipped file that it was made from, by its [`digest`]. Where another one is shipped meanwhile, this one would
    /// silently undo what that one changed, so it no longer fits.
    pub instead_of: String,
}

impl Replacement {
    /// A file made from that shipped one.
    pub fn new(text: impl Into<String>, shipped: &str) -> Self {
        Self { text: text.into(), instead_of: digest(shipped) }
    }
}

/// What a file is known by: the first 64 bits of its SHA-256, in hexadecimal.
pub fn digest(text: &str) -> String {
    let mut digest = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    digest.truncate(16);
    digest
}

/// Which version of a pack counts. The default is the shipped pack, where nobody ever chose anything else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// How often it was changed; a change is conditional on it.
    pub revision: u32,
    /// The override that counts; `None` is the pack as it was shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What counted before, and counts on where `version` turns out to be unusable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
}

impl Choice {
    /// The choice of another version.
    pub fn then(self, version: Option<u32>) -> Self {
        let before = if version == self.version { self.before } else { self.version };
        Self { revision: self.revision.saturating_add(1), version, before }
    }

    /// What is to be used, best first.
    pub fn candidates(self) -> [Option<u32>; 2] {
        [self.version, self.before]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_remembers_what_counted_before() {
        let first = Choice::default().then(Some(1));
        assert_eq!(first, Choice { revision: 1, version: Some(1), before: None });
        let second = first.then(Some(2));
        assert_eq!(second.candidates(), [Some(2), Some(1)]);
        assert_eq!(second.then(Some(1)), Choice { revision: 3, version: Some(1), before: Some(2) });
        assert_eq!(second.then(None).candidates(), [None, Some(2)]);
        assert_eq!(second.then(Some(2)).candidates(), second.candidates(), "choosing it again forgets nothing");
    }

    #[test]
    fn names_and_files_count() {
        let files = BTreeMap::from([("rules.toml".to_owned(), Replacement::new("é", "shipped"))]);
        let written_at = Timestamp::UNIX_EPOCH;
        let over = Override { version: 1, based_on: "a/1".into(), files, note: "not counted".into(), written_at };
        assert_eq!(over.bytes(), 12);
        assert_eq!(over.files["rules.toml"].instead_of, digest("shipped"));
        assert_eq!(digest(""), "e3b0c44298fc1c14");
    }
}
