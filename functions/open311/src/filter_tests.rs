use proptest::prelude::*;

use super::*;
use crate::site::tests::jateng;

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn request(query: &str) -> Request {
    let mut request = Request::default();
    request.raw_query_string = Some(query.to_owned());
    request
}

fn said(query: &str) -> String {
    match wanted(&request(query), &jateng().categories, now()) {
        Ok(Wanted::Ids(ids)) => ids.iter().map(TicketId::as_str).collect::<Vec<_>>().join(" "),
        Ok(Wanted::Opened(Span { from, until }, fits, page)) => {
            let services: Vec<_> = fits.services.iter().map(Category::as_str).collect();
            format!("{from} {until} {} {:?} {}+{}", services.join(","), fits.statuses, page.skip, page.size)
        }
        Err(refusal) => format!("{} {refusal}", refusal.status),
    }
}

#[test]
fn what_may_be_asked_for() {
    for (query, expected) in [
        ("", "2026-08-26T00:00:00Z 2026-11-24T00:00:00Z  [] 0+50"),
        ("status=&page=&start_date=&service_code=", "2026-08-26T00:00:00Z 2026-11-24T00:00:00Z  [] 0+50"),
        ("service_request_id=kj-45rq0x8xd,nonsense&status=purple", "KJ-45RQ0X8XD"),
        (
            "start_date=2026-11-20T07:00:00%2B07:00&status=open&page=3&page_size=20",
            "2026-11-20T00:00:00Z 2026-11-24T00:00:00Z  [Open] 40+20",
        ),
        ("start_date=2026-11-20T07:00:00+07:00", "2026-11-20T00:00:00Z 2026-11-24T00:00:00Z  [] 0+50"),
        ("start_date=2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z 2026-04-01T00:00:00Z  [] 0+50"),
        ("end_date=2026-04-01T00:00:00Z", "2026-01-01T00:00:00Z 2026-04-01T00:00:00Z  [] 0+50"),
        (
            "service_code=road_damage,health&service_code=other&status=open,closed",
            "2026-08-26T00:00:00Z 2026-11-24T00:00:00Z health,other,road_damage [Open, Closed] 0+50",
        ),
        (
            "start_date=2026-01-01T00:00:00Z&end_date=2026-04-01T00:00:01Z",
            "400 start_date and end_date: at most 90 days lie between them",
        ),
        ("start_date=2026-01-02T00:00:00Z&end_date=2026-01-01T00:00:00Z", "400 end_date: it lies before start_date"),
        ("start_date=yesterday", "400 start_date: write it like 2026-11-24T08:00:00+07:00 or 2026-11-24T01:00:00Z"),
        ("start_date=2026-01-01", "400 start_date: write it like 2026-11-24T08:00:00+07:00 or 2026-11-24T01:00:00Z"),
        ("status=purple", "400 status: open or closed"),
        ("service_code=teleport", "404 service_code: see /v2/services.json for those there are"),
        ("page=0", "400 page: a number from 1 to 4294967295"),
        ("page_size=101", "400 page_size: a number from 1 to 100"),
        ("page=41", "400 page: only the first 2000 can be had; ask for less time, by start_date and end_date"),
        ("page=1&page=2", "400 page: give it once"),
    ] {
        assert_eq!(said(query), expected, "{query}");
    }
}

#[test]
fn updates_of_the_last_day_where_no_time_is_named() {
    let (span, page) = wanted_updates(&request(""), now()).unwrap();
    assert_eq!(span.until.duration_since(span.from), USUAL_OF_UPDATES);
    assert_eq!((page.skip, page.size), (0, 1000));
    let long = wanted_updates(&request("start_date=2026-10-01T00:00:00Z&end_date=2026-11-02T00:00:00Z"), now());
    assert_eq!(long.unwrap_err().status, 400);
}

#[test]
fn there_is_one_jurisdiction() {
    let pack = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng");
    let jurisdiction = Jurisdiction::load(&pack).unwrap();
    for (given, fits) in [(None, true), (Some(""), true), (Some("jateng"), true), (Some("jabar"), false)] {
        assert_eq!(check_jurisdiction(given, &jurisdiction).is_ok(), fits, "{given:?}");
    }
}

proptest! {
    #[test]
    fn no_query_upsets_it(query in "\\PC{0,60}", name in "start_date|end_date|page|page_size|status", value in "\\PC{0,30}") {
        let _ = said(&query);
        let _ = said(&format!("{name}={value}"));
    }

    #[test]
    fn no_time_is_longer_than_ninety_days(start in -9_000_000_000i64..9_000_000_000, end in proptest::option::of(-9_000_000_000i64..9_000_000_000)) {
        let start = Timestamp::from_second(start).unwrap();
        let end = end.map(|end| format!("&end_date={}", Timestamp::from_second(end).unwrap()));
        let query = format!("start_date={start}{}", end.unwrap_or_default());
        if let Ok(Wanted::Opened(span, ..)) = wanted(&request(&query), &jateng().categories, now()) {
            prop_assert!(span.from <= span.until && span.until.duration_since(span.from) <= LONGEST);
        }
    }
}
