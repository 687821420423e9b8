//! One ticket: what was reported, where, why it came here, what happened, and what may be done.

use std::collections::BTreeMap;

use kemala_casework::problem;
use kemala_casework::tickets::{allowed, view};
use kemala_domain::lifecycle::{Action, Case};
use kemala_domain::{Kind, PostKey, Status, Ticket, TicketId, Urgency, Voice};
use kemala_messages::agency::{Deadline, EventView, Snapshot, TicketView, event_view};
use kemala_messages::agency_api::Problem;
use kemala_runtime::request::{Request, only_parameter};
use kemala_web::answer::Answer;
use kemala_web::states;
use maud::{Markup, html};

use super::{forms, frame, map};
use crate::desk::Desk;
use crate::form::Form;
use crate::words;

/// The page of a ticket that they hold, or of which a rung has told them.
///
/// # Errors
/// 404 for any other, 503 where the table does not answer.
pub async fn page(desk: &Desk<'_>, id: &TicketId, request: &Request) -> Result<Answer, Problem> {
    let case = desk.work.store.case(id).await.map_err(|error| problem::unavailable(&error))?;
    let case = case.ok_or_else(problem::no_ticket)?;
    if is_theirs(desk, &case.ticket) {
        let action = only_parameter(request, "selesai")
            .and_then(|done| Action::ALL.into_iter().find(|action| action.to_string() == done));
        let done = html! {
            @if let Some(action) = action {
                p.note role="status" { "✓ " (desk.say("Berhasil: ", "Done: ")) (words::action(action, desk.language)) }
            }
        };
        return Ok(Answer::page(200, of_case(desk, &case, None, done).await?));
    }
    if case.ticket.escalated_to.contains(&desk.agency) {
        return Ok(Answer::page(200, for_others(desk, &case)));
    }
    Err(problem::no_ticket())
}

fn is_theirs(desk: &Desk<'_>, ticket: &Ticket) -> bool {
    kemala_casework::tickets::is_in_hands(&desk.work, &desk.agency, ticket)
}

/// The page of a ticket in their hands. `tried` is what was just sent and not done; `top` stands above all else.
///
/// # Errors
/// 503 where the table does not answer.
pub async fn of_case(desk: &Desk<'_>, case: &Case, tried: Option<&Form>, top: Markup) -> Result<Markup, Problem> {
    let ticket = &case.ticket;
    let voices = desk.work.store.voices(&ticket.id).await.map_err(|error| problem::unavailable(&error))?;
    let voices: BTreeMap<PostKey, Voice> =
        voices.into_iter().map(|voice| (voice.report.first_post.clone(), voice)).collect();
    let view = view(ticket, voices.get(&ticket.origin), desk.work.terms());
    let events: Vec<EventView> = case
        .events
        .iter()
        .map(|event| event_view(event, event.body.post().and_then(|post| voices.get(post))))
        .collect();
    let allowed = allowed(&desk.work, &desk.agency, ticket);
    let body = html! {
        (top)
        (head(desk, &view))
        div.columns {
            section aria-label=(desk.say("Laporan", "Report")) { (report(desk, &view)) (map::of(desk, &view.place)) }
            aside aria-label=(desk.say("Tindakan", "Actions")) {
                h2 { (desk.say("Tindakan", "Actions")) }
                @if allowed.is_empty() { p.soft { (desk.say("Laporan ini sudah berakhir.", "This ticket has ended.")) } }
                (forms::actions(desk, ticket, &allowed, tried))
            }
            section aria-label=(desk.say("Batas waktu", "Deadlines")) { (deadlines(desk, &view)) }
            section aria-label=(desk.say("Alasan", "Reasons")) { (reasons(desk, &view)) }
            section aria-label=(desk.say("Perjalanan", "Time line")) { (time_line(desk, &events)) }
        }
    };
    Ok(frame::page(desk, view.ticket.as_str(), &format!("/{}/laporan/{}", desk.agency, view.ticket), body))
}

