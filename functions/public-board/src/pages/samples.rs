//! A month for the tests of pages: every subdistrict of Central Java has something.

use kemala_domain::figures::{Board, Figure, Figures, FiguresKey, Held, Spot, Subject};
use kemala_domain::samples::monday;
use kemala_web::language::Language;

use super::View;
use crate::site::Site;

/// On Monday, for who reads Indonesian.
pub fn view(site: &Site) -> View<'_> {
    View { site, language: Language::Indonesian, now: monday() }
}

/// Figures of some counts.
pub fn figures(counts: &[(Figure, i64)]) -> Figures {
    let mut figures = Figures::default();
    counts.iter().for_each(|(figure, count)| figures.count(*figure, *count));
    figures
}

/// A full month: the worst that a page can have.
pub fn full_month(site: &Site) -> Board {
    let month = site.month(monday());
    let some = |n: i64| {
        figures(&[
            (Figure::Opened, n % 41),
            (Figure::Answered, n % 17),
            (Figure::Resolved, n % 13),
            (Figure::PromiseBroken, n % 5),
            (Figure::Voices, n % 97),
            (Figure::Open, n % 11),
        ])
    };
    let map = site.map.as_ref().unwrap();
    let shapes = map.regencies.values().flat_map(|sheet| &sheet.shapes);
    let places = shapes.zip(1..).map(|(shape, n)| (Spot::Place(Some(shape.code.clone())), some(n), n));
    let others = [Spot::Place(None), Spot::Supervisory, "33.16".parse().unwrap()].map(|spot| (spot, some(30), 1));
    let mut days = Vec::new();
    for (agency, n) in site.jurisdiction.agencies.iter().zip(1..) {
        let day = month.first_day().with().day(1 + (n % 28) as i8).build().unwrap();
        let category = ["road_damage", "flood", "waste"].get(n as usize % 3).map(|code| code.parse().unwrap());
        let mut figures = some(n * 7);
        figures.count(Figure::Received, n * 3);
        figures.count(Figure::Acknowledged, n * 2);
        (0..20).for_each(|hour| figures.held.add(&Held::of_minutes(hour * 97)));
        let subject = Subject { agency: agency.code.clone(), category, regency: None };
        days.push((FiguresKey { day, subject }, figures));
    }
    Board::of(month, monday(), [("33.16.08".parse().unwrap(), 4)].into(), places.chain(others), &days)
}
