//! How X proves that a webhook is its own: HMAC-SHA256 of the body's raw bytes, keyed with the app's consumer secret.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Header with the signature; HTTP does not mind the case.
pub const HEADER: &str = "x-twitter-webhooks-signature";

const PREFIX: &str = "sha256=";

/// The consumer secret of the app ("API key secret"). Cannot be printed or written.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ConsumerSecret(String);

/// Why a text is no secret; it does not say what the text was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a consumer secret is at least one printable ASCII character, without spaces or line ends")]
pub struct InvalidSecret;

impl TryFrom<String> for ConsumerSecret {
    type Error = InvalidSecret;

    /// Takes a secret. An empty one would let anybody sign, and one pasted with a line end would sign wrongly, which
    /// makes X switch the webhook off at once.
    fn try_from(text: String) -> Result<Self, InvalidSecret> {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()) { Ok(Self(text)) } else { Err(InvalidSecret) }
    }
}

impl FromStr for ConsumerSecret {
    type Err = InvalidSecret;
    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        text.to_owned().try_into()
    }
}

impl fmt::Debug for ConsumerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsumerSecret(hidden)")
    }
}

/// A signature as it came; of whom and of what is for [`Signature::is_of`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(Vec<u8>);

/// Why a header holds no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not one 'sha256=' and base64")]
pub struct MalformedSignature;

impl FromStr for Signature {
    type Err = MalformedSignature;

    /// Reads a header's value. Two headers, which gateways join with a comma, are none: the comma is not base64.
    fn from_str(header: &str) -> Result<Self, MalformedSignature> {
        let base64 = header.strip_prefix(PREFIX).ok_or(MalformedSignature)?;
        STANDARD.decode(base64).map(Self).map_err(|_| MalformedSignature)
    }
}

impl Signature {
    /// Whether the holder of the secret signed these bytes; takes the same time whatever the answer.
    pub fn is_of(&self, secret: &ConsumerSecret, body: &[u8]) -> bool {
        mac(secret, body).verify_slice(&self.0).is_ok()
    }
}

/// Signs as X does: the header's value for this body.
pub fn sign(secret: &ConsumerSecret, body: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(mac(secret, body).finalize().into_bytes()))
}

fn mac(secret: &ConsumerSecret, body: &[u8]) -> Hmac<Sha256> {
    // HMAC's own rule for keys (RFC 2104, section 2), done here so that there is no error to handle: a key longer than
    // a block is hashed, a shorter one is filled with zeros.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    let hashed;
    let key = if secret.0.len() > block.len() {
        hashed = Sha256::digest(&secret.0);
        hashed.as_slice()
    } else {
        secret.0.as_bytes()
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> ConsumerSecret {
        text.parse().unwrap()
    }

    #[test]
    fn known_answers() {
        // X's documentation uses this secret and token for its challenge.
        let x = secret("z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu");
        assert_eq!(
            sign(&x, b"9b4507b3-9040-4669-9ca3-6b94edb50553"),
            "sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8="
        );
        // RFC 4231, test case 2; then keys of one block and of one more, by an independent implementation.
        assert_eq!(
            sign(&secret("Jefe"), b"what do ya want for nothing?"),
            "sha256=W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
        );
        assert_eq!(sign(&secret(&"k".repeat(64)), b"{}"), "sha256=12A11etYaqdEDFETvYuN+728fAQ6KiCRxSYT3cJkxK0=");
        assert_eq!(sign(&secret(&"k".repeat(65)), b"{}"), "sha256=dciHcG5aDz8L3mS6bavXkgklSmAtfwX0tm1zvw4CcxQ=");
    }

    #[test]
    fn a_changed_byte_or_secret_is_noticed() {
        let signature: Signature = sign(&secret("now"), b"{}").parse().unwrap();
        assert!(signature.is_of(&secret("now"), b"{}"));
        assert!(!signature.is_of(&secret("now"), b"{ }"));
        assert!(!signature.is_of(&secret("before"), b"{}"));
        let cut: Signature = "sha256=Cytd4Q==".parse().unwrap();
        assert!(!cut.is_of(&secret("now"), b"{}"));
    }

    #[test]
    fn rejected_headers() {
        for header in [
            "",
            "sha256",
            "sha256=!",
            "Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=",
            "sha1=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=",
            " sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=",
            "sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=,sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8=",
            "sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8",
            "sha256=Cytd4Sq-NvEcV3MMrXxWJGJx5A-y_lXzzU2Maartkx8=",
        ] {
            assert!(header.parse::<Signature>().is_err(), "{header:?}");
        }
    }

    #[test]
    fn rejected_secrets_and_none_is_printed() {
        for text in ["", " ", "abc\n", "two words", "rahasiaé"] {
            assert!(text.parse::<ConsumerSecret>().is_err(), "{text:?}");
        }
        assert_eq!(format!("{:?}", secret("abc123")), "ConsumerSecret(hidden)");
        let error = serde_json::from_str::<ConsumerSecret>("\"abc 123\"").unwrap_err();
        assert!(!error.to_string().contains("abc"), "{error}");
    }
}
