//! How often an answer like this one is right.

use kemala_domain::Kind;

use crate::model::AgencySureness;
use crate::verdict::Verdict;

/// Of a pack without a model: a logistic fit to whether the first agency is one that the labellers accept (3,531
/// labelled training texts; expected calibration error 0.05 on the development texts).
pub(crate) const BY_CUES: AgencySureness = AgencySureness { kind: 0.23, category: 0.23, known_place: 1.1, shift: 0.0 };

/// No answer is closer to certain than this: language is not.
const MOST: f32 = 0.99;

/// The confidence of an answer, 0 to 1: that the first agency is right, or that there is nothing to act on.
pub(crate) fn confidence(verdict: &Verdict, knows_place: bool, weights: &AgencySureness) -> f32 {
    if verdict.kind == Kind::Other {
        return verdict.kind_confidence.min(MOST);
    }
    let place = if knows_place { weights.known_place } else { 0.0 };
    let kind = weights.kind * log_odds(verdict.kind_confidence);
    let category = weights.category * log_odds(verdict.category_confidence);
    (1.0 / (1.0 + (-(kind + category + place + weights.shift)).exp())).min(MOST)
}

/// The log-odds of a share, kept off its ends.
pub fn log_odds(share: f32) -> f32 {
    const EDGE: f32 = 1e-3;
    let share = share.clamp(EDGE, 1.0 - EDGE);
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use kemala_domain::Urgency;

    use super::*;
    use crate::verdict::Accusation;

    fn of(kind_confidence: f32, category_confidence: f32, knows_place: bool) -> f32 {
        let verdict = Verdict {
            kind: Kind::Complaint,
            kind_confidence,
            category: Some(0),
            category_confidence,
            urgency: Urgency::Normal,
            accusation: Accusation::None,
            official_category: None,
        };
        confidence(&verdict, knows_place, &BY_CUES)
    }

    #[test]
    fn it_grows_with_every_part() {
        assert!(of(0.9, 0.9, true) > of(0.9, 0.9, false));
        assert!(of(0.9, 0.9, true) > of(0.9, 0.2, true));
        assert!(of(0.9, 0.9, true) > of(0.4, 0.9, true));
        assert!(of(1.0, 1.0, true) <= MOST);
        assert!(of(0.0, 0.0, false) > 0.0);
    }
}
