//! Small curves and thresholds over scores of posts that were not learned from.

use argmin::core::{CostFunction, Error, Executor, Gradient};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;

struct Logistic<'a> {
    rows: &'a [Vec<f64>],
    is_right: &'a [bool],
}

/// Keeps the weights of a curve small where the rows are few.
const RIDGE: f64 = 0.1;

fn share(weights: &[f64], row: &[f64]) -> f64 {
    let sum: f64 = weights.iter().zip(row).map(|(weight, number)| weight * number).sum();
    1.0 / (1.0 + (-(sum + weights.last().copied().unwrap_or_default())).exp())
}

impl CostFunction for Logistic<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, weights: &Vec<f64>) -> Result<f64, Error> {
        const EDGE: f64 = 1e-12;
        let large: f64 = weights.iter().map(|weight| weight * weight).sum();
        let wrong: f64 = self
            .rows
            .iter()
            .zip(self.is_right)
            .map(|(row, is_right)| {
                let share = share(weights, row).clamp(EDGE, 1.0 - EDGE);
                -(if *is_right { share } else { 1.0 - share }).ln()
            })
            .sum();
        Ok(wrong + 0.5 * RIDGE * large)
    }
}

impl Gradient for Logistic<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, weights: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| RIDGE * weight).collect();
        for (row, is_right) in self.rows.iter().zip(self.is_right) {
            let error = share(weights, row) - if *is_right { 1.0 } else { 0.0 };
            for (slope, number) in gradient.iter_mut().zip(row.iter().chain([&1.0])) {
                *slope += error * number;
            }
        }
        Ok(gradient)
    }
}

/// Weights of a logistic curve over `numbers` numbers a row, the shift last: how often such rows are right.
///
/// # Errors
/// Those of the optimiser; with finite numbers there are none.
pub(crate) fn logistic(rows: &[Vec<f64>], is_right: &[bool], numbers: usize) -> Result<Vec<f64>, Error> {
    let start = vec![0.0; numbers + 1];
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let problem = Logistic { rows, is_right };
    let solved = Executor::new(problem, solver).configure(|state| state.param(start.clone()).max_iters(200)).run()?;
    Ok(solved.state.best_param.unwrap_or(start))
}

/// The score from which on "yes" is said, so that F-beta is best: `beta` above 1 would rather say it too often than
/// miss it. `yes` says what is right; each row has a weight.
pub(crate) fn threshold(scores: &[(f32, bool, f32)], beta: f32) -> f32 {
    let mut sorted: Vec<(f32, bool, f32)> = scores.to_vec();
    sorted.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let all: f32 = sorted.iter().filter(|(_, yes, _)| *yes).map(|(_, _, weight)| weight).sum();
    let (mut right, mut said) = (0.0, 0.0);
    let mut best = (0.0, f32::MAX);
    for (index, &(score, yes, weight)) in sorted.iter().enumerate() {
        said += weight;
        right += if yes { weight } else { 0.0 };
        let f = (1.0 + beta * beta) * right / (beta * beta * all + said);
        if f > best.0 {
            // Halfway to the next, so that neither lies on the edge.
            let next = sorted.get(index + 1).map_or(score, |(next, ..)| *next);
            best = (f, f32::midpoint(score, next));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_finds_how_often_rows_are_right() {
        let rows: Vec<Vec<f64>> = (0..400).map(|i| vec![f64::from(i % 2)]).collect();
        // Of the zeros a quarter is right, of the ones three quarters.
        let is_right: Vec<bool> = (0..400).map(|i| (i / 2) % 4 < if i % 2 == 0 { 1 } else { 3 }).collect();
        let weights = logistic(&rows, &is_right, 1).unwrap();
        assert!((share(&weights, &[0.0]) - 0.25).abs() < 0.01, "{weights:?}");
        assert!((share(&weights, &[1.0]) - 0.75).abs() < 0.01, "{weights:?}");
    }

    #[test]
    fn a_threshold_parts_yes_from_no() {
        let scores = [(0.9, true, 1.0), (0.8, true, 1.0), (0.2, false, 1.0), (0.1, false, 1.0)];
        assert_eq!(threshold(&scores, 1.0), 0.5);
        assert_eq!(threshold(&[(0.3, false, 1.0)], 1.0), f32::MAX, "nobody ever says yes");
        let mixed = [(0.9, true, 1.0), (0.6, false, 1.0), (0.5, true, 1.0), (0.1, false, 1.0)];
        assert_eq!(threshold(&mixed, 2.0), 0.3);
    }
}
