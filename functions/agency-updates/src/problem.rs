//! Problems of the API alone; all others are those of [`kemala_casework::problem`].

use http::Method;
use jiff::civil::Date;
use kemala_casework::problem::problem;
use kemala_domain::figures::{Format, Month};
use kemala_domain::ids::InvalidId;
use kemala_messages::agency_api::Problem;

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