/// The page for a desk above the holder: no citizen's text, and of an accusation only number and deadlines.
fn for_others(desk: &Desk<'_>, case: &Case) -> Markup {
    let deadlines_of = Deadline::all(&case.ticket, desk.work.terms());
    let view = TicketView::for_others(Snapshot { ticket: &case.ticket, opening: None, deadlines: &deadlines_of });
    let events: Vec<EventView> = case
        .events
        .iter()
        .map(|event| EventView { text: None, photo: None, permalink: None, ..event_view(event, None) })
        .filter(|event| !view.supervisory || event.clock.is_some())
        .collect();
    let body = html! {
        (head(desk, &view))
        p.note { (desk.say(
            "Laporan ini ada pada instansi lain. Anda melihatnya karena keterlambatannya dilaporkan kepada Anda; tulisan warga tidak ditampilkan.",
            "This ticket is in other hands. You see it because its deadlines were escalated to you; no citizen's text is shown.",
        )) }
        (deadlines(desk, &view))
        (time_line(desk, &events))
    };
    frame::page(desk, view.ticket.as_str(), &format!("/{}/laporan/{}", desk.agency, view.ticket), body)
}

fn head(desk: &Desk<'_>, view: &TicketView) -> Markup {
    let language = desk.language;
    let category = view.category.as_ref().and_then(|code| desk.work.pack.categories.get(code));
    html! {
        p.small { a href=(desk.path("")) { "← " (desk.say("Daftar laporan", "List of tickets")) } }
        h1.number { (view.ticket) }
        p.head {
            span.tag { (states::status(view.status, language)) }
            @if view.urgency != Urgency::Normal {
                span class={ "tag " (if view.urgency == Urgency::Emergency { "bad" } else { "warn" }) } { (words::urgency(view.urgency, language)) }
            }
            @if !view.late.is_empty() { span.tag.bad { (desk.say("Terlambat", "Late")) } }
            @if view.supervisory { span.tag.warn { (desk.say("Pengawasan: rahasia", "Supervisory: confidential")) } }
            @if view.unreachable { span.tag { (desk.say("Pelapor tidak terjangkau", "Citizen cannot be reached")) } }
        }
        dl.pairs {
            dt { (desk.say("Kategori", "Category")) }
            dd { (category.map_or_else(|| desk.say("belum diketahui", "unknown"), |category| category.title.as_str())) }
            dt { (desk.say("Tempat", "Place")) }
            dd {
                @match (&view.place.name, &view.place.outside) {
                    (Some(name), _) => (name),
                    (None, Some(outside)) => { (outside) " " (desk.say("(di luar wilayah)", "(outside)")) },
                    (None, None) => (desk.say("belum diketahui", "unknown")),
                }
            }
            dt { (desk.say("Masuk", "Opened")) }
            dd { (desk.moment(view.opened_at)) }
            dt { (desk.say("Instansi", "Agency")) }
            dd { (desk.agency_name(&view.agency)) }
            @if let Some(likely) = &view.likely_agency {
                dt { (desk.say("Perkiraan", "Likely")) } dd { (desk.agency_name(likely)) }
            }
            @if !view.other_agencies.is_empty() {
                dt { (desk.say("Juga terkait", "Others concerned")) }
                dd { (view.other_agencies.iter().map(|code| desk.agency_name(code)).collect::<Vec<_>>().join(", ")) }
            }
            @if let Some(into) = &view.joined_to {
                dt { (desk.say("Digabungkan ke", "Joined into")) } dd.number { (into) }
            }
        }
    }
}

fn report(desk: &Desk<'_>, view: &TicketView) -> Markup {
    html! {
        h2 { (desk.say("Laporan warga", "The report")) }
        div.card {
            @match &view.text {
                Some(text) => p.text dir="auto" { (text) },
                None => p.soft { (desk.say("Tulisan sudah dihapus atau melewati masa simpan.", "The text was deleted or has expired.")) },
            }
            @if let Some(link) = &view.permalink {
                p.small { a href=(link) rel="noreferrer noopener" { (desk.say("Lihat di X", "See it on X")) } }
            }
            @if !view.media.is_empty() {
                ul.small {
                    @for (n, media) in view.media.iter().enumerate() {
                        li { a href=(media.url) rel="noreferrer noopener" {
                            @match media.kind.as_str() {
                                "photo" => (desk.say("Foto", "Photo")),
                                _ => (desk.say("Video", "Video")),
                            }
                            " " (n + 1)
                        } }
                    }
                }
            }
            p.soft.small {
                (view.voices) " " (desk.say("kiriman", "voices"))
                @if view.copies > 0 { ", " (view.copies) " " (desk.say("salinan", "copies")) }
            }
        }
    }
}

