//! The shipped pack with overrides, good and bad.

use std::fs;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use kemala_domain::Override;
use kemala_domain::overrides::Replacement;
use proptest::prelude::*;

use super::super::tests::shipped;
use super::super::{Jurisdiction, Pack};
use super::REPLACEABLE;
use crate::Post;

const TODAY: Date = date(2026, 11, 24);

fn read(file: &str) -> String {
    fs::read_to_string(shipped().join(file)).unwrap()
}

fn replacement(name: &str, text: &str) -> Replacement {
    Replacement::new(text, &fs::read_to_string(shipped().join(name)).unwrap_or_default())
}

fn over(files: &[(&str, String)]) -> Override {
    Override {
        version: 3,
        based_on: Jurisdiction::load(&shipped()).unwrap().version,
        files: files.iter().map(|(name, text)| ((*name).to_owned(), replacement(name, text))).collect(),
        note: String::new(),
        written_at: Timestamp::UNIX_EPOCH,
    }
}

/// The shipped pack with one text of a file changed into another.
fn changed(file: &str, old: &str, new: &str) -> Override {
    let text = read(file);
    assert!(text.contains(old), "{old} is not in {file}");
    over(&[(file, text.replacen(old, new, 1))])
}

fn errors(over: &Override) -> String {
    Pack::load_overridden(&shipped(), over).expect_err("it is bad").to_string()
}

#[test]
fn a_rule_sends_reports_elsewhere_and_decisions_name_the_version() {
    let text = "Jalan rusak parah di Desa Jepon Kec. Jepon Blora, sudah 2 bulan dibiarkan";
    let before = Pack::load(&shipped()).unwrap().classify(&Post { text, place_tag: None }, TODAY).decision;
    assert_eq!(before.addressee.as_str(), "PEMKAB3316");
    let rule = "[[rule]]\nid = \"trial.jepon\"\ncategories = [\"road_damage\"]\nany = [\"jepon\"]\nfirst = \"DPUBMCK\"\n\n[[rule]]";
    let over = changed("routing.toml", "[[rule]]", rule);
    let after = Pack::load_overridden(&shipped(), &over).unwrap().classify(&Post { text, place_tag: None }, TODAY);
    assert_eq!(after.decision.addressee.as_str(), "DPUBMCK");
    assert_eq!(after.decision.pack_version, format!("{}+3", before.pack_version));
    assert!(after.decision.reasons.iter().any(|reason| reason.matched == "trial.jepon"));
}

#[test]
fn a_threshold_sends_the_unsure_to_the_desk() {
    let over = changed("pack.toml", "triage_below = 0.5", "triage_below = 1.0");
    let pack = Pack::load_overridden(&shipped(), &over).unwrap();
    let post = Post { text: "Jalan rusak parah di Desa Jepon Kec. Jepon Blora", place_tag: None };
    let decision = pack.classify(&post, TODAY).decision;
    assert_eq!(decision.addressee, pack.jurisdiction.triage_desk);
    assert_eq!(decision.likely.unwrap().as_str(), "PEMKAB3316");
}

#[test]
fn a_holiday_counts_for_every_function() {
    let day = date(2026, 12, 2);
    assert!(Jurisdiction::load(&shipped()).unwrap().calendar.is_working_day(day));
    let over = over(&[("holidays.csv", format!("{}{day},libur_nasional,Hari Uji,no\n", read("holidays.csv")))]);
    let jurisdiction = Jurisdiction::load_overridden(&shipped(), &over).unwrap();
    assert!(!jurisdiction.calendar.is_working_day(day));
    assert!(jurisdiction.version.ends_with("+3"));
}

