//! Ids of posts as X makes them: milliseconds since its epoch in the upper bits.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

/// X's epoch, 2010-11-04T01:42:54.657Z, in Unix milliseconds.
const EPOCH_MS: i64 = 1_288_834_974_657;
/// The bits below the time: worker and sequence. Here they are random, so that two programs do not collide.
const LOW_BITS: u32 = 22;

static LAST: AtomicU64 = AtomicU64::new(0);

/// A fresh id for a post made at `now`; never the same twice in one process.
pub fn fresh(now: Timestamp) -> u64 {
    let ms = u64::try_from(now.as_millisecond() - EPOCH_MS).unwrap_or(0);
    let noise = RandomState::new().hash_one(now.as_nanosecond()) & ((1 << LOW_BITS) - 1);
    let candidate = (ms << LOW_BITS) | noise;
    let following = |last: u64| Some(candidate.max(last + 1));
    match LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, following) {
        Ok(last) => candidate.max(last + 1),
        Err(_) => candidate,
    }
}

/// When the post with this id was made.
pub fn made_at(id: u64) -> Timestamp {
    let ms = i64::try_from(id >> LOW_BITS).unwrap_or(0);
    Timestamp::from_millisecond(ms + EPOCH_MS).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_tells_its_time() {
        let now = Timestamp::now();
        assert!((made_at(fresh(now)).as_millisecond() - now.as_millisecond()).abs() <= 5);
    }

    #[test]
    fn a_published_id_is_read_as_its_post_says() {
        insta::assert_snapshot!(made_at(2_123_574_816_920_305_665), @"2026-11-20T00:31:05.123Z");
    }

    #[test]
    fn a_burst_has_no_two_alike() {
        let now = Timestamp::now();
        let ids: HashSet<u64> = (0..5000).map(|_| fresh(now)).collect();
        assert_eq!(ids.len(), 5000);
    }
}
