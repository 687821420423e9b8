//! Repeated passes over the same texts.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// At least so many passes, so that there is a median; then until it has taken so long; and never more than so many,
/// so that what is fast stays short to write down. `peers.py` does the same.
const FEWEST: usize = 3;
const LONG_ENOUGH: Duration = Duration::from_secs(1);
const MOST: usize = 100;

/// Does something with each text, over and over: by pass, the nanoseconds that each text took.
pub(crate) fn passes(texts: &[String], mut work: impl FnMut(&str)) -> Vec<Vec<u64>> {
    let mut passes = Vec::new();
    let begin = Instant::now();
    while passes.len() < FEWEST || (begin.elapsed() < LONG_ENOUGH && passes.len() < MOST) {
        let timed = texts.iter().map(|text| {
            let start = Instant::now();
            work(black_box(text));
            nanoseconds(start.elapsed())
        });
        passes.push(timed.collect());
    }
    passes
}

/// A time in whole nanoseconds.
pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_timed_in_every_pass() {
        let texts = ["a", "b", "c"].map(str::to_owned);
        let mut seen = Vec::new();
        let passes = passes(&texts, |text| seen.push(text.to_owned()));
        assert!((FEWEST..=MOST).contains(&passes.len()));
        assert!(passes.iter().all(|pass| pass.len() == 3));
        assert_eq!(seen.len(), 3 * passes.len());
        assert_eq!(seen[..4], ["a", "b", "c", "a"]);
    }
}
