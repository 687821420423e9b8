//! Counts, shares with their intervals, and what is taken for what.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Share {
    /// How many were right.
    pub right: usize,
    /// Of how many.
    pub of: usize,
    /// The share, 0 to 1; `None` of none.
    pub share: Option<f64>,
    /// Where the true share lies in 95 of 100 such samples (Wilson's interval).
    pub interval: Option<(f64, f64)>,
}

impl Share {
    /// `right` of `of`.
    pub fn new(right: usize, of: usize) -> Self {
        if of == 0 {
            return Self::default();
        }
        // 1.96 standard deviations hold 95 % of a normal distribution.
        const Z: f64 = 1.96;
        let (n, p) = (of as f64, right as f64 / of as f64);
        let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let interval = Some(((middle - half).max(0.0), (middle + half).min(1.0)));
        Self { right, of, share: Some(p), interval }
    }

    /// How many of these are so.
    pub fn of(are_so: impl IntoIterator<Item = bool>) -> Self {
        let (mut right, mut of) = (0, 0);
        for is_so in are_so {
            right += usize::from(is_so);
            of += 1;
        }
        Self::new(right, of)
    }
}

/// What is said where something should be found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Found {
    /// Of what was said, how much is right.
    pub precision: Share,
    /// Of what should be said, how much was.
    pub recall: Share,
}

impl Found {
    /// From pairs of what should be said and what was said.
    pub fn of<T: PartialEq>(pairs: &[(Option<T>, Option<T>)]) -> Self {
        let said = pairs.iter().filter(|(_, said)| said.is_some());
        let wanted = pairs.iter().filter(|(wanted, _)| wanted.is_some());
        let is_right = |(wanted, said): &(Option<T>, Option<T>)| wanted == said;
        Self { precision: Share::of(said.map(is_right)), recall: Share::of(wanted.map(is_right)) }
    }

    /// From pairs of whether it should be said, and whether it was.
    pub fn of_flags(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let some = |is_so: bool| is_so.then_some(());
        let pairs: Vec<_> = pairs.into_iter().map(|(wanted, said)| (some(wanted), some(said))).collect();
        Self::of(&pairs)
    }
}

/// One class of several.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// What was found of it.
    #[serde(flatten)]
    pub found: Found,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
}

/// Answers with one class each, against what they should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// How many are right.
    pub accuracy: Share,
    /// Mean of the classes' F1, each counting the same.
    pub macro_f1: f64,
    /// Each class that should be said, or was.
    pub classes: Vec<Class>,
    /// What was taken for what, and how often; the most frequent first.
    pub mistakes: Vec<(String, String, usize)>,
}

impl Confusion {
    /// From pairs of what should be said and what was said.
    pub fn of(pairs: &[(String, String)]) -> Self {
        let names: BTreeSet<&String> = pairs.iter().flat_map(|(wanted, said)| [wanted, said]).collect();
        // As is usual, a class that is said but never wanted does not count in the mean.
        let wanted: BTreeSet<&String> = pairs.iter().map(|(wanted, _)| wanted).collect();
        let classes: Vec<Class> = names.into_iter().map(|name| class(name, pairs)).collect();
        let f1_of_wanted: Vec<f64> =
            classes.iter().filter(|class| wanted.contains(&class.name)).map(|class| class.f1).collect();
        let mut taken: BTreeMap<(&String, &String), usize> = BTreeMap::new();
        for (wanted, said) in pairs.iter().filter(|(wanted, said)| wanted != said) {
            *taken.entry((wanted, said)).or_default() += 1;
        }
        let mut mistakes: Vec<(String, String, usize)> =
            taken.into_iter().map(|((wanted, said), count)| (wanted.clone(), said.clone(), count)).collect();
        mistakes.sort_by(|(wanted, said, count), (other_wanted, other_said, other)| {
            other.cmp(count).then((wanted, said).cmp(&(other_wanted, other_said)))
        });
        Self {
            accuracy: Share::of(pairs.iter().map(|(wanted, said)| wanted == said)),
            macro_f1: f1_of_wanted.iter().sum::<f64>() / f1_of_wanted.len().max(1) as f64,
            classes,
            mistakes,
        }
    }
}

fn class(name: &String, pairs: &[(String, String)]) -> Class {
    let found = Found::of_flags(pairs.iter().map(|(wanted, said)| (wanted == name, said == name)));
    let share = |share: Share| share.share.unwrap_or_default();
    let (precision, recall) = (share(found.precision), share(found.recall));
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    Class { name: name.clone(), found, f1 }
}

