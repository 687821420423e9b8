//! One request: who, what, answer.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use aws_lambda_events::encodings::Body;
use http::{HeaderValue, header};
use jiff::Timestamp;
use kemala_casework::Casework;
use kemala_classifier::Pack;
use kemala_messages::agency_api::Problem;
use kemala_runtime::metrics::Metrics;
use kemala_runtime::request::Request;
use kemala_store::Store;

use crate::route::{Resource, Route};
use crate::{bulk, caller, pings, reports, tickets, updates};

/// The function.
pub struct Api<'a> {
    work: Casework<'a>,
    role_prefix: &'a str,
    metrics: &'a Metrics,
}

impl<'a> Api<'a> {
    /// The function over a table and a pack; `role_prefix` is an agency's role name up to its code.
    pub fn new(store: &'a Store, pack: &'a Pack, role_prefix: &'a str, metrics: &'a Metrics, now: Timestamp) -> Self {
        Self { work: Casework::new(store, pack, now), role_prefix, metrics }
    }

    /// Answers a request.
    pub async fn answer(&self, request: &Request, now: Timestamp) -> Response {
        match self.answered(request, now).await {
            Ok(response) => response,
            Err(problem) => {
                // Numbers and texts only: it cannot fail, and an empty body would still carry the status.
                let json = serde_json::to_string(&problem).unwrap_or_default();
                response(problem.status, "application/problem+json", json)
            }
        }
    }

    async fn answered(&self, request: &Request, now: Timestamp) -> Result<Response, Problem> {
        let path = request.raw_path.as_deref().unwrap_or_default();
        let Route { agency, resource } = Route::of(&request.request_context.http.method, path)?;
        caller::check(request, self.role_prefix, &agency)?;
        let json = match &resource {
            Resource::Tickets => tickets::list(&self.work, &agency, request, now).await,
            Resource::Ticket(id) => tickets::one(&self.work, &agency, id).await,
            Resource::Updates(id) => updates::update(&self.work, &agency, id, request, now).await,
            Resource::Ping(id) => pings::acknowledge(&self.work, &agency, id, now).await,
            Resource::Bulk => bulk::bulk(&self.work, &agency, request, now).await,
            Resource::Reports => reports::list(&self.work, &agency).await,
            Resource::Report(month) => {
                return reports::file(&self.work, &agency, *month, request, self.metrics, now).await;
            }
        };
        json.map(|json| response(200, "application/json", json))
    }
}

fn response(status: u16, content_type: &'static str, body: String) -> Response {
    let mut response = Response::default();
    response.status_code = status.into();
    response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(Body::Text(body));
    response
}
