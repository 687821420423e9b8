//! What a place remembers of its recent tickets, so that another report of an incident finds its ticket.
//!
//! Held for the comparison only: words are kept as hashes of 32 bits, of the masked text, without order.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::{BASE64_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::decision::{Category, Kind, Urgency};
use crate::ids::{RegionCode, TicketId};

/// Most tickets that one place remembers; the oldest go first. At about 500 bytes each a row stays below 30 KB.
const MOST_ENTRIES: usize = 50;

/// Words without which a text is too short to be known by its words alone.
const TELLING: usize = 4;

/// What one report says, as far as it takes to know another report of the same incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// Complaint or question.
    pub kind: Kind,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<RegionCode>,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// A hash of the whole text, word by word, to know its copies by; `None` of one too short to be a copy of anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextHash>,
    /// The words that say something, without names of its place.
    pub words: WordSet,
    /// Words that say little, for many reports have them.
    #[serde(default, skip_serializing_if = "WordSet::is_empty")]
    pub weak: WordSet,
    /// Which of several things of a kind is meant: the numbers and names after `rt`, `km`, `pasar` and the like.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, WordSet>,
}

impl Signature {
    /// Where a ticket with this signature is remembered: its subdistrict, else its regency; by its text where no place is
    /// known, so that only its copies meet there. `None` where there is too little to go by.
    pub fn key(&self) -> Option<IncidentKey> {
        match &self.place {
            Some(place) => place.subdistrict().or_else(|| place.regency()).map(|place| IncidentKey(place.to_string())),
            None => self.text.as_ref().map(|text| IncidentKey(format!("copy-{}", text.0))),
        }
    }
}

/// FNV-1a, which is short, and the same on every machine and in every version.
const FNV_START: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

fn hash(word: &str) -> u32 {
    word.bytes().fold(FNV_START, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(FNV_PRIME))
}

/// A hash of a text, word by word: the start of its SHA-256, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextHash(String);

impl TextHash {
    /// Bytes that are kept, enough for no two texts to meet by chance.
    const BYTES: usize = 12;

    /// Of the words of a text, in their order; `None` where there are too few.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut hash = Sha256::new();
        let mut count = 0;
        for word in words {
            hash.update(word);
            hash.update(" ");
            count += 1;
        }
        let hash = hash.finalize();
        (count >= TELLING).then(|| Self(HEXLOWER.encode(hash.get(..Self::BYTES).unwrap_or(&hash))))
    }
}

/// Hashes of words, each once. Written as base64 of 4 bytes a word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WordSet(Vec<u32>);

/// A text that is no set of words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a set of words is base64 of 4 bytes a word")]
pub struct InvalidWordSet;

impl WordSet {
    /// Most words that are kept, far more than a post of 280 characters has.
    const MOST: usize = 80;

    /// How many words.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many words are in both.
    pub fn shared(&self, other: &Self) -> usize {
        self.0.iter().filter(|word| other.0.binary_search(word).is_ok()).count()
    }
}

impl<S: AsRef<str>> FromIterator<S> for WordSet {
    fn from_iter<I: IntoIterator<Item = S>>(words: I) -> Self {
        let mut hashes: Vec<u32> = words.into_iter().take(Self::MOST).map(|word| hash(word.as_ref())).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }
}

impl From<WordSet> for String {
    fn from(words: WordSet) -> String {
        let bytes: Vec<u8> = words.0.into_iter().flat_map(u32::to_be_bytes).collect();
        BASE64_NOPAD.encode(&bytes)
    }
}

impl TryFrom<String> for WordSet {
    type Error = InvalidWordSet;
    fn try_from(text: String) -> Result<Self, InvalidWordSet> {
        let bytes = BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| InvalidWordSet)?;
        let (words, []) = bytes.as_chunks::<4>() else { return Err(InvalidWordSet) };
        let mut words: Vec<u32> = words.iter().copied().map(u32::from_be_bytes).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Self(words))
    }
}

/// Names what a row of recent tickets is about: a subdistrict, a regency, or a text that is copied about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentKey(String);

impl IncidentKey {
    /// The row of a place.
    pub fn of_place(place: &RegionCode) -> Self {
        Self(place.to_string())
    }
}

impl fmt::Display for IncidentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A ticket as its place remembers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The ticket.
    pub ticket: TicketId,
    /// What the report said that opened it.
    pub signature: Signature,
}

/// The recent tickets of a place. A memory that may be stale: who joins a ticket reads the ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incidents {
    /// What it is about.
    pub key: IncidentKey,
    /// Rises with every change; 0 where nothing is remembered yet.
    pub version: u32,
    /// The tickets, in no order.
    pub entries: Vec<Entry>,
}

impl Incidents {
    /// Nothing remembered.
    pub fn none(key: IncidentKey) -> Self {
        Self { key, version: 0, entries: Vec::new() }
    }

