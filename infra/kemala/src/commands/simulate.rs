//! `simulate`: the clocks and the ladder of a ticket on a time line, under any policy, without any system running.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::{Jurisdiction, Pack};
use kemala_domain::clocks::{Class, ClockStanding, Span, State, Timer};
use kemala_domain::decision::{Category, Place};
use kemala_domain::ladder::{AgencyKind, Target};
use kemala_domain::{AgencyCode, Clock, Decision, Event, EventBody, Kind, Urgency};
use serde_json::{Value, json};

use super::{Outcome, pack_folder, words};
use crate::cli;
use crate::problem::Problem;
use crate::simulation::{Cell, Chart, Moment, Simulation};
use crate::terminal::{BAD, BOLD, DIM, GOOD, Table, WARN, json_line, out, styled};

pub(super) fn run(arguments: cli::Simulate) -> Result<Outcome> {
    let folder = pack_folder(arguments.pack.clone())?;
    let pack = load(&folder, arguments.policy.as_deref())?;
    let simulation = simulate(&pack, &arguments)?;
    let shown = Shown { pack: &pack.jurisdiction, simulation: &simulation };
    if arguments.json {
        json_line(&shown.facts()?)?;
    } else {
        shown.write(&mut out())?;
    }
    Ok(Outcome::Good)
}

fn load(folder: &Path, policy: Option<&Path>) -> Result<Pack> {
    let loaded = match policy {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
            Pack::load_with_policy(folder, &text)
        }
        None => Pack::load_untrained(folder),
    };
    let with = policy.map(|file| format!(" with {}", file.display())).unwrap_or_default();
    loaded.map_err(|errors| anyhow!("the pack in {}{with} is broken:\n{errors}", folder.display()))
}

/// Plays the ticket to its end, or to the stated limit.
fn simulate<'a>(pack: &'a Pack, arguments: &cli::Simulate) -> Result<Simulation<'a>> {
    let from = arguments.from.unwrap_or_else(Timestamp::now);
    let decision = decision(pack, arguments)?;
    let is_working = Class::of(&decision) != Class::Emergency;
    let jurisdiction = &pack.jurisdiction;
    let mut simulation = Simulation::open(jurisdiction, decision, from)?;
    let moment = |planned: &crate::simulation::Planned| {
        let moment = planned.after.moment(from, &jurisdiction.calendar, is_working).filter(|at| *at >= from);
        moment.ok_or_else(|| anyhow!(Problem::new("a step of --then lies before the report", "give a later time")))
    };
    let mut plan =
        arguments.then.iter().map(|planned| Ok((moment(planned)?, &planned.deed))).collect::<Result<Vec<_>>>()?;
    plan.sort_by_key(|(at, _)| *at);
    for (at, deed) in plan {
        simulation.passes(at)?;
        simulation.does(deed, at)?;
    }
    let end = from.saturating_add(SignedDuration::from_hours(24 * i64::from(arguments.days)))?;
    simulation.passes(end)?;
    Ok(simulation)
}

/// A decision that puts the ticket into the class, for the agency.
fn decision(pack: &Pack, arguments: &cli::Simulate) -> Result<Decision> {
    let category = arguments.category.as_ref().map(|category| known_category(pack, category)).transpose()?;
    let addressee = addressee(&pack.jurisdiction, arguments)?;
    let is = |class| arguments.class == class;
    Ok(Decision {
        kind: if is(cli::TicketClass::Information) { Kind::Question } else { Kind::Complaint },
        category,
        place: Place::default(),
        urgency: if is(cli::TicketClass::Emergency) { Urgency::Emergency } else { Urgency::Normal },
        supervisory: is(cli::TicketClass::Supervisory),
        needs_location: false,
        triage: addressee == pack.jurisdiction.triage_desk,
        addressee,
        likely: None,
        others: Vec::new(),
        confidence: 1.0,
        reasons: Vec::new(),
        pack_version: pack.jurisdiction.version.clone(),
        model_version: None,
    })
}

fn known_category(pack: &Pack, category: &str) -> Result<Category> {
    let known = category.parse().ok().filter(|category| pack.categories.get(category).is_some());
    known.ok_or_else(|| {
        let what = format!("the pack has no category {category}");
        anyhow!(Problem::new(what, "take one of its categories.csv, such as road_damage"))
    })
}

