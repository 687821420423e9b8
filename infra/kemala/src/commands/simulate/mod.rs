//! `simulate`: the clocks and the ladder of a ticket on a time line, under any policy, without any system running.

mod shown;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Jurisdiction;
use kemala_classifier::Pack;
use kemala_domain::clocks::Class;
use kemala_domain::decision::{Category, Place};
use kemala_domain::ladder::AgencyKind;
use kemala_domain::{AgencyCode, Decision, Kind, Urgency};

use super::{Outcome, pack_folder};
use crate::cli;
use crate::problem::Problem;
use crate::simulation::{Planned, Simulation};
use crate::terminal::{json_line, out};
use shown::Shown;

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
    let moment = |planned: &Planned| {
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
            provincial.map(|agency| agency.code.clone()).ok_or_else(|| anyhow!("the pack has no agency of its own"))
        }
    }
}
