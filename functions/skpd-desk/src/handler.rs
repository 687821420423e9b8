//! One request: who, what, answer.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use kemala_casework::Casework;
use kemala_classifier::Pack;
use kemala_domain::AgencyCode;
use kemala_map::Map;
use kemala_messages::agency_api::Problem;
use kemala_runtime::guard::chain;
use kemala_runtime::request::{Request, only_header};
use kemala_store::Store;
use kemala_web::ICON;
use kemala_web::answer::{Answer, KEPT_FOR_EVER};
use kemala_web::language::Language;

use crate::desk::Desk;
use crate::form::Form;
use crate::pages::{act, audit, bulk, files, list, notice, reports, search, ticket};
use crate::route::{Page, Route};
use crate::sign_in::cookie::Seal;
use crate::sign_in::key::SessionKey;
use crate::sign_in::provider::{Provider, SignInError};
use crate::sign_in::{self, session::Session};

/// The function, for one request.
pub struct Handler<'a> {
    /// The table.
    pub store: &'a Store,
    /// The pack that counts.
    pub pack: &'a Pack,
    /// The map of the pack, where it has one.
    pub map: Option<&'a Map>,
    /// Who says who officers are.
    pub provider: &'a Provider,
    /// What signs sessions.
    pub key: &'a SessionKey,
    /// Our own address.
    pub desk_url: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Handler<'_> {
    /// Answers a request.
    pub async fn answer(&self, request: &Request) -> Response {
        let calls_before = self.store.calls();
        let mut response = self.page(request).await.answer_to(request);
        let table_calls = self.store.calls().saturating_sub(calls_before);
        // For who looks at what a page costs; of what is not there it would tell what was read.
        let timing = HeaderValue::from_str(&format!("table;desc=\"{table_calls}\"")).ok();
        if let Some(timing) = timing.filter(|_| response.status_code == 200) {
            response.headers.insert(HeaderName::from_static("server-timing"), timing);
        }
        tracing::info!(status = response.status_code, table_calls, "answered");
        response
    }

    async fn page(&self, request: &Request) -> Answer {
        let language = Language::of(request);
        let path = request.raw_path.as_deref().unwrap_or_default();
        let route = Route::of(&request.request_context.http.method, path);
        if route == Route::Icon {
            return Answer::file("image/svg+xml", ICON).caching(KEPT_FOR_EVER);
        }
        if let Route::File(name) = &route {
            return files::file(name).unwrap_or_else(|| notice::nothing_here(language));
        }
        let seal = match self.key.seal().await {
            Ok(seal) => seal,
            Err(error) => {
                tracing::error!(error = %chain(&error), "no key for sessions");
                return notice::out_of_order(language);
            }
        };
        let session = sign_in::session(&seal, request, self.now);
        match (route, &session) {
            (Route::SignIn, _) => sign_in::begin(self.provider, &seal, self.now)
                .await
                .unwrap_or_else(|error| not_signed_in(&error, language)),
            (Route::SignedIn, _) => self.signed_in(&seal, request, language).await,
            (Route::SignOut, Some(session)) if self.is_own_form(request, session) => {
                sign_in::end(self.provider, language).await
            }
            (Route::SignOut, Some(_)) => notice::stale_form(language),
            (Route::Home, Some(session)) => match self.agencies(session).first() {
                Some(agency) => Answer::redirect(&language.link(&format!("/{agency}"))),
                None => notice::no_agency(language),
            },
            (Route::Home | Route::SignOut, _) => notice::welcome(language),
            (Route::Of(_, Page::Act(_) | Page::Bulk), None) => notice::not_sent(language),
            // Who is not signed in learns nothing of what is there.
            (Route::Of(..), None) => notice::welcome(language).status(401),
            (Route::Of(agency, page), Some(session)) if self.agencies(session).contains(&agency) => {
                let is_form = matches!(page, Page::Act(_) | Page::Bulk);
                if is_form && !self.is_own_form(request, session) {
                    return notice::stale_form(language);
                }
                let work = Casework::new(self.store, self.pack, self.now);
                let desk = Desk { work, map: self.map, session, agency, language, now: self.now };
                page_of(&desk, page, request).await.unwrap_or_else(|problem| notice::problem(&problem, language))
            }
            (Route::Of(..) | Route::Nothing | Route::Icon | Route::File(_), _) => notice::nothing_here(language),
        }
    }

    async fn signed_in(&self, seal: &Seal, request: &Request, language: Language) -> Answer {
        let completed = sign_in::complete(self.provider, seal, request, self.now).await;
        completed.unwrap_or_else(|error| not_signed_in(&error, language))
    }

    /// The bodies of this pack for which the officer acts.
    fn agencies(&self, session: &Session) -> Vec<AgencyCode> {
        let is_known = |code: &&AgencyCode| self.pack.jurisdiction.agencies.get(code).is_some();
        session.officer.agencies.iter().filter(is_known).cloned().collect()
    }

    /// Whether a form is one of ours: the browser says where it came from, and it carries the session's own token.
    fn is_own_form(&self, request: &Request, session: &Session) -> bool {
        let comes_from_here = only_header(request, "origin").is_none_or(|origin| origin == self.desk_url);
        comes_from_here && Form::of(request).get("sesi") == Some(session.form_token.as_str())
    }
}

async fn page_of(desk: &Desk<'_>, page: Page, request: &Request) -> Result<Answer, Problem> {
    match page {
        Page::List => list::page(desk, request).await,
        Page::Freshness => list::freshness(desk, request).await,
        Page::Ticket(id) => ticket::page(desk, &id, request).await,
        Page::Act(id) => act::act(desk, &id, &Form::of(request)).await,
        Page::Bulk => bulk::act(desk, &Form::of(request)).await,
        Page::Search => search::page(desk, request).await,
        Page::Reports => reports::page(desk).await,
        Page::ReportFile(month, format) => reports::file(desk, month, format).await,
        Page::Audit => audit::page(desk, request).await,
    }
}

fn not_signed_in(error: &SignInError, language: Language) -> Answer {
    tracing::warn!(error = %chain(error), "nobody is signed in");
    notice::not_signed_in(error, language)
}
