//! The escalation ladder: when a broken promise, or one that is near its end, is told to whom.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clocks::Span;
use crate::ids::AgencyCode;

/// The rungs of a promise, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// Whether it climbs at night too.
    #[serde(default)]
    pub around_the_clock: bool,
    /// From the lowest.
    pub rungs: Vec<Rung>,
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Its name, such as `reminder`; unlike all others of its ladder.
    pub rung: String,
    /// When it is reached.
    pub at: Offset,
    /// Whom it tells.
    pub tells: Vec<Target>,
    /// Whom it tells instead, for agencies of a kind.
    #[serde(default)]
    pub instead: BTreeMap<AgencyKind, Vec<Target>>,
    /// Whether the citizens are told, too.
    #[serde(default)]
    pub citizens: bool,
}

/// When a rung is reached. Pauses put all of them off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offset {
    /// When so many hundredths of the promise's time have passed; 100 is the breach.
    Percent(u8),
    /// So long after the clock began.
    After(Span),
    /// So long after the breach.
    Overdue(Span),
}

/// Whom a rung tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub enum Target {
    /// The agency in whose hands the ticket is.
    Holder,
    /// The agency's head, at its address.
    Head,
    /// The secretary of the agency's own government, at that address.
    Secretary,
    /// The people on duty, by whatever rings them.
    People,
    /// An agency or desk with a queue.
    Desk(AgencyCode),
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "holder" => Ok(Self::Holder),
            "head" => Ok(Self::Head),
            "secretary" => Ok(Self::Secretary),
            "people" => Ok(Self::People),
            code => code
                .parse()
                .map(Self::Desk)
                .map_err(|_| format!("{code:?} is nobody; write holder, head, secretary, people, or an agency's code")),
        }
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        match target {
            Target::Holder => "holder".to_owned(),
            Target::Head => "head".to_owned(),
            Target::Secretary => "secretary".to_owned(),
            Target::People => "people".to_owned(),
            Target::Desk(code) => code.to_string(),
        }
    }
}

/// What kind of body an agency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyKind {
    /// A unit of the jurisdiction's own government: of a province, or of a city whose pack it is.
    #[serde(alias = "municipal")]
    Provincial,
    /// A hospital of that government.
    Hospital,
    /// The government of a regency or city.
    RegencyCity,
    /// A body outside these governments, without a queue.
    External,
    /// People who decide what machines may not: triage, and the rungs of the ladder.
    Desk,
}

/// Who stands where: the kind and the addresses of each body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hierarchy(pub BTreeMap<AgencyCode, Standing>);

/// What the ladder knows of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name, for people.
    pub name: String,
    /// What kind of body it is.
    pub kind: AgencyKind,
    /// Whether it has a queue.
    pub has_queue: bool,
    /// The address of its head.
    pub head: Option<String>,
    /// The address of its government's secretary.
    pub secretary: Option<String>,
}

/// Whom a rung reaches, and whom it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Who is told.
    pub told: BTreeSet<Target>,
    /// Who has no address.
    pub unreached: BTreeSet<Target>,
}

impl Hierarchy {
    /// Whom a rung of a ladder tells about a ticket in these hands. Where nobody but the holder has an address, the next
    /// rung's people are told instead, and so on upward.
    pub fn reach(&self, ladder: &Ladder, rung: &str, holder: &AgencyCode) -> Reach {
        let mut reach = Reach::default();
        let from = ladder.rungs.iter().position(|candidate| candidate.rung == rung).unwrap_or(ladder.rungs.len());
        for (climbed, rung) in ladder.rungs.iter().skip(from).enumerate() {
            let targets = self.0.get(holder).and_then(|body| rung.instead.get(&body.kind)).unwrap_or(&rung.tells);
            let (told, unreached): (BTreeSet<_>, BTreeSet<_>) =
                targets.iter().cloned().partition(|target| self.has_address(target, holder));
            // The holder hears of its own rung alone.
            reach.told.extend(told.into_iter().filter(|target| climbed == 0 || *target != Target::Holder));
            reach.unreached.extend(unreached);
            let is_reached = reach.unreached.is_empty() || reach.told.iter().any(|target| *target != Target::Holder);
            if is_reached {
                break;
            }
        }
        reach
    }

    /// The address of a person at an agency; `None` where it has none, or the target is reached otherwise.
    pub fn address(&self, target: &Target, agency: &AgencyCode) -> Option<&str> {
        let body = self.0.get(agency)?;
        match target {
            Target::Head => body.head.as_deref(),
            Target::Secretary => body.secretary.as_deref(),
            Target::Holder | Target::People | Target::Desk(_) => None,
        }
    }

    fn has_address(&self, target: &Target, holder: &AgencyCode) -> bool {
        match target {
            Target::Holder | Target::People => true,
            Target::Head | Target::Secretary => self.address(target, holder).is_some(),
            Target::Desk(code) => self.0.get(code).is_some_and(|body| body.has_queue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::agency;

    fn ladder() -> Ladder {
        let rung = |name: &str, tells: &[Target]| Rung {
            rung: name.to_owned(),
            at: Offset::Percent(100),
            tells: tells.to_vec(),
            instead: BTreeMap::new(),
            citizens: false,
        };
        let own_first = [(AgencyKind::RegencyCity, vec![Target::Secretary])].into();
        let rungs = vec![
            rung("reminder", &[Target::Holder]),
            Rung { instead: own_first, ..rung("head", &[Target::Holder, Target::Head]) },
            rung("sekda", &[Target::Holder, Target::Desk(agency("SEKDA"))]),
        ];
        Ladder { around_the_clock: false, rungs }
    }

    fn told(hierarchy: &Hierarchy, rung: &str, holder: &str) -> (Vec<String>, Vec<String>) {
        let Reach { told, unreached } = hierarchy.reach(&ladder(), rung, &agency(holder));
        let words = |targets: BTreeSet<Target>| targets.into_iter().map(String::from).collect();
        (words(told), words(unreached))
    }

    #[test]
    fn a_rung_without_an_address_is_skipped_upward() {
        let body = |kind, head: Option<&str>| Standing {
            name: "Dinas".to_owned(),
            kind,
            has_queue: true,
            head: head.map(str::to_owned),
            secretary: None,
        };
        let hierarchy = Hierarchy(
            [
                (agency("DINKES"), body(AgencyKind::Provincial, Some("kepala@dinkes.example"))),
                (agency("DINSOS"), body(AgencyKind::Provincial, None)),
                (agency("PEMKAB3316"), body(AgencyKind::RegencyCity, Some("bupati@blora.example"))),
                (agency("SEKDA"), body(AgencyKind::Desk, None)),
            ]
            .into(),
        );
        let words = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(told(&hierarchy, "reminder", "DINSOS"), (words(&["holder"]), words(&[])));
        assert_eq!(told(&hierarchy, "head", "DINKES"), (words(&["holder", "head"]), words(&[])));
        assert_eq!(told(&hierarchy, "head", "DINSOS"), (words(&["holder", "SEKDA"]), words(&["head"])));
        assert_eq!(told(&hierarchy, "head", "PEMKAB3316"), (words(&["SEKDA"]), words(&["secretary"])));
        assert_eq!(told(&hierarchy, "sekda", "DINKES"), (words(&["holder", "SEKDA"]), words(&[])));
        assert_eq!(told(&hierarchy, "no_rung", "DINKES"), (words(&[]), words(&[])));
    }
}
