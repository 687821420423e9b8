//! An HTTP request as Lambda hands it over from a Function URL or an HTTP API.
//!
//! Taken as the event that it is, not through `lambda_http`: that crate builds a URI of what was sent and panics where
//! it cannot, as at a bare `"` in a query, and a Function URL is open to everybody.

use std::borrow::Cow;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A request to a Function URL or an HTTP API (payload format 2.0).
pub type Request = ApiGatewayV2httpRequest;

/// The bytes that were sent, or `None` where Lambda's encoding is broken. Lambda encodes what is not sent as text.
pub fn raw_body(request: &Request) -> Option<Cow<'_, [u8]>> {
    let body = request.body.as_deref().unwrap_or_default();
    if request.is_base64_encoded {
        STANDARD.decode(body).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(body.as_bytes()))
    }
}

/// The value of a query parameter that was given once.
///
/// From the raw query: the parsed one that Lambda adds has repeated parameters joined by commas.
pub fn only_parameter<'a>(request: &'a Request, name: &str) -> Option<Cow<'a, str>> {
    only(parameters(request, name))
}

/// Every value of a query parameter, in order.
pub fn parameters<'a>(request: &'a Request, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
    let query = request.raw_query_string.as_deref().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).filter_map(move |(key, value)| (key == name).then_some(value))
}

/// The value of a header that was given once, if it is printable ASCII.
pub fn only_header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    only(request.headers.get_all(name).iter())?.to_str().ok()
}

fn only<T>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next();
    if values.next().is_none() { first } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request(with: Value) -> Request {
        let mut event = json!({"requestContext": {"http": {"method": "POST"}}});
        event.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn a_body_is_what_was_sent() {
        for (event, expected) in [
            (json!({}), Some(&b""[..])),
            (json!({"body": "é"}), Some("é".as_bytes())),
            (json!({"body": "/w==", "isBase64Encoded": true}), Some(&b"\xff"[..])),
            (json!({"body": "/w==", "isBase64Encoded": false}), Some(&b"/w=="[..])),
            (json!({"body": "{}", "isBase64Encoded": true}), None),
        ] {
            assert_eq!(raw_body(&request(event.clone())).as_deref(), expected, "{event}");
        }
    }

    #[test]
    fn a_parameter_is_decoded_and_given_once() {
        for (query, expected) in [
            ("t=a", Some("a")),
            ("x=1&t=a%2Bb%3D&y", Some("a+b=")),
            ("t=a+b", Some("a b")),
            ("t=\"{", Some("\"{")),
            ("t", Some("")),
            ("t=a&t=b", None),
            ("tt=a", None),
            ("", None),
            ("t=%ff", Some("\u{FFFD}")),
        ] {
            let request = request(json!({"rawQueryString": query, "queryStringParameters": {"t": "joined,by,commas"}}));
            assert_eq!(only_parameter(&request, "t").as_deref(), expected, "{query}");
        }
    }

    #[test]
    fn a_header_is_given_once_in_any_case() {
        let request = request(json!({"headers": {"X-One": "1", "x-two": ["1", "2"], "x-odd": "é"}}));
        assert_eq!(only_header(&request, "x-one"), Some("1"));
        for none in ["x-two", "x-odd", "x-none"] {
            assert_eq!(only_header(&request, none), None, "{none}");
        }
    }
}
