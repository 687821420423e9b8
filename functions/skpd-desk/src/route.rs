//! Which page a request is about.

use http::Method;
use kemala_domain::figures::{Format, Month};
use kemala_domain::{AgencyCode, TicketId};
use kemala_web::ICON_PATH;

use crate::sign_in::CALLBACK;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `/`: where to sign in, or the first list.
    Home,
    /// `/masuk`: to the identity provider.
    SignIn,
    /// `/masuk/kembali`: back from there.
    SignedIn,
    /// `POST /keluar`
    SignOut,
    /// A file that all pages load.
    File(String),
    /// The sign in a browser's tab.
    Icon,
    /// Something of an agency's desk.
    Of(AgencyCode, Page),
    /// There is nothing here.
    Nothing,
}

/// A page of an agency's desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// `/{code}`: a list of tickets.
    List,
    /// `/{code}/terbaru`: what tells a list that is open in a browser whether it is still true.
    Freshness,
    /// `/{code}/laporan/{id}`: one ticket.
    Ticket(TicketId),
    /// `POST /{code}/laporan/{id}`: an action on it.
    Act(TicketId),
    /// `POST /{code}/massal`: an action on many.
    Bulk,
    /// `/{code}/cari`: a search.
    Search,
    /// `/{code}/jejak`: what officers did.
    Audit,
    /// `/{code}/angka`: months that are closed.
    Reports,
    /// `/{code}/angka/2026-11.csv`: a month's report as a file.
    ReportFile(Month, Format),
}

impl Route {
    /// Reads method and path.
    pub fn of(method: &Method, path: &str) -> Self {
        let path = path.trim_end_matches('/');
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (method, parts.as_slice()) {
            (&Method::GET, []) => Self::Home,
            (&Method::GET, ["masuk"]) => Self::SignIn,
            (&Method::GET, _) if path == CALLBACK => Self::SignedIn,
            (&Method::POST, ["keluar"]) => Self::SignOut,
            (&Method::GET, _) if path == ICON_PATH => Self::Icon,
            (&Method::GET, ["berkas", file]) => Self::File((*file).to_owned()),
            (method, [code, rest @ ..]) => match (code.parse(), Page::of(method, rest)) {
                (Ok(code), Some(page)) => Self::Of(code, page),
                _ => Self::Nothing,
            },
            _ => Self::Nothing,
        }
    }
}

impl Page {
    fn of(method: &Method, parts: &[&str]) -> Option<Self> {
        match (method, parts) {
            (&Method::GET, []) => Some(Self::List),
            (&Method::GET, ["terbaru"]) => Some(Self::Freshness),
            (&Method::GET, ["laporan", id]) => Some(Self::Ticket(id.parse().ok()?)),
            (&Method::POST, ["laporan", id]) => Some(Self::Act(id.parse().ok()?)),
            (&Method::POST, ["massal"]) => Some(Self::Bulk),
            (&Method::GET, ["cari"]) => Some(Self::Search),
            (&Method::GET, ["jejak"]) => Some(Self::Audit),
            (&Method::GET, ["angka"]) => Some(Self::Reports),
            (&Method::GET, ["angka", file]) => {
                let (month, format) = file.split_once('.')?;
                Some(Self::ReportFile(month.parse().ok()?, format.parse().ok()?))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let route = |method: Method, path| format!("{:?}", Route::of(&method, path));
        assert_eq!(route(Method::GET, "/"), "Home");
        assert_eq!(route(Method::GET, ""), "Home");
        assert_eq!(route(Method::GET, "/masuk/kembali"), "SignedIn");
        assert_eq!(route(Method::GET, "/DINKES/"), r#"Of(AgencyCode("DINKES"), List)"#);
        assert_eq!(
            route(Method::POST, "/DINKES/laporan/KJ-45RQ0X8XD"),
            r#"Of(AgencyCode("DINKES"), Act(TicketId("KJ-45RQ0X8XD")))"#
        );
        for (method, path) in [
            (Method::POST, "/"),
            (Method::GET, "/keluar"),
            (Method::GET, "/dinkes"),
            (Method::GET, "/DINKES/laporan/KJ-45RQ0X8XE"),
            (Method::GET, "/DINKES/massal"),
            (Method::DELETE, "/DINKES"),
            (Method::GET, "//DINKES"),
        ] {
            assert_eq!(route(method, path), "Nothing", "{path}");
        }
    }
}
