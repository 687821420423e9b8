//! On a small country of its own: the city and regency of Padang Biru, the regency of Batang, and what lies in them.

use kemala_domain::report::{PlaceTag, Point};
use proptest::prelude::*;

use super::locate;
use crate::place::mentions::PlaceWordLists;
use crate::place::{Areas, Gazetteer, Knowledge, Level, Located, Name, PlaceEntry, PlaceWords};
use crate::text::tokenize;

const PLACES: &str = "\
    99 Nusa|99.01 Kabupaten Padang Biru|99.01.01 Sukamaju|99.01.01.2001 Sukamaju|99.01.01.2002 Ciliwis|99.01.02 Butuh*|\
    99.01.02.2001 Karanganyar|99.01.03 Sambong|99.02 Kabupaten Batang*|99.02.01 Batang*|99.02.01.2001 Sambong|99.02.01.2002 Karanganyar|\
    99.02.02 Tepi|99.02.02.2001 Jadi*|99.71 Kota Padang Biru|99.71.01 Biru Utara|99.71.01.1001 Kota Tua";

/// Sukamaju is a square of a degree.
const AREAS: &str = r#"{"features": [{"properties": {"code": "99.01.01"}, "geometry": {"type": "Polygon",
    "coordinates": [[[110, -7], [111, -7], [111, -8], [110, -8], [110, -7]]]}}]}"#;

fn gazetteer() -> Gazetteer {
    let places = PLACES.split('|').map(|row| {
        let (code, name) = row.trim().split_once(' ').unwrap();
        let code: kemala_domain::RegionCode = code.parse().unwrap();
        PlaceEntry {
            level: Level::of(&code),
            is_common: name.ends_with('*'),
            name: name.trim_end_matches('*').to_owned(),
            code,
        }
    });
    let places: Vec<PlaceEntry> = places.collect();
    let index_of = |code: &str| places.iter().position(|place| place.code.as_str() == code).unwrap();
    let others = [
        ("Pabir".to_owned(), Name::Everyday(index_of("99.01"), "Pabir".to_owned())),
        ("Seberang".to_owned(), Name::Outside("Pulau Seberang".to_owned())),
    ];
    Gazetteer::new(places, &["kabupaten".to_owned(), "kota".to_owned()], &others, Areas::of_text(AREAS))
}

fn words() -> PlaceWords {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    PlaceWords::from(PlaceWordLists {
        village: words("desa ds kel"),
        subdistrict: words("kecamatan kec"),
        regency: words("kabupaten kab bupati"),
        city: words("kota pemkot"),
        generic: words("kabupaten kota"),
        local: words("puskesmas pasar sd"),
        at: words("di"),
        road: words("jalan"),
        away: words("arah asal"),
        speaker: ["saya warga", "warga asal", "ktp"].map(str::to_owned).to_vec(),
        border: words("perbatasan"),
        glued: words("di"),
        not_a_place: words("pak bukan"),
    })
}

fn locate_in(text: &str, tag: Option<&PlaceTag>, gazetteer: &Gazetteer) -> Located {
    let is_word = |word: &str| word == "sambung";
    locate(&tokenize(text, &[]), tag, Knowledge { gazetteer, words: &words(), is_word: &is_word })
}

/// The code and, behind a `?`, the alternatives; or `!` and the place outside.
fn found(text: &str) -> String {
    let located = locate_in(text, None, &gazetteer());
    let code = located.code.map(|code| code.to_string()).unwrap_or_default();
    let outside = located.outside.map(|outside| format!("!{outside}")).unwrap_or_default();
    let alternatives: Vec<&str> = located.alternatives.iter().map(|code| code.as_str()).collect();
    let alternatives = if alternatives.is_empty() { String::new() } else { format!("?{}", alternatives.join(",")) };
    format!("{code}{outside}{alternatives}")
}

