//! From raw times to figures, by the same code for all.

use anyhow::{Context, Result};
use kemala_training::Confusion;
use serde::{Deserialize, Serialize};

use super::material::Row;

/// What a program that measures prints; times in nanoseconds.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Raw {
    /// By pass, each text.
    pub(super) texts_ns: Vec<Vec<u64>>,
    /// By pass, each text of 280 characters.
    pub(super) long_ns: Vec<Vec<u64>>,
    /// Each load.
    pub(super) loads_ns: Vec<u64>,
    /// Of the whole process, loaded and used once.
    pub(super) resident_bytes: Option<u64>,
    /// How long the process ran, and how long it waited for the core.
    pub(super) ran_and_waited_ns: Option<(u64, u64)>,
    /// The category of each text; empty where there is none.
    pub(super) said: Vec<String>,
}

impl Raw {
    /// Adds what the same program has taken in another round.
    pub(super) fn add(&mut self, other: Self) {
        self.texts_ns.extend(other.texts_ns);
        self.long_ns.extend(other.long_ns);
        self.loads_ns.extend(other.loads_ns);
        self.resident_bytes = self.resident_bytes.max(other.resident_bytes);
        let both = self.ran_and_waited_ns.zip(other.ran_and_waited_ns);
        self.ran_and_waited_ns = both.map(|((ran, waited), (r, w))| (ran + r, waited + w));
    }
}

/// Figures of one program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// One after the other, each taking the median of its passes.
    pub(super) texts_per_second: f64,
    /// What a text takes, as the median of its passes: that of the median text, and what 99 of 100 texts stay within.
    pub(super) median_us: f64,
    pub(super) p99_us: f64,
    /// Of texts of 280 characters.
    pub(super) long_p99_us: f64,
    /// Median of the loads.
    pub(super) load_ms: f64,
    /// Resident memory of the process, in millions of bytes.
    pub(super) resident_mb: Option<f64>,
    /// Share of the time in which the core was not its own but another program's.
    pub(super) waited: Option<f64>,
    /// How good its categories are.
    pub(super) score: Option<Score>,
}

/// How good categories are, of texts that have one; shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Score {
    pub(super) accuracy: f64,
    /// Of rows whose reader had no doubt.
    pub(super) accuracy_sure: f64,
    pub(super) macro_f1: f64,
}

impl Figures {
    /// `rows` are the texts in the order in which they were measured.
    pub(super) fn of(raw: &Raw, rows: &[Row], is_scored: bool) -> Result<Self> {
        let micro = |ns: u64| ns as f64 / 1e3;
        let (texts, long) = (by_text(&raw.texts_ns), by_text(&raw.long_ns));
        let text = |percent| percentile(&texts, percent).context("no text was measured");
        Ok(Self {
            texts_per_second: texts.len() as f64 / (texts.iter().sum::<u64>().max(1) as f64 / 1e9),
            median_us: micro(text(50)?),
            p99_us: micro(text(99)?),
            long_p99_us: micro(percentile(&long, 99).context("no long text was measured")?),
            load_ms: micro(percentile(&raw.loads_ns, 50).context("no load was measured")?) / 1e3,
            resident_mb: raw.resident_bytes.map(|bytes| bytes as f64 / 1e6),
            waited: raw.ran_and_waited_ns.map(|(ran, waited)| waited as f64 / (ran + waited).max(1) as f64),
            score: is_scored.then(|| Score::of(rows, &raw.said)),
        })
    }
}

impl Score {
    fn of(rows: &[Row], said: &[String]) -> Self {
        let answered = || {
            let rows = rows.iter().zip(said);
            rows.filter_map(|(row, said)| Some((row.sure, (row.category.clone()?, said.clone()))))
        };
        let pairs = |which: fn(bool) -> bool| -> Vec<(String, String)> {
            answered().filter(|(is_sure, _)| which(*is_sure)).map(|(_, pair)| pair).collect()
        };
        let (all, of_sure) = (Confusion::of(&pairs(|_| true)), Confusion::of(&pairs(|is_sure| is_sure)));
        Self {
            accuracy: all.accuracy.share.unwrap_or_default(),
            accuracy_sure: of_sure.accuracy.share.unwrap_or_default(),
            macro_f1: all.macro_f1,
        }
    }
}

/// What each text takes: the median of its passes, which whatever else the machine does leaves alone.
fn by_text(passes: &[Vec<u64>]) -> Vec<u64> {
    let texts = passes.iter().map(Vec::len).min().unwrap_or(0);
    let of_text = |text: usize| passes.iter().filter_map(|pass| pass.get(text).copied()).collect::<Vec<_>>();
    (0..texts).filter_map(|text| percentile(&of_text(text), 50)).collect()
}

/// The smallest value that so many percent of all do not exceed; `None` of none.
fn percentile(values: &[u64], percent: usize) -> Option<u64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_seen() {
        let values: Vec<u64> = (1..=200).rev().collect();
        assert_eq!([1, 50, 99, 100].map(|percent| percentile(&values, percent)), [2, 100, 198, 200].map(Some));
        assert_eq!(percentile(&[7], 99), Some(7));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn figures_are_medians_in_their_units() {
        let row = |category: Option<&str>, sure| Row { text: "x".into(), category: category.map(Into::into), sure };
        let rows = [row(Some("mining"), true), row(Some("health"), false), row(None, true)];
        let raw = Raw {
            // The second pass was disturbed in its first text.
            texts_ns: vec![vec![1_000, 2_000, 3_000], vec![9_000_000, 2_000, 3_000], vec![1_000, 2_000, 3_000]],
            long_ns: vec![vec![8_000], vec![7_000], vec![9_000]],
            loads_ns: vec![4_000_000],
            resident_bytes: Some(24_000_000),
            ran_and_waited_ns: Some((3_000, 1_000)),
            said: ["mining", "mining", "mining"].map(Into::into).into(),
        };
        let figures = Figures::of(&raw, &rows, true).unwrap();
        assert_eq!(figures.texts_per_second, 500_000.0);
        assert_eq!((figures.median_us, figures.p99_us, figures.long_p99_us), (2.0, 3.0, 8.0));
        assert_eq!((figures.load_ms, figures.resident_mb, figures.waited), (4.0, Some(24.0), Some(0.25)));
        // F1 of mining 2/3, of health 0.
        assert_eq!(figures.score, Some(Score { accuracy: 0.5, accuracy_sure: 1.0, macro_f1: 1.0 / 3.0 }));
        assert_eq!(Figures::of(&raw, &rows, false).unwrap().score, None);
        let mut twice = raw.clone();
        twice.add(Raw { resident_bytes: Some(25_000_000), ..raw.clone() });
        let expected = Figures { resident_mb: Some(25.0), ..figures };
        assert_eq!(Figures::of(&twice, &rows, true).unwrap(), expected, "more passes, the same medians");
        assert!(Figures::of(&Raw { long_ns: Vec::new(), ..raw }, &rows, true).is_err());
    }
}
