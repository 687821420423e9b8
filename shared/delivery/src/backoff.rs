//! When an event that could not be delivered is tried again.

use jiff::{SignedDuration, Timestamp};

/// Shortest wait: one round of the sweep.
const FIRST: SignedDuration = SignedDuration::from_mins(1);
/// Longest wait.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// After this long an event is given up and people are told.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What comes after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try again at that time.
    RetryAt(Timestamp),
    /// Park it.
    GiveUp,
}

/// What comes after an attempt that failed at `now`, for an event that happened at `happened_at`.
///
/// The wait is as long as the event is old, from a minute to an hour, so it doubles without a counter to keep.
pub fn after_failure(happened_at: Timestamp, now: Timestamp) -> Next {
    let age = now.duration_since(happened_at);
    if age >= GIVE_UP_AFTER {
        return Next::GiveUp;
    }
    Next::RetryAt(now.saturating_add(age.clamp(FIRST, LONGEST)).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_queue_that_is_down_for_a_day_is_tried_about_thirty_times() {
        let happened_at: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let mut now = happened_at;
        let mut attempts = 0;
        while let Next::RetryAt(next) = after_failure(happened_at, now) {
            assert!(next > now);
            now = next;
            attempts += 1;
        }
        assert_eq!(attempts, 30);
    }

    proptest! {
        #[test]
        fn any_two_times_have_an_answer(happened_at in any::<i32>(), now in any::<i32>()) {
            let time = |second| Timestamp::from_second(i64::from(second)).unwrap();
            let _ = after_failure(time(happened_at), time(now));
        }
    }
}
