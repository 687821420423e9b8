//! Codes and ids that cannot be wrong: each is checked when it is made, also when it is read from JSON.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is not the id or code it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not {expected}")]
pub struct InvalidId {
    text: String,
    expected: &'static str,
}

fn invalid(text: &str, expected: &'static str) -> InvalidId {
    // Ids are short; a long text is not repeated in full (it may be anything, even a citizen's words).
    InvalidId { text: text.chars().take(40).collect(), expected }
}

/// Serde and formatting for a newtype over a checked string.
macro_rules! checked_text {
    ($name:ident) => {
        impl $name {
            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

/// Code of an agency in the pack: `[A-Z0-9]+`, at most 32 characters (queue and role names carry it).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[A-Z0-9]{1,32}$", "examples" = ["DINKES"])))]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode(String);
checked_text!(AgencyCode);

impl FromStr for AgencyCode {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let fits = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(invalid(text, "an agency code ([A-Z0-9], 1 to 32)")) }
    }
}

/// Id of a ping, which an agency acknowledges before its first day: `[a-z0-9-]+`, at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[a-z0-9-]{1,64}$", "examples" = ["ping-1795500000000"])))]
#[serde(try_from = "String", into = "String")]
pub struct PingId(String);
checked_text!(PingId);

impl FromStr for PingId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let is_sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(is_sign);
        if fits { Ok(Self(text.to_owned())) } else { Err(invalid(text, "the id of a ping ([a-z0-9-], 1 to 64)")) }
    }
}

/// Code of a place as Kemendagri gives it: `33`, `33.16`, `33.16.08` or `33.16.08.2001`
/// (province, regency or city, subdistrict, village).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[0-9]{2}([.][0-9]{2}([.][0-9]{2}([.][0-9]{4})?)?)?$", "examples" = ["33.16.08"])))]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);
checked_text!(RegionCode);

impl RegionCode {
    /// Length of a code down to regency or city, subdistrict, and village.
    const LENGTHS: [usize; 4] = [2, 5, 8, 13];

    /// The regency or city this place lies in (itself, if it is one); `None` for a province.
    pub fn regency(&self) -> Option<RegionCode> {
        self.0.get(..5).map(|code| Self(code.to_owned()))
    }

    /// The subdistrict this place lies in (itself, if it is one).
    pub fn subdistrict(&self) -> Option<RegionCode> {
        self.0.get(..8).map(|code| Self(code.to_owned()))
    }

    /// The next larger place; `None` for a province.
    pub fn parent(&self) -> Option<RegionCode> {
        let level = Self::LENGTHS.iter().position(|&length| length == self.0.len())?;
        level.checked_sub(1).map(|above| Self(self.0[..Self::LENGTHS[above]].to_owned()))
    }

    /// Whether this place is `other` or lies in it.
    pub fn is_in(&self, other: &RegionCode) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl FromStr for RegionCode {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let shape = Self::LENGTHS.contains(&text.len())
            && text
                .bytes()
                .enumerate()
                .all(|(i, b)| if matches!(i, 2 | 5 | 8) { b == b'.' } else { b.is_ascii_digit() });
        if shape {
            Ok(Self(text.to_owned()))
        } else {
            Err(invalid(text, "a place code (like 33, 33.16, 33.16.08 or 33.16.08.2001)"))
        }
    }
}

/// Where a post was made. Part of every key that names a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// X, once Twitter.
    X,
    /// Another app, which sent a citizen's report by Open311.
    Open311,
}

impl Platform {
    /// Whether everybody can see its posts, and we ask the platform whether they are still there.
    pub fn is_public(self) -> bool {
        match self {
            Self::X => true,
            Self::Open311 => false,
        }
    }

    /// Whether we can answer who posted there. Apps look at the request by themselves.
    pub fn takes_answers(self) -> bool {
        match self {
            Self::X => true,
            Self::Open311 => false,
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::X => f.write_str("x"),
            Self::Open311 => f.write_str("open311"),
        }
    }
}

/// A post, named so that two platforms cannot be mixed up. Written `x#2123574816920305665`.
///
/// The id is the platform's own string (X's are numbers above 2^53, so never a float).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PostKey {
    /// The platform of the post.
    pub platform: Platform,
    id: String,
}

