//! One request: what it asks for is read, and answered in the format that its path names.

use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use http::{HeaderValue, Method, header};
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::PostKey;
use kemala_intake::{Queue, Queues, send_all};
use kemala_messages::report::{Channel, Content, Message};
use kemala_runtime::guard::chain;
use kemala_runtime::request::{Request, only_header};
use kemala_store::Store;
use kemala_web::answer::Answer;
use kemala_web::language::Language;

use crate::filter::{Wanted, check_jurisdiction, one, wanted, wanted_updates};
use crate::form::Form;
use crate::format::Format;
use crate::keys::{NotTrusted, TrustedKeys, Vault};
use crate::refusal::Refusal;
use crate::report::{Sender, report};
use crate::route::{Resource, route};
use crate::site::Site;
use crate::view::View;
use crate::wire::{Created, Fault, Resolved, ServiceRequest};
use crate::{known, wire};

/// Within the function's own time.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// How long an answer to everybody may be kept.
const A_MINUTE: &str = "public, max-age=60";

/// After how many seconds a token that is not known yet is worth asking for again.
const TOKEN_AFTER: u16 = 5;

/// The function.
pub struct Handler<V, Q> {
    /// The table.
    pub store: Store,
    /// Categories and places.
    pub site: Site,
    /// Who may send reports.
    pub keys: TrustedKeys<V>,
    /// Where reports go.
    pub queues: Q,
}

/// What is answered.
enum Said {
    /// To everybody, and good for a minute.
    Kept(String),
    /// To who asks now.
    Now(String),
}

impl<V: Vault, Q: Queues> Handler<V, Q> {
    /// Answers a request, in time whatever happens.
    pub async fn answer(&self, request: &Request, jurisdiction: &Jurisdiction, now: Timestamp) -> Response {
        let (format, resource) = route(request.raw_path.as_deref().unwrap_or_default());
        let view = View { site: &self.site, jurisdiction, language: Language::of(request), now };
        let work = async { self.said(request, resource?, format, view).await };
        let late = || Err(Refusal::unavailable("it took too long; try again"));
        let said = tokio::time::timeout(ANSWER_WITHIN, work).await.unwrap_or_else(|_| late());
        let answer = match said {
            Ok(Said::Kept(body)) => Answer::file(format.content_type(), body).caching(A_MINUTE),
            Ok(Said::Now(body)) => Answer::file(format.content_type(), body),
            Err(refusal) => refused(&refusal, format),
        };
        // Pages of others may read what everybody may.
        answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")).answer_to(request)
    }

    async fn said(
        &self,
        request: &Request,
        resource: Resource,
        format: Format,
        view: View<'_>,
    ) -> Result<Said, Refusal> {
        let method = &request.request_context.http.method;
        if *method == Method::POST && resource == Resource::Requests {
            return self.create(request, format, view).await.map(Said::Now);
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(Refusal::method(if resource == Resource::Requests { "GET and POST" } else { "GET" }));
        }
        check_jurisdiction(one(request, "jurisdiction_id")?.as_deref(), view.jurisdiction)?;
        let body = match resource {
            Resource::Discovery => {
                let host = request.request_context.domain_name.as_deref().unwrap_or_default();
                format.one("discovery", &self.site.discovery(view.jurisdiction, host))
            }
            Resource::Services => format.list("services", "service", &self.site.services()),
            Resource::Service(code) => {
                let definition = self.site.definition(&code);
                let none = || Refusal::unknown("service_code: see /v2/services.json for those there are");
                format.one("service_definition", &definition.ok_or_else(none)?)
            }
            Resource::Requests => {
                let found = match wanted(request, &self.site.categories, view.now)? {
                    Wanted::Ids(ids) => known::these(&self.store, &ids).await,
                    Wanted::Opened(span, fits, page) => known::opened(&self.store, &self.site, span, &fits, page).await,
                };
                let is_extended = is_extended(request)?;
                let found = found.map_err(unavailable)?;
                let requests: Vec<_> = found.iter().map(|known| view.request(known, is_extended)).collect();
                listed(format, &requests)
            }
            Resource::Request(id) => {
                let is_extended = is_extended(request)?;
                let ids: Vec<_> = id.parse().into_iter().collect();
                let found = known::these(&self.store, &ids).await.map_err(unavailable)?;
                let none = || Refusal::unknown("service_request_id: there is no such request, or none for everybody");
                let known = found.first().ok_or_else(none)?;
                listed(format, &[view.request(known, is_extended)])
            }
            Resource::Updates => {
                let (span, page) = wanted_updates(request, view.now)?;
                let news = known::news(&self.store, span, page).await.map_err(unavailable)?;
                let updates: Vec<wire::Update> = news.iter().filter_map(|event| view.update(event)).collect();
                format.list("service_request_updates", "request_update", &updates)
            }
            Resource::Token(id) => return self.resolve(&id, format).await.map(Said::Now),
        };
        body.map(Said::Kept).map_err(unwritable)
    }

