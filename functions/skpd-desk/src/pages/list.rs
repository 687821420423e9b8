//! Lists of tickets: what threatens most harm first, then what is late, then the nearest deadline.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kemala_casework::problem;
use kemala_casework::tickets::{page_start, page_token};
use kemala_domain::lifecycle::Action;
use kemala_domain::{Status, Ticket, TicketId, Urgency};
use kemala_messages::agency_api::Problem;
use kemala_runtime::request::{Request, only_parameter};
use kemala_store::lists::Page;
use kemala_web::answer::{Answer, tag};
use kemala_web::states;
use maud::{Markup, html};

use super::bulk;
use super::frame;
use crate::desk::Desk;
use crate::words;

/// Tickets on a page.
const ON_A_PAGE: i32 = 50;
/// Looks at the index for one list of what is late or waits.
const MOST_LOOKS: usize = 10;
/// Tickets with which such a list is long enough.
const FEW: usize = 25;
/// What is due within this time is due soon.
const SOON: SignedDuration = SignedDuration::from_hours(24);
/// Characters of a text in a list.
const SHORT: usize = 160;

/// Which tickets a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Open,
    Soon,
    Late,
    Waiting,
    /// Those in other hands of which a rung has told this desk.
    Escalated,
}

impl Which {
    fn of(request: &Request) -> Self {
        match only_parameter(request, "daftar").as_deref() {
            Some("segera") => Self::Soon,
            Some("terlambat") => Self::Late,
            Some("menunggu") => Self::Waiting,
            Some("naik") => Self::Escalated,
            _ => Self::Open,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Open => "semua",
            Self::Soon => "segera",
            Self::Late => "terlambat",
            Self::Waiting => "menunggu",
            Self::Escalated => "naik",
        }
    }

    fn title(self, desk: &Desk<'_>) -> &'static str {
        match self {
            Self::Open => desk.say("Semua yang terbuka", "All open"),
            Self::Soon => desk.say("Mendekati batas waktu", "Due soon"),
            Self::Late => desk.say("Terlambat", "Late"),
            Self::Waiting => desk.say("Menunggu warga", "Waiting for citizens"),
            Self::Escalated => desk.say("Keterlambatan instansi lain", "Escalated to us"),
        }
    }

    fn fits(self, ticket: &Ticket) -> bool {
        match self {
            Self::Open | Self::Soon | Self::Escalated => true,
            Self::Late => !ticket.late.is_empty(),
            Self::Waiting => matches!(ticket.status, Status::WaitingCitizen | Status::Resolved),
        }
    }
}

/// One page of a list: at most two reads, the index and the texts.
///
/// # Errors
/// 400 for a page that is none, 503 where the table does not answer.
pub async fn page(desk: &Desk<'_>, request: &Request) -> Result<Answer, Problem> {
    let which = Which::of(request);
    let (tickets, next) = found(desk, which, request).await?;
    // Who does not hold a ticket sees no citizen's text.
    let texts = if which == Which::Escalated { BTreeMap::new() } else { texts(desk, &tickets).await? };
    let done = only_parameter(request, "selesai");
    // Only the first page of a list is looked at again.
    let is_first = only_parameter(request, "setelah").is_none();
    let body = html! {
        h1 { (desk.agency_name(&desk.agency)) }
        @if let Some(done) = done.as_deref().and_then(|done| done.parse::<u32>().ok()) {
            p.note role="status" { (done) " " (desk.say("laporan diperbarui.", "tickets updated.")) }
        }
        (tabs(desk, which))
        (search_box(desk, ""))
        p.note hidden #changed role="status" {
            (desk.say("Daftar ini sudah berubah. ", "This list has changed. "))
            a href="" { (desk.say("Muat ulang", "Load it again")) }
        }
        @let fresh = is_first.then(|| desk.path(&format!("/terbaru?daftar={}", which.name())));
        div data-fresh=[fresh] data-mark=(mark(&tickets)) {
            h2 { (which.title(desk)) " " span.soft.number { "(" (tickets.len()) @if next.is_some() { "+" } ")" } }
            @if tickets.is_empty() {
                p.soft { (desk.say("Tidak ada laporan di daftar ini.", "No tickets in this list.")) }
            } @else if which == Which::Escalated {
                (plain(desk, &tickets, &texts))
            } @else {
                (bulk::form(desk, rows(desk, &tickets, &texts)))
            }
        }
        @if let Some(next) = next {
            p { a.button.second href=(desk.path(&format!("?daftar={}&setelah={next}", which.name()))) {
                (desk.say("Berikutnya", "Next"))
            } }
        }
    };
    let here = format!("/{}", desk.agency);
    Ok(Answer::page(200, frame::page(desk, which.title(desk), &here, body)))
}

