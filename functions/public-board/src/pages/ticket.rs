//! A ticket by its number, and the form that leads there.

use kemala_domain::clocks::Clock;
use kemala_domain::public::plain;
use kemala_domain::seen_live::{SeenLive, may_be_shown};
use kemala_domain::{Event, Status, Ticket, Voice};
use maud::{Markup, html};

use super::View;
use super::board::look_up_form;
use super::time_line::Line;

/// What was read of a ticket.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its row.
    pub ticket: Ticket,
    /// Its events.
    pub events: Vec<Event>,
    /// The report that opened it; `None` where it was erased or has expired.
    pub opening: Option<Voice>,
    /// Which of its posts the platform last showed.
    pub seen: Option<SeenLive>,
}

/// The form. `number` is what was put in before, if that is no number.
pub fn form(view: &View<'_>, number: Option<&str>) -> Markup {
    let title = view.say("Cek laporan", "Look up a report");
    let body = html! {
        h1 { (title) }
        @if number.is_some() {
            p class="note warn" role="alert" {
                (view.say("Nomor laporan tidak dikenali. Mohon periksa huruf dan angkanya.", "That is no number of a report. Check its signs."))
            }
        }
        (look_up_form(view, &number.map(plain).unwrap_or_default()))
        p { (view.say("Nomor laporan ada di balasan yang Anda terima.", "The number stands in the answer that you got.")) }
    };
    view.page(title, "/lapor", &body)
}

/// Where no ticket of that number is, or none for everybody.
pub fn unknown(view: &View<'_>) -> Markup {
    let title = view.say("Laporan tidak ditemukan", "Report not found");
    let body = html! {
        h1 { (title) }
        p {
            (view.say(
                "Tidak ada laporan dengan nomor ini yang dapat ditampilkan. Periksa nomornya, atau coba beberapa menit \
                 lagi bila laporannya baru saja dikirim.",
                "There is no report of this number that can be shown. Check the number, or try again in some minutes if it \
                 was sent just now.",
            ))
        }
        (look_up_form(view, ""))
    };
    view.page(title, "/lapor", &body)
}

/// The page of a ticket.
pub fn ticket(view: &View<'_>, known: &Known) -> Markup {
    let Known { ticket, events, .. } = known;
    let title = format!("{} {}", view.say("Laporan", "Report"), ticket.id);
    let place = ticket.decision.place.code.as_ref().and_then(|code| view.site.place(code));
    let is_withdrawn = ticket.status == Status::Withdrawn;
    // Who withdraws a report wants what was said of it forgotten, too.
    let lines = events
        .iter()
        .filter_map(|event| Some((event.at, view.line(event)?)))
        .map(|(at, line)| if is_withdrawn { (at, Line { said: None, photo: None, ..line }) } else { (at, line) });
    let lines: Vec<_> = lines.collect();
    let promise = view.site.jurisdiction.terms().deadline(ticket, Clock::Resolution);
    let promise = promise.filter(|_| ticket.status.is_open() && ticket.status != Status::Resolved);
    let body = html! {
        h1 { (title) }
        p { span class="tag" { (status(view, ticket.status)) } }
        dl class="pairs" {
            dt { (view.say("Kategori", "About")) }
            dd { (view.site.category(ticket.decision.category.as_ref(), view.language)) }
            dt { (view.say("Tempat", "Place")) }
            dd { (place.as_deref().unwrap_or(view.say("belum diketahui", "not known"))) }
            dt { (view.say("Dilaporkan", "Reported")) }
            dd { (view.moment(ticket.opened_at)) }
            @if ticket.status.is_open() {
                dt { (view.say("Ditangani oleh", "In the hands of")) }
                dd { (view.site.agency(&ticket.holder)) }
            }
            @if let Some(promise) = promise {
                dt { (view.say("Batas waktu penyelesaian", "To be settled by")) }
                dd {
                    (view.moment(promise))
                    @if promise < view.now { " " strong class="bad" { (view.say("(terlewati)", "(passed)")) } }
                }
            }
            dt { (view.say("Jumlah kiriman", "Posts")) }
            dd { (view.number(ticket.voices.into())) }
        }
        @if let (Status::Joined, Some(other)) = (ticket.status, &ticket.joined_to) {
            p class="note" {
                (view.say("Dilanjutkan sebagai laporan ", "It goes on as report "))
                a href=(view.link(&format!("/laporan/{other}"))) { (other) } "."
            }
        }
        h2 { (view.say("Isi laporan", "What it says")) }
        (text(view, known))
        h2 { (view.say("Perjalanan laporan", "What happened")) }
        ol class="line" {
            @for (at, line) in &lines {
                li {
                    strong { (line.what) }
                    " " time class="soft small" datetime=(at) { (view.moment(*at)) }
                    @if let Some(said) = &line.said { blockquote { (said) } }
                    @if let Some(photo) = &line.photo {
                        p { a href=(photo) rel="nofollow noopener noreferrer external" { (view.say("Foto hasil pekerjaan", "Photo of the work")) } }
                    }
                }
            }
        }
    };
    view.page(&title, &format!("/laporan/{}", ticket.id), &body)
}

/// The citizen's text, while its post is known to be there.
fn text(view: &View<'_>, known: &Known) -> Markup {
    let shown = known.opening.as_ref().filter(|voice| may_be_shown(voice, known.seen.as_ref(), view.now));
    let shown = shown.filter(|_| known.ticket.status != Status::Withdrawn);
    html! {
        @match shown {
            Some(voice) => blockquote class="card" lang="id" { (plain(&voice.masked_text)) },
            None => p class="soft" {
                (view.say(
                    "Isi laporan tidak ditampilkan karena belum dapat dipastikan bahwa kirimannya masih ada.",
                    "The text is not shown, for it is not certain that the post is still there.",
                ))
            },
        }
    }
}

/// A status in words.
pub fn status(view: &View<'_>, status: Status) -> &'static str {
    kemala_web::states::status(status, view.language)
}
