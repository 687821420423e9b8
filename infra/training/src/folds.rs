//! What a model says of posts that it has not seen: learned five times, each time without a fifth of the posts.

use kemala_classifier::Pack;
use kemala_classifier::model::{Calibration, KINDS};
use kemala_domain::{Kind, Urgency};
use serde::Serialize;

use crate::data::{Corpus, Gold, Post};
use crate::linear::{Sparse, Steps, score};
use crate::metrics::{Found, Share};
use crate::targets;
use crate::train::{Progress, Rows, TrainError, learn_with};

/// In how many parts the posts are cut.
const FOLDS: usize = 5;

/// The answers for a post by a model that has not seen it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OutOfFold {
    pub(crate) kind: Kind,
    /// By how much the kind leads before the second.
    pub(crate) kind_lead: f32,
    /// Index of the category.
    pub(crate) category: usize,
    /// By how much it leads before the second.
    pub(crate) category_lead: f32,
    pub(crate) emergency: f32,
    pub(crate) urgent: f32,
    pub(crate) accusation: f32,
}

/// How the answers of models do that have not seen the posts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CrossValidation {
    /// Kinds.
    pub kind: Share,
    /// Categories of reports.
    pub category: Share,
    /// Categories of reports whose reader had no doubt.
    pub category_sure: Share,
    /// Emergencies.
    pub emergency: Found,
    /// Accusations against officials.
    pub accusation: Found,
}

impl CrossValidation {
    pub(crate) fn of(pack: &Pack, corpus: &Corpus, unseen: &[OutOfFold], calibration: &Calibration) -> Self {
        let posts = || corpus.posts.iter().map(|post| &post.gold).zip(unseen);
        let reports = || posts().filter(|(gold, _)| gold.category.is_some());
        let is_category = |(gold, unseen): (&Gold, &OutOfFold)| {
            gold.category.as_ref() == pack.categories.at(unseen.category).map(|category| &category.code)
        };
        Self {
            kind: Share::of(posts().map(|(gold, unseen)| gold.kind == unseen.kind)),
            category: Share::of(reports().map(is_category)),
            category_sure: Share::of(reports().filter(|(gold, _)| gold.sure).map(is_category)),
            emergency: Found::of_flags(posts().map(|(gold, unseen)| {
                (gold.urgency == Urgency::Emergency, unseen.emergency >= calibration.emergency_from)
            })),
            accusation: Found::of_flags(posts().map(|(gold, unseen)| {
                (targets::is_accusation(pack, gold), unseen.accusation >= calibration.accusation_from)
            })),
        }
    }
}

/// The answers for all posts, in their order.
pub(crate) fn out_of_fold(
    pack: &Pack,
    corpus: &Corpus,
    rows: &Rows,
    taught_size: usize,
    progress: Progress<'_>,
) -> Result<Vec<OutOfFold>, TrainError> {
    let mut answers: Vec<Option<OutOfFold>> = vec![None; corpus.posts.len()];
    let size = rows.vocabulary.size();
    for fold in 0..FOLDS {
        // Posts that stand beside each other in a file are often alike: they go to one fold.
        let is_out = |index: usize| index / 8 % FOLDS == fold;
        let seen: Vec<(usize, &Post)> = corpus.posts.iter().enumerate().filter(|(index, _)| !is_out(*index)).collect();
        let what = format!("checking, part {} of {FOLDS}", fold + 1);
        let mut columns =
            learn_with(&rows.taught, taught_size, &targets::categories(pack, &seen), Steps::All, (&what, progress))?;
        let plain = targets::plain(pack, &seen, rows.negatives.clone());
        let of_categories = columns.len();
        columns.extend(learn_with(&rows.rows, size, &plain, Steps::All, (&what, progress))?);
        for (index, answer) in answers.iter_mut().enumerate().filter(|(index, _)| is_out(*index)) {
            let (Some(row), Some(taught)) = (rows.rows.get(index), rows.taught.get(index)) else { continue };
            *answer = Some(asked(&columns, of_categories, row, taught));
        }
    }
    Ok(answers.into_iter().flatten().collect())
}

fn asked(columns: &[Vec<f64>], of_categories: usize, row: &Sparse, taught: &Sparse) -> OutOfFold {
    let (categories, plain) = columns.split_at(of_categories);
    let (category, category_lead) = best(categories.iter().map(|column| score(column, taught)));
    let (kind, kind_lead) = best(plain.iter().take(KINDS.len()).map(|column| score(column, row)));
    let of = |index: usize| plain.get(KINDS.len() + index).map_or(0.0, |column| score(column, row) as f32);
    OutOfFold {
        kind: KINDS.get(kind).copied().unwrap_or(Kind::Other),
        kind_lead,
        category,
        category_lead,
        emergency: of(0),
        urgent: of(1),
        accusation: of(2),
    }
}

/// The index of the best score, and its lead before the second.
pub(crate) fn best(scores: impl Iterator<Item = f64>) -> (usize, f32) {
    let mut sorted: Vec<(f64, usize)> = scores.enumerate().map(|(index, score)| (score, index)).collect();
    sorted.sort_by(|(a, index), (b, other)| b.total_cmp(a).then(index.cmp(other)));
    match sorted.as_slice() {
        [(best, index), (second, _), ..] => (*index, (best - second) as f32),
        [(_, index)] => (*index, 0.0),
        [] => (0, 0.0),
    }
}