fn deadlines(desk: &Desk<'_>, view: &TicketView) -> Markup {
    html! {
        h2 { (desk.say("Batas waktu", "Deadlines")) }
        @if view.deadlines.is_empty() { p.soft { (desk.say("Tidak ada batas waktu yang berjalan.", "None is running.")) } }
        dl.pairs {
            @for deadline in &view.deadlines {
                dt { (words::clock(deadline.clock, desk.language)) }
                dd class=[view.late.contains(&deadline.clock).then_some("bad")] {
                    (desk.moment(deadline.due_at))
                    @if view.late.contains(&deadline.clock) { " – " (desk.say("terlewati", "missed")) }
                }
            }
        }
        @if view.status == Status::WaitingCitizen {
            p.soft.small { (desk.say("Batas waktu berhenti selama menunggu jawaban warga.", "Deadlines pause while the citizen's answer is waited for.")) }
        }
    }
}

/// What was concluded, each with all that led there.
fn reasons(desk: &Desk<'_>, view: &TicketView) -> Markup {
    let mut grouped: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for reason in &view.reasons {
        let because = words::because(&reason.matched, desk.language);
        match grouped.iter_mut().find(|(about, concluded, _)| *about == reason.about && *concluded == reason.concluded)
        {
            Some((.., matched)) => matched.push(because),
            None => grouped.push((&reason.about, &reason.concluded, vec![because])),
        }
    }
    html! {
        h2 { (desk.say("Mengapa ada di sini", "Why it came here")) }
        dl.pairs {
            @for (about, concluded, matched) in &grouped {
                dt { (words::about(about, desk.language)) }
                dd { (named(desk, about, concluded)) br; span.soft.small { (desk.say("karena: ", "because of: ")) (matched.join(" · ")) } }
            }
        }
        p.soft.small {
            (desk.say("Keyakinan ", "Confidence ")) ((view.confidence * 100.0).round()) "% · " (desk.say("aturan ", "rules ")) (view.pack_version)
            @if let Some(model) = &view.model_version { " · model " (model) }
        }
    }
}

/// A conclusion by its name, where the pack has one for its code.
fn named(desk: &Desk<'_>, about: &str, concluded: &str) -> String {
    let pack = desk.work.pack;
    let name = match about {
        "category" => {
            concluded.parse().ok().and_then(|code| pack.categories.get(&code)).map(|entry| entry.title.clone())
        }
        "place" => concluded.parse().ok().and_then(|code| pack.place_name(&code)),
        "agency" | "triage" => concluded.parse().ok().map(|code| desk.agency_name(&code)),
        "kind" => match concluded {
            "complaint" => Some(words::kind(Kind::Complaint, desk.language).to_owned()),
            "question" => Some(words::kind(Kind::Question, desk.language).to_owned()),
            "other" => Some(words::kind(Kind::Other, desk.language).to_owned()),
            _ => None,
        },
        "urgency" => match concluded {
            "emergency" => Some(words::urgency(Urgency::Emergency, desk.language).to_owned()),
            "high" => Some(words::urgency(Urgency::High, desk.language).to_owned()),
            "normal" => Some(words::urgency(Urgency::Normal, desk.language).to_owned()),
            _ => None,
        },
        _ => None,
    };
    name.unwrap_or_else(|| concluded.to_owned())
}

fn time_line(desk: &Desk<'_>, events: &[EventView]) -> Markup {
    html! {
        h2 { (desk.say("Perjalanan laporan", "Time line")) }
        ol.line {
            @for event in events.iter().rev() {
                li {
                    div.head {
                        span { (words::event(event, desk.language, &|code| desk.agency_name(code))) }
                        span.soft.small { time datetime=(event.at) { (desk.moment(event.at)) } }
                    }
                    @if let Some(text) = &event.text { p.text.small dir="auto" { (text) } }
                    @if let Some(photo) = &event.photo {
                        p.small { a href=(photo) rel="noreferrer noopener" { (desk.say("Foto", "Photo")) } }
                    }
                    @if let Some(ticket) = &event.other_ticket { p.small.number { (ticket) } }
                }
            }
        }
    }
}