/// Whom the ticket is for: the one that is named, else the inspectorate or the first agency of the province.
fn addressee(pack: &Jurisdiction, arguments: &cli::Simulate) -> Result<AgencyCode> {
    let mut all = pack.agencies.iter().filter(|agency| agency.has_queue());
    match &arguments.agency {
        Some(code) => all.find(|agency| agency.code == *code).map(|agency| agency.code.clone()).ok_or_else(|| {
            let what = format!("the pack has no {code} with a queue");
            anyhow!(Problem::new(what, "take one of its agencies.csv, such as DINKES"))
        }),
        None if arguments.class == cli::TicketClass::Supervisory => Ok(pack.inspectorate.clone()),
        None => {
            let provincial = all.find(|agency| agency.kind == AgencyKind::Provincial);
            provincial
                .map(|agency| agency.code.clone())
                .ok_or_else(|| anyhow!("the pack has no agency of the province"))
        }
    }
}

/// What is shown of a simulation.
struct Shown<'a> {
    pack: &'a Jurisdiction,
    simulation: &'a Simulation<'a>,
}

impl Shown<'_> {
    fn write(&self, out: &mut impl Write) -> Result<()> {
        let opened = self.simulation.moments().first().context("no ticket")?;
        let ticket = &opened.case.ticket;
        let name = self.pack.agencies.get(&ticket.holder).map_or("", |agency| agency.name.as_str());
        let class = words::code(&Class::of(&ticket.decision));
        writeln!(out, "{} for {} {name}", styled(BOLD, class), styled(BOLD, &ticket.holder))?;
        writeln!(out, "{}\n", styled(DIM, format!("policy {}, pack {}", ticket.policy_version, self.pack.version)))?;
        self.promises(out)?;
        self.time_line(out)?;
        self.chart(out)
    }

    /// What is promised, and what became of it.
    fn promises(&self, out: &mut impl Write) -> Result<()> {
        let mut table = Table::with_head(&["promise", "within", "ends", "in the end"]);
        let latest = self.simulation.latest()?;
        let decision = &latest.case.ticket.decision;
        let policy = self.pack.terms().policy(&latest.case.ticket).clone();
        for ClockStanding { clock, due_at, state, .. } in self.simulation.standing(latest.at) {
            let promise = policy.promise(Class::of(decision), decision.category.as_ref(), clock);
            let within = promise.map_or_else(String::new, |(within, _)| span(within));
            let state = match state {
                State::Met => styled(GOOD, "kept"),
                State::MetLate => styled(WARN, "kept late"),
                State::Breached => styled(BAD, "broken"),
                other => words::code(&other),
            };
            table.row([clock_name(clock), within, self.local(due_at), state]);
        }
        table.write(out)?;
        Ok(writeln!(out)?)
    }

    fn time_line(&self, out: &mut impl Write) -> Result<()> {
        let mut table = Table::with_head(&["time", "passed", "clock", "what happens"]);
        for moment in self.simulation.moments() {
            for event in moment.events() {
                if let Some((clock, what)) = self.line(moment, event) {
                    table.row([self.short(event.at), self.passed(event.at)?, clock, what]);
                }
                if let Some(unreached) = unreached(event) {
                    table.row([String::new(), String::new(), String::new(), styled(DIM, unreached)]);
                }
            }
            if let Some(held) = self.held_back(moment) {
                table.row([self.short(moment.at), self.passed(moment.at)?, String::new(), styled(DIM, held)]);
            }
        }
        table.write(out)?;
        let next = self.simulation.latest()?.case.ticket.due;
        if let Some(due) = next {
            writeln!(out, "{}", styled(DIM, format!("more is due from {} on; --days shows it", self.local(due.at))))?;
        }
        Ok(writeln!(out)?)
    }

    fn chart(&self, out: &mut impl Write) -> Result<()> {
        let Some(chart) = Chart::of(self.simulation) else { return Ok(()) };
        for (clock, cells) in &chart.lines {
            let line: String = cells.iter().map(|cell| coloured(*cell)).collect();
            writeln!(out, "{:<15} {}", clock_name(*clock), line.trim_end())?;
        }
        let (from, until) = (self.local(chart.from), self.local(chart.until));
        let axis = format!("{:<15} {from}{until:>width$}", "", width = 72 - from.chars().count());
        writeln!(out, "{}", styled(DIM, axis))?;
        writeln!(
            out,
            "{}",
            styled(DIM, "                ─ runs  ░ pauses  ━ broken  ✓ kept  1, 2, …: a rung is reached")
        )?;
        Ok(())
    }

    /// What an event says: of which clock, and what; nothing of posts that are only confirmed.
    fn line(&self, moment: &Moment, event: &Event) -> Option<(String, String)> {
        let holder = &moment.case.ticket.holder;
        let plain = |what: String| Some((String::new(), what));
        match &event.body {
            EventBody::ClockStep { clock, rung, step, told, .. } => {
                let (style, is_broken) = match step {
                    kemala_domain::clocks::Step::Reminder => (WARN, ""),
                    kemala_domain::clocks::Step::Breach => (BAD, " (broken)"),
                };
                let rung = styled(style, format!("{rung}{is_broken}"));
                Some((clock_name(*clock), format!("{rung} → {}", named(told, holder))))
            }
            EventBody::ReplySent { kind: kemala_domain::ReplyKind::Ask, .. } => {
                let pause = moment.case.ticket.pauses.last()?;
                plain(format!("asked; clocks pause until the answer, or {}", self.short(pause.until)))
            }
            EventBody::ReplySent { .. } => None,
            EventBody::Reassigned { to, .. } => plain(format!("now in the hands of {to}")),
            EventBody::Opened { .. } => plain(format!("opened, in the hands of {holder}")),
            body => plain(body.name().replace('_', " ")),
        }
    }

    /// What has to wait for the morning.
    fn held_back(&self, moment: &Moment) -> Option<String> {
        let due = moment.case.ticket.due.filter(|due| moment.events().is_empty() && due.at > moment.at)?;
        let Timer::Promise { clock, .. } = due.timer else { return None };
        Some(format!("{} waits until {}: quiet hours", clock_name(clock), self.local(due.at)))
    }

    /// Working time since the report; of emergencies all time.
    fn passed(&self, at: Timestamp) -> Result<String> {
        let opened = self.simulation.moments().first().context("no ticket")?;
        if Class::of(&opened.case.ticket.decision) == Class::Emergency {
            return Ok(hours(at.duration_since(opened.at)));
        }
        let calendar = &self.pack.calendar;
        let day = calendar.working_days(1).as_mins().max(1);
        let passed = calendar.working_time(opened.at, at).as_mins();
        Ok(format!("{}d {}", passed / day, hours(SignedDuration::from_mins(passed % day))))
    }

    fn local(&self, at: Timestamp) -> String {
        self.pack.calendar.local(at).strftime("%a %Y-%m-%d %H:%M").to_string()
    }

    /// The same without its year.
    fn short(&self, at: Timestamp) -> String {
        self.pack.calendar.local(at).strftime("%a %d %b %H:%M").to_string()
    }

    fn facts(&self) -> Result<Value> {
        let latest = self.simulation.latest()?;
        let ticket = &latest.case.ticket;
        let events: Vec<Value> =
            latest.case.events.iter().map(|event| json!({"at": event.at, "event": event.body})).collect();
        Ok(json!({
            "class": Class::of(&ticket.decision),
            "agency": ticket.decision.addressee,
            "policy": ticket.policy_version,
            "status": ticket.status,
            "clocks": self.simulation.standing(latest.at),
            "pauses": ticket.pauses,
            "events": events,
            "next": ticket.due,
        }))
    }
}

