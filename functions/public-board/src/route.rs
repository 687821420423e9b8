//! What an address asks for.

use kemala_domain::figures::Month;
use kemala_domain::{RegionCode, TicketId};
use kemala_runtime::request::{Request, only_parameter};
use kemala_web::ICON_PATH;

/// A page or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// A month on the map; the present one where none is named.
    Board(Option<Month>),
    /// A regency with its subdistricts.
    Regency(RegionCode, Option<Month>),
    /// Agencies' fair figures.
    Agencies(Option<Month>),
    /// The form for a number, with what was put in.
    LookUp(Option<String>),
    /// A ticket.
    Ticket(TicketId),
    /// A month's places, as CSV.
    PlacesCsv(Option<Month>),
    /// The same with their areas.
    PlacesGeoJson(Option<Month>),
    /// Tickets of late, as CSV.
    TicketsCsv,
    /// Tickets of a regency, as a feed.
    Feed(RegionCode),
    /// The sign in a browser's tab.
    Icon,
    /// For robots.
    Robots,
    /// A style, by its name.
    Style(String),
}

impl Route {
    /// What a request asks for; `None` of what is nothing here.
    pub fn of(request: &Request) -> Option<Self> {
        let path = request.raw_path.as_deref().unwrap_or("/");
        let month = match only_parameter(request, "month") {
            Some(month) => Some(month.parse().ok()?),
            None => None,
        };
        let parts: Vec<&str> = path.trim_start_matches('/').trim_end_matches('/').split('/').collect();
        match parts.as_slice() {
            [""] => Some(Self::Board(month)),
            ["wilayah", code] => Some(Self::Regency(regency(code)?, month)),
            ["instansi"] => Some(Self::Agencies(month)),
            ["lapor"] => Some(Self::LookUp(only_parameter(request, "nomor").map(|number| number.into_owned()))),
            ["laporan", number] => number.parse().ok().map(Self::Ticket),
            ["data", "wilayah.csv"] => Some(Self::PlacesCsv(month)),
            ["data", "wilayah.geojson"] => Some(Self::PlacesGeoJson(month)),
            ["data", "laporan.csv"] => Some(Self::TicketsCsv),
            ["feed", file] => regency(file.strip_suffix(".atom")?).map(Self::Feed),
            [_] if path == ICON_PATH => Some(Self::Icon),
            ["robots.txt"] => Some(Self::Robots),
            [file] if file.starts_with("style-") => Some(Self::Style(path.to_owned())),
            _ => None,
        }
    }
}

fn regency(text: &str) -> Option<RegionCode> {
    let code: RegionCode = text.parse().ok()?;
    (code.regency().as_ref() == Some(&code)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str, query: &str) -> Option<Route> {
        let mut request = Request::default();
        request.raw_path = Some(path.to_owned());
        request.raw_query_string = Some(query.to_owned());
        Route::of(&request)
    }

    #[test]
    fn addresses_lead_where_they_say() {
        let blora: RegionCode = "33.16".parse().unwrap();
        let month: Month = "2026-11".parse().unwrap();
        for (path, query, expected) in [
            ("/", "", Some(Route::Board(None))),
            ("", "lang=en&month=2026-11", Some(Route::Board(Some(month)))),
            ("/", "month=2026-13", None),
            ("/wilayah/33.16", "", Some(Route::Regency(blora.clone(), None))),
            ("/wilayah/33.16.08", "", None),
            ("/instansi/", "", Some(Route::Agencies(None))),
            ("/lapor", "nomor=kj-1", Some(Route::LookUp(Some("kj-1".to_owned())))),
            ("/laporan/kj-perwg6m45", "", Some(Route::Ticket("KJ-PERWG6M45".parse().unwrap()))),
            ("/laporan/KJ-PERWG6M46", "", None),
            ("/feed/33.16.atom", "", Some(Route::Feed(blora))),
            ("/feed/33.16", "", None),
            ("/style-1.css", "", Some(Route::Style("/style-1.css".to_owned()))),
            ("/data/x", "", None),
            ("/laporan/%00", "", None),
        ] {
            assert_eq!(route(path, query), expected, "{path}?{query}");
        }
    }
}
