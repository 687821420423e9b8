//! A search among the tickets in their hands: by number, by words of the report, or by place.

use std::collections::BTreeMap;

use kemala_casework::problem;
use kemala_domain::{Ticket, TicketId};
use kemala_messages::agency_api::Problem;
use kemala_runtime::request::{Request, only_parameter};
use kemala_web::answer::Answer;
use maud::html;

use super::{frame, list};
use crate::desk::Desk;

/// Tickets that are looked through: what an agency has open at once, and more in a flood.
const LOOKED_THROUGH: i32 = 400;
/// Characters of a search that are looked for.
const LONGEST_QUERY: usize = 100;

/// What fits.
///
/// # Errors
/// 503 where the table does not answer.
pub async fn page(desk: &Desk<'_>, request: &Request) -> Result<Answer, Problem> {
    let asked = only_parameter(request, "q").unwrap_or_default();
    let asked: String = asked.trim().chars().take(LONGEST_QUERY).collect();
    let asked = asked.as_str();
    if let Ok(id) = asked.parse::<TicketId>() {
        // Its own page says whether it is there, and theirs.
        return Ok(Answer::redirect(&desk.path(&format!("/laporan/{id}"))));
    }
    let page = desk.work.store.agency_tickets(&desk.agency, None, None, LOOKED_THROUGH).await;
    let page = page.map_err(|error| problem::unavailable(&error))?;
    let texts = list::texts(desk, &page.tickets).await?;
    let words: Vec<String> = asked.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |ticket: &Ticket| !words.is_empty() && words.iter().all(|word| says(desk, ticket, &texts, word));
    let found: Vec<Ticket> = page.tickets.into_iter().filter(fits).collect();
    let title = desk.say("Hasil pencarian", "Search results");
    let body = html! {
        h1 { (title) }
        (list::search_box(desk, asked))
        p role="status" { (found.len()) " " (desk.say("laporan ditemukan.", "tickets found.")) }
        @if page.next.is_some() {
            p.note.warn { (desk.say(
                "Hanya 400 laporan terbuka dengan batas waktu terdekat yang dicari.",
                "Only the 400 open tickets with the nearest deadlines were looked through.",
            )) }
        }
        (list::plain(desk, &found, &texts))
    };
    Ok(Answer::page(200, frame::page(desk, title, &format!("/{}/cari", desk.agency), body)))
}

/// Whether a word stands in a ticket's text, place, category or code of place.
fn says(desk: &Desk<'_>, ticket: &Ticket, texts: &BTreeMap<TicketId, String>, word: &str) -> bool {
    let decision = &ticket.decision;
    let category = decision.category.as_ref().and_then(|code| desk.work.pack.categories.get(code));
    let holds = |text: &str| text.to_lowercase().contains(word);
    texts.get(&ticket.id).is_some_and(|text| holds(text))
        || decision.place.name.as_deref().is_some_and(holds)
        || decision.place.code.as_ref().is_some_and(|code| code.as_str().starts_with(word))
        || category.is_some_and(|category| holds(&category.title))
}
