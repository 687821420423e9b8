//! X's challenge: it asks now and then whether we still hold the consumer secret.
//!
//! The answer and the signature of a webhook are the same function of the same secret, so whoever may choose the
//! challenge could have any body signed. Only what cannot be a body is answered: no JSON object is made of the characters
//! of [`CrcToken`] alone, and no body other than a JSON object is taken (see [`super::read`]).

use std::str::FromStr;

use serde::Serialize;

use super::signature::{self, ConsumerSecret};

/// A challenge that may be answered: 1 to 256 of `A-Z a-z 0-9 . _ ~ + / = -`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrcToken(String);

/// Why a text is no challenge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("crc_token must be 1 to 256 of A-Z a-z 0-9 . _ ~ + / = -")]
pub struct InvalidCrcToken;

impl FromStr for CrcToken {
    type Err = InvalidCrcToken;
    fn from_str(text: &str) -> Result<Self, InvalidCrcToken> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._~+/=-".contains(&b);
        if (1..=256).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidCrcToken)
        }
    }
}

/// The answer, as JSON: `{"response_token":"sha256=…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrcAnswer {
    response_token: String,
}

/// Answers a challenge.
pub fn answer(secret: &ConsumerSecret, token: &CrcToken) -> CrcAnswer {
    CrcAnswer { response_token: signature::sign(secret, token.0.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_of_the_documentation() {
        let secret = "z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu".parse().unwrap();
        let token = "9b4507b3-9040-4669-9ca3-6b94edb50553".parse().unwrap();
        insta::assert_json_snapshot!(answer(&secret, &token), @r#"
        {
          "response_token": "sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8="
        }
        "#);
    }

    #[test]
    fn rejected_tokens() {
        for token in ["", "{}", "{\"a\":1}", "a b", "a\"", "a\n", "é", "a%20b", "[1]", &"a".repeat(257)] {
            assert!(token.parse::<CrcToken>().is_err(), "{token:?}");
        }
        assert!("a".repeat(256).parse::<CrcToken>().is_ok());
    }
}
