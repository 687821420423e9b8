//! The front page: a month on the map.

use kemala_domain::figures::{Board, Figure, Month, Spot};
use maud::{Markup, html};

use super::View;
use super::figures::{PlaceCounts, PlaceRow};
use super::regency::subdistricts;
use crate::counts::Count;

/// The page of a month. `board` is `None` where nothing has been counted yet.
pub fn board(view: &View<'_>, month: Month, board: Option<&Board>) -> Markup {
    let title = format!("{} {}", view.say("Laporan warga", "Citizens' reports"), view.month(month));
    let body = html! {
        h1 { (title) }
        (view.months("/", month))
        (look_up_form(view, ""))
        @match board {
            Some(board) => (numbers(view, month, board)),
            None => (view.nothing_yet()),
        }
    };
    view.page(&title, &view.path_of("/", month), &body)
}

fn numbers(view: &View<'_>, month: Month, board: &Board) -> Markup {
    let total = board.total();
    let columns = view.columns();
    let counts = [Figure::Opened, Figure::Answered, Figure::Resolved, Figure::PromiseBroken]
        .map(|figure| view.number(total.get(figure).max(0)));
    let open = view.number(board.open(|_| true).max(0));
    let cards: Vec<(&str, String)> = columns.into_iter().zip(counts.into_iter().chain([open])).collect();
    let nowhere = PlaceRow {
        id: None,
        name: view.say("Tempat belum diketahui", "Place not known").to_owned(),
        link: None,
        counts: PlaceCounts::of(board, |spot| *spot == Spot::Place(None)),
    };
    let supervisory = board.sum(|spot| *spot == Spot::Supervisory).get(Figure::Opened).max(0);
    html! {
        (view.cards(&cards))
        (view.as_of(board))
        @match view.site.only_regency() {
            Some(city) => (subdistricts(view, &city, board, Some(nowhere))),
            None => (regencies(view, month, board, nowhere)),
        }
        (view.meaning_of_columns())
        p {
            (view.say("Laporan tentang perilaku pejabat bulan ini: ", "Complaints about officials in this month: "))
            strong { (view.number(supervisory)) } ". "
            (view.say(
                "Hanya Inspektorat yang dapat melihatnya; jumlahnya tidak dirinci menurut wilayah.",
                "Only the inspectorate sees them, and they are counted at no place.",
            ))
        }
        h2 { (view.say("Hari demi hari", "Day by day")) }
        (view.series(board))
        h2 { (view.say("Kategori", "What about")) }
        (categories(view, board))
        h2 { (view.say("Data terbuka", "Open data")) }
        ul {
            li { a href=(view.path_of("/data/wilayah.csv", month)) { (view.say("Wilayah (CSV)", "Places (CSV)")) } }
            li { a href=(view.path_of("/data/wilayah.geojson", month)) { (view.say("Wilayah (GeoJSON)", "Places (GeoJSON)")) } }
            li { a href="/data/laporan.csv" { (view.say("Laporan 30 hari terakhir (CSV)", "Reports of the last 30 days (CSV)")) } }
        }
    }
}

/// The regencies and cities, on the map and as a table.
fn regencies(view: &View<'_>, month: Month, board: &Board, nowhere: PlaceRow) -> Markup {
    let regencies: Vec<_> = view
        .site
        .regencies()
        .into_iter()
        .map(|(code, name)| {
            let counts = PlaceCounts::of(board, |spot| spot.is_in(&code));
            (code, name, counts)
        })
        .collect();
    let link = |code: &str| view.link(&view.path_of(&format!("/wilayah/{code}"), month));
    let rows: Vec<_> = regencies
        .iter()
        .map(|(code, name, counts)| PlaceRow {
            id: None,
            name: name.clone(),
            link: Some(link(code.as_str())),
            counts: *counts,
        })
        .chain([nowhere])
        .collect();
    html! {
        @if let Some(map) = &view.site.map {
            h2 { (view.say("Peta", "Map")) }
            (view.map(
                &map.whole,
                view.say("Laporan bulan ini menurut kabupaten dan kota", "The month's reports by regency and city"),
                |shape| {
                    let found = regencies.iter().find(|(code, _, _)| *code == shape.code);
                    found.map_or(Count::Exact(0), |(_, _, counts)| counts.reported)
                },
                |shape| link(shape.code.as_str()),
            ))
        }
        h2 { (view.say("Kabupaten dan kota", "Regencies and cities")) }
        (view.places_table(
            view.say("Laporan menurut kabupaten dan kota", "Reports by regency and city"),
            view.say("Wilayah", "Place"),
            &rows,
        ))
    }
}

fn categories(view: &View<'_>, board: &Board) -> Markup {
    let mut rows: Vec<(String, i64)> = board
        .categories
        .iter()
        .map(|(category, figures)| {
            (view.site.category(category.as_ref(), view.language), figures.get(Figure::Opened).max(0))
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    rows.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
    let most = rows.first().map_or(1, |(_, count)| *count).max(1);
    html! {
        table {
            caption { (view.say("Laporan baru menurut kategori", "New reports by subject")) }
            thead { tr {
                th scope="col" { (view.say("Kategori", "Subject")) }
                th scope="col" class="n" { (view.say("Dilaporkan", "Reported")) }
                td {}
            } }
            tbody {
                @for (title, count) in &rows {
                    tr {
                        th scope="row" { (title) }
                        td class="n" { (Count::of(*count).shown(view.language)) }
                        td class="share" aria-hidden="true" {
                            svg width="100" height="12" { rect class="bar-day" width=(count * 100 / most) height="12" {} }
                        }
                    }
                }
            }
        }
    }
}

/// The form that leads to a ticket.
pub fn look_up_form(view: &View<'_>, number: &str) -> Markup {
    html! {
        form action="/lapor" method="get" role="search" class="row" {
            div {
                label for="nomor" { (view.say("Nomor laporan", "Number of a report")) }
                input type="search" id="nomor" name="nomor" value=(number) maxlength="20" autocomplete="off"
                    placeholder={ (view.site.jurisdiction.ticket_prefix) "-…" } required;
            }
            @if view.language == kemala_web::language::Language::English { input type="hidden" name="lang" value="en"; }
            button { (view.say("Cek", "Look up")) }
        }
    }
}

impl View<'_> {
    /// Links to the months before and after.
    pub(super) fn months(&self, path: &str, month: Month) -> Markup {
        let (before, after) = (month.before(), month.after());
        html! {
            nav class="tabs" aria-label=(self.say("Bulan", "Month")) {
                a rel="prev" href=(self.link(&self.path_of(path, before))) { "← " (self.month(before)) }
                @if month < self.site.month(self.now) {
                    a rel="next" href=(self.link(&self.path_of(path, after))) { (self.month(after)) " →" }
                }
            }
        }
    }

    /// Where nothing has been counted.
    pub(super) fn nothing_yet(&self) -> Markup {
        html! {
            p class="note" { (self.say("Belum ada data untuk bulan ini.", "There are no numbers of this month yet.")) }
        }
    }

    /// Of when the numbers are.
    pub(super) fn as_of(&self, board: &Board) -> Markup {
        html! {
            p class="soft small" {
                (self.say("Angka berubah terakhir ", "Numbers last changed "))
                (self.moment(board.at))
                "."
            }
        }
    }
}