/// Whom a rung should tell, and why they are not told.
fn unreached(event: &Event) -> Option<String> {
    let EventBody::ClockStep { unreached, .. } = &event.body else { return None };
    let words: Vec<String> = unreached.iter().cloned().map(String::from).collect();
    (!words.is_empty()).then(|| format!("no address of {}", words.join(" and ")))
}

fn coloured(cell: Cell) -> String {
    let sign = cell.sign();
    match cell {
        Cell::Running | Cell::Kept => styled(GOOD, sign),
        Cell::Broken => styled(BAD, sign),
        Cell::Paused => styled(DIM, sign),
        Cell::Rung(_) => styled(BOLD, sign),
        Cell::Over => sign.to_string(),
    }
}

fn clock_name(clock: Clock) -> String {
    words::code(&clock).replace('_', " ")
}

fn named(targets: &BTreeSet<Target>, holder: &AgencyCode) -> String {
    let name = |target: &Target| match target {
        Target::Holder => holder.to_string(),
        Target::Head => format!("head of {holder}"),
        Target::Secretary => format!("secretary of {holder}"),
        Target::People => "people on duty".to_owned(),
        Target::Desk(code) => code.to_string(),
    };
    targets.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn span(span: Span) -> String {
    match span {
        Span::WorkingDays(1) => "1 working day".to_owned(),
        Span::WorkingDays(days) => format!("{days} working days"),
        Span::Minutes(minutes) => format!("{minutes} minutes"),
    }
}

/// `3:05`.
fn hours(time: SignedDuration) -> String {
    format!("{}:{:02}", time.as_mins() / 60, time.as_mins() % 60)
}

#[cfg(test)]
mod tests {
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
        let arguments =
            ["--class", "emergency", "--from", "2026-11-22T01:00+07:00", "--then", "40m accept", "--days", "2"];
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
}
