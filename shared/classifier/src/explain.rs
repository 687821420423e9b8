//! Why an answer is what it is, in words of the pack alone: a decision holds no word of a post that may be a name.

use kemala_domain::decision::Reason;
use kemala_domain::{Kind, Urgency};

use crate::pack::{CategoryEntry, Pack};
use crate::reading::Reading;
use crate::rules::About;
use crate::verdict::{Accusation, Verdict};

impl Pack {
    /// What led to a verdict: cues, what the model goes by, names of places.
    pub(crate) fn reasons(
        &self,
        verdict: &Verdict,
        category: Option<&CategoryEntry>,
        reading: &Reading<'_>,
    ) -> Vec<Reason> {
        let Reading { located, votes, .. } = reading;
        let mut reasons: Vec<Reason> = Vec::new();
        let mut conclude = |about: &str, concluded: &str, cues: About| {
            reasons.extend(votes.cues_for(cues).map(|cue| reason(about, concluded, cue)));
            reasons.extend(self.told_by_model(cues, reading).map(|told| reason(about, concluded, &told)));
        };
        conclude("kind", kind_name(verdict.kind), About::Kind(verdict.kind));
        if let (Some(entry), Some(index)) = (category, verdict.category) {
            conclude("category", entry.code.as_str(), About::Category(index));
            conclude("urgency", urgency_name(verdict.urgency), About::Urgency(verdict.urgency));
        }
        if verdict.accusation != Accusation::None && category.is_some() {
            conclude("agency", "supervisory", About::Supervisory);
        }
        if let Some(place) = located.code.as_ref().map(|code| code.as_str()).or(located.outside.as_deref()) {
            reasons.extend(located.matched.iter().map(|name| reason("place", place, name)));
        }
        reasons
    }

    /// What a model goes by in a conclusion: its version, and those words of the post that the pack's cues know. Others
    /// may be somebody's name.
    fn told_by_model(&self, about: About, reading: &Reading<'_>) -> Option<String> {
        let (model, known) = self.model.as_ref().zip(reading.known.as_ref())?;
        let columns = model.columns();
        let column = match about {
            About::Kind(kind) => columns.kind(kind),
            About::Category(index) => index,
            About::Urgency(Urgency::Emergency) => columns.emergency(),
            About::Urgency(Urgency::High) => columns.urgent(),
            About::Urgency(Urgency::Normal) => return None,
            About::Supervisory => columns.accusation(),
        };
        let told = model.telling(known, &reading.terms, column, |term| self.cues.knows(term));
        Some(if told.is_empty() {
            model.version().to_owned()
        } else {
            format!("{}: {}", model.version(), told.join(", "))
        })
    }
}

/// One step of an explanation.
pub(crate) fn reason(about: &str, concluded: &str, matched: &str) -> Reason {
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
