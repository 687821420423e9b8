//! Signing in: the identity provider says who an officer is, a signed cookie remembers it for a working day.

pub mod cookie;
pub mod key;
pub mod provider;
pub mod session;

use http::HeaderValue;
use http::header::{COOKIE, REFRESH};
use jiff::{SignedDuration, Timestamp};
use kemala_runtime::request::Request;
use kemala_runtime::request::only_parameter;
use kemala_web::answer::Answer;
use kemala_web::language::Language;
use serde::{Deserialize, Serialize};

use crate::pages::notice;
use cookie::Seal;
use provider::{Provider, SignInError};
use session::Session;

/// Path to which the identity provider sends the browser back.
pub const CALLBACK: &str = "/masuk/kembali";

/// Cookie of the session.
const SESSION: &str = "__Host-kemala-desk";
/// Cookie of a sign-in under way.
const PENDING: &str = "__Host-kemala-sign-in";
/// A working day with its breaks; then the provider is asked again.
const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(10);
/// Time to type a password and a code.
const SIGN_IN_LASTS: SignedDuration = SignedDuration::from_mins(15);

/// What must come back from the provider as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Pending {
    state: String,
    nonce: String,
    verifier: String,
    until: Timestamp,
}

/// Sends the browser to the identity provider.
///
/// # Errors
/// [`SignInError`] where the provider cannot be had.
pub async fn begin(provider: &Provider, seal: &Seal, now: Timestamp) -> Result<Answer, SignInError> {
    let asked = provider.ask().await?;
    let pending = Pending {
        state: asked.state,
        nonce: asked.nonce,
        verifier: asked.verifier,
        until: now.saturating_add(SIGN_IN_LASTS).unwrap_or(now),
    };
    Ok(Answer::redirect(&asked.url).cookie(set(PENDING, &seal.close(&pending), SIGN_IN_LASTS)))
}

/// Takes the browser back from the provider, and remembers who it is.
///
/// # Errors
/// [`SignInError`] where it is not what was begun, or the provider does not vouch for it.
pub async fn complete(
    provider: &Provider,
    seal: &Seal,
    request: &Request,
    now: Timestamp,
) -> Result<Answer, SignInError> {
    let pending: Pending =
        of(request, PENDING).and_then(|sealed| seal.open(&sealed)).ok_or(SignInError::NotBegunHere)?;
    let state = only_parameter(request, "state").unwrap_or_default();
    if pending.until < now || pending.state != state {
        return Err(SignInError::NotBegunHere);
    }
    let code = only_parameter(request, "code").ok_or(SignInError::NotVouchedFor)?;
    let officer = provider.exchange(&code, pending.verifier, &pending.nonce).await?;
    let until = now.saturating_add(SESSION_LASTS).unwrap_or(now);
    let session = Session::new(officer, until);
    tracing::info!(agencies = session.officer.agencies.len(), "an officer signed in");
    Ok(Answer::redirect("/").cookie(set(SESSION, &seal.close(&session), SESSION_LASTS)).cookie(forget(PENDING)))
}

/// Who is signed in, if anybody is.
pub fn session(seal: &Seal, request: &Request, now: Timestamp) -> Option<Session> {
    let session: Session = seal.open(&of(request, SESSION)?)?;
    (session.until > now).then_some(session)
}

/// Forgets who it was, here and with the provider.
///
/// A page that goes on by itself, not a redirect: browsers let a form lead nowhere but to our own pages, redirects included.
pub async fn end(provider: &Provider, language: Language) -> Answer {
    let there = provider.sign_out_url().await.unwrap_or_else(|| "/".to_owned());
    let refresh = HeaderValue::from_str(&format!("0; url={there}")).unwrap_or(HeaderValue::from_static("0; url=/"));
    notice::signed_out(&there, language).header(REFRESH, refresh).cookie(forget(SESSION))
}

/// A cookie that only this host gets back, and no script.
fn set(name: &str, value: &str, lasts: SignedDuration) -> String {
    format!("{name}={value}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", lasts.as_secs())
}

fn forget(name: &str) -> String {
    format!("{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
}

/// The value of a cookie that was sent once. API Gateway gives cookies apart, others leave them in the header.
fn of(request: &Request, name: &str) -> Option<String> {
    let apart = request.cookies.iter().flatten().map(String::as_str);
    let headers = request.headers.get_all(COOKIE).iter().filter_map(|header| HeaderValue::to_str(header).ok());
    let all = if request.cookies.is_some() { apart.collect::<Vec<_>>() } else { headers.collect() };
    let mut values = all
        .iter()
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('=').filter(|(known, _)| *known == name));
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_where_it_is_and_not_if_it_is_there_twice() {
        let mut request = Request::default();
        request.headers.insert(COOKIE, "a=1; b=2; b=3".parse().unwrap());
        assert_eq!((of(&request, "a").as_deref(), of(&request, "b"), of(&request, "c")), (Some("1"), None, None));
        request.cookies = Some(vec!["a=4".to_owned(), "b=5".to_owned()]);
        assert_eq!((of(&request, "a").as_deref(), of(&request, "b").as_deref()), (Some("4"), Some("5")));
    }

    #[test]
    fn a_session_ends() {
        let seal = Seal::of_key(b"key");
        let until: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let session = Session::new(session::Officer { name: "sari".to_owned(), agencies: Vec::new() }, until);
        let mut request = Request::default();
        request.cookies = Some(vec![format!("{SESSION}={}", seal.close(&session))]);
        let at = |text: &str| super::session(&seal, &request, text.parse().unwrap());
        assert_eq!(at("2026-11-24T09:59:59Z"), Some(session));
        assert_eq!(at("2026-11-24T10:00:00Z"), None);
    }
}
