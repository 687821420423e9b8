//! `sla.toml`: the clocks of the law and their ladders, with the versions that counted before.

use std::collections::{BTreeMap, BTreeSet};

use kemala_domain::clocks::{Class, Clock, Exception, Promise, QuietHours, Silence, Span};
use kemala_domain::ladder::{Ladder, Offset, Rung, Target};
use kemala_domain::waiting::{Wait, Waits};
use kemala_domain::{AgencyCode, Policies, Policy};
use serde::Deserialize;
use toml::Spanned;

use super::agencies::{self, Agencies, Agency};
use super::folder::{Document, Folder};

pub(super) const FILE: &str = "sla.toml";

/// `sla.toml`: a [`Policy`] whose parts know their lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocatedPolicy {
    version: String,
    #[serde(default)]
    former: Vec<String>,
    classes: BTreeMap<Class, BTreeMap<Clock, Spanned<Promise>>>,
    #[serde(default)]
    exceptions: Vec<Spanned<Exception>>,
    ladders: BTreeMap<String, LocatedLadder>,
    waits: LocatedWaits,
    silence: Spanned<Silence>,
    #[serde(default)]
    quiet_hours: Option<QuietHours>,
}

/// A [`Ladder`] whose rungs know their lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocatedLadder {
    #[serde(default)]
    around_the_clock: bool,
    rungs: Vec<Spanned<Rung>>,
}

/// [`Waits`] that know their lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocatedWaits {
    place: Spanned<Wait>,
    answer: Spanned<Wait>,
    objection: Spanned<Wait>,
}

/// Reads the current policy and those that counted before. An override keeps the shipped one for the tickets that name it.
pub(super) fn read(folder: &mut Folder<'_>, agencies: &Agencies) -> Option<Policies> {
    let (current, names) = read_one(folder, FILE, agencies)?;
    let mut former = BTreeMap::new();
    if folder.is_replaced(FILE) {
        let (shipped, _) = read_one(&mut folder.shipped(), FILE, agencies)?;
        if shipped.version == current.version && shipped != current {
            let problem =
                "version is that of the shipped one, whose tickets keep its numbers; give this one a new version";
            folder.error(FILE, problem);
        }
        former.insert(shipped.version.clone(), shipped);
    }
    for version in names {
        let file = format!("sla-{version}.toml");
        let (policy, _) = read_one(folder, &file, agencies)?;
        if policy.version != version || former.contains_key(&version) || version == current.version {
            folder.error(&file, format!("version is {}; each version has one file, named by it", policy.version));
        }
        former.insert(version, policy);
    }
    Some(Policies { current, former })
}

/// One policy, and the versions that it names as former ones.
fn read_one(folder: &mut Folder<'_>, file: &str, agencies: &Agencies) -> Option<(Policy, Vec<String>)> {
    let document = folder.document(file)?;
    let mut check = Check { folder, file, document: &document, agencies };
    check.version();
    check.promises();
    check.exceptions();
    check.ladders();
    check.waits();
    check.silence();
    check.completeness();
    let LocatedPolicy { version, former, classes, exceptions, ladders, waits, silence, quiet_hours } = document.value;
    let LocatedWaits { place, answer, objection } = waits;
    let waits = Waits { place: place.into_inner(), answer: answer.into_inner(), objection: objection.into_inner() };
    let plain = |promises: BTreeMap<Clock, Spanned<Promise>>| {
        promises.into_iter().map(|(clock, promise)| (clock, promise.into_inner())).collect()
    };
    let classes = classes.into_iter().map(|(class, promises)| (class, plain(promises))).collect();
    let exceptions = exceptions.into_iter().map(Spanned::into_inner).collect();
    let ladder = |LocatedLadder { around_the_clock, rungs }| Ladder {
        around_the_clock,
        rungs: rungs.into_iter().map(Spanned::into_inner).collect(),
    };
    let ladders = ladders.into_iter().map(|(name, located)| (name, ladder(located))).collect();
    let silence = silence.into_inner();
    Some((Policy { version, classes, exceptions, ladders, waits, silence, quiet_hours }, former))
}

struct Check<'a, 'f> {
    folder: &'a mut Folder<'f>,
    file: &'a str,
    document: &'a Document<LocatedPolicy>,
    agencies: &'a Agencies,
}

impl Check<'_, '_> {
    fn error<T>(&mut self, part: &Spanned<T>, problem: impl std::fmt::Display) {
        self.folder.error_at(self.file, self.document.line(part.span()), problem);
    }