    /// A report from a trusted app goes the way of all reports.
    async fn create(&self, request: &Request, format: Format, view: View<'_>) -> Result<String, Refusal> {
        let form = Form::of(request)?;
        let key = form.get("api_key")?.unwrap_or_default();
        let app = self.keys.app_of(key, view.now).await.map_err(|why| match why {
            NotTrusted::NoKeys => Refusal::unavailable(why.to_string()),
            NotTrusted::Unknown => Refusal::forbidden(why.to_string()),
        })?;
        check_jurisdiction(form.get("jurisdiction_id")?, view.jurisdiction)?;
        let sender = Sender { key, app: &app, idempotency_key: only_header(request, "idempotency-key") };
        let report = report(&form, sender, &self.site, view.now)?;
        let token = report.post.id().to_owned();
        tracing::info!(post.id = %report.post, app, "a report");
        let message = Message { received_at: view.now, channel: Channel::Open311, content: Content::Report(report) };
        let json = message.to_json().map_err(unwritable)?;
        send_all(&self.queues, Queue::Reports, vec![json]).await.map_err(unavailable)?;
        let service_notice = view.language.say(
            "Laporan diterima. Tanyakan nomornya dengan token ini beberapa detik lagi.",
            "The report has come in. Ask for its number with this token in some seconds.",
        );
        let created = Created { token, service_notice, account_id: None };
        format.list("service_requests", "request", &[created]).map_err(unwritable)
    }

    /// Which ticket came of a report.
    async fn resolve(&self, token: &str, format: Format) -> Result<String, Refusal> {
        let none = || {
            Refusal::unknown(
                "token: there is none like it, or its report is still being read; ask again in some seconds",
            )
            .retry_after(TOKEN_AFTER)
        };
        let post = PostKey::open311(token).map_err(|_| none())?;
        let ticket = self.store.post(&post).await.map_err(unavailable)?.and_then(|known| known.ticket);
        let standing = self.store.standing(&ticket.ok_or_else(none)?).await.map_err(unavailable)?;
        let service_request_id = standing.ok_or_else(none)?.id;
        let resolved = Resolved { service_request_id, token: token.to_owned() };
        format.list("service_requests", "request", &[resolved]).map_err(unwritable)
    }
}

fn listed(format: Format, requests: &[ServiceRequest]) -> serde_json::Result<String> {
    format.list("service_requests", "request", requests)
}

fn is_extended(request: &Request) -> Result<bool, Refusal> {
    match one(request, "extensions")?.as_deref() {
        Some("true") => Ok(true),
        None | Some("false") => Ok(false),
        Some(_) => Err(Refusal::bad("extensions: true or false")),
    }
}

fn unavailable(error: impl std::error::Error) -> Refusal {
    tracing::error!(error = %chain(&error), "not answered");
    Refusal::unavailable("it cannot be done just now; try again in some seconds")
}

fn unwritable(error: serde_json::Error) -> Refusal {
    unavailable(error)
}

fn refused(refusal: &Refusal, format: Format) -> Answer {
    let fault = Fault { code: refusal.status, description: &refusal.description };
    // Numbers and texts only: it cannot fail, and an empty body would still carry the status.
    let body = format.list("errors", "error", &[fault]).unwrap_or_default();
    let answer = Answer::file(format.content_type(), body).status(refusal.status);
    match refusal.retry_after {
        Some(seconds) => answer.header(header::RETRY_AFTER, seconds.into()),
        None => answer,
    }
}

#[cfg(test)]
#[path = "handler_tests.rs"]
mod tests;
