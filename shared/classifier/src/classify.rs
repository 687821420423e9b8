//! One post to one decision.

use jiff::civil::Date;
use kemala_domain::decision::Place;
use kemala_domain::report::PlaceTag;
use kemala_domain::{Decision, Kind, RegionCode, Urgency};

use crate::confidence::{BY_CUES, confidence};
use crate::masking::mask;
use crate::pack::{CategoryEntry, Pack};
use crate::place::Located;
use crate::reading::Reading;
use crate::routing::Matter;
use crate::verdict::{Accusation, Verdict};

/// What the classifier reads of a report.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// The text as it was written.
    pub text: &'a str,
    /// The place tagged on it.
    pub place_tag: Option<&'a PlaceTag>,
}

/// What the classifier says about a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified {
    /// The decision with its reasons; it holds no word of the post that is not in the pack.
    pub decision: Decision,
    /// LaporGub's name of what it is about; `None` where there is nothing to act on.
    pub official_category: Option<String>,
    /// How often a category found like this one is right, 0 to 1; 0 where nothing speaks for one.
    pub category_confidence: f32,
    /// The text with personal data masked.
    pub masked_text: String,
}

impl Pack {
    /// Decides about a post, as of a day (agencies go live on one). The same post and day give the same answer.
    pub fn classify(&self, post: &Post<'_>, today: Date) -> Classified {
        let reading = self.read_post(post);
        let verdict = self.verdict(&reading);
        let regency = reading.regency();
        let weights = self.model.as_ref().map_or(&BY_CUES, |model| &model.calibration().agency);
        let confidence = confidence(&verdict, regency.is_some(), weights);
        // What is surely nothing to act on is about nothing; of the rest it is told what it would be about.
        let is_report = verdict.kind != Kind::Other;
        let is_worth_a_look = is_report || confidence < self.jurisdiction.nothing_to_act_on_from;
        let category = verdict.category.and_then(|index| self.categories.at(index)).filter(|_| is_worth_a_look);
        let category = category.or_else(|| self.categories.without_lead().filter(|_| is_report));
        let accusation = match category {
            _ if !is_report => Accusation::None,
            Some(category) if self.is_supervisory(category) => Accusation::Made,
            _ => verdict.accusation,
        };
        let located = &reading.located;
        let route = category.filter(|_| located.outside.is_none()).map(|category| {
            let matter = Matter { category, regency: regency.as_ref(), urgency: verdict.urgency };
            self.routing.route(matter, &reading.terms, &self.jurisdiction.agencies)
        });
        let needs_location = verdict.kind == Kind::Complaint
            && located.code.is_none()
            && located.outside.is_none()
            && category.is_none_or(|category| category.needs_place);
        let mut reasons = self.reasons(&verdict, category, &reading);
        let assignment = self.assign(route, is_report, accusation, confidence, located, today);
        reasons.extend(assignment.reasons);
        let official_category = category.map(|category| match verdict.official_category {
            Some(official) => official,
            None => category.laporgub_category.clone(),
        });
        let decision = Decision {
            kind: verdict.kind,
            category: category.map(|category| category.code.clone()),
            urgency: if is_report { verdict.urgency } else { Urgency::Normal },
            supervisory: accusation == Accusation::Made,
            needs_location,
            triage: assignment.addressee == self.jurisdiction.triage_desk,
            addressee: assignment.addressee,
            likely: assignment.likely,
            others: assignment.others,
            confidence,
            reasons,
            place: self.place(reading.located),
            pack_version: self.jurisdiction.version.clone(),
            model_version: self.model.as_ref().map(|model| model.version().to_owned()),
        };
        let category_confidence = verdict.category_confidence;
        Classified { decision, official_category, category_confidence, masked_text: mask(post.text) }
    }

    /// A place of the jurisdiction by its code; `None` where there is none.
    pub fn place_of(&self, code: &RegionCode) -> Option<Place> {
        self.gazetteer.index_of(code)?;
        Some(Place { code: Some(code.clone()), name: self.gazetteer.full_name(code), ..Place::default() })
    }

    fn verdict(&self, reading: &Reading<'_>) -> Verdict {
        match self.model.as_ref().zip(reading.known.as_ref()) {
            Some((model, known)) => model.verdict(&reading.inputs, known),
            None => reading.votes.verdict(self.categories.count()),
        }
    }

    fn is_supervisory(&self, category: &CategoryEntry) -> bool {
        category.lead.as_ref() == Some(&self.jurisdiction.inspectorate)
    }

    fn place(&self, located: Located) -> Place {
        Place {
            name: located.code.as_ref().and_then(|code| self.gazetteer.full_name(code)),
            code: located.code,
            outside: located.outside,
            alternatives: located.alternatives,
        }
    }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
