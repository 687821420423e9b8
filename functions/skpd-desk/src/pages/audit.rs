//! What the officers of a desk have done.

use kemala_casework::problem;
use kemala_messages::agency_api::Problem;
use kemala_runtime::request::{Request, only_parameter};
use kemala_store::audit::Deeds;
use kemala_web::answer::Answer;
use maud::html;

use super::frame;
use crate::desk::Desk;
use crate::words;

/// Deeds on a page.
const ON_A_PAGE: i32 = 100;
/// Longest mark of a page.
const LONGEST_MARK: usize = 200;

/// The latest deeds, or those before a mark.
///
/// # Errors
/// 503 where the table does not answer.
pub async fn page(desk: &Desk<'_>, request: &Request) -> Result<Answer, Problem> {
    let before = only_parameter(request, "sebelum").filter(|mark| (1..LONGEST_MARK).contains(&mark.len()));
    let deeds = desk.work.store.deeds(&desk.agency, before.as_deref(), ON_A_PAGE).await;
    let Deeds { deeds, before } = deeds.map_err(|error| problem::unavailable(&error))?;
    let title = desk.say("Jejak tindakan", "Audit trail");
    let body = html! {
        h1 { (title) }
        p.soft { (desk.say(
            "Tindakan petugas lewat meja ini. Disimpan dua tahun.",
            "What officers did at this desk. Kept for two years.",
        )) }
        div.wide { table {
            caption { (desk.agency_name(&desk.agency)) }
            thead { tr {
                th scope="col" { (desk.say("Waktu", "Time")) }
                th scope="col" { (desk.say("Petugas", "Officer")) }
                th scope="col" { (desk.say("Tindakan", "Action")) }
                th scope="col" { (desk.say("Laporan", "Ticket")) }
            } }
            tbody { @for deed in &deeds {
                tr {
                    td { (desk.moment(deed.at)) }
                    td { (deed.officer) }
                    td { (words::action(deed.action, desk.language)) }
                    td.number { a href=(desk.path(&format!("/laporan/{}", deed.ticket))) { (deed.ticket) } }
                }
            } }
        } }
        @if deeds.is_empty() { p.soft { (desk.say("Belum ada.", "None yet.")) } }
        @if let Some(before) = before {
            p { a.button.second href=(desk.path(&format!("/jejak?sebelum={}", form_urlencoded::byte_serialize(before.as_bytes()).collect::<String>()))) {
                (desk.say("Sebelumnya", "Earlier"))
            } }
        }
    };
    Ok(Answer::page(200, frame::page(desk, title, &format!("/{}/jejak", desk.agency), body)))
}
