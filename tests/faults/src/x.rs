//! The platform that posts are made on: it may say no, say nothing, and do it all the same.

use std::sync::Mutex;

use citizen_reply::platform::{Attempted, Platform};
use jiff::{SignedDuration, Timestamp};
use kemala_domain::PostKey;
use kemala_domain::reply::Outcome;

use crate::weather::Sky;

/// A post that stands in the account's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The post that it answers.
    pub to: PostKey,
    /// What it says.
    pub text: String,
    /// Its own key.
    pub key: PostKey,
}

/// X, as the poster sees it.
#[derive(Debug)]
pub struct X<'a> {
    sky: &'a Sky,
    timeline: Mutex<Vec<Made>>,
    is_calm: std::sync::atomic::AtomicBool,
}

impl<'a> X<'a> {
    /// X under that sky.
    pub fn new(sky: &'a Sky) -> Self {
        Self { sky, timeline: Mutex::new(Vec::new()), is_calm: false.into() }
    }

    /// From now on it does what it is asked.
    pub fn calm_down(&self) {
        self.is_calm.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// All posts of the account.
    pub fn timeline(&self) -> Vec<Made> {
        self.timeline.lock().map(|timeline| timeline.clone()).unwrap_or_default()
    }

    fn make(&self, text: &str, to: &PostKey) -> Option<Outcome> {
        let mut timeline = self.timeline.lock().ok()?;
        // X refuses what stands in the thread already.
        if timeline.iter().any(|made| made.to == *to && made.text == text) {
            return Some(Outcome::Duplicate);
        }
        let key = PostKey::x(&(9_000_000_000_000_000_000 + timeline.len() as u64).to_string()).ok()?;
        timeline.push(Made { to: to.clone(), text: text.to_owned(), key: key.clone() });
        Some(Outcome::Posted(key))
    }
}

impl Platform for X<'_> {
    async fn is_ready(&self) -> bool {
        true
    }

    async fn post(&self, text: &str, to: &PostKey, now: Timestamp) -> Attempted {
        let only = |outcome| Attempted { outcome, pause: None, is_refused: false };
        let is_calm = self.is_calm.load(std::sync::atomic::Ordering::Relaxed);
        let luck = if is_calm { 99 } else { self.sky.chance().u32(0..100) };
        match luck {
            0..=4 => only(Outcome::Unknown),
            5..=9 => {
                self.make(text, to);
                only(Outcome::Unknown)
            }
            10..=12 => only(Outcome::NotAllowed),
            13 => {
                let until = now + SignedDuration::from_mins(10);
                Attempted { outcome: Outcome::NotBefore(until), pause: Some(until), is_refused: false }
            }
            _ => only(self.make(text, to).unwrap_or(Outcome::Unknown)),
        }
    }

    async fn look_for(&self, _: &str, text: &str, to: &PostKey) -> Outcome {
        let is_calm = self.is_calm.load(std::sync::atomic::Ordering::Relaxed);
        if !is_calm && self.sky.chance().u32(0..100) < 10 {
            return Outcome::NotAsked;
        }
        let found = self.timeline().into_iter().find(|made| made.to == *to && made.text == text);
        found.map_or(Outcome::NotFound, |made| Outcome::Found(made.key))
    }
}
