//! Sentences of our own against the shipped pack: what a duty officer would expect.

use jiff::civil::{Date, date};
use kemala_domain::decision::Reason;
use kemala_domain::report::{PlaceTag, Point};
use kemala_domain::{Decision, Kind, Urgency};
use proptest::prelude::*;
use std::sync::LazyLock;

use super::{Classified, Post};
use crate::pack::Pack;
use crate::pack::tests::shipped;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&shipped()).unwrap());

const TODAY: Date = date(2026, 11, 24);

fn classify(text: &str) -> Classified {
    PACK.classify(&Post { text, place_tag: None }, TODAY)
}

/// Kind, category, place, addressee and, after a slash, the likely agency, in one line.
fn summary(text: &str) -> String {
    let decision = classify(text).decision;
    let or_dash = |text: Option<String>| text.unwrap_or("-".to_owned());
    let place = decision.place.code.map(|code| code.to_string()).or(decision.place.outside);
    let likely = decision.likely.map(|likely| format!("/{likely}")).unwrap_or_default();
    let category = decision.category.map(|category| category.to_string());
    format!("{:?} {} {} {}{likely}", decision.kind, or_dash(category), or_dash(place), decision.addressee)
}

#[test]
fn the_report_of_the_service_s_first_promise() {
    let classified = classify("Jalan rusak parah di Desa Jepon Kec. Jepon Blora, sudah 2 bulan #KemalaJateng");
    let decision = &classified.decision;
    assert_eq!(decision.addressee.as_str(), "PEMKAB3316");
    assert_eq!(decision.place.subdistrict().unwrap().as_str(), "33.16.08");
    assert_eq!(decision.place.name.as_deref(), Some("Jepon, Jepon, Kabupaten Blora"));
    assert_eq!(decision.category.as_ref().unwrap().as_str(), "road_damage");
    assert!(!decision.triage && !decision.needs_location && !decision.supervisory);
    insta::assert_snapshot!(reasons(decision), @"
    kind complaint < jalan rusak
    kind complaint < rusak parah
    kind complaint < rusak
    kind complaint < parah
    kind complaint < sudah .. bulan
    kind complaint < model: jalan
    category road_damage < jalan .. rusak
    category road_damage < jalan .. parah
    category road_damage < jalan
    category road_damage < rusak
    category road_damage < model: jalan, parah, rusak, kecamatan
    place 33.16.08.1013 < Jepon
    place 33.16.08.1013 < Kabupaten Blora
    agency PEMKAB3316 < road.local
    ");
}

/// The explanation, a line for each step; the model by its version is told apart each time it is trained anew.
fn reasons(decision: &Decision) -> String {
    let version = PACK.model().map(|model| model.version().to_owned()).unwrap_or_default();
    let line = |reason: &Reason| {
        let matched = reason.matched.replace(&version, "model");
        format!("{} {} < {matched}", reason.about, reason.concluded)
    };
    decision.reasons.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_answer_is_explained() {
    let told = |text: &str| reasons(&classify(text).decision);
    insta::assert_snapshot!(told("Tulung pak, omahe kanca kula kobongan neng Cepu, wong tuwane isih kejebak!"), @"
    kind complaint < tolong
    kind complaint < terjebak
    kind complaint < model: bapak, kebakaran
    category disaster < rumah
    category disaster < kebakaran
    category disaster < model: kebakaran
    urgency emergency < tolong
    urgency emergency < kebakaran
    urgency emergency < terjebak
    urgency emergency < !
    urgency emergency < model: !, masih
    place 33.16.05 < Cepu
    place 33.16.05 < cepu
    agency BPBD < disaster
    ");
    insta::assert_snapshot!(told("Mau tanya, syarat pindah KK dari Kudus ke Pati apa saja?"), @"
    kind question < mau tanya
    kind question < menanyakan
    kind question < syarat
    kind question < ?
    kind question < model: apa, saja, ke, syarat
    category civil_registration < pindah
    category civil_registration < kk
    category civil_registration < model: kk, mau, syarat
    agency DISPERMADESDUKCAPIL < lead
    ");
    insta::assert_snapshot!(told("Kepala desa di Kec. Tayu Pati minta setoran dari bantuan warga, ini pungli"), @"
    kind complaint < dimintai
    kind complaint < pungli
    kind complaint < model: bantuan
    category corruption < minta
    category corruption < setoran
    category corruption < pungli
    category corruption < model: kepala, pungl, setor
    urgency high < desa
    urgency high < warga
    urgency high < model
    agency supervisory < setoran
    agency supervisory < pungli
    agency supervisory < model: pungl, kepala, setor, bantuan
    place 33.18.19 < Tayu
    place 33.18.19 < tayu
    place 33.18.19 < Kabupaten Pati
    agency INSPEKTORAT < supervisory
    ");
    insta::assert_snapshot!(told("Jalan di depan Malioboro Jogja rusak, kapan diperbaiki?"), @"
    kind complaint < rusak
    kind complaint < kapan diperbaiki
    kind complaint < kapan
    kind complaint < diperbaiki
    kind complaint < model: jalan, kapan
    category road_damage < jalan .. rusak
    category road_damage < jalan
    category road_damage < rusak
    category road_damage < model: depan, jalan, rusak, perbaiki
    place Yogyakarta < Yogyakarta
    triage TRIAGE < outside
    ");
}

#[test]
fn who_acts_follows_from_matter_and_place() {
    for (text, expected) in [
        ("Jalan berlubang di Blora, tolong diperbaiki", "Complaint road_damage 33.16 PEMKAB3316"),
        ("Jalan provinsi di Cepu Blora berlubang, mohon segera diperbaiki", "Complaint road_damage 33.16.05 DPUBMCK"),
        (
            "Mohon perbaikan jalan nasional pantura di Lasem Rembang, banyak lubang",
            "Complaint road_damage 33.17.14 TRIAGE/EXTBBPJN",
        ),
        (
            "Lampu PJU di Kec. Bobotsari Purbalingga mati, mohon perbaikan",
            "Complaint street_lighting 33.03.09 PEMKAB3303",
        ),
        (
            "Sampah menumpuk di Pasar Jepon, Blora. Mohon segera diangkut",
            "Complaint waste_pollution 33.16.08 PEMKAB3316",
        ),
        ("SMA negeri di Kudus menarik uang gedung, mohon ditindaklanjuti", "Complaint education 33.19 DISDIKBUD"),
        ("Atap SD negeri di Kec. Tayu Pati bocor, mohon diperbaiki", "Complaint education 33.18.19 PEMKAB3318"),
        (
            "SD negeri di Kec. Tayu Pati menarik uang seragam, mohon ditindak",
            "Complaint education 33.18.19 TRIAGE/PEMKAB3318",
        ),
        (
            "Antrian obat di RSUD Margono Purwokerto sampai sore, mohon ditindaklanjuti",
            "Complaint health 33.02 RSUDMARGONO",
        ),
        (
            "Mohon bantuan, sudah 3 hari listrik padam di Kec. Todanan Blora",
            "Complaint electricity_fuel 33.16.14 TRIAGE/EXTPLN",
        ),
        (
            "Gaji 2 bulan belum dibayar pabrik di Ungaran, mohon bantuan disnaker",
            "Complaint labour 33.22 DISNAKERTRANS",
        ),
        ("Mau tanya, syarat bayar pajak motor 5 tahunan apa saja ya?", "Question vehicle_tax - BAPENDA"),
        ("Jalan rusak parah di Jogja, tolong diperbaiki", "Complaint road_damage Yogyakarta TRIAGE"),
        ("Selamat hari jadi Kabupaten Blora, semoga makin maju", "Other - 33.16 TRIAGE"),
        ("wkwkwk banjir kenangan lagi", "Other - - TRIAGE"),
        ("Kepala dinas di Pati minta jatah proyek, ini pungli dan korupsi", "Complaint corruption 33.18 INSPEKTORAT"),
        ("Dalan neng desaku bolong kabeh, tulung didandani pak", "Complaint road_damage - DPUBMCK"),
    ] {
        assert_eq!(summary(text), expected, "{text}");
    }
}

#[test]
fn danger_is_seen() {
    let urgency = |text: &str| classify(text).decision.urgency;
    assert_eq!(
        urgency("Tolong! Banjir di Sayung Demak, warga terjebak di atap, butuh perahu karet"),
        Urgency::Emergency
    );
    assert_eq!(
        urgency("Jalan rusak parah di Kec. Kradenan Grobogan, sudah 3 tahun dibiarkan, banyak warga yang jatuh"),
        Urgency::High
    );
    assert_eq!(urgency("Mohon rambu di pertigaan Kec. Gubug Grobogan"), Urgency::Normal);
}

#[test]
fn an_accusation_goes_to_the_inspectorate_and_to_nobody_else() {
    let decision = classify("Mohon ditindak, oknum pegawai dinas di Pati minta uang, ini pungli").decision;
    assert!(decision.supervisory);
    assert_eq!(decision.addressee.as_str(), "INSPEKTORAT");
    assert_eq!(decision.others, []);
}

#[test]
fn who_is_not_live_yet_is_named_but_not_sent_to() {
    let text = "Jalan berlubang di Kec. Jepon Blora, tolong diperbaiki";
    let decision = PACK.classify(&Post { text, place_tag: None }, date(2025, 12, 31)).decision;
    assert!(decision.triage);
    assert_eq!(decision.addressee.as_str(), "TRIAGE");
    assert_eq!(decision.likely.unwrap().as_str(), "PEMKAB3316");
}

#[test]
fn a_complaint_without_a_place_needs_one() {
    let decision = classify("Jalan di depan rumah saya rusak parah, mohon diperbaiki").decision;
    assert!(decision.needs_location);
    let tag = PlaceTag { name: None, point: Some(Point { longitude: 111.46, latitude: -7.01 }) };
    let post = Post { text: "Jalan di depan rumah saya rusak parah, mohon diperbaiki", place_tag: Some(&tag) };
    let decision = PACK.classify(&post, TODAY).decision;
    assert!(!decision.needs_location);
    assert_eq!(decision.addressee.as_str(), "PEMKAB3316");
}

#[test]
fn nothing_of_the_citizen_is_in_the_decision() {
    let text = "Lapor, jalan rusak di Blora. Saya Sekarwangi Purnamaningrum, WA 081234567890";
    let classified = classify(text);
    let decision = serde_json::to_string(&classified.decision).unwrap();
    assert!(!decision.contains("Sekarwangi") && !decision.contains("0812"));
    assert!(classified.masked_text.ends_with("WA [nomor telepon]"));
}

#[test]
fn a_joke_is_for_nobody() {
    let decision = classify("wkwkwk jomblo lagi banjir air mata 😂").decision;
    assert_eq!((decision.kind, decision.triage, decision.likely), (Kind::Other, true, None));
    assert_eq!(decision.category, None);
}

proptest! {
    #[test]
    fn any_text_is_decided_and_always_the_same(text in "\\PC{0,200}") {
        prop_assert_eq!(classify(&text), classify(&text));
    }

    #[test]
    fn a_decision_holds_together(text in "(jalan|rusak|Blora|kec|desa|Jepon|tolong|mohon|\\?|pungli|Jogja|banjir|sma|wkwk| ){0,40}") {
        let decision = classify(&text).decision;
        prop_assert!((0.0..=1.0).contains(&decision.confidence));
        prop_assert_eq!(decision.triage, decision.addressee == PACK.jurisdiction.triage_desk);
        prop_assert!(decision.likely.is_none() || decision.triage);
        prop_assert!(decision.kind != Kind::Other || decision.triage);
        prop_assert!(decision.place.code.is_none() || decision.place.outside.is_none());
        prop_assert!(PACK.jurisdiction.agencies.get(&decision.addressee).is_some_and(|agency| agency.is_live(TODAY)));
    }
}
