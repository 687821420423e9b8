//! Pages that say one thing.

use maud::{Markup, html};

use super::View;

/// Where nothing is.
pub fn not_found(view: &View<'_>) -> Markup {
    let title = view.say("Halaman tidak ditemukan", "Page not found");
    let body = html! {
        h1 { (title) }
        p { (view.say("Alamat ini tidak ada di papan.", "There is no such page on the board.")) }
        p { a href=(view.link("/")) { (view.say("Ke halaman depan", "To the front page")) } }
    };
    view.page(title, "/404", &body)
}

/// Where the table does not answer.
pub fn unavailable(view: &View<'_>) -> Markup {
    let title = view.say("Sedang ada gangguan", "Not available just now");
    let body = html! {
        h1 { (title) }
        p {
            (view.say(
                "Maaf, data belum dapat dibaca. Silakan coba beberapa menit lagi.",
                "Sorry, the data could not be read. Please try again in some minutes.",
            ))
        }
    };
    view.page(title, "/503", &body)
}
