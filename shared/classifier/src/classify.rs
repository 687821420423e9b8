//! One post to one decision.

use jiff::civil::Date;
use kemala_domain::decision::{Place, Reason};
use kemala_domain::report::PlaceTag;
use kemala_domain::{AgencyCode, Decision, Kind, Urgency};

use crate::confidence::{Sureness, confidence};
use crate::masking::mask;
use crate::pack::{CategoryEntry, Pack};
use crate::place::{Knowledge, Located, locate};
use crate::routing::{Matter, Route};
use crate::rules::{About, Verdict, Votes};
use crate::text::{Hashtags, Token, tokenize_with};

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
    /// The text with personal data masked.
    pub masked_text: String,
}

/// Who gets a report first, and why.
struct Assignment {
    addressee: AgencyCode,
    likely: Option<AgencyCode>,
    others: Vec<AgencyCode>,
    reasons: Vec<Reason>,
}

impl Pack {
    /// Decides about a post, as of a day (agencies go live on one). The same post and day give the same answer.
    pub fn classify(&self, post: &Post<'_>, today: Date) -> Classified {
        let tokens = self.tokens(post.text);
        let terms = self.words.terms(&tokens);
        let is_word = |word: &str| self.is_word(word);
        let known = Knowledge { gazetteer: &self.gazetteer, words: &self.place_words, is_word: &is_word };
        let located = locate(&tokens, post.place_tag, known);
        let votes = Votes::of(&self.cues, &terms);
        let verdict = votes.verdict(self.categories.iter().count());
        let is_report = verdict.kind != Kind::Other;
        let category = self.category(&verdict).filter(|_| is_report);
        let regency = located.code.as_ref().and_then(|code| code.regency());
        let supervisory =
            is_report && (verdict.supervisory || category.is_some_and(|category| self.is_supervisory(category)));
        let route = category.filter(|_| located.outside.is_none()).map(|category| {
            let matter = Matter { category, regency: regency.as_ref(), urgency: verdict.urgency };
            self.routing.route(matter, &terms, &self.jurisdiction.agencies)
        });
        let needs_location = verdict.kind == Kind::Complaint
            && located.code.is_none()
            && located.outside.is_none()
            && category.is_none_or(|category| category.needs_place);
        let confidence = confidence(Sureness {
            kind: verdict.kind_confidence,
            category: category.map(|_| verdict.category_confidence),
            knows_place: regency.is_some(),
        });
        let mut reasons = self.reasons(&verdict, category, &located, &votes);
        let assignment = self.assign(route, supervisory, confidence, &located, today);
        reasons.extend(assignment.reasons);
        let decision = Decision {
            kind: verdict.kind,
            category: category.map(|category| category.code.clone()),
            urgency: if is_report { verdict.urgency } else { Urgency::Normal },
            supervisory,
            needs_location,
            triage: assignment.addressee == self.jurisdiction.triage_desk,
            addressee: assignment.addressee,
            likely: assignment.likely,
            others: assignment.others,
            confidence,
            reasons,
            place: self.place(located),
            pack_version: self.jurisdiction.version.clone(),
        };
        Classified { decision, masked_text: mask(post.text) }
    }

    /// The tokens of a post, as all that read it take them.
    pub(crate) fn tokens(&self, text: &str) -> Vec<Token> {
        tokenize_with(text, Hashtags { ignored: &self.ignored_hashtags, is_known: &|word| self.knows(word) })
    }

    /// Whether letters are a word of the pack or the name of a place.
    fn knows(&self, word: &str) -> bool {
        /// Shorter names are parts of too many words.
        const SHORTEST_NAME: usize = 5;
        let is_name = || word.len() >= SHORTEST_NAME && !self.gazetteer.named(word).is_empty();
        is_name() || self.is_word(word)
    }

    /// Whether letters are a word of the pack: in its list or in a cue.
    fn is_word(&self, word: &str) -> bool {
        self.words.knows(word) || self.words.phrase(word).iter().all(|term| self.cues.knows(term))
    }

    /// The category of a verdict; the pack's category without a lead where no cue speaks for any.
    fn category(&self, verdict: &Verdict) -> Option<&CategoryEntry> {
        match verdict.category {
            Some(category) => self.categories.at(category),
            None => self.categories.iter().find(|category| category.lead.is_none()),
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

    /// Sends a matter to an agency only where that is no guess.
    fn assign(
        &self,
        route: Option<Route>,
        supervisory: bool,
        confidence: f32,
        located: &Located,
        today: Date,
    ) -> Assignment {
        let jurisdiction = &self.jurisdiction;
        let triage = |why: &str, mut agencies: std::vec::IntoIter<AgencyCode>, mut reasons: Vec<Reason>| {
            reasons.push(reason("triage", jurisdiction.triage_desk.as_str(), why));
            let likely = agencies.next();
            Assignment { addressee: jurisdiction.triage_desk.clone(), likely, others: agencies.collect(), reasons }
        };
        if located.outside.is_some() {
            return triage("outside", Vec::new().into_iter(), Vec::new());
        }
        let Some(route) = route else { return triage("nothing_to_act_on", Vec::new().into_iter(), Vec::new()) };
        if supervisory {
            // Never to the accused: nobody else gets to see it.
            let inspectorate = jurisdiction.inspectorate.clone();
            let reasons = vec![reason("agency", inspectorate.as_str(), "supervisory")];
            return Assignment { addressee: inspectorate, likely: None, others: Vec::new(), reasons };
        }
        let Route { rule, agencies } = route;
        let mut agencies = agencies.into_iter();
        let Some(first) = agencies.as_slice().first().cloned() else {
            return triage("no_agency", agencies, Vec::new());
        };
        let reasons = vec![reason("agency", first.as_str(), &rule)];
        let is_live = jurisdiction.agencies.get(&first).is_some_and(|agency| agency.is_live(today));
        if confidence < jurisdiction.triage_below {
            return triage("unsure", agencies, reasons);
        }
        if !is_live {
            return triage("no_live_queue", agencies, reasons);
        }
        agencies.next();
        Assignment { addressee: first, likely: None, others: agencies.collect(), reasons }
    }

    fn reasons(
        &self,
        verdict: &Verdict,
        category: Option<&CategoryEntry>,
        located: &Located,
        votes: &Votes<'_>,
    ) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        let kind = kind_name(verdict.kind);
        reasons.extend(votes.cues_for(About::Kind(verdict.kind)).map(|cue| reason("kind", kind, cue)));
        if let (Some(entry), Some(index)) = (category, verdict.category) {
            reasons
                .extend(votes.cues_for(About::Category(index)).map(|cue| reason("category", entry.code.as_str(), cue)));
        }
        if let Some(place) = located.code.as_ref().map(|code| code.as_str()).or(located.outside.as_deref()) {
            reasons.extend(located.matched.iter().map(|name| reason("place", place, name)));
        }
        if category.is_some() {
            let urgency = urgency_name(verdict.urgency);
            reasons.extend(votes.cues_for(About::Urgency(verdict.urgency)).map(|cue| reason("urgency", urgency, cue)));
            reasons.extend(votes.cues_for(About::Supervisory).map(|cue| reason("agency", "supervisory", cue)));
        }
        reasons
    }
}

fn reason(about: &str, concluded: &str, matched: &str) -> Reason {
    Reason { about: about.to_owned(), concluded: concluded.to_owned(), matched: matched.to_owned() }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Complaint => "complaint",
        Kind::Question => "question",
        Kind::Other => "other",
    }
}

fn urgency_name(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "normal",
        Urgency::High => "high",
        Urgency::Emergency => "emergency",
    }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
