//! OAuth 1.0a with HMAC-SHA1 (RFC 5849, section 3.4), as X wants it for an account's own posts: these keys never expire, so
//! nothing has to be renewed or kept in step. A JSON body is no part of what is signed.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use url::Url;

/// What RFC 3986 calls unreserved stays as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Keys of the app and of the account that it posts from. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Name of the app.
    pub consumer_key: String,
    /// The app's secret, with which X signs webhooks too.
    pub consumer_secret: String,
    /// Name of the account's permission.
    pub access_token: String,
    /// The permission's secret.
    pub access_token_secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

/// What makes a request unlike every other: without it, X refuses a repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Letters that no other request has.
    pub nonce: String,
    /// When it is signed; X allows some minutes.
    pub at: Timestamp,
}

impl Once {
    /// A new one.
    pub fn at(now: Timestamp) -> Self {
        Self { nonce: format!("{:032x}", fastrand::u128(..)), at: now }
    }
}

impl Credentials {
    /// The `Authorization` header of a request to `url`, whose query counts.
    pub fn authorization(&self, method: &str, url: &Url, once: &Once) -> String {
        let timestamp = once.at.as_second().to_string();
        let mut parameters = vec![
            ("oauth_consumer_key", self.consumer_key.as_str()),
            ("oauth_nonce", once.nonce.as_str()),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", timestamp.as_str()),
            ("oauth_token", self.access_token.as_str()),
            ("oauth_version", "1.0"),
        ];
        let signature = self.signature(method, url, &parameters);
        parameters.push(("oauth_signature", &signature));
        let header: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}=\"{}\"", encoded(value))).collect();
        format!("OAuth {}", header.join(", "))
    }

    /// The signature of a request with these OAuth parameters.
    pub fn signature(&self, method: &str, url: &Url, oauth: &[(&str, &str)]) -> String {
        let query = url.query_pairs().map(|(name, value)| (encoded(&name), encoded(&value)));
        let oauth = oauth.iter().map(|(name, value)| (encoded(name), encoded(value)));
        let pairs: BTreeSet<(String, String)> = query.chain(oauth).collect();
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut base = url.clone();
        base.set_query(None);
        base.set_fragment(None);
        let signed = format!("{}&{}&{}", method.to_uppercase(), encoded(base.as_str()), encoded(&pairs.join("&")));
        let key = format!("{}&{}", encoded(&self.consumer_secret), encoded(&self.access_token_secret));
        let mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).map(|mac| mac.chain_update(signed));
        mac.map(|mac| BASE64_STANDARD.encode(mac.finalize().into_bytes())).unwrap_or_default()
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documented() -> Credentials {
        Credentials {
            consumer_key: "xvz1evFS4wEEPTGEFPHBog".to_owned(),
            consumer_secret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw".to_owned(),
            access_token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb".to_owned(),
            access_token_secret: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE".to_owned(),
        }
    }

    /// docs.x.com, "Creating a signature". Its form body stands in the query here: both are signed alike.
    #[test]
    fn the_published_example() {
        let mut url = Url::parse("https://api.x.com/1.1/statuses/update.json").unwrap();
        url.query_pairs_mut()
            .append_pair("include_entities", "true")
            .append_pair("status", "Hello Ladies + Gentlemen, a signed OAuth request!");
        let once = Once {
            nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg".to_owned(),
            at: Timestamp::constant(1_318_622_958, 0),
        };
        let header = documented().authorization("post", &url, &once);
        insta::assert_snapshot!(header.replace(", ", ",\n"), @r#"
        OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog",
        oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        oauth_signature_method="HMAC-SHA1",
        oauth_timestamp="1318622958",
        oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        oauth_version="1.0",
        oauth_signature="Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D"
        "#);
    }

    #[test]
    fn no_secret_is_ever_printed() {
        assert_eq!(format!("{:?}", documented()), "Credentials");
    }
}
