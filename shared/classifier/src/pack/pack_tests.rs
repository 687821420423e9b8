//! The shipped pack as it is, and with each kind of mistake put in.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Jurisdiction, Pack};
use crate::pack::Consumer;

pub(crate) fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/jateng")
}

#[test]
fn the_shipped_pack_is_sound() {
    let pack = Pack::check(&shipped()).unwrap();
    let agencies = &pack.jurisdiction.agencies;
    assert_eq!(agencies.iter().count(), 111);
    assert_eq!(agencies.iter().filter(|agency| agency.has_queue()).count(), 89);
    assert_eq!(agencies.iter().filter(|agency| agency.consumer == Consumer::Desk).count(), 4);
    assert_eq!(pack.categories.iter().count(), 32);
    assert_eq!(pack.jurisdiction.version, format!("jateng/{}", pack.jurisdiction.version.rsplit('/').next().unwrap()));
}

#[test]
fn replies_fit_and_cost_no_more_than_they_must() {
    for (old, new, error) in [
        ("answer = [\"", "answer = [\"Dari {agency}: ", "answer: takes 3"),
        (
            "[\"Mohon maaf, laporan {number}",
            "[\"Mohon maaf, laporan",
            "rejected: does not name the ticket; add {number}",
        ),
        (
            "kini ditangani oleh {agency}",
            "kini ditangani oleh {skpd}",
            "handed_on: {skpd} is nothing that can be filled in",
        ),
        ("Balas \\\"status\\\" untuk", "Buka jatengprov.go.id untuk", "'jatengprov.go.id' would be a link on X"),
        ("reopened = [", "reopend = [", "reopend is no reply that Kemala gives"),
        ("reopened = [", "reopend = [", "reopened is missing; add it with a text at least"),
        ("most_to_one = 12", "most_to_one = -1", "replies.toml:"),
    ] {
        let errors = errors_with("replies.toml", old, new);
        assert!(errors.contains(error), "{new} gives {errors}");
    }
}

#[test]
fn commands_are_short_and_mean_one_thing() {
    for (old, new, error) in [
        ("\"batal\"", "\"saya minta ini batal\"", "'saya minta ini batal' has 4 words; a phrase has 1 to 3"),
        ("\"batal\"", "\"belum\"", "'belum' means the same as a phrase of another list"),
        ("stop = [", "stopp = [", "unknown field `stopp`"),
    ] {
        let errors = errors_with("commands.toml", old, new);
        assert!(errors.contains(error), "{new} gives {errors}");
    }
}

#[test]
fn functions_that_do_not_classify_read_six_files() {
    let dir = tempfile::tempdir().unwrap();
    for file in ["pack.toml", "agencies.csv", "sla.toml", "holidays.csv", "replies.toml", "neighbours.csv"] {
        fs::copy(shipped().join(file), dir.path().join(file)).unwrap();
    }
    let jurisdiction = Jurisdiction::load(dir.path()).unwrap();
    assert_eq!(jurisdiction.hashtags, ["KemalaJateng"]);
    assert!(Pack::load(dir.path()).is_err());
}

/// An area of a place that is not there.
const AREA: &str = r#"{"type":"Feature","properties":{"code":"33.99.01"},"geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}},"#;

/// The errors of the shipped pack after a change of one file.
fn errors_after(file: &str, change: impl Fn(&str) -> String) -> String {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(shipped()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
    }
    let path = dir.path().join(file);
    let changed = change(&fs::read_to_string(&path).unwrap());
    fs::write(path, changed).unwrap();
    let errors = Pack::check(dir.path()).map(|_| format!("no error in {file}"));
    errors.unwrap_or_else(|errors| errors.to_string())
}

