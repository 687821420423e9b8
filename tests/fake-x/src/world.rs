//! What X knows, and how it fails.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::webhooks::Webhook;

/// X's epoch.
const EPOCH_MS: i64 = 1_288_834_974_657;

/// When the post of an id was made.
pub(crate) fn made_at(id: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(id >> 22).ok()? + EPOCH_MS).ok()
}

/// A post of a citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitizenPost {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub author_id: String,
    /// Their handle.
    pub handle: String,
    /// What it says.
    pub text: String,
    /// The post it answers.
    #[serde(default)]
    pub reply_to: Option<String>,
}

/// A post of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPost {
    /// Its id.
    pub id: String,
    /// The post it answers.
    pub reply_to: Option<String>,
    /// What it says.
    pub text: String,
    /// When it was made.
    pub at: Timestamp,
}

/// How X fails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Of a hundred posts so many fail before they are made.
    pub before_percent: u8,
    /// Of a hundred posts so many fail after they were made.
    pub after_percent: u8,
    /// What decides which ones.
    pub seed: u64,
    /// The timeline shows a post only so many milliseconds after it was made.
    pub lag_ms: u32,
    /// So many posts are refused for the rate limit, which ends after so many seconds.
    pub limited: Option<(u32, i64)>,
    /// The account is refused: its credit is used up.
    pub no_credit: bool,
    /// Who wrote only the hashtag may be answered, as with an Enterprise plan.
    pub answers_everybody: bool,
}

/// All of it.
#[derive(Debug, Default)]
pub struct World {
    /// What citizens posted, by id.
    pub posts: BTreeMap<u64, CitizenPost>,
    /// Ids of posts that are deleted.
    pub deleted: BTreeSet<String>,
    /// What the account posted, in its order.
    pub own: Vec<OwnPost>,
    /// How it fails.
    pub faults: Faults,
    /// The app's webhook.
    pub webhook: Option<Webhook>,
    /// How many replays were asked for.
    pub replays: u64,
    /// Calls that were made, by path.
    pub calls: BTreeMap<String, u32>,
    random: Option<fastrand::Rng>,
}

/// What becomes of an attempt to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It stands there.
    Posted(OwnPost),
    /// It stands there, and the caller hears of an error.
    PostedAndFailed,
    /// An error, and nothing stands there.
    Failed,
    /// The same text stands there.
    Duplicate,
    /// The author has not spoken to the account.
    NotEngaged,
    /// The post is gone.
    Gone,
    /// Too many, until that second.
    Limited(i64),
    /// No credit.
    NoCredit,
}

impl World {
    /// How it fails from now on, by the seed anew.
    pub fn fail_like(&mut self, faults: Faults) {
        self.random = None;
        self.faults = faults;
    }

    /// The account posts, as `handle`'s owner whose id is `account`.
    pub fn post(&mut self, text: &str, reply_to: Option<&str>, handle: &str, now: Timestamp) -> Taken {
        if self.faults.no_credit {
            return Taken::NoCredit;
        }
        if let Some((left, seconds)) = self.faults.limited.filter(|(left, _)| *left > 0) {
            self.faults.limited = Some((left - 1, seconds));
            return Taken::Limited(now.as_second() + seconds);
        }
        let seed = self.faults.seed;
        let dice = self.random.get_or_insert_with(|| fastrand::Rng::with_seed(seed)).u8(0..100);
        if dice < self.faults.before_percent {
            return Taken::Failed;
        }
        if self.own.iter().any(|own| own.text == text && own.reply_to.as_deref() == reply_to) {
            return Taken::Duplicate;
        }
        if let Some(target) = reply_to {
            if self.deleted.contains(target) {
                return Taken::Gone;
            }
            if !self.faults.answers_everybody && !self.is_engaged(target, handle) {
                return Taken::NotEngaged;
            }
        }
        let id = self.next_id(now);
        let own = OwnPost { id, reply_to: reply_to.map(str::to_owned), text: text.to_owned(), at: now };
        self.own.push(own.clone());
        if dice < self.faults.before_percent.saturating_add(self.faults.after_percent) {
            return Taken::PostedAndFailed;
        }
        Taken::Posted(own)
    }

    /// Whether the author of a post mentions the account or answers it. Of a post that nobody told it of, X would know;
    /// here it is believed.
    fn is_engaged(&self, target: &str, handle: &str) -> bool {
        let Some(post) = target.parse().ok().and_then(|id: u64| self.posts.get(&id)) else { return true };
        let mention = format!("@{}", handle.to_lowercase());
        let answers_us = post.reply_to.as_ref().is_some_and(|to| self.own.iter().any(|own| own.id == *to));
        answers_us || post.text.to_lowercase().contains(&mention)
    }

    /// An id of this moment, above all others.
    fn next_id(&self, now: Timestamp) -> String {
        let ms = u64::try_from(now.as_millisecond() - EPOCH_MS).unwrap_or(0);
        let last = self.own.iter().filter_map(|own| own.id.parse::<u64>().ok()).max().unwrap_or(0);
        (ms << 22).max(last + 1).to_string()
    }

    /// What the account's timeline shows: posts after `since`, the newest first.
    pub fn timeline(&self, since: Option<u64>, now: Timestamp) -> Vec<&OwnPost> {
        let lag = SignedDuration::from_millis(self.faults.lag_ms.into());
        let shows = |own: &&OwnPost| {
            now.duration_since(own.at) >= lag
                && own.id.parse::<u64>().is_ok_and(|id| since.is_none_or(|since| id > since))
        };
        self.own.iter().rev().filter(shows).collect()
    }

    /// Posts of citizens that have one of the words, between two ids, the newest first.
    pub fn search(&self, words: &[String], since: Option<u64>, until: Option<u64>) -> Vec<&CitizenPost> {
        let matches = |post: &CitizenPost| {
            let text = post.text.to_lowercase();
            words.iter().any(|word| text.contains(&word.to_lowercase()))
        };
        let is_between = |id: u64| since.is_none_or(|since| id > since) && until.is_none_or(|until| id < until);
        let posts = self.posts.iter().rev().filter(|(id, post)| is_between(**id) && matches(post));
        posts.map(|(_, post)| post).filter(|post| !self.deleted.contains(&post.id)).collect()
    }
}
