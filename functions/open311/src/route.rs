//! Which resource a request is about, and in which format it is answered: `/v2/requests/KJ-45RQ0X8XD.json`.

use crate::format::Format;
use crate::refusal::Refusal;

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `/discovery`: what there is here.
    Discovery,
    /// `/v2/services`: what can be reported.
    Services,
    /// `/v2/services/{code}`: what is asked about a service.
    Service(String),
    /// `/v2/requests`: tickets; a POST creates one.
    Requests,
    /// `/v2/requests/{id}`: a ticket.
    Request(String),
    /// `/v2/servicerequestupdates`: what happened to tickets.
    Updates,
    /// `/v2/tokens/{id}`: which ticket came of a POST.
    Token(String),
}

/// Reads a path. The format is that of a refusal, too: JSON where the path names none.
pub fn route(path: &str) -> (Format, Result<Resource, Refusal>) {
    let (path, format) = match path.rsplit_once('.') {
        Some((path, "json")) => (path, Some(Format::Json)),
        Some((path, "xml")) => (path, Some(Format::Xml)),
        _ => (path, None),
    };
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let resource = match parts.as_slice() {
        // Clients that know only one address look beside the services.
        ["discovery"] | ["v2", "discovery"] => Some(Resource::Discovery),
        ["v2", "services"] => Some(Resource::Services),
        ["v2", "services", code] => Some(Resource::Service((*code).to_owned())),
        ["v2", "requests"] => Some(Resource::Requests),
        ["v2", "requests", id] => Some(Resource::Request((*id).to_owned())),
        ["v2", "servicerequestupdates"] => Some(Resource::Updates),
        ["v2", "tokens", id] => Some(Resource::Token((*id).to_owned())),
        _ => None,
    };
    let resource = match (resource, format) {
        (Some(resource), Some(_)) => Ok(resource),
        (Some(_), None) => Err(Refusal::unknown("end the path with .json or .xml")),
        (None, _) => Err(Refusal::unknown("there is nothing here; /discovery.json tells what there is")),
    };
    (format.unwrap_or(Format::Json), resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let text = |path| match route(path) {
            (format, Ok(resource)) => format!("{format:?} {resource:?}"),
            (format, Err(refusal)) => format!("{format:?} {}", refusal.status),
        };
        for (path, expected) in [
            ("/discovery.json", "Json Discovery"),
            ("/discovery.xml", "Xml Discovery"),
            ("/v2/discovery.json", "Json Discovery"),
            ("/discovery", "Json 404"),
            ("/v2/services.xml", "Xml Services"),
            ("/v2/services/road_damage.json", r#"Json Service("road_damage")"#),
            ("/v2/requests.json", "Json Requests"),
            ("/v2/requests/KJ-45RQ0X8XD.xml", r#"Xml Request("KJ-45RQ0X8XD")"#),
            ("/v2/requests/a.b.json", r#"Json Request("a.b")"#),
            ("/v2/requests/a/b.xml", "Xml 404"),
            ("/v2/servicerequestupdates.json", "Json Updates"),
            ("/v2/tokens/00.json", r#"Json Token("00")"#),
            ("/v2/requests.html", "Json 404"),
            ("", "Json 404"),
            ("/", "Json 404"),
        ] {
            assert_eq!(text(path), expected, "{path}");
        }
    }
}
