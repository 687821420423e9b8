//! Two tasks with official labels, to compare the learner with others: it learns from four fifths of the texts and is
//! asked about the last.

use kemala_classifier::model::hash_of;
use kemala_classifier::{Pack, Post};
use serde::Serialize;

use crate::data::Corpus;
use crate::folds::best;
use crate::linear::{Sparse, Steps, score};
use crate::metrics::Confusion;
use crate::targets::one_of;
use crate::train::{Progress, TrainError, learn_with};
use crate::vocabulary::Vocabulary;

/// What is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// LaporGub's categories, from stemmed texts.
    LaporGub,
    /// Which agency of another city, from raw texts.
    OtherCity,
}

/// How well a task was learned.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Benchmark {
    /// The task.
    pub task: Task,
    /// Texts it learned from.
    pub learned_from: usize,
    /// How it did on the others.
    pub held_out: Confusion,
}

/// Of the texts one in so many is held out.
const HELD_OUT_ONE_IN: u32 = 5;

/// Learns a task from four fifths of its texts and measures the last. Which those are follows from the texts alone.
///
/// # Errors
/// [`TrainError`], also where the data have too few texts of the task.
pub fn benchmark(pack: &Pack, corpus: &Corpus, task: Task, progress: Progress<'_>) -> Result<Benchmark, TrainError> {
    let texts = match task {
        Task::LaporGub => &corpus.official,
        Task::OtherCity => &corpus.other_city,
    };
    let (held_out, learned): (Vec<_>, Vec<_>) =
        texts.iter().partition(|(text, _)| hash_of(&[text]).is_multiple_of(HELD_OUT_ONE_IN));
    if learned.is_empty() || held_out.is_empty() {
        return Err(TrainError::TooFew(texts.len()));
    }
    let mut names: Vec<&str> = learned.iter().map(|(_, label)| label.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    progress("reading texts", 0, texts.len());
    let inputs = |rows: &[&(String, String)]| -> Vec<_> {
        rows.iter().map(|(text, _)| pack.inputs(&Post { text, place_tag: None })).collect()
    };
    let seen = inputs(&learned);
    let vocabulary = Vocabulary::of(&seen);
    let rows: Vec<Sparse> = seen.iter().map(|inputs| vocabulary.row(inputs)).collect();
    let classes: Vec<_> = learned
        .iter()
        .enumerate()
        .map(|(row, (_, label))| (row, names.binary_search(&label.as_str()).ok(), 1.0))
        .collect();
    let questions = one_of(names.len(), &classes);
    let columns = learn_with(&rows, vocabulary.size(), &questions, Steps::All, ("learning", progress))?;
    let answer = |row: &Sparse| {
        let (class, _) = best(columns.iter().map(|column| score(column, row)));
        names.get(class).copied().unwrap_or_default().to_owned()
    };
    let said = inputs(&held_out).iter().map(|inputs| answer(&vocabulary.row(inputs))).collect::<Vec<_>>();
    let pairs: Vec<(String, String)> = held_out.iter().map(|(_, label)| label.clone()).zip(said).collect();
    Ok(Benchmark { task, learned_from: learned.len(), held_out: Confusion::of(&pairs) })
}
