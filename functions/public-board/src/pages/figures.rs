//! Numbers of a place, as cells and as cards.

use kemala_domain::figures::{Board, Figure, Figures, Spot};
use maud::{Markup, html};

use super::View;
use crate::counts::Count;

/// A row of a table of places.
pub struct PlaceRow {
    /// What a link leads to.
    pub id: Option<String>,
    pub name: String,
    pub link: Option<String>,
    pub counts: PlaceCounts,
}

/// What the board shows of a place: of all that came in a month, and of what is open.
#[derive(Debug, Clone, Copy)]
pub struct PlaceCounts {
    pub reported: Count,
    pub answered: Count,
    pub resolved: Count,
    pub late: Count,
    pub open: Count,
}

impl PlaceCounts {
    /// Of the places that are meant.
    pub fn of(board: &Board, is_meant: impl Fn(&Spot) -> bool) -> Self {
        Self::new(&board.sum(&is_meant), board.open(&is_meant))
    }

    fn new(figures: &Figures, open: i64) -> Self {
        let count = |figure| Count::of(figures.get(figure));
        Self {
            reported: count(Figure::Opened),
            answered: count(Figure::Answered),
            resolved: count(Figure::Resolved),
            late: count(Figure::PromiseBroken),
            open: Count::of(open),
        }
    }

    /// In the order of the tables.
    pub fn all(&self) -> [Count; 5] {
        [self.reported, self.answered, self.resolved, self.late, self.open]
    }
}

impl View<'_> {
    /// Heads of the columns of a place's numbers.
    pub(super) fn columns(&self) -> [&'static str; 5] {
        [
            self.say("Dilaporkan", "Reported"),
            self.say("Dijawab", "Answered"),
            self.say("Dinyatakan selesai", "Settled"),
            self.say("Melewati batas waktu", "Past deadline"),
            self.say("Masih terbuka", "Still open"),
        ]
    }

    /// What the columns mean.
    pub(super) fn meaning_of_columns(&self) -> Markup {
        html! {
            details {
                summary { (self.say("Arti angka-angka ini", "What these numbers mean")) }
                ul {
                    li { (self.say(
                        "Dilaporkan: laporan baru pada bulan ini; laporan yang sama dari banyak orang dihitung satu.",
                        "Reported: new reports of the month; the same incident told by many counts once.")) }
                    li { (self.say(
                        "Dijawab: laporan yang untuk pertama kali dijawab oleh instansi yang memegangnya pada bulan ini.",
                        "Answered: reports that the agency holding them answered for the first time in this month.")) }
                    li { (self.say(
                        "Dinyatakan selesai: berapa kali instansi menyatakan masalah selesai; yang dibuka kembali dapat dihitung lagi.",
                        "Settled: times that an agency said that a matter is settled; one that is reopened may count again.")) }
                    li { (self.say(
                        "Melewati batas waktu: laporan yang batas waktu penyelesaiannya terlewati pada bulan ini.",
                        "Past deadline: reports whose promised end passed in this month.")) }
                    li { (self.say(
                        "Masih terbuka: semua laporan yang belum ditutup, dari bulan mana pun.",
                        "Still open: all reports that are not closed, of whatever month.")) }
                }
            }
        }
    }

    /// A table of places.
    pub(super) fn places_table(&self, caption: &str, first: &str, rows: &[PlaceRow]) -> Markup {
        html! {
            div class="wide" role="region" aria-label=(caption) tabindex="0" {
                table {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { (first) }
                            @for column in self.columns() { th scope="col" class="n" { (column) } }
                        }
                    }
                    tbody {
                        @for PlaceRow { id, name, link, counts } in rows {
                            tr id=[id] {
                                th scope="row" {
                                    @match link { Some(link) => a href=(link) { (name) }, None => (name) }
                                }
                                @for count in counts.all() { td class="n" { (count.shown(self.language)) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Numbers as cards.
    pub(super) fn cards(&self, cards: &[(&str, String)]) -> Markup {
        html! {
            dl class="cards" {
                @for (name, value) in cards { div { dt { (name) } dd { (value) } } }
            }
        }
    }
}
