//! Who acts first and who else, by the pack's rules in their order.

use kemala_domain::decision::Category;
use kemala_domain::ids::InvalidId;
use kemala_domain::{AgencyCode, RegionCode, Urgency};
use serde::Deserialize;

use crate::cues::{CueIndex, Phrase};
use crate::pack::{Agencies, CategoryEntry};
use crate::text::Words;

/// A rule: where its conditions are met, it says who acts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) categories: Vec<Category>,
    /// Whether one of its cues must be there.
    pub(crate) needs_cue: bool,
    pub(crate) place: Option<PlaceCondition>,
    pub(crate) urgency: Option<Urgency>,
    pub(crate) first: Recipient,
    pub(crate) others: Vec<Recipient>,
}

/// What must be known of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlaceCondition {
    /// The regency or city.
    Known,
    /// Nothing.
    Unknown,
}

/// Who a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Recipient {
    /// `regency`: the government of the regency or city.
    Regency,
    /// `named`: the body that the text names.
    Named,
    /// An agency by its code.
    Agency(AgencyCode),
}

impl TryFrom<String> for Recipient {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        match text.as_str() {
            "regency" => Ok(Self::Regency),
            "named" => Ok(Self::Named),
            code => code.parse().map(Self::Agency),
        }
    }
}

/// The rules of a pack, ready for use.
#[derive(Debug, Clone)]
pub(crate) struct Routing {
    rules: Vec<Rule>,
    conditions: CueIndex<Condition>,
    /// Names of bodies.
    names: CueIndex<AgencyCode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Asks(usize),
    Forbids(usize),
}

/// What is known of a matter before it is known who acts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matter<'a> {
    pub(crate) category: &'a CategoryEntry,
    pub(crate) regency: Option<&'a RegionCode>,
    pub(crate) urgency: Urgency,
}

/// Who acts, and by which rule.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Route {
    pub(crate) rule: String,
    /// Best first; empty where nobody is known.
    pub(crate) agencies: Vec<AgencyCode>,
}

impl Routing {
    /// Compiles rules, each with the cues of which one must be there and those that must not.
    pub(crate) fn new(words: &Words, entries: Vec<(Rule, Vec<String>, Vec<String>)>, agencies: &Agencies) -> Self {
        let mut rules = Vec::new();
        let mut conditions = Vec::new();
        for (i, (rule, any, none)) in entries.into_iter().enumerate() {
            conditions.extend(any.into_iter().map(|cue| (cue, Condition::Asks(i))));
            conditions.extend(none.into_iter().map(|cue| (cue, Condition::Forbids(i))));
            rules.push(rule);
        }
        let names =
            agencies.iter().flat_map(|agency| agency.aliases.iter().map(|alias| (alias.clone(), agency.code.clone())));
        Self { rules, conditions: index(words, conditions), names: index(words, names) }
    }

    /// Who acts: by the first rule that fits, else the lead of the category.
    pub(crate) fn route(&self, matter: Matter<'_>, terms: &[String], agencies: &Agencies) -> Route {
        let conditions: Vec<Condition> = self.conditions.find(terms).into_iter().map(|cue| cue.value).collect();
        let named: Vec<AgencyCode> = self.names.find(terms).into_iter().map(|cue| cue.value.clone()).collect();
        let government = matter.regency.and_then(|regency| agencies.government_of(regency)).map(|agency| &agency.code);
        let resolve = |recipient: &Recipient| match recipient {
            Recipient::Regency => government.cloned(),
            Recipient::Named => named.first().cloned(),
            Recipient::Agency(code) => Some(code.clone()),
        };
        let by_rule = self.rules.iter().enumerate().filter(|(i, rule)| rule.fits(*i, matter, &conditions)).find_map(
            |(_, rule)| {
                let first = resolve(&rule.first)?;
                Some((
                    rule.id.clone(),
                    std::iter::once(first).chain(rule.others.iter().filter_map(resolve)).collect::<Vec<_>>(),
                ))
            },
        );
        let (rule, codes) =
            by_rule.unwrap_or_else(|| ("lead".to_owned(), matter.category.lead.clone().into_iter().collect()));
        let mut distinct: Vec<AgencyCode> = Vec::new();
        for code in codes {
            if !distinct.contains(&code) {
                distinct.push(code);
            }
        }
        Route { rule, agencies: distinct }
    }
}

fn index<T>(words: &Words, cues: impl IntoIterator<Item = (String, T)>) -> CueIndex<T> {
    CueIndex::new(cues.into_iter().filter_map(|(text, value)| Some((Phrase::new(words, &text)?, text, value))))
}

impl Rule {
    fn fits(&self, index: usize, matter: Matter<'_>, conditions: &[Condition]) -> bool {
        let place = match self.place {
            Some(PlaceCondition::Known) => matter.regency.is_some(),
            Some(PlaceCondition::Unknown) => matter.regency.is_none(),
            None => true,
        };
        place
            && self.categories.contains(&matter.category.code)
            && self.urgency.is_none_or(|urgency| urgency == matter.urgency)
            && (!self.needs_cue || conditions.contains(&Condition::Asks(index)))
            && !conditions.contains(&Condition::Forbids(index))
    }
}
