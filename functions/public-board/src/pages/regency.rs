//! A regency with its subdistricts.

use kemala_domain::RegionCode;
use kemala_domain::figures::{Board, Month, Spot};
use maud::{Markup, html};

use super::View;
use super::figures::{PlaceCounts, PlaceRow};
use crate::counts::Count;

/// The page of a regency in a month; `None` where there is no such place.
pub fn regency(view: &View<'_>, code: &RegionCode, month: Month, board: Option<&Board>) -> Option<Markup> {
    let name = view.site.regencies().into_iter().find(|(other, _)| other == code)?.1;
    let path = format!("/wilayah/{code}");
    let body = html! {
        h1 { (name) ", " (view.month(month)) }
        (view.months(&path, month))
        @match board {
            Some(board) => (numbers(view, code, board)),
            None => (view.nothing_yet()),
        }
        p {
            a href={ "/feed/" (code) ".atom" } type="application/atom+xml" {
                (view.say("Ikuti laporan baru di sini (Atom)", "Follow new reports here (Atom)"))
            }
        }
        p { a href=(view.link(&view.path_of("/", month))) { (view.say("Seluruh wilayah", "All places")) } }
    };
    Some(view.page(&name, &view.path_of(&path, month), &body))
}

fn numbers(view: &View<'_>, code: &RegionCode, board: &Board) -> Markup {
    let all = PlaceCounts::of(board, |spot| spot.is_in(code)).all();
    let cards: Vec<_> = view.columns().into_iter().zip(all.map(|count| count.shown(view.language))).collect();
    html! {
        (view.cards(&cards))
        (view.as_of(board))
        (subdistricts(view, code, board, None))
        (view.meaning_of_columns())
    }
}

/// The subdistricts of a regency, on the map and as a table that may end with a row of what has no place.
pub(super) fn subdistricts(view: &View<'_>, code: &RegionCode, board: &Board, nowhere: Option<PlaceRow>) -> Markup {
    let at = |subdistrict: &RegionCode| PlaceCounts::of(board, |spot| spot.is_in(subdistrict));
    let sheet = view.site.sheet(code);
    let shapes = sheet.map(|sheet| sheet.shapes.as_slice()).unwrap_or_default();
    let counted: Vec<_> = shapes.iter().map(|shape| (shape, at(&shape.code))).collect();
    let only_regency = PlaceCounts::of(board, |spot| *spot == Spot::Place(Some(code.clone())));
    let unknown = view.say("Kecamatan belum diketahui", "Subdistrict not known").to_owned();
    let id = |code: &RegionCode| format!("k{code}");
    let rows: Vec<_> = counted
        .iter()
        .map(|(shape, counts)| PlaceRow {
            id: Some(id(&shape.code)),
            name: shape.name.clone(),
            link: None,
            counts: *counts,
        })
        .chain([PlaceRow { id: None, name: unknown, link: None, counts: only_regency }])
        .chain(nowhere)
        .collect();
    html! {
        @if let Some(sheet) = sheet {
            h2 { (view.say("Peta", "Map")) }
            (view.map(
                sheet,
                view.say("Laporan bulan ini menurut kecamatan", "The month's reports by subdistrict"),
                |shape| {
                    let found = counted.iter().find(|(other, _)| other.code == shape.code);
                    found.map_or(Count::Exact(0), |(_, counts)| counts.reported)
                },
                |shape| format!("#{}", id(&shape.code)),
            ))
        }
        h2 { (view.say("Kecamatan", "Subdistricts")) }
        (view.places_table(
            view.say("Laporan menurut kecamatan", "Reports by subdistrict"),
            view.say("Kecamatan", "Subdistrict"),
            &rows,
        ))
    }
}
