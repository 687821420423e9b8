//! Errors as RFC 9457 problem details: what, where, what to do.

use http::Method;
use kemala_domain::ids::InvalidId;
use kemala_domain::lifecycle::{Action, Refused};
use kemala_runtime::guard::chain;
use serde::Serialize;

/// A problem in the shape of RFC 9457.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What kind of problem, in few words.
    title: &'static str,
    /// What is wrong here, and what to do.
    detail: String,
    /// Of a refused action: what may be done instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_actions: Option<Vec<Action>>,
    /// Of a body that does not fit: which field.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
}

impl Problem {
    fn new(status: u16, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, title, detail: detail.into(), allowed_actions: None, field: None }
    }

    /// There is nothing at that path.
    pub fn no_resource() -> Self {
        Self::new(404, "Not found", "the paths are /agencies/{code}/tickets, …/{id} and …/{id}/updates")
    }

    /// The path's ticket number is none.
    pub fn bad_ticket_number(error: &InvalidId) -> Self {
        Self::new(404, "Not found", error.to_string())
    }

    /// No such ticket, or not this agency's: the two look the same, so that numbers cannot be tried out.
    pub fn no_ticket() -> Self {
        Self::new(404, "Not found", "no ticket with this number is in your hands")
    }

    /// The resource has another method.
    pub fn no_method(allowed: &Method) -> Self {
        Self::new(405, "Method not allowed", format!("this path takes {allowed}"))
    }

    /// The caller has another agency's role, or none.
    pub fn not_yours() -> Self {
        Self::new(403, "Forbidden", "call with the polling role of the agency that the path names")
    }

    /// The request cannot be used.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "Bad request", detail)
    }

    /// The body is no update.
    pub fn bad_field(field: &'static str, detail: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(422, "Unprocessable body", detail) }
    }

    /// The action is not possible now.
    pub fn refused(refused: &Refused) -> Self {
        let allowed_actions = match refused {
            Refused::NotNow { status, .. } => Some(Action::allowed_in(*status, false)),
            _ => None,
        };
        Self { allowed_actions, ..Self::new(409, "Not possible now", refused.to_string()) }
    }

    /// The table does not answer, or others are faster each time. Trying again later is safe.
    pub fn unavailable(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %chain(error), "not answered");
        Self::new(503, "Temporarily unavailable", "try again in a moment, with the same Idempotency-Key")
    }

    /// The problem as JSON text.
    pub fn to_json(&self) -> String {
        // Numbers and texts only: it cannot fail, and an empty body would still carry the status.
        serde_json::to_string(self).unwrap_or_default()
    }
}
