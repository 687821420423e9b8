//! The model itself: n-grams it knows, and a weight of each for each column.

use super::calibration::Calibration;
use super::columns::Columns;
use super::grams::{Gram, hash_of_term};
use super::inputs::Inputs;

/// A learned model, ready for use.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(super) parts: Parts,
    index: Index,
}

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

/// The n-grams of a post that a model knows, by their index, with their sizes: each block (terms, letters) has length 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known(Vec<(usize, f32)>);

/// Terms that an explanation names at most, and what a term must weigh at least to be named.
const MOST_TOLD: usize = 4;
const LEAST_TOLD: f32 = 0.05;

impl Model {
    /// Name that decisions give.
    pub fn version(&self) -> &str {
        &self.parts.version
    }

    /// What the columns stand for.
    pub fn columns(&self) -> &Columns {
        &self.parts.columns
    }

    /// How sure scores are.
    pub fn calibration(&self) -> &Calibration {
        &self.parts.calibration
    }

    /// How many n-grams it knows.
    pub fn grams(&self) -> usize {
        self.parts.hashes.len()
    }

    /// A model of parts that fit each other.
    pub(super) fn of_parts(parts: Parts) -> Self {
        Self { index: Index::of(&parts.hashes), parts }
    }

    /// The n-grams of a post that it knows.
    pub(crate) fn known(&self, inputs: &Inputs) -> Known {
        let mut known = Vec::with_capacity(inputs.terms.len() + inputs.letters.len());
        for block in [&inputs.terms, &inputs.letters] {
            let start = known.len();
            known.extend(block.iter().filter_map(|gram| self.weigh(gram)));
            normalise(known.get_mut(start..).unwrap_or_default());
        }
        Known(known)
    }

    fn weigh(&self, gram: &Gram) -> Option<(usize, f32)> {
        let index = self.index.find(&self.parts.hashes, gram.hash)?;
        Some((index, tempered(gram.count) * self.parts.rarity.get(index)?))
    }

    /// The terms of a post that speak most for a column, the weightiest first: of those that `may_be_told`.
    pub(crate) fn telling<'a>(
        &self,
        known: &Known,
        terms: &'a [String],
        column: usize,
        may_be_told: impl Fn(&str) -> bool,
    ) -> Vec<&'a str> {
        let weight = |term: &str| {
            let index = self.index.find(&self.parts.hashes, hash_of_term(term))?;
            let (_, size) = known.0.iter().find(|(known, _)| *known == index)?;
            let step = self.parts.weights.get(index * self.parts.columns.count() + column)?;
            Some(f32::from(*step) * size * self.parts.scales.get(column)?)
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
    pub(crate) fn scores(&self, inputs: &Inputs, known: &Known) -> Scores {
        let columns = self.parts.columns.count();
        let mut steps = vec![0.0f32; columns];
        for &(index, size) in &known.0 {
            let row = self.parts.weights.get(index * columns..(index + 1) * columns).unwrap_or_default();
            add(&mut steps, row, size);
        }
        let mut scores: Vec<f32> = steps
            .iter()
            .zip(&self.parts.scales)
            .zip(&self.parts.bias)
            .map(|((steps, scale), bias)| steps * scale + bias)
            .collect();
        let dense = inputs.dense.iter().zip(self.parts.dense.chunks_exact(columns.max(1)));
        for (input, row) in dense.filter(|(input, _)| **input != 0.0) {
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += input * weight;
            }
        }
        Scores(scores)
    }
}

/// Adds a row of weights, times a size, to sums: by eights, which the compiler makes one step of.
fn add(sums: &mut [f32], weights: &[i8], size: f32) {
    let (sums, last_sums) = sums.as_chunks_mut::<8>();
    let (weights, last_weights) = weights.as_chunks::<8>();
    for (sums, weights) in sums.iter_mut().zip(weights) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += size * f32::from(*weight);
        }
    }
    for (sum, weight) in last_sums.iter_mut().zip(last_weights) {
        *sum += size * f32::from(*weight);
    }
}

/// Where hashes with the same first bits begin: most searches end after a look or two.
#[derive(Debug, Clone, PartialEq)]
struct Index(Vec<u32>);

/// First bits of a hash that the index goes by: some ten of 40,000 hashes share them.
const INDEX_BITS: u32 = 12;

impl Index {
    fn of(hashes: &[u32]) -> Self {
        let starts = (0..=1u64 << INDEX_BITS).map(|bits| {
            let first = bits << (u32::BITS - INDEX_BITS);
            hashes.partition_point(|hash| u64::from(*hash) < first) as u32
        });
        Self(starts.collect())
    }

    /// The index of a hash in the hashes that it was made of.
    fn find(&self, hashes: &[u32], hash: u32) -> Option<usize> {
        let bits = (hash >> (u32::BITS - INDEX_BITS)) as usize;
        let (start, end) = (*self.0.get(bits)? as usize, *self.0.get(bits + 1)? as usize);
        let at = hashes.get(start..end)?.iter().position(|known| *known >= hash)?;
        (hashes.get(start + at) == Some(&hash)).then_some(start + at)
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
