//! HTTP answers of pages.

use std::io::Write;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use aws_lambda_events::encodings::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};
use kemala_runtime::request::{Request, only_header};
use maud::Markup;
use sha2::{Digest, Sha256};

/// Below this a body is sent as it is: compressed it would hardly be shorter.
const WORTH_COMPRESSING: usize = 1_000;

/// What a page may load: files of its own origin, nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Pages that differ by reader, or that nobody else may see.
pub const NEVER_KEPT: &str = "no-store";
/// Files whose name changes with what is in them.
pub const KEPT_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// An answer in the making.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Vec<u8>,
}

impl Answer {
    /// A page that is not kept anywhere.
    pub fn page(status: u16, page: Markup) -> Self {
        Self::file("text/html; charset=utf-8", page.into_string()).status(status)
    }

    /// A body of any type.
    pub fn file(content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self { status: 200, headers, cookies: Vec::new(), body: body.into() }.caching(NEVER_KEPT)
    }

    /// Sends the browser to another address: `location` is a path of ours, or an address from the configuration. One that
    /// is no header value leads to `/`.
    pub fn redirect(location: &str) -> Self {
        let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
        let mut answer = Self::file("text/plain; charset=utf-8", Vec::new()).status(303);
        answer.headers.insert(header::LOCATION, location);
        answer
    }

    /// With another status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Who may keep it, and for how long.
    pub fn caching(self, control: &'static str) -> Self {
        self.header(header::CACHE_CONTROL, HeaderValue::from_static(control))
    }

    /// With a header more.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// With a cookie more, as `Set-Cookie` has it.
    pub fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// As Lambda takes it: with the security headers, compressed where that pays, and empty for who has it already.
    pub fn answer_to(self, request: &Request) -> Response {
        let mut response = Response::default();
        response.status_code = self.status.into();
        response.headers = self.headers;
        response.cookies = self.cookies;
        secure(&mut response.headers);
        let is_shared = response.headers.get(header::CACHE_CONTROL).is_some_and(|control| control != NEVER_KEPT);
        if self.status == 200 && is_shared {
            let tag = format!("\"{}\"", tag(&self.body));
            let is_known = only_header(request, "if-none-match")
                .is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
            if let Ok(tag) = HeaderValue::from_str(&tag) {
                response.headers.insert(header::ETAG, tag);
            }
            if is_known {
                response.status_code = 304;
                return response;
            }
        }
        response.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let is_shorter = self.body.len() >= WORTH_COMPRESSING && takes_gzip(request);
        match is_shorter.then(|| compressed(&self.body)).flatten() {
            Some(shorter) => {
                response.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                response.is_base64_encoded = true;
                response.body = Some(Body::Text(STANDARD.encode(shorter)));
            }
            None => match String::from_utf8(self.body) {
                Ok(text) => response.body = Some(Body::Text(text)),
                Err(bytes) => {
                    response.is_base64_encoded = true;
                    response.body = Some(Body::Text(STANDARD.encode(bytes.into_bytes())));
                }
            },
        }
        response
    }
}

/// A short name of a content, for `ETag`s and for names of files that are kept for ever.
pub fn tag(content: &[u8]) -> String {
    let mut tag = HEXLOWER.encode(&Sha256::digest(content));
    tag.truncate(16);
    tag
}

fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        // A face may have a stricter policy.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn takes_gzip(request: &Request) -> bool {
    only_header(request, "accept-encoding").is_some_and(|takes| {
        takes.split(',').any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip")
                && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    })
}

fn compressed(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&'static str, &str)]) -> Request {
        let mut request = Request::default();
        for (name, value) in headers {
            request.headers.insert(*name, value.parse().unwrap());
        }
        request
    }

    fn text(response: &Response) -> &str {
        match &response.body {
            Some(Body::Text(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nothing_inline_and_nothing_kept_unless_said() {
        let answer = Answer::page(200, maud::html! { p { "hai" } }).answer_to(&request(&[]));
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!((text(&answer), answer.headers.get("etag")), ("<p>hai</p>", None));
    }

    #[test]
    fn long_bodies_are_compressed_for_who_takes_it() {
        let body = "jalan ".repeat(1000);
        let plain = Answer::file("text/plain", body.clone());
        assert_eq!(text(&plain.answer_to(&request(&[("accept-encoding", "br, gzip;q=0")]))), body);
        let short = Answer::file("text/plain", body).answer_to(&request(&[("accept-encoding", "br;q=1, gzip")]));
        assert!(short.is_base64_encoded && text(&short).len() < 200);
        assert_eq!(short.headers["content-encoding"], "gzip");
        let bytes = Answer::file("image/png", [0xff_u8, 0xfe]).answer_to(&request(&[]));
        assert!(bytes.is_base64_encoded);
    }

    #[test]
    fn who_has_it_gets_it_not_again() {
        let file = || Answer::file("text/css", "a{}").caching(KEPT_FOR_EVER);
        let first = file().answer_to(&request(&[]));
        let tag = first.headers["etag"].to_str().unwrap();
        let again = file().answer_to(&request(&[("if-none-match", &format!("\"x\", W/{tag}"))]));
        assert_eq!((again.status_code, &again.body), (304, &None));
        assert_eq!(file().answer_to(&request(&[("if-none-match", "\"x\"")])).status_code, 200);
    }

    #[test]
    fn a_redirect_holds_no_second_header() {
        let there = Answer::redirect("/desk?a=1").answer_to(&request(&[]));
        assert_eq!((there.status_code, there.headers["location"].to_str().unwrap()), (303, "/desk?a=1"));
        assert_eq!(Answer::redirect("/a\r\nset-cookie: b").answer_to(&request(&[])).headers["location"], "/");
    }
}