#[test]
fn mistakes_are_told_with_file_and_line_as_in_a_folder() {
    let routing = changed("routing.toml", "first = \"EXTTOL\"", "first = \"EXTTOLL\"");
    insta::assert_snapshot!(errors(&routing), @"routing.toml:9: road.toll: EXTTOLL is not in agencies.csv; correct it");
    let rules = changed("rules.toml", "[category.road_damage]", "[category.roads]");
    assert!(errors(&rules).contains("roads is not in categories.csv"), "{}", errors(&rules));
    // A function that does not classify refuses bad rules as well, for all use the same version.
    assert_eq!(Jurisdiction::load_overridden(&shipped(), &rules).unwrap_err().to_string(), errors(&rules));
}

#[test]
fn what_others_depend_on_is_not_replaced() {
    let agencies = over(&[("agencies.csv", read("agencies.csv")), ("../pack.toml", String::new())]);
    insta::assert_snapshot!(errors(&agencies), @"
    ../pack.toml: an override cannot replace it, only holidays.csv, pack.toml, routing.toml, rules.toml, words.csv; deploy the change
    agencies.csv: an override cannot replace it, only holidays.csv, pack.toml, routing.toml, rules.toml, words.csv; deploy the change
    ");
    for (old, new, key) in [
        ("\"KJ\"", "\"KX\"", "ticket_prefix"),
        ("[\"KemalaJateng\"]", "[\"KemalaJateng\", \"Lain\"]", "hashtags"),
        ("triage_desk = \"TRIAGE\"", "triage_desk = \"SEKDA\"", "triage_desk"),
        ("report_retention_days = 365", "report_retention_days = 9999", "report_retention_days"),
        ("title = \"Kemala Jawa Tengah\"", "title = \"Lain\"", "title"),
        ("[[listen_to]]", "[[listen_to]]\nid = \"1\"\nhandle = \"lain\"\n\n[[listen_to]]", "listen_to"),
    ] {
        let told = errors(&changed("pack.toml", old, new));
        assert!(told.starts_with("pack.toml:") && told.contains(&format!("{key}: an override cannot")), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[test]
fn one_that_is_empty_too_large_or_made_from_another_file_is_refused() {
    assert_eq!(errors(&over(&[])), "override: holds no file; name at least one");
    let large = over(&[("words.csv", format!("{}{}", read("words.csv"), "x,y\n".repeat(80_000)))]);
    assert!(errors(&large).contains("a row takes 300000 at most"));
    let mut old = over(&[("words.csv", read("words.csv"))]);
    old.based_on = "jateng/2016-11-24".to_owned();
    assert!(Pack::load_overridden(&shipped(), &old).is_ok(), "the file that it replaces is shipped as it was");
    old.files.insert("words.csv".to_owned(), Replacement::new(read("words.csv"), "word,means\n"));
    insta::assert_snapshot!(errors(&old), @"words.csv: was made from the file of jateng/2016-11-24, and another one is shipped; make it anew from that");
}

#[test]
fn the_shipped_files_as_an_override_change_nothing_but_the_version() {
    let same = over(&REPLACEABLE.map(|file| (file, read(file))));
    let (shipped, over) = (Pack::load(&shipped()).unwrap(), Pack::load_overridden(&shipped(), &same).unwrap());
    let text = "Lampu jalan mati di Kec. Cepu Blora, mohon diperbaiki";
    let mut decided = over.classify(&Post { text, place_tag: None }, TODAY).decision;
    decided.pack_version = shipped.jurisdiction.version.clone();
    assert_eq!(decided, shipped.classify(&Post { text, place_tag: None }, TODAY).decision);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stands in the row, the answer is a pack or a list of errors, and never a panic.
    #[test]
    fn no_content_breaks_the_reader(file in 0..REPLACEABLE.len(), at in any::<prop::sample::Index>(), junk in "\\PC{0,12}") {
        let text = read(REPLACEABLE[file]);
        let mut at = at.index(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let broken = format!("{}{junk}{}", &text[..at], &text[at..]);
        if let Err(errors) = Pack::load_overridden(&shipped(), &over(&[(REPLACEABLE[file], broken)])) {
            prop_assert!(!errors.0.is_empty());
        }
    }
}
