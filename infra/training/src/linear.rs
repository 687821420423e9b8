//! One linear column: a yes-or-no question, learned by squared hinge loss (a linear support vector machine).

use std::cell::RefCell;

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

/// A row of numbers that are mostly zero: their places and sizes.
pub(crate) type Sparse = Vec<(u32, f32)>;

/// A question over some rows.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// For each row that counts: its index, whether the answer is yes, and its weight.
    pub(crate) answers: Vec<(u32, bool, f32)>,
}

/// How much errors cost beside large weights. Chosen by cross-validation.
const COST: f64 = 0.3;

/// How far the optimiser goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Steps {
    /// So far that it is seen which numbers matter.
    Few,
    /// Until more would change nothing.
    All,
}

impl Steps {
    fn most(self) -> u64 {
        match self {
            Self::Few => 12,
            Self::All => 60,
        }
    }
}

/// Steps that L-BFGS remembers.
const MEMORY: usize = 7;

struct Problem<'a> {
    rows: &'a [Sparse],
    question: &'a Question,
    size: usize,
    /// The optimiser asks for cost and slope at the same weights: the rows are gone through once.
    last: RefCell<(Vec<f64>, Vec<Shortfall<'a>>)>,
}

/// A row that falls short of its answer: by how much and to which side, and its weight.
#[derive(Clone, Copy)]
struct Shortfall<'a> {
    row: &'a Sparse,
    by: f64,
    weight: f64,
}

impl<'a> Problem<'a> {
    fn with_shortfalls<T>(&self, weights: &[f64], use_them: impl Fn(&[Shortfall<'a>]) -> T) -> T {
        let mut last = self.last.borrow_mut();
        if last.0 != weights {
            *last = (
                weights.to_vec(),
                self.question.answers.iter().filter_map(|answer| self.shortfall(weights, answer)).collect(),
            );
        }
        use_them(&last.1)
    }

    fn shortfall(&self, weights: &[f64], &(row, yes, weight): &(u32, bool, f32)) -> Option<Shortfall<'a>> {
        let row = self.rows.get(row as usize)?;
        let sign = if yes { 1.0 } else { -1.0 };
        let short = 1.0 - sign * dot(weights, row);
        (short > 0.0).then_some(Shortfall { row, by: sign * short, weight: f64::from(weight) })
    }
}

/// The score of a row; the last weight is the bias.
fn dot(weights: &[f64], row: &Sparse) -> f64 {
    let sum: f64 = row.iter().filter_map(|&(place, size)| Some(weights.get(place as usize)? * f64::from(size))).sum();
    sum + weights.last().copied().unwrap_or_default()
}

impl CostFunction for Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, weights: &Vec<f64>) -> Result<f64, Error> {
        let large: f64 = weights.iter().map(|weight| weight * weight).sum();
        let wrong: f64 = self.with_shortfalls(weights, |shortfalls| {
            shortfalls.iter().map(|shortfall| shortfall.weight * shortfall.by * shortfall.by).sum()
        });
        Ok(0.5 * large + COST * wrong)
    }
}

impl Gradient for Problem<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, weights: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient = weights.clone();
        let shortfalls = self.with_shortfalls(weights, <[Shortfall<'_>]>::to_vec);
        for Shortfall { row, by, weight } in shortfalls {
            let pull = 2.0 * COST * weight * by;
            for &(place, size) in row {
                if let Some(slope) = gradient.get_mut(place as usize) {
                    *slope -= pull * f64::from(size);
                }
            }
            if let Some(slope) = gradient.get_mut(self.size) {
                *slope -= pull;
            }
        }
        Ok(gradient)
    }
}

/// Learns the weights of a question over rows of `size` numbers; the last weight is the bias. The same question gives
/// the same weights.
///
/// # Errors
/// Those of the optimiser; with finite numbers there are none.
fn learn(rows: &[Sparse], size: usize, question: &Question, steps: Steps) -> Result<Vec<f64>, Error> {
    let problem = Problem { rows, question, size, last: RefCell::default() };
    let solver =
        LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(1e-2)?.with_tolerance_cost(1e-4)?;
    let start = vec![0.0; size + 1];
    let solved = Executor::new(problem, solver).configure(|state| state.param(start).max_iters(steps.most())).run()?;
    let weights = solved.state.best_param.unwrap_or_else(|| vec![0.0; size + 1]);
    Ok(weights)
}

/// Learns many questions at once, each on one core.
///
/// # Errors
/// As [`learn`].
pub(crate) fn learn_all(
    rows: &[Sparse],
    size: usize,
    questions: &[Question],
    steps: Steps,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Vec<f64>>, Error> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut learned = Vec::new();
        while let Some((index, question)) = {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            questions.get(index).map(|question| (index, question))
        } {
            learned.push((index, learn(rows, size, question, steps)));
            done();
        }
        learned
    };
    let mut learned: Vec<(usize, Result<Vec<f64>, Error>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    learned.sort_by_key(|(index, _)| *index);
    learned.into_iter().map(|(_, weights)| weights).collect()
}

/// The score of a row by learned weights.
pub(crate) fn score(weights: &[f64], row: &Sparse) -> f64 {
    dot(weights, row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two numbers and a question that a line through the origin answers.
    fn toy() -> (Vec<Sparse>, Question) {
        let rows: Vec<Sparse> = (0..40).map(|i| vec![(0, (i % 5) as f32 / 5.0), (1, (i % 7) as f32 / 7.0)]).collect();
        let yes = |row: &Sparse| row[0].1 > row[1].1;
        let answers = rows.iter().enumerate().map(|(index, row)| (index as u32, yes(row), 1.0)).collect();
        (rows, Question { answers })
    }

    #[test]
    fn a_question_is_learned() {
        let (rows, question) = toy();
        let weights = learn(&rows, 2, &question, Steps::All).unwrap();
        let right =
            question.answers.iter().filter(|(row, yes, _)| (score(&weights, &rows[*row as usize]) > 0.0) == *yes);
        assert!(right.count() >= 37);
        assert!(weights[0] > 0.0 && weights[1] < 0.0);
    }

    #[test]
    fn the_slope_is_that_of_the_cost() {
        let (rows, question) = toy();
        let problem = Problem { rows: &rows, question: &question, size: 2, last: RefCell::default() };
        let weights = vec![0.3, -0.2, 0.1];
        let slope = problem.gradient(&weights).unwrap();
        for (place, slope) in slope.iter().enumerate() {
            let at = |step: f64| {
                let mut moved = weights.clone();
                moved[place] += step;
                problem.cost(&moved).unwrap()
            };
            let measured = (at(1e-5) - at(-1e-5)) / 2e-5;
            assert!((measured - slope).abs() < 1e-3, "{measured} {slope}");
        }
    }

    #[test]
    fn the_number_of_cores_changes_nothing() {
        let (rows, question) = toy();
        let alone = learn(&rows, 2, &question, Steps::All).unwrap();
        let questions = vec![question; 5];
        let learned = learn_all(&rows, 2, &questions, Steps::All, &|| {}).unwrap();
        assert!(learned.iter().all(|weights| *weights == alone));
    }

    #[test]
    fn a_question_without_rows_is_answered_with_nothing() {
        let weights = learn(&[], 2, &Question { answers: Vec::new() }, Steps::All).unwrap();
        assert_eq!(weights, [0.0; 3]);
    }
}
