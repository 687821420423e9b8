//! New reports of a regency as an Atom feed (RFC 4287). It has no texts: what readers have fetched nobody can take back.

use jiff::Timestamp;
use kemala_domain::{RegionCode, Ticket};
use maud::{Markup, PreEscaped, html};

use super::View;
use super::ticket::status;

/// The feed of a regency; `host` is where this board is.
pub fn feed(view: &View<'_>, regency: &RegionCode, host: &str, tickets: &[Ticket]) -> String {
    let name = view.site.regency(regency);
    let title = format!("{} – {name}", view.site.jurisdiction.title);
    let updated = tickets.iter().map(last_change).max().unwrap_or(view.now);
    let id = |what: &str| format!("tag:{host},2026:{what}");
    let feed: Markup = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" xml:lang=(view.language.code()) {
            id { (id(regency.as_str())) }
            title { (title) }
            updated { (updated) }
            author { name { (view.site.jurisdiction.title) } }
            (PreEscaped(link("self", "application/atom+xml", &format!("https://{host}/feed/{regency}.atom"))))
            (PreEscaped(link("alternate", "text/html", &format!("https://{host}/wilayah/{regency}"))))
            @for ticket in tickets {
                entry {
                    id { (id(ticket.id.as_str())) }
                    title { (view.site.category(ticket.decision.category.as_ref(), view.language)) ", " (name) }
                    published { (ticket.opened_at) }
                    updated { (last_change(ticket)) }
                    (PreEscaped(link("alternate", "text/html", &format!("https://{host}/laporan/{}", ticket.id))))
                    summary { (ticket.id) ": " (status(view, ticket.status)) ", " (view.site.agency(&ticket.holder)) }
                }
            }
        }
    };
    feed.into_string()
}

/// A link, closed as XML wants it. The host comes with the request.
fn link(rel: &str, of_type: &str, href: &str) -> String {
    let href = html! { (href) }.into_string();
    format!("<link rel=\"{rel}\" type=\"{of_type}\" href=\"{href}\"/>")
}

/// When a ticket last changed hands or was taken on.
fn last_change(ticket: &Ticket) -> Timestamp {
    ticket.opened_at.max(ticket.held_since).max(ticket.acknowledged_at.unwrap_or(ticket.held_since))
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
