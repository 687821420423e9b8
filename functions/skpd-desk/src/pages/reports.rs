//! How all agencies did in a month, for desks: the files that were made when the month was closed.

use http::HeaderValue;
use http::header::CONTENT_DISPOSITION;
use kemala_casework::problem;
use kemala_domain::figures::{Format, Month};
use kemala_messages::agency_api::Problem;
use kemala_store::figures::FiguresRows;
use kemala_web::answer::Answer;
use kemala_web::words;
use maud::html;

use super::frame;
use crate::desk::Desk;

/// The months that are closed, each with its files.
///
/// # Errors
/// 403 for who is no desk, 503 where the table does not answer.
pub async fn page(desk: &Desk<'_>) -> Result<Answer, Problem> {
    let months = rows(desk)?.months().await.map_err(|error| problem::unavailable(&error))?;
    let title = desk.say("Laporan bulanan", "Monthly reports");
    let body = html! {
        h1 { (title) }
        p.soft { (desk.say(
            "Kinerja semua instansi per bulan, dibuat otomatis pada tanggal 3 bulan berikutnya. Halaman HTML dapat dicetak; CSV untuk lembar sebar.",
            "How all agencies did, made by itself on the third day of the next month. The HTML page is for printing, CSV for spreadsheets.",
        )) }
        @if months.is_empty() { p { (desk.say("Belum ada bulan yang ditutup.", "No month is closed yet.")) } }
        ul { @for (month, closed_at) in &months {
            @let first = month.first_day();
            li {
                (words::month(first, desk.language)) " " (first.year()) ": "
                @for format in [Format::Html, Format::Csv, Format::Txt, Format::Json] {
                    a href=(desk.path(&format!("/angka/{month}.{format}"))) { (format.name().to_uppercase()) } " "
                }
                span.soft.small { (desk.say("ditutup ", "closed ")) (desk.moment(*closed_at)) }
            }
        } }
    };
    Ok(Answer::page(200, frame::page(desk, title, &format!("/{}/angka", desk.agency), body)))
}

/// One file, to keep: the page brings a style of its own along, which no page of the desk may.
///
/// # Errors
/// 403 for who is no desk, 404 where there is no such file, 503 where the table does not answer.
pub async fn file(desk: &Desk<'_>, month: Month, format: Format) -> Result<Answer, Problem> {
    let file = rows(desk)?.report(month, format).await.map_err(|error| problem::unavailable(&error))?;
    let text = file.and_then(|file| file.text()).ok_or_else(problem::no_ticket)?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"kemala-{month}.{format}\""));
    let name = name.unwrap_or(HeaderValue::from_static("attachment"));
    Ok(Answer::file(format.media_type(), text).header(CONTENT_DISPOSITION, name))
}

fn rows<'a>(desk: &Desk<'a>) -> Result<FiguresRows<'a>, Problem> {
    if !desk.is_desk() {
        return Err(problem::for_desks("a month's report"));
    }
    Ok(FiguresRows::new(desk.work.store, &desk.work.pack.jurisdiction.name))
}