/// A mark that changes with the first page of a list.
///
/// # Errors
/// 503 where the table does not answer.
pub async fn freshness(desk: &Desk<'_>, request: &Request) -> Result<Answer, Problem> {
    let (tickets, _) = found(desk, Which::of(request), request).await?;
    Ok(Answer::file("text/plain; charset=utf-8", mark(&tickets)))
}

async fn found(desk: &Desk<'_>, which: Which, request: &Request) -> Result<(Vec<Ticket>, Option<String>), Problem> {
    if which == Which::Escalated {
        let all = desk.work.store.escalated().await.map_err(|error| problem::unavailable(&error))?;
        let ours = |ticket: &Ticket| ticket.escalated_to.contains(&desk.agency) && ticket.holder != desk.agency;
        let mut tickets: Vec<Ticket> = all.into_iter().filter(ours).collect();
        tickets.sort_by_key(order);
        return Ok((tickets, None));
    }
    let mut after = match only_parameter(request, "setelah") {
        None => None,
        Some(token) => Some(page_start(&token).ok_or_else(|| problem::bad_request("setelah: no page begins there"))?),
    };
    let until = (which == Which::Soon).then(|| desk.now.saturating_add(SOON).unwrap_or(Timestamp::MAX));
    let mut tickets = Vec::new();
    // A list that leaves much out looks further: what is late for longest has no next step, and stands last in the index.
    for _ in 0..MOST_LOOKS {
        let page = desk.work.store.agency_tickets(&desk.agency, until, after, ON_A_PAGE).await;
        let Page { tickets: found, next } = page.map_err(|error| problem::unavailable(&error))?;
        tickets.extend(found.into_iter().filter(|ticket| which.fits(ticket)));
        after = next;
        if tickets.len() >= FEW || after.is_none() {
            break;
        }
    }
    tickets.sort_by_key(order);
    Ok((tickets, after.as_ref().map(page_token)))
}

fn order(ticket: &Ticket) -> (Reverse<Urgency>, bool, Timestamp) {
    (Reverse(ticket.decision.urgency), ticket.late.is_empty(), ticket.due.map_or(Timestamp::MAX, |due| due.at))
}

/// What the opening voices say, masked.
pub async fn texts(desk: &Desk<'_>, tickets: &[Ticket]) -> Result<BTreeMap<TicketId, String>, Problem> {
    let voices = desk.work.store.opening_voices(tickets).await.map_err(|error| problem::unavailable(&error))?;
    Ok(voices.into_iter().map(|(ticket, voice)| (ticket, voice.masked_text)).collect())
}

fn mark(tickets: &[Ticket]) -> String {
    let versions: String = tickets.iter().map(|ticket| format!("{} {};", ticket.id, ticket.version)).collect();
    tag(versions.as_bytes())
}

fn tabs(desk: &Desk<'_>, which: Which) -> Markup {
    let mut lists = vec![Which::Open, Which::Soon, Which::Late, Which::Waiting];
    if desk.is_desk() {
        lists.push(Which::Escalated);
    }
    html! {
        nav.tabs aria-label=(desk.say("Daftar", "Lists")) {
            @for list in lists {
                a href=(desk.path(&format!("?daftar={}", list.name()))) aria-current=[(list == which).then_some("page")] {
                    (list.title(desk))
                }
            }
        }
    }
}