/// How often answers of about the same confidence are right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Confidence from which on, in tenths.
    pub from: f64,
    /// Mean confidence of the answers.
    pub confidence: f64,
    /// How many are right.
    pub right: Share,
}

/// Whether confidence means what it says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliability {
    /// Answers by tenths of confidence.
    pub bins: Vec<Bin>,
    /// Expected calibration error: the mean distance of confidence from truth, over all answers.
    pub expected_error: f64,
    /// Of the most confident answers (so many in 100), how many are right.
    pub coverage: Vec<(usize, Share)>,
}

impl Reliability {
    /// From answers' confidence and whether they are right.
    pub fn of(answers: &[(f64, bool)]) -> Self {
        let bin_of = |confidence: f64| ((confidence * 10.0) as usize).min(9);
        let bins: Vec<Bin> = (0..10)
            .filter_map(|bin| {
                let of_bin: Vec<_> = answers.iter().filter(|(confidence, _)| bin_of(*confidence) == bin).collect();
                let sum: f64 = of_bin.iter().map(|(confidence, _)| confidence).sum();
                let right = Share::of(of_bin.iter().map(|(_, is_right)| *is_right));
                (!of_bin.is_empty()).then(|| Bin {
                    from: bin as f64 / 10.0,
                    confidence: sum / of_bin.len() as f64,
                    right,
                })
            })
            .collect();
        let distance = |bin: &Bin| (bin.confidence - bin.right.share.unwrap_or_default()).abs() * bin.right.of as f64;
        let expected_error = bins.iter().map(distance).sum::<f64>() / answers.len().max(1) as f64;
        let mut sorted: Vec<(f64, bool)> = answers.to_vec();
        sorted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let coverage = [20, 40, 60, 80, 90, 100].map(|percent| {
            let taken = (sorted.len() * percent).div_ceil(100);
            (percent, Share::of(sorted.iter().take(taken).map(|(_, is_right)| *is_right)))
        });
        Self { bins, expected_error, coverage: coverage.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(wanted, said)| ((*wanted).to_owned(), (*said).to_owned())).collect()
    }

    #[test]
    fn a_share_knows_how_little_it_knows() {
        let share = Share::new(9, 10);
        let (low, high) = share.interval.unwrap();
        assert_eq!((share.share, (low * 1000.0).round(), (high * 1000.0).round()), (Some(0.9), 596.0, 982.0));
        assert_eq!(Share::new(0, 0).share, None);
        let (low, high) = Share::new(10, 10).interval.unwrap();
        assert!(low > 0.7 && high <= 1.0);
    }

    #[test]
    fn classes_count_the_same_in_the_mean() {
        let confusion = Confusion::of(&pairs(&[("a", "a"), ("a", "a"), ("a", "a"), ("b", "a"), ("b", "c")]));
        assert_eq!(confusion.accuracy.share, Some(0.6));
        let f1: Vec<(&str, f64)> = confusion.classes.iter().map(|class| (class.name.as_str(), class.f1)).collect();
        assert_eq!(f1, [("a", 6.0 / 7.0), ("b", 0.0), ("c", 0.0)]);
        assert_eq!(confusion.macro_f1, 3.0 / 7.0, "c is never wanted");
        assert_eq!(confusion.mistakes.len(), 2);
    }

    #[test]
    fn what_is_said_wrongly_costs_precision_what_is_missed_recall() {
        let found =
            Found::of(&[(Some(1), Some(1)), (Some(2), Some(3)), (None, Some(4)), (Some(5), None), (None, None)]);
        assert_eq!((found.precision.right, found.precision.of), (1, 3));
        assert_eq!((found.recall.right, found.recall.of), (1, 3));
    }

    #[test]
    fn confidence_that_is_kept_has_no_error() {
        let kept: Vec<(f64, bool)> = (0..10).map(|i| (0.8, i < 8)).collect();
        assert!(Reliability::of(&kept).expected_error < 1e-9);
        let boast: Vec<(f64, bool)> = (0..10).map(|i| (1.0, i < 8)).collect();
        assert!((Reliability::of(&boast).expected_error - 0.2).abs() < 1e-9);
        let mixed = [(0.9, true), (0.8, true), (0.7, true), (0.6, true), (0.1, false)];
        assert_eq!(Reliability::of(&mixed).coverage[3], (80, Share::new(4, 4)));
    }
}
