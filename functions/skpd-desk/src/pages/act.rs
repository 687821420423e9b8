//! An action on one ticket.

use kemala_casework::problem;
use kemala_casework::tickets::in_hands;
use kemala_casework::updates::{Asked, apply};
use kemala_domain::TicketId;
use kemala_messages::agency_api::Problem;
use kemala_web::answer::Answer;
use maud::html;

use super::{preview, ticket};
use crate::desk::Desk;
use crate::form::Form;
use crate::words;

/// Does what the form asks, once however often it is sent; or shows what would be posted. What is not possible is told on
/// the ticket's page, with what was typed.
///
/// # Errors
/// 404 for a ticket that is not theirs, 503 where the table does not answer.
pub async fn act(desk: &Desk<'_>, id: &TicketId, form: &Form) -> Result<Answer, Problem> {
    let case = in_hands(&desk.work, &desk.agency, id).await?;
    let update = match form.update() {
        Ok(update) => update,
        Err(faults) => return not_done(desk, id, form, &problem::bad_body(faults)).await,
    };
    if form.get("pratinjau").is_some() {
        let post = preview::post(desk, &case, &update).map(|post| preview::shown(desk, &post));
        let page = ticket::of_case(desk, &case, Some(&form.without("kunci")), post.unwrap_or_default()).await?;
        return Ok(Answer::page(200, page));
    }
    let Some(key) = form.key() else {
        return not_done(desk, id, form, &problem::bad_request("the form has no key")).await;
    };
    let asked = Asked { key, officer: Some(&desk.session.officer.name) };
    match apply(&desk.work, &desk.agency, id, &update, &asked, desk.now).await {
        // Who handed it on is led back to the list.
        Ok(done) if done.agency != desk.agency => Ok(Answer::redirect(&desk.path("?selesai=1"))),
        Ok(_) => Ok(Answer::redirect(&desk.path(&format!("/laporan/{id}?selesai={}", update.action())))),
        Err(problem) if problem.status == 404 => Err(problem),
        Err(problem) => not_done(desk, id, form, &problem).await,
    }
}

async fn not_done(desk: &Desk<'_>, id: &TicketId, form: &Form, problem: &Problem) -> Result<Answer, Problem> {
    let told = html! {
        p.note.bad role="alert" { (words::problem(problem, desk.language)) }
    };
    // As it is now: somebody else may have been faster.
    let case = in_hands(&desk.work, &desk.agency, id).await?;
    let tried = form.shown_again(problem.status);
    Ok(Answer::page(problem.status, ticket::of_case(desk, &case, Some(&tried), told).await?))
}
