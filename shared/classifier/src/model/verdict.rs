//! From scores to a verdict.

use kemala_domain::{Kind, Urgency};

use super::columns::KINDS;
use super::inputs::Inputs;
use super::weights::{Known, Model};
use crate::verdict::{Accusation, Verdict};

impl Model {
    /// What the model says of a post.
    pub(crate) fn verdict(&self, inputs: &Inputs, known: &Known) -> Verdict {
        let (columns, calibration) = (self.columns(), self.calibration());
        let scores = self.scores(inputs, known);
        let first_kind = columns.kind(Kind::Complaint);
        let (kind, kind_lead) = scores.best(first_kind..first_kind + KINDS.len()).unwrap_or_default();
        let category = scores.best(0..columns.categories.len());
        let official = scores.best(columns.first_official()..columns.count());
        let is_from = |column: usize, from: f32| scores.of(column) >= from;
        let urgency = if is_from(columns.emergency(), calibration.emergency_from) {
            Urgency::Emergency
        } else if is_from(columns.urgent(), calibration.urgent_from) {
            Urgency::High
        } else {
            Urgency::Normal
        };
        Verdict {
            kind: KINDS.get(kind).copied().unwrap_or(Kind::Other),
            kind_confidence: calibration.kind.at(kind_lead),
            category: category.map(|(category, _)| category),
            category_confidence: category.map_or(0.0, |(_, lead)| calibration.category.at(lead)),
            urgency,
            accusation: Accusation::by_score(
                scores.of(columns.accusation()),
                calibration.accusation_doubtful_from,
                calibration.accusation_from,
            ),
            official_category: official.and_then(|(official, _)| columns.official.get(official).cloned()),
        }
    }
}
