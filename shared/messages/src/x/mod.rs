//! X, once Twitter: what its webhooks post to us, read as what it means for us.
//!
//! Three families of bodies come to one address: the Activity API, the older Account Activity API and the filtered
//! stream. X is renaming their fields, adds new ones at any time and documents some wrongly, so the vendor's structs are
//! private to their modules and ask only for what a report cannot do without.

mod account_activity;
mod activity;
pub mod crc;
mod filtered_stream;
mod lenient;
mod listening;
mod post;
pub mod search;
pub mod signature;
mod text;
mod time;
pub mod timeline;
mod tweet_v1;
mod tweet_v2;

use jiff::Timestamp;
use kemala_domain::{PostKey, Report};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

pub use listening::{Account, Listening};

use crate::quarantine::Reason;
use crate::report::Channel;

/// A JSON object, as it stands in a body.
type Object = Map<String, Value>;

/// What a webhook's body says.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The family of the body.
    pub channel: Channel,
    /// One entry for each event in it, in its order.
    pub incoming: Vec<Incoming>,
}

/// What one event means for us.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all are reports: a box would save nothing")]
pub enum Incoming {
    /// A post that is for us.
    Report(Report),
    /// A citizen's post is gone.
    Deletion {
        /// The post.
        post: PostKey,
        /// When it was deleted, where X says so.
        at: Option<Timestamp>,
    },
    /// Nothing to do, and why.
    Dropped(DropReason),
    /// An account took back the right to hear of it; operators must know.
    Revoked {
        /// X's id of the account, where it was sent.
        account: Option<String>,
    },
    /// A replay that was asked for has ended; for operators.
    ReplayStatus {
        /// X's id of the job.
        job: Option<String>,
        /// Whether every event was sent again.
        complete: bool,
    },
    /// An event that cannot be read. Those beside it in the body are not harmed.
    NotUnderstood(Reason),
}

/// Why an event is nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// It is our own post, or our own words repeated by somebody.
    OwnPost,
    /// Somebody likes a post.
    Favourite,
    /// A direct message: acknowledged, and in this version not taken as a report.
    DirectMessage,
    /// No hashtag, no mention, no reply.
    NotAddressed,
    /// No post at all: a follow, block, mute, a changed profile, somebody typing.
    NoPost,
}

impl DropReason {
    /// The code, as the log has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::OwnPost => "own_post",
            Self::Favourite => "favourite",
            Self::DirectMessage => "direct_message",
            Self::NotAddressed => "not_addressed",
            Self::NoPost => "no_post",
        }
    }
}

/// Why a whole body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// No JSON object: not from X, whatever the signature says (see [`crc`]).
    #[error("the body is not a JSON object")]
    NoObject,
    /// A JSON object, but nothing in it can be understood: it belongs into quarantine.
    #[error("the body is not understood: {}", .0.code())]
    NotUnderstood(Reason),
}

/// Reads the body of a webhook.
///
/// # Errors
/// [`NotRead`] only where the body as a whole says nothing; what is wrong with one event is an entry of the reading.
pub fn read(body: &[u8], listening: &Listening) -> Result<Reading, NotRead> {
    let body = object(body)?;
    let (channel, incoming) = match &body {
        body if activity::is(body) => (Channel::XActivity, vec![activity::read(body, listening)]),
        body if filtered_stream::is(body) => (Channel::XFilteredStream, vec![filtered_stream::read(body, listening)]),
        body if account_activity::is(body) => (Channel::XAccountActivity, account_activity::read(body, listening)),
        _ => return Err(NotRead::NotUnderstood(Reason::UnknownBody)),
    };
    Ok(Reading { channel, incoming })
}

fn object(body: &[u8]) -> Result<Object, NotRead> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(NotRead::NoObject),
        // Some JSON objects cannot be held: half of a surrogate pair, a number like 1e999, 200 levels of brackets. Skipping
        // over a value minds none of them, so it tells these from what is no JSON. They are X's, and are kept.
        Err(_) if is_json_object(body) => Err(NotRead::NotUnderstood(Reason::UnreadableJson)),
        Err(_) => Err(NotRead::NoObject),
    }
}

fn is_json_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

#[cfg(test)]
mod tests;
