//! Time lines as people see them.

use clap::Parser;

use super::*;

/// What a command line shows, without colours.
fn shown(arguments: &[&str]) -> String {
    let line = ["kemala", "simulate"].iter().chain(arguments);
    let cli::Command::Simulate(arguments) = cli::Cli::try_parse_from(line).unwrap().command else { panic!() };
    let pack = load(&pack_folder(None).unwrap(), arguments.policy.as_deref()).unwrap();
    let simulation = simulate(&pack, &arguments).unwrap();
    let mut written = Vec::new();
    Shown { pack: &pack.jurisdiction, simulation: &simulation }.write(&mut written).unwrap();
    let plain = String::from_utf8(anstream::adapter::strip_bytes(&written).into_vec()).unwrap();
    assert!(plain.lines().all(|line| line.chars().count() <= 100), "{plain}");
    plain
}

const MONDAY: &str = "2026-11-23T09:00+07:00";

#[test]
fn an_agency_that_is_silent_climbs_the_ladder() {
    insta::assert_snapshot!(shown(&["--agency", "DINKES", "--from", MONDAY]), @"
    complaint for DINKES Dinas Kesehatan
    policy 2026-12, pack jateng/2026-11-24

    promise         within           ends                  in the end
    acknowledge     3 working days   Thu 2026-11-26 09:00  broken
    first response  5 working days   Mon 2026-11-30 09:00  broken
    resolution      14 working days  Fri 2026-12-11 09:00  broken

    time              passed    clock           what happens
    Mon 23 Nov 09:00  0d 0:00                   opened, in the hands of DINKES
    Wed 25 Nov 12:00  2d 3:00   acknowledge     reminder → DINKES
    Thu 26 Nov 09:00  3d 0:00   acknowledge     head (broken) → DINKES, SEKDA
                                                no address of head
    Fri 27 Nov 09:00  4d 0:00   first response  reminder → DINKES
    Mon 30 Nov 09:00  5d 0:00   acknowledge     secretary (broken) → DINKES, SEKDA
    Mon 30 Nov 09:00  5d 0:00   first response  head (broken) → DINKES, SEKDA
                                                no address of head
    Wed 02 Dec 09:00  7d 0:00   first response  secretary (broken) → DINKES, SEKDA
    Tue 08 Dec 10:30  11d 1:30  resolution      reminder → DINKES
    Fri 11 Dec 09:00  14d 0:00  resolution      head (broken) → DINKES, SEKDA
                                                no address of head
    Tue 15 Dec 09:00  16d 0:00  resolution      secretary (broken) → DINKES, SEKDA
    Fri 18 Dec 09:00  19d 0:00  resolution      governor (broken) → DINKES, GUBERNUR
    Tue 29 Dec 09:00  24d 0:00  resolution      ombudsman (broken) → GUBERNUR, OMBUDSMAN

    acknowledge     ────1─2━━━━━━━3━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
    first response  ────────1─────2━━━3━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
    resolution      ──────────────────────────────1─────2━━━━━━━3━━━━━4━━━━━━━━━━━━━━━━━━━━5
                    Mon 2026-11-23 09:00                                Tue 2026-12-29 09:00
                    ─ runs  ░ pauses  ━ broken  ✓ kept  1, 2, …: a rung is reached
    ");
}

#[test]
fn what_people_do_is_on_the_line() {
    let then = ["1d accept", "2d ask", "3d answer", "15d resolve", "16d reopen", "17d resolve", "18d confirm"];
    let then = then.iter().flat_map(|then| ["--then", then]);
    let arguments: Vec<&str> = ["--agency", "PEMKAB3316", "--from", MONDAY].into_iter().chain(then).collect();
    insta::assert_snapshot!(shown(&arguments), @"
    complaint for PEMKAB3316 Pemerintah Kabupaten Blora
    policy 2026-12, pack jateng/2026-11-24

    promise         within           ends                  in the end
    acknowledge     3 working days   Fri 2026-11-27 09:00  kept
    first response  5 working days   Tue 2026-12-01 09:00  kept
    resolution      14 working days  Mon 2026-12-14 09:00  kept late

    time              passed    clock       what happens
    Mon 23 Nov 09:00  0d 0:00               opened, in the hands of PEMKAB3316
    Tue 24 Nov 09:00  1d 0:00               accepted
    Wed 25 Nov 09:00  2d 0:00               citizen asked
    Wed 25 Nov 09:00  2d 0:00               asked; clocks pause until the answer, or Mon 30 Nov 09:00
    Thu 26 Nov 09:00  3d 0:00               citizen replied
    Wed 09 Dec 10:30  12d 1:30  resolution  reminder → PEMKAB3316
    Mon 14 Dec 09:00  15d 0:00  resolution  head (broken) → PEMKAB3316, SEKDA
                                            no address of head and secretary
    Mon 14 Dec 09:00  15d 0:00              resolved
    Tue 15 Dec 09:00  16d 0:00              reopened
    Wed 16 Dec 09:00  17d 0:00              resolved
    Thu 17 Dec 09:00  18d 0:00              confirmed

    acknowledge     ───✓
    first response  ──────✓
    resolution      ──────░░░───────────────────────────────────────1──────────────2  ━━━✓
                    Mon 2026-11-23 09:00                                Thu 2026-12-17 09:00
                    ─ runs  ░ pauses  ━ broken  ✓ kept  1, 2, …: a rung is reached
    ");
}

#[test]
fn an_emergency_counts_minutes_at_night() {
    let arguments = ["--class", "emergency", "--from", "2026-11-22T01:00+07:00", "--then", "40m accept", "--days", "2"];
    insta::assert_snapshot!(shown(&arguments), @"
    emergency for DISDIKBUD Dinas Pendidikan dan Kebudayaan
    policy 2026-12, pack jateng/2026-11-24

    promise         within      ends                  in the end
    acknowledge     15 minutes  Sun 2026-11-22 01:15  kept late
    first response  60 minutes  Sun 2026-11-22 02:00  broken

    time              passed  clock           what happens
    Sun 22 Nov 01:00  0:00                    opened, in the hands of DISDIKBUD
    Sun 22 Nov 01:05  0:05    acknowledge     ring → DISDIKBUD, people on duty
    Sun 22 Nov 01:12  0:12    acknowledge     reminder → DISDIKBUD
    Sun 22 Nov 01:15  0:15    acknowledge     head (broken) → DISDIKBUD, people on duty
                                              no address of head
    Sun 22 Nov 01:30  0:30    acknowledge     secretary (broken) → DISDIKBUD, people on duty, SEKDA
    Sun 22 Nov 01:40  0:40                    accepted
    Sun 22 Nov 01:48  0:48    first response  reminder → DISDIKBUD
    Sun 22 Nov 02:00  1:00    first response  head (broken) → DISDIKBUD
                                              no address of head

    acknowledge     ──────1───────2───3━━━━━━━━━━━━━━━━━4━━━━━━━━━━━✓
    first response  ─────────────────────────────────────────────────────────1─────────────2
                    Sun 2026-11-22 01:00                                Sun 2026-11-22 02:00
                    ─ runs  ░ pauses  ━ broken  ✓ kept  1, 2, …: a rung is reached
    ");
}

#[test]
fn another_policy_is_checked_and_tried() {
    let shipped = std::fs::read_to_string(pack_folder(None).unwrap().join("sla.toml")).unwrap();
    let policy = tempfile::NamedTempFile::new().unwrap();
    let path = policy.path().to_str().unwrap().to_owned();
    let quick = shipped
        .replacen("version = \"2026-12\"", "version = \"quick\"", 1)
        .replace("working_days = 14", "working_days = 4");
    std::fs::write(policy.path(), quick).unwrap();
    let shown = shown(&["--from", MONDAY, "--policy", &path]);
    assert!(shown.contains("policy quick") && shown.contains("resolution      4 working days"), "{shown}");

    std::fs::write(policy.path(), shipped.replacen("ladder = \"short\"", "ladder = \"none\"", 1)).unwrap();
    let told = load(&pack_folder(None).unwrap(), Some(policy.path())).unwrap_err().to_string();
    assert!(told.contains("sla.toml:"), "{told}");
}
