//! Kind, category, urgency and accusation by the votes of the pack's cues. A model, where the pack has one, takes the
//! votes as a part of what it sees, and decides.

use kemala_domain::{Kind, Urgency};

use crate::cues::{Cue, CueIndex};
use crate::verdict::{Accusation, Verdict};

/// What a cue speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Kind(Kind),
    /// By its index in the pack's categories.
    Category(usize),
    Urgency(Urgency),
    Supervisory,
}

/// How much a cue speaks for something; below 0, against it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vote {
    pub(crate) about: About,
    pub(crate) weight: f32,
}

/// The cues found in a text.
pub(crate) struct Votes<'a>(Vec<&'a Cue<Vote>>);

/// Sizes of the decision, tuned on the labelled development texts.
mod size {
    /// How much the best category speaks for a complaint, and the most that it may.
    pub(super) const CATEGORY_FOR_COMPLAINT: f32 = 0.3;
    pub(super) const CATEGORY_FOR_COMPLAINT_MOST: f32 = 3.0;
    /// How much danger speaks for a complaint.
    pub(super) const EMERGENCY_FOR_COMPLAINT: f32 = 2.0;
    /// Without any cue a post is nothing to act on.
    pub(super) const OTHER_AT_REST: f32 = 2.0;
    /// Votes that make a text urgent.
    pub(super) const URGENT: f32 = 4.0;
    /// Votes that make an accusation.
    pub(super) const ACCUSED: f32 = 4.0;
    /// Votes that may make one.
    pub(super) const MAY_BE_ACCUSED: f32 = 3.0;
    /// How steeply votes turn into confidence.
    pub(super) const STEEPNESS: f32 = 0.6;
}

impl<'a> Votes<'a> {
    pub(crate) fn of(cues: &'a CueIndex<Vote>, terms: &[String]) -> Self {
        Self(cues.find(terms))
    }

    pub(crate) fn score(&self, about: About) -> f32 {
        self.0.iter().filter(|cue| cue.value.about == about).map(|cue| cue.value.weight).sum()
    }

    /// The cues that spoke for something, as the pack writes them.
    pub(crate) fn cues_for(&self, about: About) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |cue| cue.value.about == about && cue.value.weight > 0.0).map(|cue| cue.text.as_str())
    }

    pub(crate) fn verdict(&self, categories: usize) -> Verdict {
        let scores: Vec<f32> = (0..categories).map(|category| self.score(About::Category(category))).collect();
        let (category, best) = best_of(&scores);
        let for_complaint = (best * size::CATEGORY_FOR_COMPLAINT).clamp(0.0, size::CATEGORY_FOR_COMPLAINT_MOST);
        let urgency = self.urgency();
        let for_help = if urgency == Urgency::Emergency { size::EMERGENCY_FOR_COMPLAINT } else { 0.0 };
        let kinds = [Kind::Complaint, Kind::Question, Kind::Other];
        let [complaint, question, other] = kinds.map(|kind| self.score(About::Kind(kind)));
        let kind_scores = [complaint + for_complaint + for_help, question, other + size::OTHER_AT_REST];
        let (kind, _) = best_of(&kind_scores);
        Verdict {
            kind: kind.and_then(|kind| kinds.get(kind).copied()).unwrap_or(Kind::Other),
            kind_confidence: confidence(&kind_scores),
            category: category.filter(|_| best > 0.0),
            category_confidence: if best > 0.0 { confidence(&scores) } else { 0.0 },
            urgency,
            accusation: Accusation::by_score(self.score(About::Supervisory), size::MAY_BE_ACCUSED, size::ACCUSED),
            official_category: None,
        }
    }

    fn urgency(&self) -> Urgency {
        [Urgency::Emergency, Urgency::High]
            .into_iter()
            .find(|&urgency| self.score(About::Urgency(urgency)) >= size::URGENT)
            .unwrap_or(Urgency::Normal)
    }
}

/// The index of the highest score (the first, where several are equal) and the score.
fn best_of(scores: &[f32]) -> (Option<usize>, f32) {
    let best = scores.iter().copied().enumerate().rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
    (best.map(|(i, _)| i), best.map_or(0.0, |(_, score)| score))
}

/// The share of the best score after a softmax.
fn confidence(scores: &[f32]) -> f32 {
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    1.0 / scores.iter().map(|score| ((score - best) * size::STEEPNESS).exp()).sum::<f32>()
}
