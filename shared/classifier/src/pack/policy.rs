//! `sla.toml`: the clocks of the law.

use std::collections::BTreeMap;

use kemala_domain::Policy;
use kemala_domain::clocks::{Class, Clock, Promise, Span};
use kemala_domain::waiting::{Wait, Waits};
use serde::Deserialize;
use toml::Spanned;

use super::folder::{Document, Folder};

const FILE: &str = "sla.toml";

/// `sla.toml`: a [`Policy`] whose promises know their lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocatedPolicy {
    version: String,
    classes: BTreeMap<Class, BTreeMap<Clock, Spanned<Promise>>>,
    waits: LocatedWaits,
}

/// [`Waits`] that know their lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocatedWaits {
    place: Spanned<Wait>,
    answer: Spanned<Wait>,
    objection: Spanned<Wait>,
}

pub(super) fn read(folder: &mut Folder<'_>) -> Option<Policy> {
    let document = folder.document(FILE)?;
    check_promises(folder, &document);
    check_waits(folder, &document);
    check_completeness(folder, &document.value);
    let LocatedPolicy { version, classes, waits } = document.value;
    let LocatedWaits { place, answer, objection } = waits;
    let waits = Waits { place: place.into_inner(), answer: answer.into_inner(), objection: objection.into_inner() };
    let plain = |promises: BTreeMap<Clock, Spanned<Promise>>| {
        promises.into_iter().map(|(clock, promise)| (clock, promise.into_inner())).collect()
    };
    let classes = classes.into_iter().map(|(class, promises)| (class, plain(promises))).collect();
    Some(Policy { version, classes, waits })
}

fn check_promises(folder: &mut Folder<'_>, document: &Document<LocatedPolicy>) {
    for located in document.value.classes.values().flat_map(BTreeMap::values) {
        let promise = located.get_ref();
        let problems = [
            (
                !is_before(promise.remind_after, promise.within),
                "remind_after must be less than within, in the same unit; a reminder comes before the deadline",
            ),
            (promise.source.is_empty(), "source is empty; write the law, or \"unconfirmed\""),
        ];
        for (_, problem) in problems.into_iter().filter(|(is_wrong, _)| *is_wrong) {
            folder.error_at(FILE, document.line(located.span()), problem);
        }
    }
}

fn check_waits(folder: &mut Folder<'_>, document: &Document<LocatedPolicy>) {
    let LocatedWaits { place, answer, objection } = &document.value.waits;
    for wait in [place, answer, objection] {
        let Wait { within, source } = wait.get_ref();
        let problems = [
            (matches!(within, Span::WorkingDays(0) | Span::Minutes(0)), "within is 0; citizens need time to answer"),
            (source.is_empty(), "source is empty; write the law, or \"unconfirmed\""),
        ];
        for (_, problem) in problems.into_iter().filter(|(is_wrong, _)| *is_wrong) {
            folder.error_at(FILE, document.line(wait.span()), problem);
        }
    }
}

/// Every ticket needs its clocks. An emergency has no legal time for its end: that depends on the disaster.
fn check_completeness(folder: &mut Folder<'_>, policy: &LocatedPolicy) {
    for class in [Class::Emergency, Class::Supervisory, Class::Complaint, Class::Information] {
        for clock in [Clock::Acknowledge, Clock::FirstResponse, Clock::Resolution] {
            let is_optional = (class, clock) == (Class::Emergency, Clock::Resolution);
            let is_there = policy.classes.get(&class).is_some_and(|promises| promises.contains_key(&clock));
            if !is_there && !is_optional {
                folder.error(FILE, format!("{class:?} has no {clock:?}; every ticket needs its clocks"));
            }
        }
    }
}

fn is_before(first: Span, second: Span) -> bool {
    match (first, second) {
        (Span::WorkingDays(first), Span::WorkingDays(second)) | (Span::Minutes(first), Span::Minutes(second)) => {
            first < second
        }
        // The unit differs: which is longer depends on the calendar.
        _ => false,
    }
}