    fn version(&mut self) {
        let is_name = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        };
        if !is_name(&self.document.value.version) {
            let line = self.document.line_of_key("version");
            self.folder.error_at(self.file, line, "version: use letters, digits, - . and _; tickets name it");
        }
        if let Some(QuietHours { from, until }) = self.document.value.quiet_hours
            && until >= from
        {
            let line = self.document.line_of_key("quiet_hours");
            let problem = "quiet_hours: from is in the evening and until in the morning; exchange them";
            self.folder.error_at(self.file, line, problem);
        }
    }

    fn promises(&mut self) {
        let ladders = &self.document.value.ladders;
        for located in self.document.value.classes.values().flat_map(BTreeMap::values) {
            let Promise { within, ladder, source } = located.get_ref();
            if is_nothing(*within) {
                self.error(located, "within is 0; nobody can keep that");
            }
            if source.is_empty() {
                self.error(located, "source is empty; write the law, or \"unconfirmed\"");
            }
            if !ladders.contains_key(ladder) {
                let names: Vec<&str> = ladders.keys().map(String::as_str).collect();
                self.error(
                    located,
                    format!("there is no ladder {ladder}; write it, or name one of {}", names.join(", ")),
                );
            }
        }
    }

    fn exceptions(&mut self) {
        let classes = &self.document.value.classes;
        for located in &self.document.value.exceptions {
            let Exception { class, clock, within, source, .. } = located.get_ref();
            if !classes.get(class).is_some_and(|promises| promises.contains_key(clock)) {
                self.error(located, "the class has no such promise; an exception takes the place of one");
            }
            if is_nothing(*within) {
                self.error(located, "within is 0; nobody can keep that");
            }
            if source.is_empty() {
                self.error(located, "source is empty; write the law, or \"unconfirmed\"");
            }
        }
    }

    fn ladders(&mut self) {
        for (name, ladder) in &self.document.value.ladders {
            let mut seen = BTreeSet::new();
            let mut below: Option<Offset> = None;
            for located in &ladder.rungs {
                let Rung { rung, at, tells, instead, .. } = located.get_ref();
                if !seen.insert(rung) {
                    self.error(located, format!("{rung} is twice in a ladder; each rung is reached once"));
                }
                if matches!(at, Offset::Percent(percent) if !(1..=100).contains(percent)) {
                    self.error(located, "percent is from 1 to 100; use overdue for what comes after the breach");
                }
                if below.is_some_and(|below| is_certainly_before(*at, below)) {
                    self.error(located, format!("{rung} comes before the rung below it; write them in order"));
                }
                below = Some(*at);
                if tells.is_empty() || instead.values().any(Vec::is_empty) {
                    self.error(located, format!("{rung} tells nobody; name somebody, or leave it out"));
                }
                for target in tells.iter().chain(instead.values().flatten()) {
                    if let Target::Desk(code) = target {
                        self.queue(located, code);
                    }
                }
            }
            if !ladder.rungs.iter().any(|rung| rung.get_ref().at == Offset::Percent(100)) {
                let line = self.document.line_of_key(&format!("ladders.{name}"));
                self.folder.error_at(
                    self.file,
                    line,
                    format!("ladder {name} has no rung at {{ percent = 100 }}; who hears of a breach?"),
                );
            }
        }
    }

    fn waits(&mut self) {
        let LocatedWaits { place, answer, objection } = &self.document.value.waits;
        for wait in [place, answer, objection] {
            let Wait { within, source } = wait.get_ref();
            if is_nothing(*within) {
                self.error(wait, "within is 0; citizens need time to answer");
            }
            if source.is_empty() {
                self.error(wait, "source is empty; write the law, or \"unconfirmed\"");
            }
        }
    }

    fn silence(&mut self) {
        let silence = &self.document.value.silence;
        if is_nothing(silence.get_ref().within) {
            self.error(silence, "within is 0; agencies need time to answer");
        }
        self.queue(silence, &silence.get_ref().tells);
    }

    fn queue<T>(&mut self, part: &Spanned<T>, code: &AgencyCode) {
        let is_known = self.agencies.get(code).is_some_and(Agency::has_queue);
        if self.folder.is_sound(agencies::FILE) && !is_known {
            self.error(part, format!("{code} has no queue in agencies.csv; correct it"));
        }
    }

    /// Every ticket needs its clocks. An emergency has no legal time for its end: that depends on the disaster.
    fn completeness(&mut self) {
        for class in Class::ALL {
            for clock in Clock::ALL {
                let is_optional = (class, clock) == (Class::Emergency, Clock::Resolution);
                let promises = self.document.value.classes.get(&class);
                if !is_optional && !promises.is_some_and(|promises| promises.contains_key(&clock)) {
                    let problem = format!("{class:?} has no {clock:?}; every ticket needs its clocks");
                    self.folder.error(self.file, problem);
                }
            }
        }
    }
}

/// That exceptions name categories; these are read later.
pub(super) fn check_categories(
    folder: &mut Folder<'_>,
    policies: &Policies,
    is_category: impl Fn(&kemala_domain::decision::Category) -> bool,
) {
    let all = std::iter::once(&policies.current).chain(policies.former.values());
    for exception in all.flat_map(|policy| &policy.exceptions).filter(|exception| !is_category(&exception.category)) {
        folder.error(FILE, format!("{} is no category of categories.csv; correct it", exception.category.as_str()));
    }
}

fn is_nothing(span: Span) -> bool {
    matches!(span, Span::WorkingDays(0) | Span::Minutes(0))
}

/// Whether an offset lies before another, of any promise. Where that depends on the promise or the calendar, it does not
/// count.
fn is_certainly_before(first: Offset, second: Offset) -> bool {
    match (first, second) {
        (Offset::Percent(first), Offset::Percent(second)) => first < second,
        (Offset::Percent(_), Offset::Overdue(_)) => true,
        (Offset::After(first), Offset::After(second)) | (Offset::Overdue(first), Offset::Overdue(second)) => {
            match (first, second) {
                (Span::WorkingDays(first), Span::WorkingDays(second))
                | (Span::Minutes(first), Span::Minutes(second)) => first < second,
                _ => false,
            }
        }
        _ => false,
    }
}
