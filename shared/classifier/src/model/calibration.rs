//! From scores to how often they are right.

use serde::{Deserialize, Serialize};

/// A logistic curve (Platt scaling): `1 / (1 + e^-(slope · x + shift))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// How steep.
    pub slope: f32,
    /// Where it begins.
    pub shift: f32,
}

impl Curve {
    /// The share of right answers at `x`, 0 to 1.
    pub fn at(self, x: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * x + self.shift)).exp())
    }
}

/// How sure scores are, fitted on posts that the weights had not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Of the kind, over its lead before the second best.
    pub kind: Curve,
    /// Of the category, over its lead before the second best.
    pub category: Curve,
    /// Of the first agency: weights of the log-odds of kind and category, and what a known place adds.
    pub agency: AgencySureness,
    /// Scores from which on a post is an emergency, urgent, an accusation.
    pub emergency_from: f32,
    /// See `emergency_from`.
    pub urgent_from: f32,
    /// See `emergency_from`.
    pub accusation_from: f32,
    /// Score from which on it may be an accusation.
    pub accusation_doubtful_from: f32,
}

/// How sure the first agency is: a logistic of what else is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencySureness {
    /// Weight of the kind's log-odds.
    pub kind: f32,
    /// Weight of the category's log-odds.
    pub category: f32,
    /// What a known regency or city adds.
    pub known_place: f32,
    /// Where it begins.
    pub shift: f32,
}
