//! The forms of a ticket's page, one for each action that is possible now.

use kemala_domain::lifecycle::Action;
use kemala_domain::{AgencyCode, Kind, Ticket, Urgency};
use maud::{Markup, html};

use super::frame;
use crate::desk::Desk;
use crate::form::Form;
use crate::sign_in::session::unguessable;
use crate::words;

/// Longest text that is posted, in X's characters.
const POSTED: usize = 200;

/// What may be done with a ticket. `tried` is what was just sent and not done, with its texts.
pub fn actions(desk: &Desk<'_>, ticket: &Ticket, allowed: &[Action], tried: Option<&Form>) -> Markup {
    let is_quick = |action: &Action| matches!(action, Action::Accept | Action::Start | Action::Unjoin);
    html! {
        @if allowed.iter().any(is_quick) {
            div.quick {
                @for action in allowed.iter().copied().filter(|action| is_quick(action)) {
                    form method="post" action=(desk.path(&format!("/laporan/{}", ticket.id))) {
                        (hidden(desk, action, tried.filter(|form| form.get("aksi") == Some(&action.to_string()))))
                        button { (words::action(action, desk.language)) }
                    }
                }
            }
        }
        @for action in allowed.iter().copied().filter(|action| !is_quick(action)) {
            (folded(desk, ticket, action, tried.filter(|form| form.get("aksi") == Some(&action.to_string()))))
        }
    }
}

fn folded(desk: &Desk<'_>, ticket: &Ticket, action: Action, tried: Option<&Form>) -> Markup {
    html! {
        details open[tried.is_some()] {
            summary { (words::action(action, desk.language)) }
            form method="post" action=(desk.path(&format!("/laporan/{}", ticket.id))) {
                (hidden(desk, action, tried))
                p.soft.small { (words::hint(action, desk.language)) }
                (fields(desk, ticket, action, tried))
                div.quick {
                    button { (words::action(action, desk.language)) }
                    @if matches!(action, Action::AskCitizen | Action::Respond | Action::Resolve | Action::Reject) {
                        button.second name="pratinjau" value="1" { (desk.say("Pratinjau", "Preview")) }
                    }
                }
            }
        }
    }
}

/// What a form carries unseen. One that was sent, and of which nobody knows what became, keeps its key: sent again it does
/// nothing twice.
fn hidden(desk: &Desk<'_>, action: Action, tried: Option<&Form>) -> Markup {
    let key = tried.and_then(|form| form.get("kunci")).map_or_else(unguessable, str::to_owned);
    html! {
        (frame::token(desk))
        input type="hidden" name="aksi" value=(action);
        input type="hidden" name="kunci" value=(key);
    }
}

fn fields(desk: &Desk<'_>, ticket: &Ticket, action: Action, tried: Option<&Form>) -> Markup {
    let typed = |field: &str| tried.and_then(|form| form.get(field)).unwrap_or_default().to_owned();
    let id = |field: &str| format!("{action}-{field}");
    let text = |field: &str, label: &str, most: Option<usize>| {
        let length = id("panjang");
        html! {
            p {
                label for=(id(field)) { (label) }
                textarea id=(id(field)) name=(field) required data-most=[most]
                    aria-describedby=[most.map(|_| length.as_str())] { (typed(field)) }
                @if most.is_some() { span.count.small.soft id=(length) { (desk.say("paling banyak 200 karakter, tanpa tautan", "at most 200 characters, no links")) } }
            }
        }
    };
    let photo_label = if needs_photo(desk, ticket) {
        desk.say(
            "Tautan foto hasil pekerjaan, diawali https:// (wajib)",
            "Link to a photo of the result, https:// (required)",
        )
    } else {
        desk.say(
            "Tautan foto hasil pekerjaan, diawali https:// (bila ada)",
            "Link to a photo of the result, https:// (if there is one)",
        )
    };
    match action {
        Action::AskCitizen => text("balasan", desk.say("Pertanyaan", "Question"), Some(POSTED)),
        Action::Respond => text("balasan", desk.say("Jawaban", "Answer"), Some(POSTED)),
        Action::Resolve => html! {
            (text("balasan", desk.say("Apa yang sudah dilakukan", "What was done"), Some(POSTED)))
            p {
                label for=(id("foto")) { (photo_label) }
                input id=(id("foto")) type="url" name="foto" value=(typed("foto")) maxlength="500" required[needs_photo(desk, ticket)];
            }
        },
        Action::NotOurs => html! {
            (text("alasan", desk.say("Alasan (paling banyak 500 karakter)", "Reason (at most 500 characters)"), None))
            p {
                label for=(id("instansi")) { (desk.say("Instansi yang berwenang (bila diketahui)", "Whose it is, if you know")) }
                (agencies(desk, &id("instansi"), &typed("instansi")))
            }
        },
        Action::Note => {
            text("catatan", desk.say("Catatan (paling banyak 500 karakter)", "Note (at most 500 characters)"), None)
        }
        Action::Assign => html! {
            p {
                label for=(id("instansi")) { (desk.say("Instansi", "Agency")) }
                (agencies(desk, &id("instansi"), &likely(ticket, &typed("instansi"))))
            }
        },
        Action::Reject => text("alasan", desk.say("Alasan untuk warga", "Reason, for the citizen"), Some(POSTED)),
        Action::Join => html! {
            p {
                label for=(id("induk")) { (desk.say("Nomor laporan induk", "Number of the other ticket")) }
                input id=(id("induk")) type="text" name="induk" value=(typed("induk")) maxlength="20" required autocomplete="off";
            }
        },
        Action::Correct => corrections(desk, &typed),
        Action::Accept | Action::Start | Action::Unjoin => html! {},
    }
}

