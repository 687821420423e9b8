//! How much one author posts, and how much is too much.

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::PostKey;
use crate::report::Author;

/// How much one author may report, and who may not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Reports in an hour; those beyond go to the triage desk, and nothing is posted about them.
    pub per_hour: u32,
    /// Reports in 24 hours.
    pub per_day: u32,
    /// Accounts, by the platform's id, whose reports are kept in quarantine only.
    pub blocked: BTreeSet<String>,
}

impl Limits {
    /// Whether nothing is taken from an author.
    pub fn is_blocked(&self, author: &Author) -> bool {
        self.blocked.contains(&author.id)
    }

    /// Whether one more report of an author is one too many.
    pub fn is_reached(&self, activity: &Activity, now: Timestamp) -> bool {
        let in_the_last = |span| activity.posts.iter().filter(|at| now.duration_since(**at) < span).count();
        let reached = |count: usize, limit: u32| u32::try_from(count).is_ok_and(|count| count >= limit);
        reached(in_the_last(HOUR), self.per_hour) || reached(in_the_last(DAY), self.per_day)
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How long reports of an author are counted.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An author without a name: SHA-256 of platform and account id. Who knows an id can compute its key, so this hides
/// nothing from them; it keeps ids out of keys and logs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorKey(String);

impl AuthorKey {
    /// The author of a post.
    pub fn of(post: &PostKey, author: &Author) -> Self {
        Self(HEXLOWER.encode(&Sha256::digest(format!("{}#{}", post.platform, author.id))))
    }
}

impl fmt::Display for AuthorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// When an author's recent reports came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The author.
    pub author: AuthorKey,
    /// Rises with every change; 0 where nothing is known.
    pub version: u32,
    /// Times of the reports of the last day, oldest first.
    pub posts: Vec<Timestamp>,
}

impl Activity {
    /// Nothing known.
    pub fn none(author: AuthorKey) -> Self {
        Self { author, version: 0, posts: Vec::new() }
    }

    /// With one report more. It never holds more times than it takes to know that the limits are reached.
    pub fn with_one_more(&self, limits: &Limits, now: Timestamp) -> Self {
        let mut posts: Vec<Timestamp> =
            self.posts.iter().copied().filter(|at| now.duration_since(*at) < DAY).chain([now]).collect();
        posts.sort_unstable();
        let most = usize::try_from(limits.per_day.max(limits.per_hour)).unwrap_or(usize::MAX);
        posts.drain(..posts.len().saturating_sub(most));
        Self { posts, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{monday, report};

    fn limits() -> Limits {
        Limits { per_hour: 3, per_day: 5, blocked: ["16".to_owned()].into() }
    }

    /// How many of reports made at these minutes are let through.
    fn let_through(minutes: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let report = report("1");
        let mut activity = Activity::none(AuthorKey::of(&report.first_post, &report.author));
        let mut through = Vec::new();
        for minute in minutes {
            let now = monday() + SignedDuration::from_mins(minute);
            if !limits().is_reached(&activity, now) {
                through.push(minute);
            }
            activity = activity.with_one_more(&limits(), now);
            assert!(activity.posts.len() <= 5);
        }
        through
    }

    #[test]
    fn an_hour_and_a_day_have_their_limits() {
        assert_eq!(let_through([0, 1, 2, 3, 150]), [0, 1, 2, 150]);
        assert_eq!(let_through([0, 100, 200, 300, 400, 500, 1441]), [0, 100, 200, 300, 400]);
    }

    #[test]
    fn who_goes_on_stays_over_the_limit() {
        assert_eq!(let_through((0..3000).step_by(10)), [0, 10, 20]);
    }

    #[test]
    fn an_author_is_known_by_account_and_not_by_handle() {
        let mut report = report("1");
        let key = AuthorKey::of(&report.first_post, &report.author);
        report.author.handle = Some("lain".to_owned());
        assert_eq!(AuthorKey::of(&report.first_post, &report.author), key);
        assert!(limits().is_blocked(&report.author));
        report.author.id = "17".to_owned();
        assert_ne!(AuthorKey::of(&report.first_post, &report.author), key);
        assert!(!limits().is_blocked(&report.author));
    }
}
