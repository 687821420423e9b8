//! A simulated ticket as people see it: promises, time line, and a bar for each clock.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::{Class, ClockStanding, Span, State, Step, Timer};
use kemala_domain::ladder::Target;
use kemala_domain::{AgencyCode, Clock, Event, EventBody, ReplyKind};
use serde_json::{Value, json};

use crate::commands::words;
use crate::simulation::{Cell, Chart, Moment, Simulation};
use crate::terminal::{BAD, BOLD, DIM, GOOD, Table, WARN, styled};

/// What is shown of a simulation.
pub(super) struct Shown<'a> {
    pub(super) pack: &'a Jurisdiction,
    pub(super) simulation: &'a Simulation<'a>,
}

impl Shown<'_> {
    pub(super) fn write(&self, out: &mut impl Write) -> Result<()> {
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
                    Step::Reminder => (WARN, ""),
                    Step::Breach => (BAD, " (broken)"),
                };
                let rung = styled(style, format!("{rung}{is_broken}"));
                Some((clock_name(*clock), format!("{rung} → {}", named(told, holder))))
            }
            EventBody::ReplySent { kind: ReplyKind::Ask, .. } => {
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

    /// The same for programs.
    pub(super) fn facts(&self) -> Result<Value> {
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