impl PostKey {
    /// Names a post on X. Its id is 1 to 19 digits.
    pub fn x(id: &str) -> Result<Self, InvalidId> {
        let digits = (1..=19).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
        if digits {
            Ok(Self { platform: Platform::X, id: id.to_owned() })
        } else {
            Err(invalid(id, "a post id of X (1 to 19 digits)"))
        }
    }

    /// Names a report that an app sent. Its id is 32 hexadecimal digits, which nobody can guess.
    pub fn open311(id: &str) -> Result<Self, InvalidId> {
        let fits = id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if fits {
            Ok(Self { platform: Platform::Open311, id: id.to_owned() })
        } else {
            Err(invalid(id, "an id of Open311 (32 hexadecimal digits)"))
        }
    }

    /// The platform's id of the post.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for PostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.platform, self.id)
    }
}

impl FromStr for PostKey {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text.split_once('#') {
            Some(("x", id)) => Self::x(id),
            Some(("open311", id)) => Self::open311(id),
            _ => Err(invalid(text, "a post key (like x#2123574816920305665)")),
        }
    }
}

impl TryFrom<String> for PostKey {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<PostKey> for String {
    fn from(key: PostKey) -> String {
        key.to_string()
    }
}

/// Number of a ticket, as citizens read it: the pack's prefix, 8 characters of Crockford's base32 and a check
/// character (Luhn mod 32: every single wrong character is caught, and nearly every swap of neighbours).
///
/// It follows from the platform and the first post of the report, so a repeat finds the same ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[A-Z]{1,8}-[0-9A-Z]{9}$", "examples" = ["KJ-45RQ0X8XD"])))]
#[serde(try_from = "String", into = "String")]
pub struct TicketId(String);
checked_text!(TicketId);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl TicketId {
    /// Number of the ticket that the post opens. `probe` is 0, or the count of other tickets met at that number.
    pub fn of_post(prefix: &TicketPrefix, post: &PostKey, probe: u32) -> Self {
        let digest = Sha256::digest(format!("{post}/{probe}"));
        let mut number = u64::from_be_bytes([0, 0, 0, digest[0], digest[1], digest[2], digest[3], digest[4]]);
        let mut symbols = [0u8; 8];
        for symbol in symbols.iter_mut().rev() {
            *symbol = (number & 31) as u8;
            number >>= 5;
        }
        let check = luhn_check(&symbols);
        let body: String = symbols.iter().chain([&check]).map(|&s| CROCKFORD[usize::from(s)] as char).collect();
        Self(format!("{}-{body}", prefix.0))
    }
}

/// Luhn mod 32 over symbol values, as check symbol to append.
fn luhn_check(symbols: &[u8]) -> u8 {
    let sum: u32 = symbols
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &symbol)| {
            let addend = u32::from(symbol) * if i % 2 == 0 { 2 } else { 1 };
            addend / 32 + addend % 32
        })
        .sum();
    ((32 - sum % 32) % 32) as u8
}

impl FromStr for TicketId {
    type Err = InvalidId;

    /// Reads a number as a person would write it: any case, O for 0, I or L for 1.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        const EXPECTED: &str = "a ticket number (like KJ-45RQ0X8XD; check for a mistyped character)";
        let (prefix, body) = text.trim().split_once('-').ok_or_else(|| invalid(text, EXPECTED))?;
        let prefix: TicketPrefix = prefix.to_ascii_uppercase().parse().map_err(|_| invalid(text, EXPECTED))?;
        let symbols: Vec<u8> = body
            .chars()
            .map(|c| {
                let c = match c.to_ascii_uppercase() {
                    'O' => '0',
                    'I' | 'L' => '1',
                    other => other,
                };
                CROCKFORD.iter().position(|&s| s as char == c).map(|value| value as u8)
            })
            .collect::<Option<_>>()
            .ok_or_else(|| invalid(text, EXPECTED))?;
        match symbols.split_last() {
            Some((&check, body)) if body.len() == 8 && luhn_check(body) == check => {
                let body: String = symbols.iter().map(|&s| CROCKFORD[usize::from(s)] as char).collect();
                Ok(Self(format!("{}-{body}", prefix.0)))
            }
            _ => Err(invalid(text, EXPECTED)),
        }
    }
}