/// Where a ticket is looked for.
pub fn search_box(desk: &Desk<'_>, asked: &str) -> Markup {
    html! {
        form.row method="get" action=(format!("/{}/cari", desk.agency)) role="search" {
            @if desk.language == kemala_web::language::Language::English { input type="hidden" name="lang" value="en"; }
            div {
                label for="cari" { (desk.say("Cari nomor, kata, atau tempat", "Search number, words, or place")) }
                input #cari type="search" name="q" value=(asked) maxlength="100";
            }
            button.second { (desk.say("Cari", "Search")) }
        }
    }
}

/// Tickets that can be marked.
fn rows(desk: &Desk<'_>, tickets: &[Ticket], texts: &BTreeMap<TicketId, String>) -> Markup {
    html! {
        ol.tickets {
            @for ticket in tickets {
                li class=(harm(ticket)) {
                    div.pick {
                        input type="checkbox" name="nomor" value=(ticket.id)
                            aria-label=(format!("{} {}", desk.say("Pilih", "Select"), ticket.id));
                    }
                    (row(desk, ticket, texts.get(&ticket.id)))
                }
            }
        }
    }
}

/// Tickets that are only shown.
pub fn plain(desk: &Desk<'_>, tickets: &[Ticket], texts: &BTreeMap<TicketId, String>) -> Markup {
    html! {
        ol.tickets.plain {
            @for ticket in tickets { li class=(harm(ticket)) { (row(desk, ticket, texts.get(&ticket.id))) } }
        }
    }
}

fn harm(ticket: &Ticket) -> &'static str {
    match ticket.decision.urgency {
        Urgency::Emergency => "emergency",
        Urgency::High => "high",
        Urgency::Normal => "normal",
    }
}

fn row(desk: &Desk<'_>, ticket: &Ticket, text: Option<&String>) -> Markup {
    let language = desk.language;
    // Of an accusation in other hands only number and deadlines.
    let is_hidden = ticket.holder != desk.agency && ticket.decision.supervisory;
    let about = ticket.decision.category.as_ref().filter(|_| !is_hidden);
    let title = about.and_then(|code| desk.work.pack.categories.get(code)).map(|category| category.title.as_str());
    let place = ticket.decision.place.name.as_deref().filter(|_| !is_hidden);
    let outside = ticket.decision.place.outside.as_deref().filter(|_| !is_hidden);
    html! {
        div.head {
            a.number href=(desk.path(&format!("/laporan/{}", ticket.id))) { (ticket.id) }
            @if ticket.decision.urgency != Urgency::Normal {
                span class={ "tag " (if ticket.decision.urgency == Urgency::Emergency { "bad" } else { "warn" }) } {
                    (words::urgency(ticket.decision.urgency, language))
                }
            }
            @if !ticket.late.is_empty() { span.tag.bad { (desk.say("Terlambat", "Late")) } }
            span.soft { (states::status(ticket.status, language)) }
            @if ticket.holder != desk.agency { span.soft { (desk.agency_name(&ticket.holder)) } }
            @if ticket.voices > 1 { span.soft { (ticket.voices) " " (desk.say("kiriman", "voices")) } }
        }
        @if let Some(text) = text { p.text { (shortened(text)) } }
        p.soft.small {
            @if is_hidden { (desk.say("Pengawasan: rahasia", "Supervisory: confidential")) } @else {
            (title.unwrap_or_else(|| desk.say("Kategori belum diketahui", "Category unknown")))
            " · " (place.or(outside).unwrap_or_else(|| desk.say("tempat belum diketahui", "place unknown")))
            }
            @if let Some(due) = ticket.due {
                " · " (desk.say("pengingat atau batas waktu berikutnya: ", "next step: ")) (desk.moment(due.at))
            }
        }
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SHORT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The actions that make sense for many tickets at once.
pub fn for_many(desk: &Desk<'_>) -> Vec<Action> {
    if desk.is_desk() {
        vec![Action::Accept, Action::Assign, Action::Join, Action::Respond, Action::Reject]
    } else {
        vec![Action::Accept, Action::Start, Action::Respond]
    }
}
