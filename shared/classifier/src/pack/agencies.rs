//! Who acts: agencies, governments, outside bodies and desks.

use std::collections::HashMap;

use jiff::civil::Date;
use kemala_domain::ladder::{AgencyKind, Hierarchy, Standing};
use kemala_domain::{AgencyCode, RegionCode};
use serde::{Deserialize, Serialize};

use super::folder::{Folder, Row};

pub(super) const FILE: &str = "agencies.csv";

/// A body that a report can be for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agency {
    /// Its code.
    pub code: AgencyCode,
    /// Its name, for people.
    pub name: String,
    /// What kind of body it is; the escalation ladder follows from it.
    pub kind: AgencyKind,
    /// The regency or city it governs; of [`AgencyKind::RegencyCity`] only.
    pub region: Option<RegionCode>,
    /// Who takes tickets from its queue.
    pub consumer: Consumer,
    /// The day from which it takes tickets; `None` of a body without a queue.
    pub live_from: Option<Date>,
    /// The address of its head, for rungs of the ladder; `None` where nobody has given one yet.
    pub contact: Option<String>,
    /// Title of its head, such as "Kepala Dinas Perhubungan".
    pub head: Option<String>,
    /// Names that mean this body and no other, separated by `;` in the file.
    #[serde(deserialize_with = "semicolons")]
    pub aliases: Vec<String>,
    /// The address of its government's secretary, whom a regency's or city's ladder reaches first; `None` where nobody has
    /// given one yet.
    pub secretary: Option<String>,
}

impl Agency {
    /// Whether it has a queue of its own.
    pub fn has_queue(&self) -> bool {
        self.consumer != Consumer::None
    }

    /// Whether it takes tickets on that day.
    pub fn is_live(&self, today: Date) -> bool {
        self.has_queue() && self.live_from.is_some_and(|from| from <= today)
    }
}

/// Who takes tickets from an agency's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consumer {
    /// The agency's own system polls.
    System,
    /// People work in our desk.
    Desk,
    /// It has no queue: its matters go to the triage desk.
    None,
}

/// All bodies of a pack, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Agencies {
    list: Vec<Agency>,
    by_code: HashMap<AgencyCode, usize>,
    by_region: HashMap<RegionCode, usize>,
}

impl Agencies {
    pub(super) fn read(folder: &mut Folder<'_>) -> Self {
        let rows: Vec<Row<Agency>> = folder.table(FILE);
        folder.check_unique(FILE, rows.iter().map(|row| (row.line, row.value.code.clone())));
        folder.check_unique(FILE, rows.iter().filter_map(|row| Some((row.line, row.value.region.clone()?))));
        let aliases =
            rows.iter().flat_map(|row| row.value.aliases.iter().map(|alias| (row.line, alias.to_lowercase())));
        folder.check_unique(FILE, aliases);
        for row in &rows {
            for problem in problems(&row.value) {
                folder.error_at(FILE, row.line, problem);
            }
        }
        rows.into_iter().map(|row| row.value).collect()
    }

    /// The body with that code.
    pub fn get(&self, code: &AgencyCode) -> Option<&Agency> {
        self.list.get(*self.by_code.get(code)?)
    }

    /// The government of a regency or city.
    pub fn government_of(&self, regency: &RegionCode) -> Option<&Agency> {
        self.list.get(*self.by_region.get(regency)?)
    }

    /// Who stands where, for the ladder.
    pub fn hierarchy(&self) -> Hierarchy {
        let standing = |agency: &Agency| Standing {
            name: agency.name.clone(),
            kind: agency.kind,
            has_queue: agency.has_queue(),
            head: agency.contact.clone(),
            secretary: agency.secretary.clone(),
        };
        Hierarchy(self.iter().map(|agency| (agency.code.clone(), standing(agency))).collect())
    }

    /// All bodies, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Agency> {
        self.list.iter()
    }
}

impl FromIterator<Agency> for Agencies {
    fn from_iter<I: IntoIterator<Item = Agency>>(agencies: I) -> Self {
        let list: Vec<Agency> = agencies.into_iter().collect();
        let by_code = list.iter().enumerate().map(|(i, agency)| (agency.code.clone(), i)).collect();
        let by_region = list.iter().enumerate().filter_map(|(i, agency)| Some((agency.region.clone()?, i))).collect();
        Self { list, by_code, by_region }
    }
}

/// What contradicts itself in one row.
fn problems(agency: &Agency) -> Vec<&'static str> {
    let is_government = agency.kind == AgencyKind::RegencyCity;
    let is_regency = agency.region.as_ref().is_some_and(|region| region.regency().as_ref() == Some(region));
    let desk_without_people = agency.kind == AgencyKind::Desk && agency.consumer != Consumer::Desk;
    [
        (agency.name.is_empty(), "name is empty; give the name that people read"),
        (is_government && !is_regency, "a regency_city needs the code of its regency or city in region (like 33.16)"),
        (!is_government && agency.region.is_some(), "only a regency_city has a region; leave the column empty"),
        (
            agency.has_queue() && agency.live_from.is_none(),
            "live_from is empty; give the day from which it takes tickets",
        ),
        (
            !agency.has_queue() && agency.live_from.is_some(),
            "live_from is set, but consumer is none; nobody takes its tickets",
        ),
        (desk_without_people, "a desk has people: set consumer to desk"),
    ]
    .into_iter()
    .filter_map(|(is_wrong, problem)| is_wrong.then_some(problem))
    .collect()
}

fn semicolons<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
}
