//! Why a request is not done: RFC 9457 problem details that say what, where, and what to do.

use http::Method;
use jiff::civil::Date;
use kemala_domain::figures::{Format, Month};
use kemala_domain::ids::InvalidId;
use kemala_domain::lifecycle::{Action, Refused};
use kemala_messages::agency_api::{Fault, Problem};
use kemala_runtime::guard::chain;

fn problem(status: u16, title: &str, detail: impl Into<String>) -> Problem {
    Problem { status, title: title.to_owned(), detail: detail.into(), allowed: None, errors: Vec::new() }
}

/// There is nothing at that path.
pub fn no_resource() -> Problem {
    problem(
        404,
        "Not found",
        "the paths are /agencies/{code}/tickets, …/tickets/{id}, …/tickets/{id}/updates, …/pings/{ping}, …/bulk, …/reports \
         and …/reports/{month}",
    )
}

/// The path's ticket number is none.
pub fn bad_ticket_number(error: &InvalidId) -> Problem {
    problem(404, "Not found", error.to_string())
}

/// No such ticket, or not this agency's: the two look the same, so that numbers cannot be tried out.
pub fn no_ticket() -> Problem {
    problem(404, "Not found", "no ticket with this number is in your hands")
}

/// No such ping, or another one was sent since.
pub fn no_ping() -> Problem {
    problem(404, "Not found", "your last ping has another id; acknowledge the newest in your queue")
}

/// The path's month is none.
pub fn no_month() -> Problem {
    problem(404, "Not found", "a month is written like 2026-11")
}

/// There is no report of a month: it is closed on a day that is to come, or it never was.
pub fn no_report(month: Month, closes_on: Option<Date>) -> Problem {
    let detail = match closes_on {
        Some(day) => format!("{month} is not closed yet; it will be on {day}, the third day of the next month"),
        None => format!(
            "there is no such report of {month}; GET /agencies/{{code}}/reports lists the months that are closed"
        ),
    };
    problem(404, "Not found", detail)
}

/// A report is too large to be sent as text.
pub fn only_packed() -> Problem {
    problem(406, "Not acceptable", "this report is too large to be sent as it is; call with Accept-Encoding: gzip")
}

/// What is kept of a report is not what was written.
pub fn broken_report(month: Month, format: Format) -> Problem {
    tracing::error!(%month, %format, "a report cannot be unpacked");
    problem(503, "Temporarily unavailable", "the report cannot be read; tell who runs the system")
}

/// The resource has another method.
pub fn no_method(allowed: &Method) -> Problem {
    problem(405, "Method not allowed", format!("this path takes {allowed}"))
}

/// The caller has another agency's role, or none.
pub fn not_yours() -> Problem {
    problem(403, "Forbidden", "call with the polling role of the agency that the path names")
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
