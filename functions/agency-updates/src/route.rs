//! Which resource a request is about.

use http::Method;
use kemala_domain::figures::Month;
use kemala_domain::{AgencyCode, PingId, TicketId};

use kemala_messages::agency_api::Problem;

use crate::problem;

/// A request that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Whose tickets.
    pub agency: AgencyCode,
    /// What of them.
    pub resource: Resource,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `GET /agencies/{code}/tickets`: the open tickets.
    Tickets,
    /// `GET /agencies/{code}/tickets/{id}`: one ticket.
    Ticket(TicketId),
    /// `POST /agencies/{code}/tickets/{id}/updates`: an action on one ticket.
    Updates(TicketId),
    /// `POST /agencies/{code}/bulk`: actions on many tickets.
    Bulk,
    /// `POST /agencies/{code}/pings/{ping}`: acknowledges a ping.
    Ping(PingId),
    /// `GET /agencies/{code}/reports`: the months of which there is a report.
    Reports,
    /// `GET /agencies/{code}/reports/{month}`: how all agencies did in a month.
    Report(Month),
}

impl Route {
    /// Reads method and path.
    ///
    /// # Errors
    /// 404 where there is no such resource, 405 where it has no such method.
    pub fn of(method: &Method, path: &str) -> Result<Self, Problem> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let ["agencies", agency, rest @ ..] = parts.as_slice() else { return Err(problem::no_resource()) };
        let agency = agency.parse().map_err(|_| problem::no_resource())?;
        let ticket = |id: &str| id.parse::<TicketId>().map_err(|error| problem::bad_ticket_number(&error));
        let (resource, allowed) = match rest {
            ["tickets"] => (Resource::Tickets, Method::GET),
            ["tickets", id] => (Resource::Ticket(ticket(id)?), Method::GET),
            ["tickets", id, "updates"] => (Resource::Updates(ticket(id)?), Method::POST),
            ["pings", id] => (Resource::Ping(id.parse().map_err(|_| problem::no_ping())?), Method::POST),
            ["reports"] => (Resource::Reports, Method::GET),
            ["reports", month] => (Resource::Report(month.parse().map_err(|_| problem::no_month())?), Method::GET),
            ["bulk"] => (Resource::Bulk, Method::POST),
            _ => return Err(problem::no_resource()),
        };
        if *method == allowed { Ok(Self { agency, resource }) } else { Err(problem::no_method(&allowed)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let route = |method: Method, path| match Route::of(&method, path) {
            Ok(route) => format!("{:?}", route.resource),
            Err(problem) => problem.status.to_string(),
        };
        assert_eq!(route(Method::GET, "/agencies/DINKES/tickets"), "Tickets");
        assert_eq!(route(Method::GET, "/agencies/DINKES/tickets/kj-45rq0x8xd"), "Ticket(TicketId(\"KJ-45RQ0X8XD\"))");
        assert_eq!(route(Method::POST, "/agencies/DINKES/tickets/KJ-45RQ0X8XD"), "405");
        assert_eq!(route(Method::POST, "/agencies/TRIAGE/bulk"), "Bulk");
        assert_eq!(route(Method::POST, "/agencies/DINKES/pings/ping-1"), "Ping(PingId(\"ping-1\"))");
        assert_eq!(route(Method::GET, "/agencies/DINKES/pings/ping-1"), "405");
        assert_eq!(route(Method::POST, "/agencies/DINKES/pings/%20"), "404");
        assert_eq!(route(Method::GET, "/agencies/DINKES/tickets/KJ-45RQ0X8XE"), "404");
        assert_eq!(route(Method::GET, "/agencies/SEKDA/reports"), "Reports");
        assert_eq!(route(Method::GET, "/agencies/SEKDA/reports/2026-11"), "Report(Month { first: 2026-11-01 })");
        assert_eq!(route(Method::POST, "/agencies/SEKDA/reports/2026-11"), "405");
        assert_eq!(route(Method::GET, "/agencies/SEKDA/reports/2026-13"), "404");
        for path in ["/", "/agencies", "/agencies/dinkes/tickets", "/agencies/DINKES", "/agencies/DINKES/tickets/a/b/c"]
        {
            assert_eq!(route(Method::GET, path), "404", "{path}");
        }
    }
}
