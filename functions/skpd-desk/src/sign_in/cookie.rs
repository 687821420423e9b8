//! Cookies that nobody else can write: JSON with an HMAC-SHA256. What is in them is no secret to who has them.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

/// Signs cookies and reads them back.
#[derive(Clone)]
pub struct Seal {
    mac: Hmac<Sha256>,
}

impl Seal {
    /// With a key of any length.
    pub fn of_key(key: &[u8]) -> Self {
        // HMAC takes keys of any length, so the second arm is never reached; it is no panic all the same.
        let mac = Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()));
        Self { mac }
    }

    /// A value with its signature, as it may stand in a cookie.
    pub fn close(&self, value: &impl Serialize) -> String {
        // What is closed here are texts, lists and times, which JSON takes.
        let json = serde_json::to_vec(value).unwrap_or_default();
        let mac = self.mac.clone().chain_update(&json).finalize().into_bytes();
        format!("{}.{}", BASE64URL_NOPAD.encode(&json), BASE64URL_NOPAD.encode(&mac))
    }

    /// The value, where the signature is ours.
    pub fn open<T: DeserializeOwned>(&self, sealed: &str) -> Option<T> {
        let (json, mac) = sealed.split_once('.')?;
        let json = BASE64URL_NOPAD.decode(json.as_bytes()).ok()?;
        let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).ok()?;
        self.mac.clone().chain_update(&json).verify_slice(&mac).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_closed_here_opens() {
        let seal = Seal::of_key(b"key");
        let closed = seal.close(&vec!["DINKES"]);
        assert_eq!(seal.open::<Vec<String>>(&closed), Some(vec!["DINKES".to_owned()]));
        let (json, mac) = closed.split_once('.').unwrap();
        let other = BASE64URL_NOPAD.encode(br#"["DINSOS"]"#);
        let forged = [
            format!("{other}.{mac}"),
            format!("{json}."),
            format!("{json}.{}", &mac[1..]),
            json.to_owned(),
            String::new(),
            ".".to_owned(),
        ];
        for forged in forged {
            assert_eq!(seal.open::<Vec<String>>(&forged), None, "{forged}");
        }
        assert_eq!(Seal::of_key(b"other").open::<Vec<String>>(&closed), None);
    }
}
