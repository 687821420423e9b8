//! What goes wrong, by seed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::cloud::Call;
use crate::cloud::wire::{Effect, Fault, Weather};

/// The source of all chance of a schedule, and how bad it is now.
#[derive(Debug)]
pub struct Sky {
    chance: Mutex<fastrand::Rng>,
    /// Calls of a thousand that go wrong.
    per_thousand: AtomicU32,
    /// Faults so far.
    pub faults: AtomicU32,
}

impl Sky {
    /// A sky that follows from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Mutex::new(fastrand::Rng::with_seed(seed)),
            per_thousand: AtomicU32::new(0),
            faults: AtomicU32::new(0),
        }
    }

    /// Chance itself.
    pub fn chance(&self) -> MutexGuard<'_, fastrand::Rng> {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing goes wrong any more.
    pub fn is_calm(&self) -> bool {
        self.per_thousand.load(Ordering::Relaxed) == 0
    }

    /// Sets how many calls of a thousand go wrong.
    pub fn set(&self, per_thousand: u32) {
        self.per_thousand.store(per_thousand, Ordering::Relaxed);
    }
}

/// The sky over one process, which it may kill.
#[derive(Debug)]
pub struct Over {
    sky: Arc<Sky>,
    killed: Notify,
}

impl Over {
    /// Over a new process.
    pub fn process(sky: &Arc<Sky>) -> Arc<Self> {
        Arc::new(Self { sky: Arc::clone(sky), killed: Notify::new() })
    }

    /// Runs what the process does, until it ends or the process is killed.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.killed.notified() => None,
            done = work => Some(done),
        }
    }
}

impl Weather for Over {
    fn fault(&self, _: &Call) -> Option<Fault> {
        let mut chance = self.sky.chance();
        if chance.u32(0..1000) >= self.sky.per_thousand.load(Ordering::Relaxed) {
            return None;
        }
        self.sky.faults.fetch_add(1, Ordering::Relaxed);
        let effect = if chance.bool() { Effect::Done } else { Effect::Missing };
        Some(match chance.u32(0..12) {
            0..=2 => Fault::Kill(effect),
            3 | 4 => Fault::ServerError(effect),
            5 | 6 => Fault::Reset(effect),
            7 => Fault::Hang(effect),
            8 => Fault::Throttle,
            9 | 10 => Fault::Conflict,
            _ => Fault::Slow(Duration::from_millis(chance.u64(1..2500))),
        })
    }

    fn kill(&self) {
        self.killed.notify_one();
    }
}
