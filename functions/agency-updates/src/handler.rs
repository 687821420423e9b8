//! One request: who, what, answer.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use aws_lambda_events::encodings::Body;
use http::{HeaderValue, header};
use jiff::Timestamp;
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::Bodies;
use kemala_runtime::request::Request;
use kemala_store::Store;

use crate::caller;
use crate::problem::Problem;
use crate::route::{Resource, Route};
use crate::{tickets, updates};

/// The function.
pub struct Api<'a> {
    store: &'a Store,
    terms: Terms<'a>,
    bodies: Bodies,
    role_prefix: &'a str,
}

impl<'a> Api<'a> {
    /// The function over a table and the law; `role_prefix` is an agency's role name up to its code.
    pub fn new(store: &'a Store, terms: Terms<'a>, bodies: Bodies, role_prefix: &'a str) -> Self {
        Self { store, terms, bodies, role_prefix }
    }

    /// Answers a request.
    pub async fn answer(&self, request: &Request, now: Timestamp) -> Response {
        match self.json(request, now).await {
            Ok(json) => response(200, "application/json", json),
            Err(problem) => response(problem.status, "application/problem+json", problem.to_json()),
        }
    }

    async fn json(&self, request: &Request, now: Timestamp) -> Result<String, Problem> {
        let path = request.raw_path.as_deref().unwrap_or_default();
        let route = Route::of(&request.request_context.http.method, path)?;
        caller::check(request, self.role_prefix, &route.agency)?;
        match &route.resource {
            Resource::Tickets => tickets::list(self.store, self.terms, &route.agency, request).await,
            Resource::Ticket(id) => tickets::one(self.store, self.terms, &route.agency, id).await,
            Resource::Updates(id) => {
                let bodies = &self.bodies;
                updates::update(self.store, self.terms, bodies, &route.agency, id, request, now).await
            }
        }
    }
}

fn response(status: u16, content_type: &'static str, body: String) -> Response {
    let mut response = Response::default();
    response.status_code = status.into();
    response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(Body::Text(body));
    response
}
