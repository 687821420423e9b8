//! What an answer of X means for the one who asked.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;

/// A post that X has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Its id.
    pub id: String,
}

/// Why there is no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The same text stands there already, perhaps by us a moment ago.
    #[error("X has the same text already")]
    Duplicate,
    /// X does not let us answer this author, or this post; it never will.
    #[error("X does not allow an answer there: {0}")]
    NotAllowed(String),
    /// Too many requests: not before that moment.
    #[error("too many requests until {0}")]
    Limited(Timestamp),
    /// The keys are refused, or the account has no credit: nothing goes until people act.
    #[error("X refuses the account: {0}")]
    Refused(String),
    /// The request itself is wrong; repeating it changes nothing.
    #[error("X takes the request for wrong: {0}")]
    Wrong(String),
    /// Nobody knows whether it was done: no answer in time, or an error on X's side.
    #[error("no usable answer: {0}")]
    Unknown(String),
}

/// Where X names no moment, a limit is waited out for this long: its windows are 15 minutes.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// X's form of errors, in its two styles.
#[derive(Debug, Default, Deserialize)]
struct Fault {
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    errors: Vec<OldFault>,
}

#[derive(Debug, Default, Deserialize)]
struct OldFault {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

/// What an answer that is no success means.
pub(crate) fn problem(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Problem {
    let fault: Fault = serde_json::from_slice(body).unwrap_or_default();
    let code = fault.errors.first().map_or(0, |error| error.code);
    let old = fault.errors.first().map(|error| error.message.as_str()).unwrap_or_default();
    let said = [fault.detail.as_str(), old, fault.title.as_str()].into_iter().find(|text| !text.is_empty());
    let said = said.unwrap_or_default().to_owned();
    let has = |words: &str| said.to_lowercase().contains(words);
    let is_capped = fault.kind.ends_with("/usage-capped") || has("spend cap") || has("credits");
    match status.as_u16() {
        _ if is_capped => Problem::Refused(said),
        401 | 402 => Problem::Refused(said),
        403 if code == 187 || has("duplicate content") => Problem::Duplicate,
        // A suspended or locked account, or an app without the right to write: not the author's choice.
        403 if matches!(code, 64 | 261 | 326) || fault.kind.ends_with("/client-forbidden") => Problem::Refused(said),
        403 | 404 => Problem::NotAllowed(said),
        400 if code == 385 || has("deleted") || has("not visible") => Problem::NotAllowed(said),
        429 => Problem::Limited(reset(headers, now)),
        status @ 400..500 => Problem::Wrong(format!("{status} {said}")),
        status => Problem::Unknown(format!("{status} {said}")),
    }
}

/// When X takes requests again: the latest of the limits that are used up.
fn reset(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    let limits = ["x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour"];
    let used_up = limits.iter().filter(|limit| number(&format!("{limit}-remaining")).is_none_or(|left| left <= 0));
    let reset = used_up.filter_map(|limit| number(&format!("{limit}-reset"))).max();
    let reset = reset.and_then(|second| Timestamp::from_second(second).ok()).filter(|at| *at > now);
    reset.unwrap_or_else(|| now.saturating_add(WINDOW).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_764_000_000, 0);

    fn of(status: u16, body: &str, headers: &[(&'static str, &str)]) -> Problem {
        let headers =
            headers.iter().map(|(name, value)| ((*name).try_into().unwrap(), value.parse().unwrap())).collect();
        problem(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes(), NOW)
    }

    #[test]
    fn what_x_has_been_seen_to_say() {
        let name = |problem: Problem| format!("{problem:?}").split(['(', ' ']).next().unwrap_or_default().to_owned();
        for (status, body, expected) in [
            (
                403,
                r#"{"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank"}"#,
                "Duplicate",
            ),
            (403, r#"{"errors":[{"code":187,"message":"Status is a duplicate."}]}"#, "Duplicate"),
            (
                403,
                r#"{"detail":"Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to."}"#,
                "NotAllowed",
            ),
            (
                403,
                r#"{"errors":[{"code":433,"message":"The original Tweet author restricted who can reply to this Tweet."}]}"#,
                "NotAllowed",
            ),
            (
                400,
                r#"{"detail":"You attempted to reply to a Tweet that is deleted or not visible to you."}"#,
                "NotAllowed",
            ),
            (404, "", "NotAllowed"),
            (
                403,
                r#"{"type":"https://api.twitter.com/2/problems/client-forbidden","title":"Client Forbidden"}"#,
                "Refused",
            ),
            (401, r#"{"title":"Unauthorized","status":401}"#, "Refused"),
            (402, r#"{"title":"CreditsDepleted"}"#, "Refused"),
            (
                429,
                r#"{"title":"UsageCapExceeded","type":"https://api.twitter.com/2/problems/usage-capped"}"#,
                "Refused",
            ),
            (429, r#"{"title":"Too Many Requests"}"#, "Limited"),
            (400, r#"{"detail":"One or more parameters to your request was invalid."}"#, "Wrong"),
            (500, "<html>", "Unknown"),
            (503, "", "Unknown"),
        ] {
            assert_eq!(name(of(status, body, &[])), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_limit_ends_when_the_last_of_those_used_up_does() {
        let at = |second: i64| Problem::Limited(Timestamp::from_second(NOW.as_second() + second).unwrap());
        let reset = |second: i64| (NOW.as_second() + second).to_string();
        assert_eq!(of(429, "", &[]), at(900));
        assert_eq!(of(429, "", &[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", &reset(60))]), at(60));
        let both = [
            ("x-rate-limit-remaining", "42"),
            ("x-rate-limit-reset", &*reset(60)),
            ("x-app-limit-24hour-remaining", "0"),
            ("x-app-limit-24hour-reset", &*reset(7200)),
        ];
        assert_eq!(of(429, "", &both), at(7200));
        assert_eq!(
            of(429, "", &[("x-rate-limit-reset", &reset(-60))]),
            at(900),
            "a reset that has passed says nothing"
        );
    }
}
