//! The model itself: n-grams it knows, and a weight of each for each column.

use super::calibration::Calibration;
use super::columns::Columns;
use super::grams::{Gram, hash_of_term};
use super::inputs::Inputs;

/// A learned model, ready for use.
#[derive(Debug, Clone, PartialEq)]
pub struct Model(pub(super) Parts);

/// What a model is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Name that decisions give, such as `2026-11-24.1`.
    pub version: String,
    /// What the columns stand for.
    pub columns: Columns,
    /// Hashes of the n-grams it knows, in rising order.
    pub hashes: Vec<u32>,
    /// How rare each n-gram is: inverse document frequency.
    pub rarity: Vec<f32>,
    /// Weights of the n-grams, one row for each, one number for each column, in steps of the column's `scales`.
    pub weights: Vec<i8>,
    /// What one step of a weight is worth, for each column.
    pub scales: Vec<f32>,
    /// Weights of the dense inputs, one row for each.
    pub dense: Vec<f32>,
    /// What each column's score begins with.
    pub bias: Vec<f32>,
    /// How sure scores are.
    pub calibration: Calibration,
}

/// The scores of a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores(Vec<f32>);

/// Terms that an explanation names at most, and what a term must weigh at least to be named.
const MOST_TOLD: usize = 4;
const LEAST_TOLD: f32 = 0.05;

impl Model {
    /// Name that decisions give.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// What the columns stand for.
    pub fn columns(&self) -> &Columns {
        &self.0.columns
    }

    /// How sure scores are.
    pub fn calibration(&self) -> &Calibration {
        &self.0.calibration
    }

    /// How many n-grams it knows.
    pub fn grams(&self) -> usize {
        self.0.hashes.len()
    }

    /// The n-grams of a post that it knows, by their index, with their sizes: each block (terms, letters) has length 1.
    pub fn known(&self, inputs: &Inputs) -> Vec<(usize, f32)> {
        let mut known = Vec::with_capacity(inputs.terms.len() + inputs.letters.len());
        for block in [&inputs.terms, &inputs.letters] {
            let start = known.len();
            known.extend(block.iter().filter_map(|gram| self.weigh(gram)));
            normalise(known.get_mut(start..).unwrap_or_default());
        }
        known
    }

    fn weigh(&self, gram: &Gram) -> Option<(usize, f32)> {
        let index = self.0.hashes.binary_search(&gram.hash).ok()?;
        Some((index, tempered(gram.count) * self.0.rarity.get(index)?))
    }

    /// The terms of a post that speak most for a column, the weightiest first: of those that `may_be_told`.
    pub(crate) fn telling<'a>(
        &self,
        inputs: &Inputs,
        terms: &'a [String],
        column: usize,
        may_be_told: impl Fn(&str) -> bool,
    ) -> Vec<&'a str> {
        let sizes = self.known(inputs);
        let weight = |term: &str| {
            let index = self.0.hashes.binary_search(&hash_of_term(term)).ok()?;
            let (_, size) = sizes.iter().find(|(known, _)| *known == index)?;
            let step = self.0.weights.get(index * self.0.columns.count() + column)?;
            Some(f32::from(*step) * size * self.0.scales.get(column)?)
        };
        let mut told: Vec<(f32, &str)> = Vec::new();
        for term in terms.iter().map(String::as_str).filter(|term| may_be_told(term)) {
            match weight(term) {
                Some(weight) if weight > LEAST_TOLD && told.iter().all(|(_, other)| *other != term) => {
                    told.push((weight, term));
                }
                _ => {}
            }
        }
        told.sort_by(|(a, term), (b, other)| b.total_cmp(a).then(term.cmp(other)));
        told.into_iter().take(MOST_TOLD).map(|(_, term)| term).collect()
    }

    /// The score of each column.
    pub fn scores(&self, inputs: &Inputs) -> Scores {
        let columns = self.0.columns.count();
        let mut steps = vec![0.0f32; columns];
        for (index, size) in self.known(inputs) {
            let row = self.0.weights.get(index * columns..(index + 1) * columns).unwrap_or_default();
            for (sum, weight) in steps.iter_mut().zip(row) {
                *sum += size * f32::from(*weight);
            }
        }
        let mut scores: Vec<f32> = steps
            .iter()
            .zip(&self.0.scales)
            .zip(&self.0.bias)
            .map(|((steps, scale), bias)| steps * scale + bias)
            .collect();
        for (input, row) in inputs.dense.iter().zip(self.0.dense.chunks_exact(columns.max(1))) {
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += input * weight;
            }
        }
        Scores(scores)
    }
}

impl Scores {
    /// The score of a column.
    pub fn of(&self, column: usize) -> f32 {
        self.0.get(column).copied().unwrap_or_default()
    }

    /// Of some columns the best, counted from the first of them, and its lead before the second.
    pub fn best(&self, columns: std::ops::Range<usize>) -> Option<(usize, f32)> {
        let scores = self.0.get(columns)?;
        let (best, score) = scores.iter().enumerate().rev().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let others = scores.iter().enumerate().filter(|(index, _)| *index != best);
        let second = others.map(|(_, score)| *score).fold(f32::NEG_INFINITY, f32::max);
        Some((best, if second.is_finite() { score - second } else { 0.0 }))
    }
}

/// A word that stands there twice says more than once, but not twice as much.
pub fn tempered(count: u32) -> f32 {
    1.0 + (count.max(1) as f32).ln()
}

/// Makes numbers of length 1.
pub fn normalise(sizes: &mut [(usize, f32)]) {
    let length = sizes.iter().map(|(_, size)| size * size).sum::<f32>().sqrt();
    if length > 0.0 {
        sizes.iter_mut().for_each(|(_, size)| *size /= length);
    }
}
