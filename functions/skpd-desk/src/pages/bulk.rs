//! One action on many tickets, as in a flood: each stands for itself.

use kemala_casework::updates::{Asked, apply};
use kemala_domain::lifecycle::Action;
use kemala_messages::agency_api::{MOST_IN_BULK, Problem};
use kemala_web::answer::Answer;
use maud::{Markup, html};

use super::{forms, frame, list};
use crate::desk::Desk;
use crate::form::Form;
use crate::sign_in::session::unguessable;
use crate::words;

/// A list whose tickets can be marked, with what can be done with them.
pub fn form(desk: &Desk<'_>, rows: Markup) -> Markup {
    let language = desk.language;
    let actions = list::for_many(desk);
    html! {
        form method="post" action=(desk.path("/massal")) {
            (frame::token(desk))
            input type="hidden" name="kunci" value=(unguessable());
            label.all { input type="checkbox" data-all; " " (desk.say("Pilih semua di halaman ini", "Select all on this page")) }
            (rows)
            details.bulk {
                summary { (desk.say("Tindakan untuk yang dipilih", "Actions on those selected")) }
                div.row {
                    div {
                        label for="massal-aksi" { (desk.say("Tindakan", "Action")) }
                        select #massal-aksi name="aksi" {
                            @for action in &actions { option value=(action) { (words::action(*action, language)) } }
                        }
                    }
                    @if actions.contains(&Action::Assign) {
                        div {
                            label for="massal-instansi" { (words::action(Action::Assign, language)) }
                            (forms::agencies(desk, "massal-instansi", ""))
                        }
                        div {
                            label for="massal-induk" { (desk.say("Gabungkan ke nomor", "Join into number")) }
                            input #massal-induk type="text" name="induk" maxlength="20" autocomplete="off";
                        }
                    }
                    div {
                        label for="massal-teks" { (desk.say("Jawaban atau alasan untuk warga (paling banyak 200 karakter, tanpa tautan)", "Answer or reason for citizens (at most 200 characters, no links)")) }
                        input #massal-teks type="text" name="teks" maxlength="280";
                    }
                    button { (desk.say("Jalankan", "Do it")) }
                }
                p.small.soft { (desk.say("Paling banyak 25 laporan sekali jalan.", "At most 25 tickets at once.")) }
            }
        }
    }
}

/// Does it, ticket by ticket; what was not possible is told for each.
///
/// # Errors
/// 503 where the table does not answer for a page of what failed.
pub async fn act(desk: &Desk<'_>, form: &Form) -> Result<Answer, Problem> {
    let chosen = form.tickets();
    let key = form.key().unwrap_or_default();
    let mut unknown = Vec::new();
    let mut done = 0_u32;
    let mut failed = Vec::new();
    if chosen.is_empty() || chosen.len() > MOST_IN_BULK || key.is_empty() {
        let why = desk.say("Pilih 1 sampai 25 laporan.", "Select 1 to 25 tickets.");
        failed.push((None, why.to_owned()));
    } else {
        match form.with_text().update() {
            Err(faults) => {
                let problem = kemala_casework::problem::bad_body(faults);
                failed.push((None, words::problem(&problem, desk.language)));
            }
            Ok(update) => {
                for ticket in chosen {
                    // A key holds no space, so nobody can choose one that means this.
                    let own_key = format!("{key} {ticket}");
                    let asked = Asked { key: &own_key, officer: Some(&desk.session.officer.name) };
                    match apply(&desk.work, &desk.agency, &ticket, &update, &asked, desk.now).await {
                        Ok(_) => done += 1,
                        Err(problem) => {
                            if problem.status == 503 {
                                unknown.push(ticket.clone());
                            }
                            failed.push((Some(ticket), words::problem(&problem, desk.language)));
                        }
                    }
                }
            }
        }
    }
    if failed.is_empty() {
        return Ok(Answer::redirect(&desk.path(&format!("?selesai={done}"))));
    }
    let title = desk.say("Ada yang tidak berhasil", "Not all was possible");
    let body = html! {
        h1 { (title) }
        p role="status" { (done) " " (desk.say("laporan diperbarui.", "tickets updated.")) }
        ul {
            @for (ticket, why) in &failed {
                li {
                    @if let Some(ticket) = ticket {
                        a href=(desk.path(&format!("/laporan/{ticket}"))) { (ticket) } ": "
                    }
                    (why)
                }
            }
        }
        @if !unknown.is_empty() {
            // Under the same key: what was done after all is not done twice.
            form method="post" action=(desk.path("/massal")) {
                @for (field, value) in form.fields().filter(|(field, _)| *field != "nomor") {
                    input type="hidden" name=(field) value=(value);
                }
                @for ticket in &unknown { input type="hidden" name="nomor" value=(ticket); }
                p { button { (desk.say("Coba lagi laporan yang belum pasti hasilnya", "Retry what is not certain")) } }
            }
        }
        p { a.button href=(desk.path("")) { (desk.say("Kembali ke daftar", "Back to the list")) } }
    };
    let status = if done == 0 { 422 } else { 200 };
    Ok(Answer::page(status, frame::page(desk, title, &format!("/{}", desk.agency), body)))
}
