//! How far the search for posts has come. X gives the newest first and a page at a time, so a search that is stopped
//! half way has read the newest and not yet what lies before: both ends are kept.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// X's recent search reaches back seven days; a little less, for clocks differ.
const REACH: SignedDuration = SignedDuration::from_mins(7 * 24 * 60 - 10);

/// Where the search goes on. Kept in the table; moved only after the queue has every post before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// How often it was moved; every move is conditional on it.
    pub revision: u32,
    /// Everything up to this post has been read; `None` before the first search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<SnowflakeId>,
    /// A search that is not at its end yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
}

/// A search that goes from the newest post back to [`Cursor::since`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// Its newest post: what `since` will be at the end.
    pub newest: SnowflakeId,
    /// The oldest post read so far.
    pub until: SnowflakeId,
}

/// An id of X: a number, kept as text since some readers round it. Its upper bits are the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SnowflakeId(u64);

impl SnowflakeId {
    /// When the post was made, to the millisecond.
    pub fn time(self) -> Timestamp {
        /// X's epoch (Twitter, "Snowflake"): 2010-11-04.
        const EPOCH_MS: i64 = 1_288_834_974_657;
        let since_epoch = i64::try_from(self.0 >> 22).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(since_epoch.saturating_add(EPOCH_MS)).unwrap_or(Timestamp::MAX)
    }
}

impl TryFrom<String> for SnowflakeId {
    type Error = std::num::ParseIntError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<SnowflakeId> for String {
    fn from(id: SnowflakeId) -> String {
        id.0.to_string()
    }
}

impl std::fmt::Display for SnowflakeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What to ask for next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Posts after this one.
    pub since: Option<SnowflakeId>,
    /// Posts before this one.
    pub until: Option<SnowflakeId>,
}

/// What one page said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRead {
    /// Its newest and oldest post; `None` where it is empty.
    pub ends: Option<(SnowflakeId, SnowflakeId)>,
    /// Whether older posts follow that are newer than `since`.
    pub has_more: bool,
}

/// Posts that the search cannot reach any more: whoever reported then was not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// After this moment.
    pub from: Timestamp,
    /// Until this one.
    pub to: Timestamp,
}

impl Cursor {
    /// What to ask for as of `now`, and what can no longer be asked for: X refuses an id that is older than it reaches.
    pub fn next(&mut self, now: Timestamp) -> (Window, Option<Missed>) {
        let horizon = now.checked_sub(REACH).unwrap_or(Timestamp::MIN);
        let mut missed = None;
        if let Some(unfinished) = self.unfinished.take_if(|unfinished| unfinished.until.time() < horizon) {
            let from = self.since.map_or(Timestamp::MIN, SnowflakeId::time);
            missed = self.since.map(|_| Missed { from, to: unfinished.until.time() });
            self.since = Some(unfinished.newest);
        }
        if let Some(since) = self.since.take_if(|since| since.time() < horizon) {
            missed = Some(Missed { from: missed.map_or(since.time(), |missed| missed.from), to: horizon });
        }
        (Window { since: self.since, until: self.unfinished.as_ref().map(|unfinished| unfinished.until) }, missed)
    }

    /// The cursor once every post of that page is on the queue.
    pub fn after(self, page: PageRead) -> Self {
        let began = self.unfinished.map(|unfinished| unfinished.newest);
        let newest = began.or(page.ends.map(|(newest, _)| newest)).max(self.since);
        let unfinished = match (page.ends, newest) {
            (Some((_, oldest)), Some(newest)) if page.has_more => Some(Unfinished { newest, until: oldest }),
            _ => None,
        };
        let since = if unfinished.is_some() { self.since } else { newest };
        Self { revision: self.revision + 1, since, unfinished }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn at(hour: u64) -> SnowflakeId {
        SnowflakeId(((1_764_000_000_000 - 1_288_834_974_657 + hour * 3_600_000) << 22) | 5)
    }

    fn now(hour: u64) -> Timestamp {
        at(hour).time()
    }

    /// X: posts by id, given the newest first in pages.
    fn search(posts: &BTreeSet<u64>, window: Window, size: usize) -> (Vec<u64>, PageRead) {
        let found = posts.iter().rev().filter(|id| {
            window.since.is_none_or(|since| **id > since.0) && window.until.is_none_or(|until| **id < until.0)
        });
        let found: Vec<u64> = found.copied().collect();
        let page: Vec<u64> = found.iter().copied().take(size).collect();
        let ends = page.first().zip(page.last()).map(|(&first, &last)| (SnowflakeId(first), SnowflakeId(last)));
        (page.clone(), PageRead { ends, has_more: found.len() > page.len() })
    }

    #[test]
    fn ids_are_times() {
        let id = SnowflakeId::try_from("1924465506158879979".to_owned()).unwrap();
        assert_eq!(id.time().to_string(), "2025-05-19T14:01:46.165Z");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"1924465506158879979\"");
        assert!(SnowflakeId::try_from("19x".to_owned()).is_err());
    }

    #[test]
    fn what_lies_too_far_back_is_told() {
        let mut cursor = Cursor { revision: 3, since: Some(at(0)), unfinished: None };
        assert_eq!(cursor.next(now(100)), (Window { since: Some(at(0)), until: None }, None));
        let (window, missed) = cursor.next(now(200));
        assert_eq!(window, Window { since: None, until: None });
        let horizon = now(200).checked_sub(REACH).unwrap();
        assert_eq!(missed, Some(Missed { from: now(0), to: horizon }));

        let unfinished = Some(Unfinished { newest: at(100), until: at(50) });
        let mut cursor = Cursor { revision: 3, since: Some(at(0)), unfinished };
        let (window, missed) = cursor.next(now(230));
        assert_eq!((window.since, missed), (Some(at(100)), Some(Missed { from: now(0), to: now(50) })));
        assert_eq!(
            Cursor::default().next(now(0)),
            (Window { since: None, until: None }, None),
            "nothing before the first"
        );
    }

    proptest! {
        /// However many posts come between, and wherever searches stop: each is read, and the cursor ends at the newest.
        #[test]
        fn every_post_is_read(
            arrivals in proptest::collection::vec(proptest::collection::btree_set(0u64..5000, 0..60), 1..6),
            size in 1usize..12,
            pages_in_a_run in 1usize..4,
        ) {
            let mut posts = BTreeSet::new();
            let mut read = BTreeSet::new();
            let mut cursor = Cursor::default();
            let start = at(0).0;
            for (hour, arrived) in arrivals.iter().enumerate() {
                posts.extend(arrived.iter().map(|id| start + ((hour as u64) << 40) + id));
                for _ in 0..pages_in_a_run {
                    let (window, missed) = cursor.next(now(1));
                    prop_assert_eq!(missed, None);
                    let (page, said) = search(&posts, window, size);
                    read.extend(page);
                    cursor = cursor.after(said);
                }
            }
            while let (page, said) = search(&posts, cursor.next(now(1)).0, size) && said.ends.is_some() {
                read.extend(page);
                cursor = cursor.after(said);
            }
            // The last round may still have been on its way back.
            while cursor.unfinished.is_some() {
                let (page, said) = search(&posts, cursor.next(now(1)).0, size);
                read.extend(page);
                cursor = cursor.after(said);
            }
            let (page, said) = search(&posts, cursor.next(now(1)).0, 1000);
            read.extend(page);
            cursor = cursor.after(said);
            prop_assert_eq!(&read, &posts);
            prop_assert_eq!(cursor.since.map(|id| id.0), posts.last().copied());
        }
    }
}
