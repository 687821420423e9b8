//! What the quarantine queue carries: input that was accepted and not understood, as it came, so that people can look
//! at it and send it again. Personal data: never logged.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json::{self, JsonFault, SQS_MAX_BYTES};

/// One message on the quarantine queue:
/// `{"v":1,"reason":…,"source":…,"received_at":…,"body":…,"body_bytes":…}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    v: u32,
    reason: Reason,
    source: Source,
    received_at: Timestamp,
    #[serde(flatten)]
    body: Body,
    /// Size of the body as it came.
    body_bytes: usize,
    /// Whether the body's end is missing here, because the whole does not fit into a message.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

/// Why something is in quarantine. The code is also what is logged and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A JSON object that cannot be held: nested too deep, half a character, a number beyond all range.
    UnreadableJson,
    /// A body of none of the known families.
    UnknownBody,
    /// A known family, but a kind of event that is not known.
    UnknownEvent,
    /// A known kind of event that lacks what it must have, or has it in another shape.
    UnreadableEvent,
    /// A report that does not fit into a message of the queue.
    TooLarge,
    /// No message of the `reports` queue, or a broken one.
    UnreadableMessage,
    /// A report that cannot be stored, for a reason that time does not mend.
    Unstorable,
    /// A reply to a post that is no report of ours.
    UnknownThread,
    /// Surely neither complaint nor question: praise, a joke, news, an advert.
    NothingToActOn,
    /// From an account that the pack blocks.
    BlockedAuthor,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::UnreadableJson,
        Self::UnknownBody,
        Self::UnknownEvent,
        Self::UnreadableEvent,
        Self::TooLarge,
        Self::UnreadableMessage,
        Self::Unstorable,
        Self::UnknownThread,
        Self::NothingToActOn,
        Self::BlockedAuthor,
    ];

    /// The code, as the message and the log have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnreadableJson => "unreadable_json",
            Self::UnknownBody => "unknown_body",
            Self::UnknownEvent => "unknown_event",
            Self::UnreadableEvent => "unreadable_event",
            Self::TooLarge => "too_large",
            Self::UnreadableMessage => "unreadable_message",
            Self::Unstorable => "unstorable",
            Self::UnknownThread => "unknown_thread",
            Self::NothingToActOn => "nothing_to_act_on",
            Self::BlockedAuthor => "blocked_author",
        }
    }
}

/// Where something in quarantine was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The webhook that X calls.
    XWebhook,
    /// A page of X's search.
    XSearch,
    /// The `reports` queue.
    ReportsQueue,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    /// The body as text.
    Body(String),
    /// A body that is no text (UTF-8), as base64.
    BodyBase64(String),
}

/// Room for everything but the body; the rest of a message takes about 150 bytes.
const ENVELOPE_BYTES: usize = 512;

impl Message {
    /// Puts a body into quarantine as it came; only what does not fit into a message is cut off.
    pub fn new(reason: Reason, source: Source, received_at: Timestamp, body: &[u8]) -> Self {
        let room = SQS_MAX_BYTES - ENVELOPE_BYTES;
        let (kept, cut) = match std::str::from_utf8(body) {
            Ok(text) => {
                let fits = fitting_start(text, room);
                (Body::Body(fits.to_owned()), fits.len() < text.len())
            }
            Err(_) => {
                // Base64 makes 4 bytes of 3.
                let fits = body.get(..room / 4 * 3).unwrap_or(body);
                (Body::BodyBase64(STANDARD.encode(fits)), fits.len() < body.len())
            }
        };
        Self { v: 1, reason, source, received_at, body: kept, body_bytes: body.len(), cut }
    }

    /// Reads a message of the queue.
    ///
    /// # Errors
    /// Where it is none, or of a version or with a reason that this program does not know.
    pub fn from_json(json: &str) -> Result<Self, JsonFault> {
        Ok(serde_json::from_str(json)?)
    }

    /// Why it is here.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// Where it was found.
    pub fn source(&self) -> Source {
        self.source
    }

