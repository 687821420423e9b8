//! Which n-grams a model knows, and how posts become rows of numbers.

use std::collections::HashMap;

use kemala_classifier::model::{Gram, Inputs, normalise, tempered};

use crate::linear::Sparse;

/// The n-grams of a model, in the order of their hashes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Vocabulary {
    pub(crate) hashes: Vec<u32>,
    pub(crate) rarity: Vec<f32>,
    /// Numbers beside the n-grams.
    pub(crate) dense: usize,
}

/// Texts that an n-gram must stand in.
const FEWEST_TEXTS: u32 = 2;

impl Vocabulary {
    /// The n-grams that stand in two texts or more.
    pub(crate) fn of(texts: &[Inputs]) -> Self {
        let mut texts_with: HashMap<u32, u32> = HashMap::new();
        for gram in texts.iter().flat_map(|inputs| inputs.terms.iter().chain(&inputs.letters)) {
            *texts_with.entry(gram.hash).or_default() += 1;
        }
        let mut kept: Vec<(u32, u32)> = texts_with.into_iter().filter(|(_, texts)| *texts >= FEWEST_TEXTS).collect();
        kept.sort_unstable();
        let rarity = |with: u32| ((1.0 + texts.len() as f32) / (1.0 + with as f32)).ln() + 1.0;
        Self {
            hashes: kept.iter().map(|(hash, _)| *hash).collect(),
            rarity: kept.iter().map(|(_, texts)| rarity(*texts)).collect(),
            dense: texts.first().map_or(0, |inputs| inputs.dense.len()),
        }
    }

    /// Numbers in a row.
    pub(crate) fn size(&self) -> usize {
        self.hashes.len() + self.dense
    }

    /// A post as a row: its n-grams as the model will see them, then its dense numbers.
    pub(crate) fn row(&self, inputs: &Inputs) -> Sparse {
        let mut row = Vec::with_capacity(inputs.terms.len() + inputs.letters.len() + inputs.dense.len());
        for block in [&inputs.terms, &inputs.letters] {
            let mut known: Vec<(usize, f32)> = block.iter().filter_map(|gram| self.weigh(gram)).collect();
            normalise(&mut known);
            row.extend(known.into_iter().map(|(index, size)| (index as u32, size)));
        }
        let dense = inputs.dense.iter().enumerate().filter(|(_, number)| **number != 0.0);
        row.extend(dense.map(|(index, number)| ((self.hashes.len() + index) as u32, *number)));
        row
    }

    fn weigh(&self, gram: &Gram) -> Option<(usize, f32)> {
        let index = self.hashes.binary_search(&gram.hash).ok()?;
        Some((index, tempered(gram.count) * self.rarity.get(index)?))
    }

    /// The `most` n-grams that move scores most: by their weights and by how much they stand in the rows.
    pub(crate) fn most_telling(&self, rows: &[Sparse], columns: &[Vec<f64>], most: usize) -> Self {
        let mut presence = vec![0.0f64; self.hashes.len()];
        for &(place, size) in rows.iter().flatten() {
            if let Some(sum) = presence.get_mut(place as usize) {
                *sum += f64::from(size) * f64::from(size);
            }
        }
        let weight = |gram: usize| columns.iter().filter_map(|column| column.get(gram)).map(|w| w * w).sum::<f64>();
        let mut ranked: Vec<(f64, usize)> =
            presence.iter().enumerate().map(|(gram, presence)| (presence * weight(gram), gram)).collect();
        ranked.sort_by(|(a, gram), (b, other)| b.total_cmp(a).then(gram.cmp(other)));
        let mut kept: Vec<usize> = ranked.into_iter().take(most).map(|(_, gram)| gram).collect();
        kept.sort_unstable();
        let of = |gram: &usize| Some((*self.hashes.get(*gram)?, *self.rarity.get(*gram)?));
        let (hashes, rarity) = kept.iter().filter_map(of).unzip();
        Self { hashes, rarity, dense: self.dense }
    }
}