#[test]
fn the_most_specific_place_that_fits_all_names() {
    for (text, place) in [
        ("Desa Ciliwis Kec. Sukamaju Kab. Padang Biru", "99.01.01.2002"),
        ("Ciliwis", "99.01.01.2002"),
        ("di ciliwis, sukamaju", "99.01.01.2002"),
        ("kec sukamaju", "99.01.01"),
        ("Desa Karanganyar Batang", "99.02.01.2002"),
        ("Suka Maju, Padang Biru", "99.01.01"),
        ("banjir dipadangbiru", "99.71"),
        ("#BanjirCiliwis", "99.01.01.2002"),
        ("Pabir", "99.01"),
        ("tidak ada", ""),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn the_word_before_decides_between_places_of_one_name() {
    for (text, place) in [
        ("padang biru", "99.71"),
        ("kabupaten padang biru", "99.01"),
        ("bupati padang biru", "99.01"),
        ("pemkot padang biru", "99.71"),
        ("kab. Batang", "99.02"),
        ("kec. Batang", "99.02.01"),
        ("desa Sambong", "99.02.01.2001"),
        ("kec Sambong", "99.01.03"),
        ("desa sukamaju", "99.01.01.2001"),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn what_the_name_alone_does_not_tell_stays_open() {
    assert_eq!(found("desa karanganyar"), "?99.01.02.2001,99.02.01.2002");
}

#[test]
fn an_everyday_word_is_a_place_only_with_a_reason() {
    for (text, place) in [
        ("kami butuh bantuan, jadi tolong", ""),
        ("batang pohon jatuh", ""),
        ("banjir di batang", "99.02"),
        ("warga Butuh (Padang Biru) kami butuh air", "99.01.02"),
        ("kec. Butuh", "99.01.02"),
        ("batang pohon di SD Sambong Batang", "99.02.01.2001"),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn people_roads_and_directions_are_not_where_it_is() {
    for (text, place) in
        [("pak Ciliwis", ""), ("Pabir arah Ciliwis Seberang", "99.01"), ("Sambong, bukan Ciliwis", "99.01.03")]
    {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn the_place_of_the_matter_wins_over_the_speakers_own() {
    for (text, place) in [
        ("saya warga kec. Sambong, banjir di Batang", "99.02"),
        ("saya warga desa Ciliwis kec Sukamaju, banjir di Batang", "99.02"),
        ("KTP Pabir, banjir di Tepi", "99.02.02"),
        ("saya warga Pabir, jalan kami rusak", "99.01"),
        ("saya warga Seberang, banjir di Tepi", "99.02.02"),
        ("saya warga Seberang", "!Pulau Seberang"),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn a_matter_between_two_places_is_in_neither() {
    for (text, place) in [
        ("jalan Sukamaju-Tepi rusak", "?99.01,99.02"),
        ("jalan Sukamaju – Ciliwis rusak", "99.01"),
        ("jalan Ciliwis-Sukamaju rusak", "99.01.01.2002"),
        ("jalan Sukamaju-Tepi rusak, tepatnya di Ciliwis", "99.01.01.2002"),
        ("perbatasan Sukamaju dan Tepi", "?99.01,99.02"),
        ("Pabir Sukamaju", "99.01.01"),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn a_typo_is_forgiven_where_something_else_says_that_a_name_stands_there() {
    for (text, place) in [
        ("kec. Sukamajuu", "99.01.01"),
        ("kec. sukmaaju", "99.01.01"),
        ("desa Cilliwis", "99.01.01.2002"),
        ("desa cilliwis", ""),
        ("cilliwis, sukamaju", "99.01.01.2002"),
        ("cilliwis", ""),
        ("kec. Sambung", ""),
        ("kec. Tepii", ""),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn places_outside_are_known_as_such() {
    for (text, place) in [
        ("jembatan putus di Seberang", "!Pulau Seberang"),
        ("desa ciliwis kab seberang", "!Pulau Seberang"),
        ("saya asal Seberang, rumah di kec Sukamaju", "99.01.01"),
    ] {
        assert_eq!(found(text), place, "{text}");
    }
}

#[test]
fn a_tag_counts_where_the_text_is_silent() {
    let at = |text: &str, name: &str, point| {
        let tag = PlaceTag { name: Some(name.to_owned()), point };
        locate_in(text, Some(&tag), &gazetteer()).code.map(|code| code.to_string())
    };
    assert_eq!(at("jalan rusak", "Batang, Indonesia", None).as_deref(), Some("99.02"));
    assert_eq!(at("jalan rusak di Ciliwis", "Batang, Indonesia", None).as_deref(), Some("99.01.01.2002"));
    assert_eq!(at("desa karanganyar", "Batang, Indonesia", None).as_deref(), Some("99.02.01.2002"));
    let point = |longitude, latitude| Some(Point { longitude, latitude });
    assert_eq!(at("jalan rusak", "", point(110.5, -7.5)).as_deref(), Some("99.01.01"));
    assert_eq!(at("jalan rusak di Ciliwis", "", point(0.0, 0.0)).as_deref(), Some("99.01.01.2002"));
    assert_eq!(at("jalan rusak", "", point(0.0, 0.0)), None);
}

#[test]
fn a_point_well_away_is_outside_whatever_the_tag_is_called() {
    let outside = |name: &str| {
        let tag = PlaceTag { name: Some(name.to_owned()), point: Some(Point { longitude: 0.0, latitude: 0.0 }) };
        locate_in("jalan rusak", Some(&tag), &gazetteer()).outside
    };
    assert_eq!(outside("Batang").as_deref(), Some("luar Nusa"));
    assert_eq!(outside("Seberang").as_deref(), Some("Pulau Seberang"));
}

#[test]
fn a_place_is_told_with_those_it_lies_in() {
    let name = gazetteer().full_name(&"99.01.01.2002".parse().unwrap());
    assert_eq!(name.as_deref(), Some("Ciliwis, Sukamaju, Kabupaten Padang Biru"));
}

proptest! {
    #[test]
    fn any_text_has_a_place_or_none(text in "\\PC{0,80}") {
        prop_assert_eq!(found(&text), found(&text));
    }

    #[test]
    fn names_in_any_order_do_not_upset_it(
        names in prop::collection::vec(
            prop::sample::select(vec!["kec", "desa", "Batang", "Sambong", "butuh", "karanganyar", "padang biru", "Seberang", "arah"]),
            0..12,
        ),
    ) {
        let text = names.join(" ");
        prop_assert_eq!(found(&text), found(&text));
    }
}
