//! Problems of the API alone; all others are those of [`kemala_casework::problem`].

use http::Method;
use kemala_casework::problem::problem;
use kemala_domain::ids::InvalidId;
use kemala_messages::agency_api::Problem;

/// There is nothing at that path.
pub fn no_resource() -> Problem {
    problem(
        404,
        "Not found",
        "the paths are /agencies/{code}/tickets, …/tickets/{id}, …/tickets/{id}/updates, …/pings/{ping} and …/bulk",
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

/// The resource has another method.
pub fn no_method(allowed: &Method) -> Problem {
    problem(405, "Method not allowed", format!("this path takes {allowed}"))
}

/// The caller has another agency's role, or none.
pub fn not_yours() -> Problem {
    problem(403, "Forbidden", "call with the polling role of the agency that the path names")
}
