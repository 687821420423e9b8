//! What stands around every page.

use kemala_domain::AgencyCode;
use kemala_web::ICON_PATH;
use kemala_web::language::Language;
use maud::{DOCTYPE, Markup, html};

use super::files;
use crate::desk::Desk;

/// A page for who is not signed in.
pub fn bare(title: &str, language: Language, body: Markup) -> Markup {
    whole(title, language, html! {}, html! {}, body)
}

/// A page of a desk. `here` is the path of the page, for the language's link.
pub fn page(desk: &Desk<'_>, title: &str, here: &str, body: Markup) -> Markup {
    let language = desk.language;
    let other = match language {
        Language::Indonesian => Language::English.link(here),
        Language::English => here.to_owned(),
    };
    let agencies = &desk.work.pack.jurisdiction.agencies;
    let is_other = |agency: &&AgencyCode| **agency != desk.agency && agencies.get(agency).is_some();
    let menu = html! {
        nav aria-label=(desk.say("Menu", "Menu")) {
            a href=(desk.path("")) aria-current=[(here == format!("/{}", desk.agency)).then_some("page")] {
                (desk.say("Laporan", "Tickets"))
            }
            a href=(desk.path("/jejak")) aria-current=[here.ends_with("/jejak").then_some("page")] {
                (desk.say("Jejak", "Audit"))
            }
            @if desk.is_desk() {
                a href=(desk.path("/angka")) aria-current=[here.ends_with("/angka").then_some("page")] {
                    (desk.say("Laporan bulanan", "Monthly reports"))
                }
            }
            @for agency in desk.session.officer.agencies.iter().filter(|agency| is_other(agency)) {
                a href=(language.link(&format!("/{agency}"))) { (agency) }
            }
            a href=(other) lang=(language.say("en", "id")) hreflang=(language.say("en", "id")) {
                (language.say("English", "Bahasa Indonesia"))
            }
            form.inline method="post" action=(language.link("/keluar")) {
                (token(desk))
                button { (desk.say("Keluar", "Sign out")) }
            }
        }
    };
    let foot = html! { (desk.session.officer.name) " · " (desk.agency_name(&desk.agency)) };
    whole(title, language, menu, foot, body)
}

/// What every form carries.
pub fn token(desk: &Desk<'_>) -> Markup {
    html! {
        input type="hidden" name="sesi" value=(desk.session.form_token);
    }
}

fn whole(title: &str, language: Language, menu: Markup, foot: Markup, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " – " (language.say("Meja Kemala", "Kemala desk")) }
                link rel="stylesheet" href=(files::style());
                link rel="icon" href=(ICON_PATH) type="image/svg+xml";
                script src=(files::script()) defer {}
            }
            body {
                a.skip href="#isi" { (language.say("Langsung ke isi", "Skip to content")) }
                header.bar { div {
                    a.brand href=(language.link("/")) { (language.say("Meja Kemala", "Kemala desk")) }
                    (menu)
                } }
                main #isi { (body) }
                footer { div { (foot) } }
            }
        }
    }
}
