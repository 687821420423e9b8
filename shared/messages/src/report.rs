//! What the `reports` queue carries, from intake to classification: `{"v":1,"received_at":…,"channel":…,"report":{…}}`
//! or the same with `"deletion":{…}`.

use jiff::Timestamp;
use kemala_domain::{PostKey, Report};
use serde::{Deserialize, Serialize};

use crate::json::{self, JsonFault};

/// The version that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// One message on the `reports` queue. Personal data: never logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// When intake had it.
    pub received_at: Timestamp,
    /// The way it came.
    pub channel: Channel,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly all are reports: a box would save nothing")]
pub enum Content {
    /// A post that is for us.
    Report(Report),
    /// A post is gone from its platform.
    Deletion(Deletion),
}

/// A post is gone from its platform: what is stored of it must go too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// The post; any one of an edit chain stands for the whole chain.
    pub post: PostKey,
    /// When it was deleted, where the platform says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// The way a post came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Webhook of the X Activity API.
    XActivity,
    /// Webhook of X's older Account Activity API.
    XAccountActivity,
    /// Webhook of X's filtered stream.
    XFilteredStream,
    /// X's recent search, which we ask.
    XSearch,
    /// X was asked whether a post is still there.
    XLookUp,
    /// Another app, by Open311.
    Open311,
}

impl Channel {
    /// Its name, as the message has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::XActivity => "x_activity",
            Self::XAccountActivity => "x_account_activity",
            Self::XFilteredStream => "x_filtered_stream",
            Self::XSearch => "x_search",
            Self::XLookUp => "x_look_up",
            Self::Open311 => "open311",
        }
    }
}

/// Why a message cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A newer program wrote it: it belongs back on the queue until this one is replaced.
    #[error("a message of version {0}; this program reads up to {VERSION}")]
    NewerVersion(u32),
    /// No message, or a broken one: it will not get better by waiting.
    #[error("not a message of the reports queue: {0}")]
    Malformed(#[from] JsonFault),
}

impl Unreadable {
    /// Whether the same message may be readable later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::NewerVersion(_))
    }
}

#[derive(Serialize)]
struct Versioned<'a> {
    v: u32,
    #[serde(flatten)]
    message: &'a Message,
}

#[derive(Deserialize)]
struct VersionOnly {
    v: u32,
}

impl Message {
    /// Writes the message as the queue carries it.
    ///
    /// # Errors
    /// None in practice: see [`serde_json::to_string`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        json::for_sqs(&Versioned { v: VERSION, message: self })
    }

    /// Reads a message of the queue.
    ///
    /// # Errors
    /// [`Unreadable::NewerVersion`] is for the queue, [`Unreadable::Malformed`] for quarantine.
    pub fn from_json(json: &str) -> Result<Self, Unreadable> {
        let VersionOnly { v } = serde_json::from_str(json).map_err(JsonFault::from)?;
        if v > VERSION {
            return Err(Unreadable::NewerVersion(v));
        }
        Ok(serde_json::from_str(json).map_err(JsonFault::from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deletion() -> Message {
        Message {
            received_at: "2026-11-20T00:31:06.5Z".parse().unwrap(),
            channel: Channel::XAccountActivity,
            content: Content::Deletion(Deletion { post: PostKey::x("2123574816920305665").unwrap(), at: None }),
        }
    }

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let json = deletion().to_json().unwrap();
        insta::assert_snapshot!(json, @r#"{"v":1,"received_at":"2026-11-20T00:31:06.5Z","channel":"x_account_activity","deletion":{"post":"x#2123574816920305665"}}"#);
        assert_eq!(Message::from_json(&json).unwrap(), deletion());
    }

    #[test]
    fn a_channel_is_named_as_it_is_written() {
        for channel in [
            Channel::XActivity,
            Channel::XAccountActivity,
            Channel::XFilteredStream,
            Channel::XSearch,
            Channel::XLookUp,
            Channel::Open311,
        ] {
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.name());
        }
    }

    #[test]
    fn a_newer_message_waits_for_a_newer_program() {
        let newer = Message::from_json(r#"{"v":2,"something":"else"}"#).unwrap_err();
        assert_eq!(newer, Unreadable::NewerVersion(2));
        assert!(newer.is_retryable());
    }

    #[test]
    fn what_is_no_message_never_will_be() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"v":"1"}"#,
            r#"{"v":-1}"#,
            r#"{"v":1}"#,
            r#"{"v":1,"received_at":"2026-11-20T00:31:06Z","channel":"fax","deletion":{"post":"x#1"}}"#,
            r#"{"v":1,"received_at":"2026-11-20T00:31:06Z","channel":"x_activity"}"#,
            r#"{"v":1,"received_at":"2026-11-20T00:31:06Z","channel":"x_activity","deletion":{"post":"nama saya"}}"#,
        ] {
            let error = Message::from_json(text).expect_err(text);
            assert!(!error.is_retryable(), "{text}");
            assert!(!error.to_string().contains("nama"), "{error}");
        }
    }
}
