//! Each name is evidence for what it may mean and for everything in it; the place with the most evidence wins.

use std::collections::BTreeMap;

use kemala_domain::RegionCode;

use crate::text::Token;

use super::Located;
use super::gazetteer::{Level, Name, PlaceEntry};
use super::mentions::{Knowledge, mentions};
use super::roles::Role;
use super::weights::{neighbourly, weigh};

/// Most alternatives that a decision lists.
const MOST_ALTERNATIVES: usize = 5;

/// A meaning of a name, with its weight.
struct Candidate<'a> {
    mention: usize,
    place: &'a PlaceEntry,
    weight: f32,
    matched: &'a str,
    role: Role,
}

/// What the names in a text say.
pub(super) struct Evidence<'a> {
    candidates: Vec<Candidate<'a>>,
    /// The weightiest name of a place outside.
    outside: Option<(f32, &'a str)>,
}

impl<'a> Evidence<'a> {
    /// Reads a text; `name_only` where it is nothing but the name of a place.
    pub(super) fn of(tokens: &[Token], known: Knowledge<'a>, name_only: bool) -> Self {
        let gazetteer = known.gazetteer;
        let mentions = mentions(tokens, known, name_only);
        let mut evidence = Self { candidates: Vec::new(), outside: None };
        for (i, mention) in mentions.iter().enumerate() {
            for name in mention.names {
                let Some(weight) = weigh(&mentions, i, name, gazetteer) else { continue };
                match name {
                    Name::Outside(outside) if evidence.outside.is_none_or(|(other, _)| other < weight) => {
                        evidence.outside = Some((weight, outside));
                    }
                    Name::Outside(_) => {}
                    Name::Official(place) | Name::Everyday(place, _) => {
                        let Some(mut place) = gazetteer.place(*place) else { continue };
                        let matched = if let Name::Everyday(_, alias) = name { alias } else { &place.name };
                        // A name that is repeated is one piece of evidence.
                        let same =
                            |other: usize| mentions.get(other).is_some_and(|other| other.is_repeated_by(mention));
                        let role = mention.role;
                        if matches!(role, Role::End | Role::EndWithin) {
                            let regency = place.code.regency().and_then(|code| gazetteer.index_of(&code));
                            place = regency.and_then(|at| gazetteer.place(at)).unwrap_or(place);
                        }
                        let mention = (0..i).find(|&other| same(other)).unwrap_or(i);
                        evidence.candidates.push(Candidate { mention, place, weight, matched, role });
                    }
                }
            }
        }
        evidence
    }

    /// The place with the most evidence, if that is `enough`. The speaker's own place counts where no other does.
    pub(super) fn conclude(&self, enough: f32) -> Located {
        let located = self.conclude_among(&[Role::Matter, Role::End, Role::EndWithin], enough);
        let is_open = located.code.is_none() && located.outside.is_none() && located.alternatives.is_empty();
        if is_open {
            self.conclude_among(&[Role::Matter, Role::End, Role::EndWithin, Role::Speaker], enough)
        } else {
            located
        }
    }

    fn conclude_among(&self, roles: &[Role], enough: f32) -> Located {
        let mut totals: Vec<(f32, &RegionCode)> = self
            .candidates
            .iter()
            .filter(|candidate| roles.contains(&candidate.role))
            .map(|candidate| (self.total(&candidate.place.code), &candidate.place.code))
            .collect();
        totals.sort_by(|(a, place), (b, other)| b.total_cmp(a).then(place.cmp(other)));
        totals.dedup();
        let best = totals.first().map_or(0.0, |(total, _)| *total);
        if let Some((weight, outside)) = self.outside
            && weight >= enough
            && weight > best
        {
            let outside = outside.to_owned();
            return Located { outside: Some(outside.clone()), matched: vec![outside], ..Located::default() };
        }
        let winners: Vec<&RegionCode> =
            totals.iter().take_while(|(total, _)| *total == best).map(|(_, place)| *place).collect();
        let code = common_place(&winners).filter(|code| best >= enough && Level::of(code) != Level::Province);
        // Smaller places of the same name in a place that was named are no other places.
        let is_named = code.as_ref().is_some_and(|code| winners.contains(&code));
        let is_inner = |place: &RegionCode| winners.iter().any(|other| *other != place && place.is_in(other));
        let alternatives: Vec<RegionCode> = winners
            .iter()
            .filter(|place| !is_named && !is_inner(place))
            .map(|place| (*place).clone())
            .take(MOST_ALTERNATIVES)
            .collect();
        let matched = code.as_ref().map(|code| self.matched(code)).unwrap_or_default();
        Located { code, alternatives, outside: None, matched }
    }

    /// The evidence for a place: of each name the weightiest meaning that is the place or holds it; where it has no
    /// such meaning, one that lies nearby.
    fn total(&self, code: &RegionCode) -> f32 {
        let regency = code.regency().filter(|regency| regency != code);
        let mut of_mention: BTreeMap<usize, (bool, f32)> = BTreeMap::new();
        for candidate in &self.candidates {
            let holds = code.is_in(&candidate.place.code);
            let weight = if holds {
                candidate.weight
            } else if regency.as_ref().is_some_and(|regency| candidate.place.code.is_in(regency)) {
                neighbourly(candidate.weight)
            } else {
                continue;
            };
            let best = of_mention.entry(candidate.mention).or_default();
            if (holds, weight) > *best {
                *best = (holds, weight);
            }
        }
        of_mention.values().map(|(_, weight)| weight).sum()
    }

    /// The names that speak for a place.
    fn matched(&self, code: &RegionCode) -> Vec<String> {
        let mut matched: Vec<String> = Vec::new();
        for candidate in self.candidates.iter().filter(|candidate| code.is_in(&candidate.place.code)) {
            if !matched.iter().any(|name| name == candidate.matched) {
                matched.push(candidate.matched.to_owned());
            }
        }
        matched
    }
}

/// The smallest place that holds all of these.
fn common_place(places: &[&RegionCode]) -> Option<RegionCode> {
    let (first, others) = places.split_first()?;
    std::iter::successors(Some((*first).clone()), RegionCode::parent)
        .find(|candidate| others.iter().all(|place| place.is_in(candidate)))
}
