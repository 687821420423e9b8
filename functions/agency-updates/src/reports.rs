//! How all agencies did in a month, for desks: the files that were made when the month was closed.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use aws_lambda_events::encodings::Body;
use http::{HeaderName, HeaderValue, header};
use jiff::Timestamp;
use kemala_casework::tickets::to_json;
use kemala_casework::{Casework, problem};
use kemala_domain::AgencyCode;
use kemala_domain::figures::{Format, Month};
use kemala_messages::agency_api::{Problem, ReportEntry, ReportList};
use kemala_runtime::metrics::Metrics;
use kemala_runtime::request::Request;
use kemala_store::figures::FiguresRows;
use kemala_store::month_files::Packed;

use crate::metrics::unreadable_report;
use crate::problem::{broken_report, no_report, only_packed};
use crate::tickets::parameter;

/// Most bytes of an answer that is not packed: Lambda takes 6 MB, in which quotes and line ends of a text count twice.
const LARGEST_PLAIN: usize = 2_500_000;

/// Months that are closed, the newest first.
///
/// # Errors
/// 403 for who is no desk, 503 where the table does not answer.
pub async fn list(work: &Casework<'_>, agency: &AgencyCode) -> Result<String, Problem> {
    let months = rows(work, agency)?.months().await.map_err(|error| problem::unavailable(&error))?;
    let reports = months.into_iter().map(|(month, closed_at)| ReportEntry { month, closed_at }).collect();
    to_json(&ReportList { reports })
}

/// A month's report: `?format=csv|json|html|txt`.
///
/// # Errors
/// 400 for a format that is none, 403 for who is no desk, 404 where the month is not closed, 406 where it is too large for who
/// takes no gzip, 503 where the table does not answer.
pub async fn file(
    work: &Casework<'_>,
    agency: &AgencyCode,
    month: Month,
    request: &Request,
    metrics: &Metrics,
    now: Timestamp,
) -> Result<Response, Problem> {
    let rows = rows(work, agency)?;
    let format = match parameter(request, "format")? {
        None => Format::Json,
        Some(text) => text.parse().map_err(|error| problem::bad_request(format!("format: {error}")))?,
    };
    let file = rows.report(month, format).await.map_err(|error| problem::unavailable(&error))?;
    let file = file.ok_or_else(|| {
        let today = work.pack.jurisdiction.calendar.local(now).date();
        no_report(month, (today < month.closes_on()).then(|| month.closes_on()))
    })?;
    response(&file, month, format, takes_gzip(request), metrics)
}

fn rows<'a>(work: &Casework<'a>, agency: &AgencyCode) -> Result<FiguresRows<'a>, Problem> {
    if !work.bodies.desks.contains(agency) {
        return Err(problem::for_desks("a month's report"));
    }
    Ok(FiguresRows::new(work.store, &work.pack.jurisdiction.name))
}

fn takes_gzip(request: &Request) -> bool {
    let accepted = request.headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = accepted.flat_map(|value| value.split(','));
    codings.any(|coding| coding.trim().eq_ignore_ascii_case("gzip"))
}

/// Packed, as it is kept, for who takes it; else as text.
fn response(
    file: &Packed,
    month: Month,
    format: Format,
    takes_gzip: bool,
    metrics: &Metrics,
) -> Result<Response, Problem> {
    let mut response = Response::default();
    response.status_code = 200;
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, format.media_type());
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::VARY, "accept-encoding");
    match format {
        Format::Csv => {
            set(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"kemala-{month}.csv\""));
        }
        // The page brings its style along and loads nothing.
        Format::Html => set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        Format::Json | Format::Txt => {}
    }
    if takes_gzip {
        set(header::CONTENT_ENCODING, "gzip");
        response.is_base64_encoded = true;
        response.body = Some(Body::Binary(file.bytes().to_vec()));
    } else {
        let text = file.text().ok_or_else(|| {
            unreadable_report(metrics);
            broken_report(month, format)
        })?;
        if text.len() > LARGEST_PLAIN {
            return Err(only_packed());
        }
        response.body = Some(Body::Text(text));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        for (accepted, expected) in [
            (None, false),
            (Some("gzip"), true),
            (Some("br, GZIP"), true),
            (Some("gzip;q=0"), false),
            (Some("br"), false),
        ] {
            let mut request = Request::default();
            if let Some(accepted) = accepted {
                request.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            }
            assert_eq!(takes_gzip(&request), expected, "{accepted:?}");
        }
    }

    fn sent(text: &str, format: Format, takes_gzip: bool) -> Result<Response, Problem> {
        let metrics = Metrics::to("test", |_| ());
        response(&Packed::of(text).unwrap(), "2026-11".parse().unwrap(), format, takes_gzip, &metrics)
    }

    #[test]
    fn each_format_says_what_it_is() {
        let mut lines = String::new();
        for format in Format::ALL {
            let response = sent("x", format, false).unwrap();
            let header = |name| response.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-");
            let names = [header::CONTENT_TYPE, header::CONTENT_DISPOSITION, header::CONTENT_SECURITY_POLICY];
            lines += &format!("{format}: {}\n", names.map(header).join(" | "));
            assert_eq!(response.body, Some(Body::Text("x".to_owned())));
        }
        insta::assert_snapshot!(lines, @r#"
        txt: text/plain; charset=utf-8 | - | -
        csv: text/csv; charset=utf-8; header=present | attachment; filename="kemala-2026-11.csv" | -
        json: application/json | - | -
        html: text/html; charset=utf-8 | - | default-src 'none'; style-src 'unsafe-inline'
        "#);
    }

    #[test]
    fn what_is_too_large_as_text_is_sent_packed() {
        let large = "x".repeat(LARGEST_PLAIN + 1);
        assert_eq!(sent(&large, Format::Json, false).unwrap_err().status, 406);
        let packed = sent(&large, Format::Json, true).unwrap();
        assert_eq!(packed.headers.get(header::CONTENT_ENCODING).unwrap(), "gzip");
        assert!(packed.is_base64_encoded && packed.body.is_some_and(|body| body.len() < 10_000));
    }
}
