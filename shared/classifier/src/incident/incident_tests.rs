//! What speaks for one incident and what against, by the shipped pack.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use kemala_domain::incident::Signature;
use proptest::prelude::*;

use super::{Comparison, Verdict};
use crate::classify::Post;
use crate::pack::Pack;
use crate::pack::tests::shipped;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&shipped()).unwrap());

const LAMP: &str = "Lampu jalan mati di Kec. Cepu Blora depan terminal, rawan begal";

fn signature(text: &str, days_ago: i64) -> Signature {
    let at: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    let classified = PACK.classify(&Post { text, place_tag: None }, jiff::civil::date(2026, 11, 24));
    PACK.signature(&classified, at - SignedDuration::from_hours(24 * days_ago)).unwrap()
}

fn compared(a: &Signature, b: &Signature) -> Comparison {
    PACK.jurisdiction.same_incident.compare(a, b)
}

fn verdict(a: &str, b: &str) -> Verdict {
    compared(&signature(a, 0), &signature(b, 0)).verdict
}

#[test]
fn a_text_is_its_own_copy_also_with_other_trimmings() {
    assert_eq!(verdict(LAMP, LAMP), Verdict::Copy);
    assert_eq!(verdict(LAMP, &format!("@gubernur {LAMP} 🙏🙏 https://t.co/x #KemalaJateng")), Verdict::Copy);
    assert_eq!(verdict(LAMP, &LAMP.replace("terminal", "stasiun")), Verdict::Same);
    let long = format!("{LAMP}, pengendara jatuh, tiang miring, kabel menjuntai, trotoar rusak");
    assert_eq!(verdict(&long, &format!("{long} sekali, tolong pak")), Verdict::Copy);
    let short = "Lampu mati di Cepu Blora";
    assert_eq!(verdict(short, short), Verdict::Copy);
    assert_eq!(
        compared(&signature(short, 0), &signature(short, 7)).verdict,
        Verdict::Different,
        "it may be another lamp"
    );
    assert_eq!(verdict("Cepu gelap", "Cepu gelap"), Verdict::Different, "too short to tell");
}

/// Whoever is first opens the ticket, so that each must unite with each.
#[test]
fn twenty_people_tell_of_one_flood() {
    let told: Vec<&str> = include_str!("../../fixtures/one_flood.txt").lines().collect();
    assert_eq!(told.len(), 20);
    for (at, a) in told.iter().enumerate() {
        for b in &told[..at] {
            assert_ne!(verdict(a, b), Verdict::Different, "{a} | {b}");
        }
    }
}

#[test]
fn details_tell_things_of_a_kind_apart() {
    for (a, b) in [
        ("RT 3", "RT 03/RW 2"),
        ("RT/RW 03/02", "rt 3 rw 2"),
        ("SD Negeri 2", "sdn 2"),
        ("Jl. Ahmad Yani", "jln ahmad yani"),
        ("km 12", "KM. 12"),
        ("Jl. Pemuda", "di Jl Pemuda"),
    ] {
        let of = |detail: &str| signature(&format!("Jalan berlubang di Kec. Cepu Blora {detail}"), 0).details;
        let shared =
            of(a).iter().filter(|(kind, values)| of(b).get(*kind).is_some_and(|b| b.shared(values) > 0)).count();
        assert!(shared > 0, "{a} is {b}: {:?} {:?}", of(a), of(b));
        assert_eq!(
            verdict(
                &format!("{LAMP} {a}"),
                &format!(
                    "{LAMP} {}",
                    a.replace(['2', '3'], "9").replace("Ahmad Yani", "Sudirman").replace("Pemuda", "Merdeka")
                )
            ),
            Verdict::Different,
            "{a}"
        );
    }
}

#[test]
fn the_place_decides_first() {
    assert_eq!(verdict(LAMP, &LAMP.replace("Cepu", "Jepon")), Verdict::Different);
    assert_eq!(verdict(LAMP, &LAMP.replace("Kec. Cepu Blora", "Blora")), Verdict::Same, "the text agrees strongly");
    assert_eq!(verdict(LAMP, "Lampu jalan mati di Blora"), Verdict::Different);
    let nowhere = "Lampu jalan depan rumah kami mati, rawan begal dan kecelakaan";
    assert_eq!(verdict(nowhere, nowhere), Verdict::Copy);
    assert_eq!(verdict(nowhere, &format!("{nowhere}, gelap gulita")), Verdict::Different);
    assert_eq!(verdict(nowhere, LAMP), Verdict::Different);
}

#[test]
fn time_speaks_against_until_it_ends_it() {
    let after = |days| compared(&signature(LAMP, 0), &signature(LAMP, days));
    assert!(after(0).score > after(20).score);
    assert!(after(20).is_same());
    assert_eq!(after(31).verdict, Verdict::Different);
    let danger = "DARURAT banjir di Kec. Cepu Blora, warga terjebak, butuh perahu karet";
    let after = |days| compared(&signature(danger, 0), &signature(danger, days)).is_same();
    assert!(after(1) && !after(5));
    let nowhere = "Lampu jalan depan rumah kami mati, rawan begal dan kecelakaan";
    assert!(!compared(&signature(nowhere, 0), &signature(nowhere, 2)).is_same());
}

#[test]
fn no_personal_data_is_in_a_signature() {
    let with = signature("Lampu jalan mati di Kec. Cepu Blora, hubungi 081234567890 a.n. Sukinem", 0);
    let without = signature("Lampu jalan mati di Kec. Cepu Blora, hubungi 089876543210 a.n. Paijo", 0);
    assert_eq!(with, without);
}

#[test]
fn accusations_have_no_signature() {
    let text = "Pegawai kantor kecamatan di Cepu Blora minta uang pelicin, ini pungli";
    let classified = PACK.classify(&Post { text, place_tag: None }, jiff::civil::date(2026, 11, 24));
    assert_eq!(PACK.signature(&classified, Timestamp::UNIX_EPOCH), None);
}

#[test]
fn a_regency_has_its_subdistricts() {
    let blora = PACK.subdistricts_of(&"33.16".parse().unwrap());
    assert_eq!(blora.len(), 16);
    assert!(blora.contains(&"33.16.08".parse().unwrap()));
    assert_eq!(PACK.subdistricts_of(&"11.01".parse().unwrap()), []);
}

proptest! {
    #[test]
    fn any_two_texts_are_compared_the_same_in_both_orders(
        a in "(RT|jalan|di Cepu Blora|[a-z]{1,8}|\\PC{0,10}|[0-9]{1,3}|/| ){0,20}",
        b in "(RT|jalan|di Cepu Blora|[a-z]{1,8}|\\PC{0,10}|[0-9]{1,3}|/| ){0,20}",
    ) {
        let read = |text: &str| {
            let classified = PACK.classify(&Post { text, place_tag: None }, jiff::civil::date(2026, 11, 24));
            PACK.signature(&classified, Timestamp::UNIX_EPOCH)
        };
        if let (Some(a), Some(b)) = (read(&a), read(&b)) {
            let (there, back) = (compared(&a, &b), compared(&b, &a));
            prop_assert_eq!(there.verdict, back.verdict);
            prop_assert!((there.score - back.score).abs() < 1e-6 && (0.0..=1.0).contains(&there.score));
            let bytes = serde_json::to_string(&a).unwrap().len();
            prop_assert!(bytes < 2_000, "{} bytes", bytes);
        }
    }
}