    /// With a ticket more, or with what it says now. What was posted more than `keep` before `now` goes, then the
    /// oldest beyond 50.
    pub fn with(&self, entry: Entry, keep: SignedDuration, now: Timestamp) -> Self {
        let is_kept =
            |other: &&Entry| other.ticket != entry.ticket && now.duration_since(other.signature.posted_at) <= keep;
        let mut entries: Vec<Entry> = self.entries.iter().filter(is_kept).cloned().collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.signature.posted_at));
        entries.truncate(MOST_ENTRIES - 1);
        entries.push(entry);
        Self { entries, ..self.clone() }
    }

    /// Without a ticket; `None` where it is not remembered.
    pub fn without(&self, ticket: &TicketId) -> Option<Self> {
        let entries: Vec<Entry> = self.entries.iter().filter(|entry| entry.ticket != *ticket).cloned().collect();
        (entries.len() < self.entries.len()).then(|| Self { entries, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{monday, opened, post};

    fn signature(words: &str, days_ago: i64) -> Signature {
        Signature {
            kind: Kind::Complaint,
            category: Some("road_damage".parse().unwrap()),
            urgency: Urgency::Normal,
            place: Some("33.16.08.2001".parse().unwrap()),
            posted_at: monday() - SignedDuration::from_hours(24 * days_ago),
            text: TextHash::of(words.split(' ')),
            words: words.split(' ').collect(),
            weak: WordSet::default(),
            details: [("rt".to_owned(), ["3"].iter().collect())].into(),
        }
    }

    fn entry(number: usize, days_ago: i64) -> Entry {
        let id = TicketId::of_post(&"KJ".parse().unwrap(), &post(&(number + 1).to_string()), 0);
        Entry { ticket: id, signature: signature("jalan rusak", days_ago) }
    }

    #[test]
    fn it_is_remembered_by_subdistrict_else_regency_else_words() {
        let key = |place: Option<&str>, words: &str| {
            let place = place.map(|place| place.parse().unwrap());
            Signature { place, ..signature(words, 0) }.key().map(|key| key.to_string())
        };
        assert_eq!(key(Some("33.16.08.2001"), "a").as_deref(), Some("33.16.08"));
        assert_eq!(key(Some("33.16"), "a").as_deref(), Some("33.16"));
        assert_eq!(key(None, "a b c"), None);
        assert_eq!(key(None, "a b c d"), key(None, "a b c d"));
        assert_ne!(key(None, "a b c d"), key(None, "a b c e"));
    }

    #[test]
    fn a_signature_is_short_and_read_back() {
        let signature = signature("jalan rusak", 0);
        let json = serde_json::to_string(&signature).unwrap();
        insta::assert_snapshot!(json, @r#"{"kind":"complaint","category":"road_damage","urgency":"normal","place":"33.16.08.2001","posted_at":"2026-11-23T02:00:00Z","words":"MB+FH68jrck","details":{"rt":"NgyqQg"}}"#);
        assert_eq!(serde_json::from_str::<Signature>(&json).unwrap(), signature);
        for broken in ["\"AAA\"", "\"?\"", "3"] {
            assert!(serde_json::from_str::<WordSet>(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_old_and_the_oldest_are_forgotten() {
        let keep = SignedDuration::from_hours(24 * 30);
        let mut incidents = Incidents::none(IncidentKey::of_place(&"33.16.08".parse().unwrap()));
        incidents.entries = (0..80).map(|number| entry(number, i64::try_from(number).unwrap())).collect();
        let after = incidents.with(entry(200, 0), keep, monday());
        assert_eq!(after.entries.len(), 32, "30 days and today, and the new one");
        incidents.entries.iter_mut().for_each(|entry| entry.signature.posted_at = monday());
        assert_eq!(incidents.with(entry(200, 0), keep, monday()).entries.len(), MOST_ENTRIES);
    }

    #[test]
    fn a_ticket_is_remembered_once_and_can_be_forgotten() {
        let incidents = Incidents::none(IncidentKey::of_place(&"33.16".parse().unwrap()));
        let keep = SignedDuration::from_hours(24);
        let twice = incidents.with(entry(1, 0), keep, monday()).with(entry(1, 0), keep, monday());
        assert_eq!(twice.entries.len(), 1);
        assert_eq!(twice.without(&opened("DINKES").ticket.id), None);
        assert_eq!(twice.without(&entry(1, 0).ticket).unwrap().entries, []);
    }

    proptest! {
        #[test]
        fn words_survive_the_table(words in prop::collection::vec("\\PC{1,8}", 0..120)) {
            let set: WordSet = words.iter().collect();
            prop_assert_eq!(WordSet::try_from(String::from(set.clone())), Ok(set.clone()));
            prop_assert_eq!(set.shared(&set), set.len());
        }
    }
}
