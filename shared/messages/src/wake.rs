//! What the `replies` queue carries: `{"v":1,"reply":"x#1900000000000000001#receipt"}`, the name of a row.

use kemala_domain::reply::ReplyId;
use serde::{Deserialize, Serialize};

use crate::json::JsonFault;

/// The version that is written, and the only one.
const VERSION: u32 = 1;

/// A post of ours is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    /// Its row.
    pub reply: ReplyId,
}

#[derive(Serialize)]
struct Versioned<'a> {
    v: u32,
    #[serde(flatten)]
    wake: &'a Wake,
}

impl Wake {
    /// Writes the message.
    ///
    /// # Errors
    /// None in practice: see [`serde_json::to_string`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Versioned { v: VERSION, wake: self })
    }

    /// Reads a message. Whatever is added to it later, the row's name is enough.
    ///
    /// # Errors
    /// Where it names no row.
    pub fn from_json(json: &str) -> Result<Self, JsonFault> {
        Ok(serde_json::from_str(json)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_written() {
        let wake = Wake { reply: "x#12#answer-3".parse().unwrap() };
        let json = wake.to_json().unwrap();
        assert_eq!(json, r#"{"v":1,"reply":"x#12#answer-3"}"#);
        assert_eq!(Wake::from_json(&json).unwrap(), wake);
        assert!(Wake::from_json(r#"{"v":1,"reply":"12"}"#).is_err());
    }
}