    /// When it came.
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// Whether the body's end is missing here.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The body as it came, as far as it is here.
    pub fn body(&self) -> Vec<u8> {
        match &self.body {
            Body::Body(text) => text.as_bytes().to_vec(),
            Body::BodyBase64(text) => STANDARD.decode(text).unwrap_or_default(),
        }
    }

    /// Writes the message as the queue carries it, at most [`SQS_MAX_BYTES`] long.
    ///
    /// # Errors
    /// None in practice: see [`serde_json::to_string`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        json::for_sqs(self)
    }
}

/// The longest start of a text that takes at most `room` bytes as a JSON string.
fn fitting_start(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += match character {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{C}' => 2,
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => 6,
            other => other.len_utf8(),
        };
        if used > room {
            return text.get(..at).unwrap_or(text);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quarantined(body: &[u8]) -> serde_json::Value {
        let at = "2026-11-20T00:31:06Z".parse().unwrap();
        let json = Message::new(Reason::UnknownBody, Source::XWebhook, at, body).to_json().unwrap();
        assert!(json.len() <= SQS_MAX_BYTES, "{} bytes", json.len());
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn a_text_stays_readable() {
        insta::assert_json_snapshot!(quarantined(br#"{"update_id":1}"#), @r#"
        {
          "body": "{\"update_id\":1}",
          "body_bytes": 15,
          "reason": "unknown_body",
          "received_at": "2026-11-20T00:31:06Z",
          "source": "x_webhook",
          "v": 1
        }
        "#);
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_are() {
        insta::assert_json_snapshot!(quarantined(b"\xff\xfe"), @r#"
        {
          "body_base64": "//4=",
          "body_bytes": 2,
          "reason": "unknown_body",
          "received_at": "2026-11-20T00:31:06Z",
          "source": "x_webhook",
          "v": 1
        }
        "#);
    }

    #[test]
    fn what_is_put_away_is_read_again() {
        for body in [br#"{"update_id":1}"#.as_slice(), b"\xff\xfe"] {
            let at = "2026-11-20T00:31:06Z".parse().unwrap();
            let put = Message::new(Reason::UnknownBody, Source::XSearch, at, body);
            let read = Message::from_json(&put.to_json().unwrap()).unwrap();
            assert_eq!((&read, read.body().as_slice(), read.is_cut()), (&put, body, false));
        }
        for other in
            ["", "{}", r#"{"v":1,"reason":"new","source":"x_search","received_at":"2026-11-20T00:31:06Z","body":""}"#]
        {
            assert!(Message::from_json(other).is_err(), "{other}");
        }
    }

    #[test]
    fn the_code_is_what_is_written() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }

    #[test]
    fn only_what_does_not_fit_is_cut_off() {
        let fits = "x".repeat(SQS_MAX_BYTES - ENVELOPE_BYTES);
        assert_eq!(quarantined(fits.as_bytes())["cut"], serde_json::Value::Null);
        for too_long in ["\"", "\u{1}", "\u{FFFF}", "a\\é\n🙏"] {
            let body = too_long.repeat(SQS_MAX_BYTES / too_long.len());
            let message = quarantined(body.as_bytes());
            assert_eq!(message["cut"], true);
            assert_eq!(message["body_bytes"], body.len());
            assert!(body.starts_with(message["body"].as_str().unwrap()));
        }
        assert_eq!(quarantined(&[0xFF; SQS_MAX_BYTES])["cut"], true);
    }

    proptest! {
        #[test]
        fn a_start_takes_no_more_room_than_it_is_given(text in any::<String>(), room in 0usize..60) {
            let start = fitting_start(&text, room);
            let written = json::for_sqs(&start).unwrap().len() - 2;
            prop_assert!(text.starts_with(start) && written <= room);
            let next = text[start.len()..].chars().next();
            if let Some(next) = next {
                prop_assert!(json::for_sqs(&format!("{start}{next}")).unwrap().len() - 2 > room, "one more would fit");
            }
        }
    }
}
