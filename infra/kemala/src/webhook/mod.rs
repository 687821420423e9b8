//! X's side of the intake: posts, wrapped, signed and sent as X's three webhook families send them.

mod account_activity;
mod activity;
mod entities;
mod filtered_stream;
mod send;
pub mod snowflake;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use send::{Sender, Sent};

/// A user of X.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number, as a string.
    pub id: String,
    /// Its handle without `@`.
    pub handle: String,
}

impl User {
    /// A user with the given handle and number.
    pub fn new(id: &str, handle: &str) -> Self {
        Self { id: id.to_owned(), handle: handle.trim_start_matches('@').to_owned() }
    }

    /// Somebody who exists nowhere but here; the number follows from the handle, so a repeat is the same person.
    pub fn sample(handle: &str) -> Self {
        let number = handle.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(131).wrapping_add(u64::from(byte)));
        Self::new(&(1_600_000_000_000_000_000 + number % 1_000_000_000).to_string(), handle)
    }
}

/// A post as its author made it, before X wraps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Ids of all its versions, oldest first; the last one is this version's.
    versions: Vec<u64>,
    /// The text as typed.
    pub text: String,
    /// Who wrote it.
    pub author: User,
    /// The post that it answers, and whose that is.
    pub answers: Option<(u64, User)>,
}

impl Post {
    /// A new post, made now.
    pub fn new(text: &str, author: User) -> Self {
        Self { versions: vec![snowflake::fresh(Timestamp::now())], text: text.to_owned(), author, answers: None }
    }

    /// The same post after its author changed the text: a new id in the same chain.
    pub fn edited(&self, text: &str) -> Self {
        let mut edited = Self { text: text.to_owned(), ..self.clone() };
        edited.versions.push(snowflake::fresh(Timestamp::now()));
        edited
    }

    /// A new post that answers this one.
    pub fn answered(&self, text: &str, author: User) -> Self {
        Self { answers: Some((self.id(), self.author.clone())), ..Self::new(text, author) }
    }

    /// The same post as the answer to a post of somebody.
    pub fn in_answer_to(self, post: u64, whose: User) -> Self {
        Self { answers: Some((post, whose)), ..self }
    }

    /// Id of this version.
    pub fn id(&self) -> u64 {
        self.versions.last().copied().unwrap_or_default()
    }

    /// Id of the first version: the identity of the report.
    pub fn first_id(&self) -> u64 {
        self.versions.first().copied().unwrap_or_default()
    }

    /// When this version was made.
    pub fn made_at(&self) -> Timestamp {
        snowflake::made_at(self.id())
    }

    /// The body of the webhook that tells of this post. `account` is the account that X tells it to.
    pub fn webhook(&self, family: Family, account: &User) -> Value {
        match family {
            Family::Activity => activity::body(self, account),
            Family::AccountActivity => account_activity::body(self, account),
            Family::FilteredStream => filtered_stream::body(self),
        }
    }

    fn version_ids(&self) -> Vec<String> {
        self.versions.iter().map(u64::to_string).collect()
    }
}

/// The shapes in which X sends posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// X Activity API: one event with an envelope.
    Activity,
    /// Account Activity API: the older body, shaped like API 1.1.
    AccountActivity,
    /// Filtered stream by webhook: posts that match a rule.
    FilteredStream,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Activity => "activity",
            Self::AccountActivity => "account-activity",
            Self::FilteredStream => "filtered-stream",
        })
    }
}

impl FromStr for Family {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Activity, Self::AccountActivity, Self::FilteredStream]
            .into_iter()
            .find(|family| family.to_string() == text)
            .ok_or_else(|| format!("'{text}' is none of activity, account-activity, filtered-stream"))
    }
}

#[cfg(test)]
mod tests;
