//! From labelled posts to a model.

use kemala_classifier::model::{AgencySureness, Calibration, Columns, Curve, InvalidModel, Model, Parts, hash_of};
use kemala_classifier::{Pack, Post as Text, log_odds};
use kemala_domain::{Kind, Urgency};

use crate::data::{Corpus, Post};
use crate::fit::{logistic, threshold};
use crate::folds::{CrossValidation, OutOfFold, out_of_fold};
use crate::linear::{Question, Sparse, Steps, learn_all};
use crate::targets::{self, is_accusation, one_of};
use crate::vocabulary::Vocabulary;

/// N-grams that a model keeps: more add less than a point, and time to every cold start.
const MOST_GRAMS: usize = 20_000;

/// What comes of training.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Posts it learned from.
    pub posts: usize,
    /// Texts it learned from in all.
    pub texts: usize,
    /// How models do on posts that they have not seen, each learned without a fifth of them.
    pub cross_validation: CrossValidation,
}

/// Told while training: what is being learned, how much of it is done, and how much there is.
pub type Progress<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

/// Why nothing could be learned.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// Too little to learn from.
    #[error("{0} labelled posts are too few to learn from; give at least {FEWEST_POSTS}")]
    TooFew(usize),
    /// The optimiser gave up.
    #[error("the optimiser gave up: {0}")]
    Optimiser(String),
    /// What was learned is no model.
    #[error(transparent)]
    Invalid(#[from] InvalidModel),
}

impl From<argmin::core::Error> for TrainError {
    fn from(error: argmin::core::Error) -> Self {
        Self::Optimiser(error.to_string())
    }
}

/// Fewest posts that training makes sense with.
const FEWEST_POSTS: usize = 50;

/// Weak labels that help with the categories: linear models of their own, whose scores the categories' model sees.
/// As they are linear too, they become a part of its weights, and cost nothing later.
pub(crate) struct Teachers {
    columns: Vec<Vec<f64>>,
}

/// How large a teacher's score is beside the other inputs. Chosen by cross-validation.
const TEACHER: f64 = 0.5;

impl Teachers {
    /// A row with what the teachers say of it. `size` is that of the row without.
    fn seen_by(&self, row: &Sparse, size: usize) -> Sparse {
        let scores = self.columns.iter().map(|column| (TEACHER * crate::linear::score(column, row)) as f32);
        let seen = scores.enumerate().map(|(index, score)| ((size + index) as u32, score));
        row.iter().copied().chain(seen).collect()
    }

    /// The weights over plain rows that give the scores of `weights` over rows with the teachers' scores.
    fn fold_into(&self, weights: &[f64], size: usize) -> Vec<f64> {
        let mut folded: Vec<f64> = weights.get(..size).unwrap_or_default().to_vec();
        folded.push(weights.last().copied().unwrap_or_default());
        for (column, trust) in self.columns.iter().zip(weights.get(size..).unwrap_or_default()) {
            for (sum, weight) in folded.iter_mut().zip(column) {
                *sum += TEACHER * trust * weight;
            }
        }
        folded
    }
}

/// All texts as rows, the posts first.
pub(crate) struct Rows {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) rows: Vec<Sparse>,
    /// Rows that teachers' scores are added to, in the order of the posts.
    pub(crate) taught: Vec<Sparse>,
    pub(crate) negatives: std::ops::Range<usize>,
}