fn needs_photo(desk: &Desk<'_>, ticket: &Ticket) -> bool {
    let category = ticket.decision.category.as_ref().and_then(|code| desk.work.pack.categories.get(code));
    category.is_some_and(|category| category.photo_on_resolve)
}

/// The agency that is offered first: what was typed, else who is likely responsible.
fn likely(ticket: &Ticket, typed: &str) -> String {
    let likely = ticket.decision.likely.as_ref().map(AgencyCode::to_string).unwrap_or_default();
    if typed.is_empty() { likely } else { typed.to_owned() }
}

/// Everybody who takes tickets today.
pub fn agencies(desk: &Desk<'_>, id: &str, chosen: &str) -> Markup {
    html! {
        select id=(id) name="instansi" {
            option value="" { "–" }
            @for agency in desk.work.pack.jurisdiction.agencies.iter().filter(|agency| desk.work.bodies.live.contains(&agency.code)) {
                option value=(agency.code) selected[agency.code.as_str() == chosen] { (agency.name) }
            }
        }
    }
}

fn corrections(desk: &Desk<'_>, typed: &dyn Fn(&str) -> String) -> Markup {
    let language = desk.language;
    let choice = |field: &str, label: &str, options: Vec<(String, String)>| {
        html! {
            div {
                label for=(format!("correct-{field}")) { (label) }
                select id=(format!("correct-{field}")) name=(field) {
                    option value="" { (desk.say("tidak diubah", "as it is")) }
                    @for (value, name) in options { option value=(value) selected[typed(field) == value] { (name) } }
                }
            }
        }
    };
    let categories = desk.work.pack.categories.iter().map(|entry| (entry.code.to_string(), entry.title.clone()));
    let kinds = [("complaint", Kind::Complaint), ("question", Kind::Question), ("other", Kind::Other)];
    let urgencies = [("normal", Urgency::Normal), ("high", Urgency::High), ("emergency", Urgency::Emergency)];
    let kinds = kinds.map(|(code, kind)| (code.to_owned(), words::kind(kind, language).to_owned()));
    let urgencies = urgencies.map(|(code, urgency)| (code.to_owned(), words::urgency(urgency, language).to_owned()));
    html! {
        div.row {
            (choice("kategori", desk.say("Kategori", "Category"), categories.collect()))
            div {
                label for="correct-tempat" { (desk.say("Tempat: kode wilayah", "Place: its code")) }
                input #correct-tempat type="text" name="tempat" list="tempat" value=(typed("tempat")) placeholder="33.16.08" maxlength="80";
                datalist #tempat {
                    @for (code, name) in desk.work.pack.districts() { option value=(format!("{code} {name}")) {} }
                }
            }
            (choice("jenis", desk.say("Jenis", "Kind"), kinds.into()))
            (choice("urgensi", desk.say("Urgensi", "Urgency"), urgencies.into()))
            (choice("pengawasan", desk.say("Menyangkut perilaku pejabat", "About officials' conduct"), vec![
                ("ya".to_owned(), desk.say("ya", "yes").to_owned()),
                ("tidak".to_owned(), desk.say("tidak", "no").to_owned()),
            ]))
        }
    }
}
