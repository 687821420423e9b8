//! How long things took, as a histogram that can be added to others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Steps into which each doubling is divided.
const STEPS: u64 = 8;
/// All that is longer lies in the last bucket: 2^20 minutes, two years of days and nights.
const LONGEST: u64 = (1 << 20) - 1;

/// Working minutes, counted in buckets. The first 16 buckets are a minute wide (0 to 15); from there on each doubling is
/// divided into 8 equal ones (16, 18, 20 … 30, 32, 36 …), as HDR histograms are. A time read from it is the middle of its
/// bucket, so it is wrong by a sixteenth (6.25 %) at most; up to 15 minutes it is exact.
///
/// Whole numbers alone decide the bucket, so every machine puts a time into the same one; bounds with a constant ratio
/// would need logarithms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Held(BTreeMap<u16, i64>);

impl Held {
    /// One time.
    pub fn of_minutes(minutes: u64) -> Self {
        Self([(bucket(minutes), 1)].into())
    }

    /// Counts by bucket, as a row has them.
    pub fn from_buckets(buckets: impl IntoIterator<Item = (u16, i64)>) -> Self {
        Self(buckets.into_iter().collect())
    }

    /// Buckets that hold something.
    pub fn buckets(&self) -> impl Iterator<Item = (u16, i64)> + '_ {
        self.0.iter().map(|(&bucket, &count)| (bucket, count))
    }

    /// Adds the times of another.
    pub fn add(&mut self, other: &Self) {
        for (bucket, count) in other.buckets() {
            *self.0.entry(bucket).or_insert(0) += count;
        }
    }

    /// How many times.
    pub fn count(&self) -> i64 {
        self.0.values().sum()
    }

    /// The time that so many percent do not exceed (50 is the median), in minutes; `None` of none.
    pub fn percentile(&self, percent: u8) -> Option<f64> {
        let count = self.count();
        // The smallest rank that covers the percentage, from 1.
        let rank = (count * i64::from(percent.min(100)) + 99) / 100;
        let mut seen = 0;
        self.buckets()
            .find(|(_, count)| {
                seen += count;
                seen >= rank.max(1)
            })
            .map(|(bucket, _)| middle(bucket))
    }
}

/// The bucket of a time.
fn bucket(minutes: u64) -> u16 {
    let minutes = minutes.min(LONGEST);
    if minutes < 2 * STEPS {
        return minutes as u16;
    }
    let doubling = u64::from(minutes.ilog2());
    let step = (minutes >> (doubling - 3)) - STEPS;
    ((doubling - 2) * STEPS + step) as u16
}

/// The middle of a bucket's whole minutes.
fn middle(bucket: u16) -> f64 {
    let bucket = u64::from(bucket);
    if bucket < 2 * STEPS {
        return bucket as f64;
    }
    // A row may say anything; no bucket lies beyond the last.
    let doubling = (bucket / STEPS + 2).min(u64::from(LONGEST.ilog2()));
    let width = 1u64 << (doubling - 3);
    let first = (STEPS + bucket % STEPS) * width;
    first as f64 + (width - 1) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn buckets_follow_each_other_without_holes() {
        let mut last = 0;
        for minutes in 1..=LONGEST {
            let bucket = bucket(minutes);
            assert!(bucket == last || bucket == last + 1, "{minutes} min");
            last = bucket;
        }
        assert_eq!((last, bucket(u64::MAX)), (143, 143));
    }

    #[test]
    fn ranks_are_read_as_people_count() {
        let mut held = Held::default();
        assert_eq!(held.percentile(50), None);
        (1..=10).for_each(|minutes| held.add(&Held::of_minutes(minutes)));
        assert_eq!(
            (held.percentile(50), held.percentile(90), held.percentile(100)),
            (Some(5.0), Some(9.0), Some(10.0))
        );
        assert_eq!(Held::of_minutes(7).percentile(0), Some(7.0));
    }

    proptest! {
        #[test]
        fn what_is_read_is_wrong_by_a_sixteenth_at_most(minutes in 0..=LONGEST) {
            let read = Held::of_minutes(minutes).percentile(50).unwrap();
            prop_assert!((read - minutes as f64).abs() <= minutes as f64 / 16.0, "{minutes} is read as {read}");
        }

        #[test]
        fn any_row_is_read(buckets: Vec<(u16, i32)>, percent: u8) {
            let held = Held::from_buckets(buckets.into_iter().map(|(bucket, count)| (bucket, count.into())));
            let _ = held.percentile(percent);
        }
    }
}