/// Learns a pack's model. The same posts in the same order give the same bytes; its version is made of them.
///
/// # Errors
/// [`TrainError`]
pub fn train(pack: &Pack, corpus: &Corpus, progress: Progress<'_>) -> Result<Trained, TrainError> {
    let count = corpus.posts.len();
    if count < FEWEST_POSTS {
        return Err(TrainError::TooFew(count));
    }
    let unread = corpus.unread_official();
    let texts: Vec<&str> = corpus
        .posts
        .iter()
        .map(|post| post.gold.text.as_str())
        .chain(corpus.negatives.iter().map(String::as_str))
        .chain(corpus.by_topic.iter().map(|(text, _)| text.as_str()))
        .chain(unread.iter().map(|(text, _)| text.as_str()))
        .chain(corpus.official.iter().map(|(text, _)| text.as_str()))
        .collect();
    progress("reading texts", 0, texts.len());
    let inputs: Vec<_> = texts.iter().map(|text| pack.inputs(&Text { text, place_tag: None })).collect();
    let after_negatives = count + corpus.negatives.len();
    let after_topics = after_negatives + corpus.by_topic.len();
    let after_unread = after_topics + unread.len();
    let negatives = count..after_negatives;

    let mut official: Vec<String> = corpus.official.iter().map(|(_, name)| name.clone()).collect();
    official.sort();
    official.dedup();
    let official_index = |name: &String| official.binary_search(name).ok();
    let mut teaching = one_of(
        pack.categories.count(),
        &labelled(after_negatives, &corpus.by_topic, |category| pack.categories.index_of(category)),
    );
    teaching.extend(one_of(official.len(), &labelled(after_topics, &unread, official_index)));
    teaching.retain(|question| question.answers.iter().any(|(_, yes, _)| *yes));
    let posts: Vec<(usize, &Post)> = corpus.posts.iter().enumerate().collect();
    let categories = targets::categories(pack, &posts);
    let plain = targets::plain(pack, &posts, negatives.clone());
    let official_questions = one_of(official.len(), &labelled(after_unread, &corpus.official, official_index));

    // All n-grams first, to see which of them tell most.
    let whole = Vocabulary::of(&inputs);
    let rows: Vec<Sparse> = inputs.iter().map(|inputs| whole.row(inputs)).collect();
    let all: Vec<Question> = [&teaching[..], &categories, &plain].concat();
    let columns = learn_with(&rows, whole.size(), &all, Steps::Few, ("choosing n-grams", progress))?;
    let vocabulary = whole.most_telling(&rows, &columns, MOST_GRAMS);
    drop((rows, columns));

    let size = vocabulary.size();
    let rows: Vec<Sparse> = inputs.iter().map(|inputs| vocabulary.row(inputs)).collect();
    let teachers =
        Teachers { columns: learn_with(&rows, size, &teaching, Steps::All, ("learning from weak labels", progress))? };
    let taught = rows.iter().take(count).map(|row| teachers.seen_by(row, size)).collect();
    let rows = Rows { vocabulary, rows, taught, negatives };
    let taught_size = size + teachers.columns.len();
    let unseen = out_of_fold(pack, corpus, &rows, taught_size, progress)?;

    let mut columns: Vec<Vec<f64>> =
        learn_with(&rows.taught, taught_size, &categories, Steps::All, ("learning categories", progress))?
            .iter()
            .map(|weights| teachers.fold_into(weights, size))
            .collect();
    columns.extend(learn_with(&rows.rows, size, &plain, Steps::All, ("learning kinds and urgency", progress))?);
    columns.extend(learn_with(
        &rows.rows,
        size,
        &official_questions,
        Steps::All,
        ("learning official categories", progress),
    )?);
    let names =
        Columns { categories: pack.categories.iter().map(|category| category.code.clone()).collect(), official };
    let calibration = calibrate(pack, corpus, &unseen)?;
    let cross_validation = CrossValidation::of(pack, corpus, &unseen, &calibration);
    let model = assemble(names, &rows.vocabulary, &columns, calibration)?;
    Ok(Trained { model, posts: count, texts: after_unread, cross_validation })
}

/// Rows from `first` on, each with its class.
fn labelled<T>(
    first: usize,
    rows: &[(String, T)],
    class: impl Fn(&T) -> Option<usize>,
) -> Vec<(usize, Option<usize>, f32)> {
    rows.iter().enumerate().map(|(index, (_, label))| (first + index, class(label), 1.0)).collect()
}