/// Prefix of a pack's ticket numbers: 1 to 4 letters, such as `KJ`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketPrefix(String);
checked_text!(TicketPrefix);

impl FromStr for TicketPrefix {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let fits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase());
        if fits { Ok(Self(text.to_owned())) } else { Err(invalid(text, "a ticket prefix (1 to 4 capital letters)")) }
    }
}

/// Identity of an event everywhere: `<ticket>/<seq>`. Consumers de-duplicate on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventId {
    /// The ticket.
    pub ticket: TicketId,
    /// The event's place in the ticket's life, from 1.
    pub seq: u32,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ticket, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kj() -> TicketPrefix {
        "KJ".parse().unwrap()
    }

    #[test]
    fn rejected_texts() {
        for text in ["", "pemkab3316", "PEMKAB-3316", "A B", &"A".repeat(33)] {
            assert!(text.parse::<AgencyCode>().is_err(), "{text:?} is no agency code");
        }
        for text in ["", "3", "33.", "33.1", "3316", "33.16.8", "33.16.08.201", "33-16", "ab.cd"] {
            assert!(text.parse::<RegionCode>().is_err(), "{text:?} is no place code");
        }
        for text in ["", "12a", "-5", "12345678901234567890", "1 2"] {
            assert!(PostKey::x(text).is_err(), "{text:?} is no post id");
        }
        for text in ["", "KJ", "KJ-", "KJ-12345678", "KJ-1234567890", "12-123456789", "KJ-12345678U", "KJ-é2345678A"] {
            assert!(text.parse::<TicketId>().is_err(), "{text:?} is no ticket number");
        }
    }

    #[test]
    fn a_post_always_gets_the_same_number() {
        let post = PostKey::x("2123574816920305665").unwrap();
        insta::assert_snapshot!(TicketId::of_post(&kj(), &post, 0), @"KJ-45RQ0X8XD");
        assert_ne!(TicketId::of_post(&kj(), &post, 0), TicketId::of_post(&kj(), &post, 1));
    }

    #[test]
    fn a_post_is_read_as_it_was_written() {
        let id = "0123456789abcdef0123456789abcdef";
        for post in [PostKey::x("12").unwrap(), PostKey::open311(id).unwrap()] {
            assert_eq!(post.to_string().parse(), Ok(post));
        }
        for text in [&id[1..], &id.to_uppercase(), &format!("{id}0"), "", "#", "é"] {
            assert!(PostKey::open311(text).is_err() && format!("y#{text}").parse::<PostKey>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn places_know_their_parents() {
        let village: RegionCode = "33.16.08.2001".parse().unwrap();
        assert_eq!(village.parent().unwrap().as_str(), "33.16.08");
        assert_eq!(village.subdistrict().unwrap().as_str(), "33.16.08");
        assert_eq!(village.regency().unwrap().as_str(), "33.16");
        assert_eq!("33".parse::<RegionCode>().unwrap().parent(), None);
        assert_eq!("33".parse::<RegionCode>().unwrap().regency(), None);
        assert!(village.is_in(&"33.16".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = text.parse::<TicketId>();
            let _ = text.parse::<RegionCode>();
            let _ = text.parse::<AgencyCode>();
            let _ = text.parse::<PostKey>();
        }

        #[test]
        fn a_number_is_read_back_as_people_write_it(id in 1u64..u64::MAX / 2) {
            let ticket = TicketId::of_post(&kj(), &PostKey::x(&id.to_string()).unwrap(), 0);
            prop_assert_eq!(&ticket, &ticket.as_str().to_lowercase().replace('0', "o").replace('1', "l").parse().unwrap());
        }

        #[test]
        fn one_wrong_character_is_caught(id in 1u64..u64::MAX / 2, at in 3usize..12, other in 0usize..32) {
            let ticket = TicketId::of_post(&kj(), &PostKey::x(&id.to_string()).unwrap(), 0).to_string();
            let mut wrong = ticket.clone().into_bytes();
            wrong[at] = CROCKFORD[other];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assume!(wrong != ticket);
            prop_assert!(wrong.parse::<TicketId>().is_err());
        }
    }
}
