//! Why a request is not done: RFC 9457 problem details that say what, where, and what to do.

use kemala_domain::lifecycle::{Action, Refused};
use kemala_messages::agency_api::{Fault, Problem};
use kemala_runtime::guard::chain;

/// A problem without more than its words.
pub fn problem(status: u16, title: &str, detail: impl Into<String>) -> Problem {
    Problem { status, title: title.to_owned(), detail: detail.into(), allowed: None, errors: Vec::new() }
}

/// No such ticket, or not this agency's: the two look the same, so that numbers cannot be tried out.
pub fn no_ticket() -> Problem {
    problem(404, "Not found", "no ticket with this number is in your hands")
}

/// Only desks may do it.
pub fn for_desks(what: &str) -> Problem {
    problem(403, "Forbidden", format!("{what} is for desks"))
}

/// The request cannot be used.
pub fn bad_request(detail: impl Into<String>) -> Problem {
    problem(400, "Bad request", detail)
}

/// The body does not fit.
pub fn bad_body(errors: Vec<Fault>) -> Problem {
    let faults: Vec<String> = errors.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail)).collect();
    Problem { errors, ..problem(422, "Unprocessable body", faults.join("; ")) }
}

/// One field of the body does not fit.
pub fn bad_field(pointer: &str, detail: impl Into<String>) -> Problem {
    bad_body(vec![Fault { pointer: pointer.to_owned(), detail: detail.into() }])
}

/// The key stands for another request.
pub fn key_used() -> Problem {
    problem(422, "Idempotency-Key used", "this Idempotency-Key was used for another request; choose a new one")
}

/// The action is not possible now; `allowed` is.
pub fn refused(refused: &Refused, allowed: Vec<Action>) -> Problem {
    match refused {
        Refused::NotHolder { .. } => no_ticket(),
        Refused::ForDesks(action) => for_desks(&action.to_string()),
        _ => Problem { allowed: Some(allowed), ..problem(409, "Not possible now", refused.to_string()) },
    }
}

/// The table does not answer, or others are faster each time. Trying again later is safe.
pub fn unavailable(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = %chain(error), "not answered");
    problem(503, "Temporarily unavailable", "try again in a moment, with the same Idempotency-Key")
}