pub(crate) fn learn_with(
    rows: &[Sparse],
    size: usize,
    questions: &[Question],
    steps: Steps,
    (what, progress): (&str, Progress<'_>),
) -> Result<Vec<Vec<f64>>, TrainError> {
    let done = std::sync::atomic::AtomicUsize::new(0);
    progress(what, 0, questions.len());
    let told = || {
        let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        progress(what, done, questions.len());
    };
    Ok(learn_all(rows, size, questions, steps, &told)?)
}

/// Sets of weights as small numbers, and the model that they make.
fn assemble(
    names: Columns,
    vocabulary: &Vocabulary,
    columns: &[Vec<f64>],
    calibration: Calibration,
) -> Result<Model, TrainError> {
    let grams = vocabulary.hashes.len();
    let largest = |column: &Vec<f64>| column.iter().take(grams).fold(0.0f64, |most, weight| most.max(weight.abs()));
    let scales: Vec<f64> = columns.iter().map(|column| (largest(column) / f64::from(i8::MAX)).max(1e-9)).collect();
    let across = |place: usize| columns.iter().filter_map(move |column| column.get(place).copied());
    let weights = (0..grams)
        .flat_map(|gram| across(gram).zip(&scales).map(|(weight, scale)| (weight / scale).round() as i8))
        .collect();
    let mut parts = Parts {
        version: String::new(),
        hashes: vocabulary.hashes.clone(),
        rarity: vocabulary.rarity.clone(),
        weights,
        scales: scales.iter().map(|scale| *scale as f32).collect(),
        dense: (grams..vocabulary.size()).flat_map(across).map(|weight| weight as f32).collect(),
        bias: across(vocabulary.size()).map(|weight| weight as f32).collect(),
        columns: names,
        calibration,
    };
    // Named after what it is, so that the same name is the same model.
    let content: String = Model::new(parts.clone())?.to_bytes().into_iter().map(char::from).collect();
    parts.version = format!("m-{:08x}", hash_of(&[&content]));
    Ok(Model::new(parts)?)
}

/// How much rather an emergency is seen too often than missed: F-beta.
const EMERGENCY_BETA: f32 = 1.5;
/// An accusation goes to the inspectorate alone, so it costs the same to see one too many as to miss one,
const ACCUSATION_BETA: f32 = 1.0;
/// but what may be one costs a human's look only.
const DOUBTFUL_ACCUSATION_BETA: f32 = 2.0;

fn calibrate(pack: &Pack, corpus: &Corpus, unseen: &[OutOfFold]) -> Result<Calibration, TrainError> {
    let posts = || corpus.posts.iter().zip(unseen);
    // Posts written for the project are plainer than what people post: answers to them are right too often. Where there
    // are no others, they must do.
    let has_others = corpus.posts.iter().any(|post| post.gold.is_of_people());
    let real = || posts().filter(move |(post, _)| post.gold.is_of_people() || !has_others);
    let curve = |rows: Vec<(f32, bool)>| -> Result<Curve, TrainError> {
        let (leads, is_right): (Vec<Vec<f64>>, Vec<bool>) =
            rows.into_iter().map(|(lead, is_right)| (vec![f64::from(lead)], is_right)).unzip();
        let weights = logistic(&leads, &is_right, 1)?;
        let at = |index: usize| weights.get(index).copied().unwrap_or_default() as f32;
        Ok(Curve { slope: at(0), shift: at(1) })
    };
    let kind = curve(real().map(|(post, unseen)| (unseen.kind_lead, unseen.kind == post.gold.kind)).collect())?;
    let with_category = real().filter(|(post, _)| post.gold.category.is_some());
    let is_category = |post: &Post, unseen: &OutOfFold| {
        post.gold.category.as_ref().and_then(|category| pack.categories.index_of(category)) == Some(unseen.category)
    };
    let category =
        curve(with_category.map(|(post, unseen)| (unseen.category_lead, is_category(post, unseen))).collect())?;
    let (mut rows, mut is_right) = (Vec::new(), Vec::new());
    for (post, unseen) in real().filter(|(_, unseen)| unseen.kind != Kind::Other) {
        let text = Text { text: &post.gold.text, place_tag: None };
        let (first, knows_place) = pack.first_agency(&text, unseen.category, post.gold.urgency);
        rows.push(vec![
            f64::from(log_odds(kind.at(unseen.kind_lead))),
            f64::from(log_odds(category.at(unseen.category_lead))),
            if knows_place { 1.0 } else { 0.0 },
        ]);
        is_right.push(first.is_some_and(|first| post.gold.agencies.contains(&first)));
    }
    let weights = logistic(&rows, &is_right, 3)?;
    let at = |index: usize| weights.get(index).copied().unwrap_or_default() as f32;
    let scores = |score: fn(&OutOfFold) -> f32, yes: &dyn Fn(&Post) -> bool| -> Vec<(f32, bool, f32)> {
        posts().map(|(post, unseen)| (score(unseen), yes(post), post.weight)).collect()
    };
    let accusations = scores(|unseen| unseen.accusation, &|post| is_accusation(pack, &post.gold));
    Ok(Calibration {
        kind,
        category,
        agency: AgencySureness { kind: at(0), category: at(1), known_place: at(2), shift: at(3) },
        emergency_from: threshold(
            &scores(|unseen| unseen.emergency, &|post| post.gold.urgency == Urgency::Emergency),
            EMERGENCY_BETA,
        ),
        urgent_from: threshold(&scores(|unseen| unseen.urgent, &|post| post.gold.urgency != Urgency::Normal), 1.0),
        accusation_from: threshold(&accusations, ACCUSATION_BETA),
        accusation_doubtful_from: threshold(&accusations, DOUBTFUL_ACCUSATION_BETA),
    })
}
