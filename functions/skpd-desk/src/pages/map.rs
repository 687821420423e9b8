//! Where it is: the subdistrict on the map of its regency, or the regency on the map of all.

use kemala_domain::RegionCode;
use kemala_map::Sheet;
use kemala_messages::agency::PlaceView;
use maud::{Markup, html};

use crate::desk::Desk;

/// The place on the map; nothing where it is not known, or the pack has no map.
pub fn of(desk: &Desk<'_>, place: &PlaceView) -> Markup {
    let Some(map) = desk.map else { return html! {} };
    let Some(regency) = &place.region else { return html! {} };
    let subdistrict = place.subdistrict.as_ref();
    let finer = map.regencies.get(regency).zip(subdistrict).filter(|(sheet, code)| sheet.shape(code).is_some());
    match finer {
        Some((sheet, code)) => drawn(desk, sheet, code),
        None if map.whole.shape(regency).is_some() => drawn(desk, &map.whole, regency),
        None => html! {},
    }
}

fn drawn(desk: &Desk<'_>, sheet: &Sheet, here: &RegionCode) -> Markup {
    let name = desk.work.pack.place_name(here).unwrap_or_default();
    html! {
        svg.map viewBox={ "-2 -2 " (sheet.width + 4) " " (sheet.height + 4) } width=(sheet.width + 4) height=(sheet.height + 4)
            role="img" aria-label={ (desk.say("Peta: ", "Map: ")) (name) } {
            @for shape in &sheet.shapes {
                path d=(shape.path) fill-rule="evenodd" class=[(shape.code == *here).then_some("here")] {
                    title { (shape.name) }
                }
            }
        }
    }
}
