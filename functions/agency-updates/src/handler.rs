//! One request: who, what, answer.

use jiff::Timestamp;
use kemala_domain::clocks::Terms;
use kemala_store::Store;
use lambda_http::http::header;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, Response};

use crate::caller;
use crate::problem::Problem;
use crate::route::{Resource, Route};
use crate::{tickets, updates};

/// The function.
pub struct Api<'a> {
    store: &'a Store,
    terms: Terms<'a>,
    role_prefix: String,
}

impl<'a> Api<'a> {
    /// The function over a table and the law; `role_prefix` is an agency's role name up to its code.
    pub fn new(store: &'a Store, terms: Terms<'a>, role_prefix: String) -> Self {
        Self { store, terms, role_prefix }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// Only where an answer cannot be built.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, lambda_http::Error> {
        match self.json(&request, Timestamp::now()).await {
            Ok(json) => Ok(Response::builder().header(header::CONTENT_TYPE, "application/json").body(json.into())?),
            Err(problem) => problem.into_response(),
        }
    }

    async fn json(&self, request: &Request, now: Timestamp) -> Result<String, Problem> {
        let route = Route::of(request.method(), request.uri().path())?;
        let context = request.extensions().get::<RequestContext>();
        caller::check(context, &self.role_prefix, &route.agency)?;
        match &route.resource {
            Resource::Tickets => tickets::list(self.store, self.terms, &route.agency, request).await,
            Resource::Ticket(id) => tickets::one(self.store, self.terms, &route.agency, id).await,
            Resource::Updates(id) => updates::update(self.store, self.terms, &route.agency, id, request, now).await,
        }
    }
}