/// The errors after `line` (from 1) of a file became `text`.
fn errors_with_line(file: &str, line: usize, text: &str) -> String {
    errors_after(file, |content| {
        let lines = content.lines().enumerate().map(|(i, old)| if i + 1 == line { text } else { old });
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The errors after one text of a file became another.
fn errors_with(file: &str, old: &str, new: &str) -> String {
    errors_after(file, |content| {
        assert!(content.contains(old), "{old} is not in {file}");
        content.replacen(old, new, 1)
    })
}

#[test]
fn mistakes_in_agencies_are_told_with_their_line() {
    for (row, error) in [
        ("abc,A,provincial,,system,2026-01-01,,,,", "agencies.csv:2: 'abc' is not an agency code ([A-Z0-9], 1 to 32)"),
        (
            "DINKES,A,provincial,,system,2026-01-01,,,,",
            "agencies.csv:3: DINKES is already in line 2; keep one of the two",
        ),
        ("DISDIKBUD,A,office,,system,2026-01-01,,,,", "agencies.csv:2: unknown variant `office`"),
        ("DISDIKBUD,A,provincial,,system,,,,,", "agencies.csv:2: live_from is empty"),
        ("DISDIKBUD,A,provincial,,none,2026-01-01,,,,", "agencies.csv:2: live_from is set, but consumer is none"),
        ("DISDIKBUD,,provincial,,system,2026-01-01,,,,", "agencies.csv:2: name is empty"),
        ("DISDIKBUD,A,provincial,33.01,system,2026-01-01,,,,", "agencies.csv:2: only a regency_city has a region"),
        ("DISDIKBUD,A,desk,,system,2026-01-01,,,,", "agencies.csv:2: a desk has people"),
        (
            "DISDIKBUD,A,provincial,,system,2026-13-01,,,,",
            "is not in the required range of 1..=12 in the row DISDIKBUD",
        ),
        ("DISDIKBUD,A,provincial", "agencies.csv:2: 3 columns instead of 10"),
        ("DISDIKBUD,A,provincial,,system,2026-01-01,,,pln,", "agencies.csv:52: pln is already in line 2"),
    ] {
        let errors = errors_with_line("agencies.csv", 2, row);
        assert!(errors.contains(error), "{row} gives {errors}");
    }
}

#[test]
fn mistakes_in_settings_are_told_with_their_line() {
    for (old, new, error) in [
        ("hashtags = [\"KemalaJateng\"]", "hashtags = []", "pack.toml:9: hashtags: is empty; give at least one"),
        (
            "hashtags = [\"KemalaJateng\"]",
            "hashtags = [\"#A\"]",
            "pack.toml:9: hashtags: use letters, digits and _ only",
        ),
        ("\"TRIAGE\"", "\"DINKES\"", "pack.toml:12: triage_desk: is no desk of agencies.csv"),
        ("\"INSPEKTORAT\"", "\"EXTKPU\"", "pack.toml:13: inspectorate: has no queue in agencies.csv"),
        ("Asia/Jakarta", "Asia/Blora", "pack.toml:5: timezone: is not in the IANA database"),
        ("\"KJ\"", "\"kj\"", "pack.toml:6: 'kj' is not a ticket prefix"),
        ("name = \"jateng\"", "name = \"Ja Teng\"", "pack.toml:2: name: use a-z, 0-9 and single hyphens"),
        ("triage_below = 0.5", "triage_below = 5", "pack.toml:16: triage_below: must lie between 0 and 1"),
        ("look_ups_per_day = 500", "look_ups_per_day = 500000", "look_ups_per_day: is more than 100000"),
        ("hashtag_source = \"webhook\"", "hashtag_source = \"post\"", "unknown variant `post`"),
        ("title =", "titel =", "pack.toml:4: unknown field `titel`"),
        (
            "join_from = 0.5",
            "join_from = 0.95",
            "same_incident: join_from, join_from_in_regency, category_from and copy_from lie between",
        ),
        ("copy_hours = 24", "copy_hours = 0", "same_incident: days and emergency_days lie between 1 and 60"),
        ("per_hour = 20", "per_hour = 2000", "limits: per_hour is at least 1 and at most per_day"),
        ("blocked = [\"15", "blocked = [\"@15", "limits: blocked: give ids of accounts"),
    ] {
        let errors = errors_with("pack.toml", old, new);
        assert!(errors.contains(error), "{new} gives {errors}");
    }
}

#[test]
fn mistakes_in_the_law_are_told_with_their_line() {
    let promise = "[classes.complaint.resolution]\nwithin = { working_days = 14 }\nladder = \"usual\"";
    for (old, new, error) in [
        (promise, "[classes.complaint.settlement]", "sla.toml:"),
        (promise, &promise.replace("14", "0"), "within is 0; nobody can keep that"),
        (promise, &promise.replace("usual", "steep"), "there is no ladder steep; write it, or name one of"),
        ("source = \"unconfirmed; our own promise, around the clock\"", "source = \"\"", "source is empty"),
        ("rung = \"head\"", "rung = \"reminder\"", "reminder is twice in a ladder; each rung is reached once"),
        ("at = { percent = 100 }", "at = { percent = 99 }", "has no rung at { percent = 100 }"),
        ("at = { percent = 80 }", "at = { percent = 0 }", "percent is from 1 to 100"),
        (
            "at = { overdue = { working_days = 5 } }",
            "at = { overdue = { working_days = 1 } }",
            "comes before the rung below it",
        ),
        ("\"SEKDA\"]", "\"SEKDAA\"]", "SEKDAA has no queue in agencies.csv"),
        ("\"head\"]", "\"boss\"]", "\"boss\" is nobody"),
        ("tells = \"SEKDA\"", "tells = \"PLN\"", "PLN has no queue in agencies.csv"),
        ("from = \"21:00:00\"", "from = \"05:00:00\"", "quiet_hours: from is in the evening and until in the morning"),
    ] {
        let errors = errors_with("sla.toml", old, new);
        assert!(errors.contains(error), "{new} gives {errors}");
    }
}

#[test]
fn an_exception_needs_a_category_and_a_promise() {
    let exception = |category: &str, clock: &str| {
        format!(
            "[[exceptions]]\ncategory = \"{category}\"\nclass = \"emergency\"\nclock = \"{clock}\"\n\
             within = {{ minutes = 10 }}\nsource = \"test\"\n\n[waits.place]"
        )
    };
    let errors = errors_with("sla.toml", "[waits.place]", &exception("no_such", "acknowledge"));
    assert!(errors.contains("no_such is no category of categories.csv"), "{errors}");
    let errors = errors_with("sla.toml", "[waits.place]", &exception("flood", "resolution"));
    assert!(errors.contains("the class has no such promise"), "{errors}");
}

#[test]
fn mistakes_in_places_are_told_with_their_line() {
    for (file, line, row, error) in [
        ("regions.csv", 4, "33.01.1,Kedungreja,,,", "regions.csv:4: '33.1.1' is not a place code"),
        ("regions.csv", 4, "33.01,Kedungreja,,,", "regions.csv:4: 33.01 stands after 33.01; sort the rows by code"),
        ("regions.csv", 3, "33.00,Kabupaten Cilacap,,,", "regions.csv:4: 33.01.01 lies in 33.01, which has no row"),
        ("regions.csv", 4, "33.01.01,Kedungreja,,,maybe", "regions.csv:4: 'maybe' is neither yes nor no"),
        ("regions.csv", 4, "33.01.01,,,,", "regions.csv:4: name is empty"),
        ("aliases.csv", 2, "abc,33.99", "aliases.csv:2: code: 33.99 is not in regions.csv"),
        ("landmarks.csv", 2, "Tugu,33.74.99", "landmarks.csv:2: code: 33.74.99 is not in regions.csv"),
        ("outside.csv", 3, "aceh,Aceh", "outside.csv:3: aceh is already in line 2"),
        ("neighbours.csv", 3, "*,A", "neighbours.csv:3: * is already in line 2"),
        ("neighbours.csv", 3, "Bantul,Bantul #Lapor", "neighbours.csv:3: turn_to: leave out # and @"),
        ("neighbours.csv", 3, "Jauh,", "neighbours.csv:3: turn_to is empty"),
        ("neighbours.csv", 2, "Jauh,A", "neighbours.csv: has no row for '*'"),
        ("areas.geojson", 2, AREA, "areas.geojson:2: 33.99.01 is not in regions.csv"),
        (
            "agencies.csv",
            74,
            "PEMKAB3301,A,regency_city,33.99,system,2026-01-01,,,,",
            "agencies.csv:74: PEMKAB3301: region 33.99",
        ),
        ("holidays.csv", 2, "2017-02-30,libur_nasional,A,no", "holidays.csv:2: "),
    ] {
        let errors = errors_with_line(file, line, row);
        let error = error.replace("33.1.1", "33.01.1");
        assert!(errors.contains(&error), "{row} gives {errors}");
    }
}

#[test]
fn mistakes_in_rules_are_told_with_their_line() {
    for (file, old, new, error) in [
        (
            "routing.toml",
            "first = \"EXTTOL\"",
            "first = \"EXTTOLL\"",
            "routing.toml:9: road.toll: EXTTOLL is not in agencies.csv",
        ),
        (
            "routing.toml",
            "categories = [\"road_damage\"]",
            "categories = []",
            "routing.toml:9: road.toll: categories is empty",
        ),
        (
            "routing.toml",
            "categories = [\"road_damage\"]",
            "categories = [\"roads\"]",
            "routing.toml:9: road.toll: roads is not in categories.csv",
        ),
        ("routing.toml", "\"road.national\"", "\"road.toll\"", "routing.toml:17: id road.toll is already in line 9"),
        ("routing.toml", "first = \"EXTTOL\"", "frist = \"EXTTOL\"", "unknown field `frist`"),
        ("rules.toml", "[category.road_damage]", "[category.roads]", "roads is not in categories.csv"),
        ("rules.toml", "\"jalan berlubang\"", "\"...\"", "a cue without a word"),
        ("rules.toml", "\"betonisasi\"", "\"aspalnya\"", "'aspalnya' is the same cue as 'aspal' in the same list"),
        ("categories.csv", ",DISHUB,", ",DISHUP,", "categories.csv:3: lead: DISHUP is not in agencies.csv"),
        ("words.csv", "adol,", ",", "word and means must both be filled"),
    ] {
        let errors = errors_with(file, old, new);
        assert!(errors.contains(error), "{new} gives {errors}");
    }
}

#[test]
fn every_mistake_is_told_at_once_and_none_twice() {
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(shipped()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
    }
    fs::remove_file(dir.path().join("categories.csv")).unwrap();
    fs::write(dir.path().join("aliases.csv"), "name,code\n").unwrap();
    fs::write(dir.path().join("pack.toml"), "name = ").unwrap();
    let errors = Pack::load(dir.path()).unwrap_err().to_string();
    insta::assert_snapshot!(errors, @"
    aliases.csv: has no row; fill it or take the pack from the repository again
    categories.csv: cannot be read (No such file or directory (os error 2)); a pack needs this file, UTF-8
    pack.toml:1: string values must be quoted, expected literal string
    ");
}

#[test]
fn words_of_incidents_are_checked() {
    for (old, new, problem) in [
        ("[\"bus\", \"bis\"]", "[\"bus\", \"bus\"]", "'bus' stands twice in this group"),
        ("[\"bus\", \"bis\"]", "[\"bus\", \"kapal\"]", "'kapal' stands in another group too"),
        ("named = [\"jl\"", "named = [\"lorong\"", "named: 'lorong' is in no group of details"),
        ("apart = [[\"sd\"", "apart = [[\"sdn\"", "apart: 'sdn' is not the first word of a group of details"),
    ] {
        let errors = errors_with("incident.toml", old, new);
        assert!(errors.starts_with("incident.toml:") && errors.contains(problem), "{problem}: {errors}");
    }
}
