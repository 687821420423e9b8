//! Sentences of our own against the places of the shipped pack: whose place is it?

use std::sync::LazyLock;

use jiff::civil::date;

use crate::classify::Post;
use crate::pack::Pack;
use crate::pack::tests::shipped;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&shipped()).unwrap());

/// The name of the place, `!` and the place outside, or `?` and how many alternatives there are.
fn place(text: &str) -> String {
    let post = Post { text, place_tag: None };
    let place = PACK.classify(&post, date(2026, 11, 24)).decision.place;
    match (place.name, place.outside) {
        (Some(name), _) => name,
        (None, Some(outside)) => format!("!{outside}"),
        (None, None) => format!("?{}", place.alternatives.len()),
    }
}

#[test]
fn the_matter_is_where_it_is_not_where_the_speaker_is_at_home() {
    for (text, expected) in [
        ("saya warga Salatiga, jalan di Kec. Bringin rusak", "Bringin, Kabupaten Semarang"),
        ("Saya warga Kec. Tengaran, lampu jalan di Salatiga mati semua", "Kota Salatiga"),
        ("Kami warga Kudus, tiap hari lewat Welahan, jalannya hancur", "Welahan, Kabupaten Jepara"),
        ("KTP Blora, tapi kerja di Kendal, gaji belum dibayar", "Kabupaten Kendal"),
        ("domisili Klaten, mau lapor banjir di Kartasura", "Kartasura, Kabupaten Sukoharjo"),
        ("asal Wonogiri, kuliah di Purwokerto, motor saya dicuri", "Kabupaten Banyumas"),
        ("Saya orang Pati. Jembatan di Kec. Sayung Demak ambrol", "Sayung, Kabupaten Demak"),
        ("rumah saya di Ungaran, kerja di Bawen, macet terus di Bawen", "Bawen, Kabupaten Semarang"),
        ("aku wong Brebes, dalan neng Kec. Margasari bolong kabeh", "Margasari, Kabupaten Tegal"),
        ("nyong sekang Cilacap, lampu nang Sokaraja mati", "Sokaraja, Kabupaten Banyumas"),
        ("saya warga Jogja, jalan di Muntilan berlubang", "Muntilan, Kabupaten Magelang"),
        ("perantau dari Boyolali, lokasi banjir di Genuk Semarang", "Genuk, Kota Semarang"),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}

#[test]
fn where_the_speaker_is_at_home_counts_where_no_other_place_is_named() {
    for (text, expected) in [
        ("saya warga Kec. Todanan Blora, jalan kami rusak parah", "Todanan, Kabupaten Blora"),
        ("Kami warga Desa Brumbung Kec. Jepon mohon perbaikan jalan", "Brumbung, Jepon, Kabupaten Blora"),
        ("KTP Rembang belum jadi sudah dua bulan", "Kabupaten Rembang"),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}

#[test]
fn a_road_is_between_its_ends() {
    for (text, expected) in [
        ("jalan Purwodadi-Solo rusak parah", "?2"),
        ("jalan Purwodadi - Solo rusak, tepatnya di Geyer", "Geyer, Kabupaten Grobogan"),
        ("jalan Wonosobo-Dieng longsor", "Kabupaten Wonosobo"),
        ("jalan provinsi Blora - Randublatung ambles", "Kabupaten Blora"),
        ("Jalan Randublatung arah Cepu gelap", "Randublatung, Kabupaten Blora"),
        ("macet arah Semarang di Kec. Weleri Kendal", "Weleri, Kabupaten Kendal"),
        ("perbatasan Kudus dan Pati gelap sekali", "?2"),
        ("perbatasan Demak-Kudus, lokasi di Karanganyar Demak", "Karanganyar, Kabupaten Demak"),
        ("jalan Jepon-Blora rusak", "Jepon, Kabupaten Blora"),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}

#[test]
fn places_beyond_the_border_are_outside() {
    for (text, expected) in [
        ("jalan di Sleman rusak", "!Sleman"),
        ("lampu merah di Kota Madiun mati", "!Madiun"),
        ("banjir di Cirebon", "!Cirebon"),
        ("kereta dari Jakarta telat di Stasiun Tegal", "Kota Tegal"),
        ("jembatan di Ngawi putus", "!Ngawi"),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}

#[test]
fn everyday_names_landmarks_and_typos_lead_to_the_place() {
    for (text, expected) in [
        ("Lampu di Sragen kota mati", "Sragen, Kabupaten Sragen"),
        ("antre lama di RSUD Moewardi", "Kota Surakarta"),
        ("air di Pasar Bobotsari bau", "Bobotsari, Kabupaten Purbalingga"),
        ("jalan rusak di kec. Todannan", "Todanan, Kabupaten Blora"),
        ("jalan rusak di Randublatng Blora", "Randublatung, Kabupaten Blora"),
        ("#jalanrusakblora parah", "Kabupaten Blora"),
        ("kami suruh bayar, salam salam untuk bapak", "?0"),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}
