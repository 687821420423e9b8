//! The questions that a model learns to answer, as rows with yes or no.

use std::collections::BTreeMap;

use kemala_classifier::Pack;
use kemala_classifier::model::KINDS;
use kemala_domain::{Kind, Urgency};

use crate::data::{Gold, Post};
use crate::linear::Question;

/// How much a text from elsewhere counts that is nothing to act on: such texts are many, and unlike tweets.
const NEGATIVE: f32 = 0.35;

/// A rare class counts more, by this power of how rare it is: 0 is not at all, 1 as much as the others together.
/// Chosen by cross-validation.
const RARE: f32 = 0.5;

/// One question a class over rows that have one class each (`None`: no row of this question).
pub(crate) fn one_of(classes: usize, rows: &[(usize, Option<usize>, f32)]) -> Vec<Question> {
    let mut rows_of: BTreeMap<usize, f32> = BTreeMap::new();
    for class in rows.iter().filter_map(|(_, class, _)| *class) {
        *rows_of.entry(class).or_default() += 1.0;
    }
    let all: f32 = rows_of.values().sum();
    let present = rows_of.len().max(1) as f32;
    let boost = |class: usize| rows_of.get(&class).map_or(1.0, |of_class| (all / (present * of_class)).powf(RARE));
    let question = |class: usize| {
        let boost = boost(class);
        let answers = rows.iter().filter_map(|&(row, of, weight)| {
            let yes = of? == class;
            Some((row as u32, yes, if yes { weight * boost } else { weight }))
        });
        Question { answers: answers.collect() }
    };
    (0..classes).map(question).collect()
}

/// A yes-or-no question.
fn is_so(rows: &[(usize, bool, f32)]) -> Question {
    let classes: Vec<(usize, Option<usize>, f32)> =
        rows.iter().map(|&(row, yes, weight)| (row, Some(usize::from(yes)), weight)).collect();
    one_of(2, &classes).pop().unwrap_or(Question { answers: Vec::new() })
}

/// Categories of posts, by their index in the pack.
pub(crate) fn categories(pack: &Pack, posts: &[(usize, &Post)]) -> Vec<Question> {
    let class = |gold: &Gold| gold.category.as_ref().and_then(|category| pack.categories.index_of(category));
    let rows: Vec<_> = posts.iter().map(|(row, post)| (*row, class(&post.gold), post.weight)).collect();
    one_of(pack.categories.count(), &rows)
}

/// Kinds, emergency, urgent, accusation: the plain columns in their order. `negatives` are rows of texts from
/// elsewhere.
pub(crate) fn plain(pack: &Pack, posts: &[(usize, &Post)], negatives: std::ops::Range<usize>) -> Vec<Question> {
    let kind = |kind: Kind| KINDS.iter().position(|known| *known == kind);
    let elsewhere = negatives.map(|row| (row, kind(Kind::Other), NEGATIVE));
    let kinds: Vec<_> =
        posts.iter().map(|(row, post)| (*row, kind(post.gold.kind), post.weight)).chain(elsewhere).collect();
    let mut questions = one_of(KINDS.len(), &kinds);
    let asked: [&dyn Fn(&Gold) -> bool; 3] =
        [&|gold| gold.urgency == Urgency::Emergency, &|gold| gold.urgency != Urgency::Normal, &|gold| {
            is_accusation(pack, gold)
        }];
    for asked in asked {
        let rows: Vec<_> = posts.iter().map(|(row, post)| (*row, asked(&post.gold), post.weight)).collect();
        questions.push(is_so(&rows));
    }
    questions
}

/// Whether officials may be accused: the reader accepts the inspectorate as addressee.
pub(crate) fn is_accusation(pack: &Pack, gold: &Gold) -> bool {
    gold.agencies.contains(&pack.jurisdiction.inspectorate)
}

/// Whether officials are accused without doubt: the reader sent it to the inspectorate first.
pub(crate) fn is_plain_accusation(pack: &Pack, gold: &Gold) -> bool {
    gold.agencies.first() == Some(&pack.jurisdiction.inspectorate)
}
