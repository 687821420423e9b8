#![doc = include_str!("../README.md")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kemala_classifier::{Jurisdiction, Pack, PackErrors};
use kemala_domain::Override;
use kemala_domain::overrides::Choice;
use kemala_runtime::metrics::{Metric, Metrics, Unit};
use kemala_store::ReadError;
use kemala_store::overrides::PackRows;
use tokio::sync::Mutex;

/// An override that was refused: bad, missing or unreadable. Each function that reads it counts for itself.
pub const OVERRIDES_REFUSED: Metric = Metric::new("OverridesRefused", Unit::Count);

/// What a function reads of a pack: all, or what serves those that do not classify.
pub trait FromPack: Sized {
    /// The pack in a folder, as it was shipped.
    ///
    /// # Errors
    /// All that is wrong with it.
    fn shipped(dir: &Path) -> Result<Self, PackErrors>;

    /// The same with an override.
    ///
    /// # Errors
    /// All that is wrong with the two together.
    fn overridden(dir: &Path, over: &Override) -> Result<Self, PackErrors>;
}

impl FromPack for Pack {
    fn shipped(dir: &Path) -> Result<Self, PackErrors> {
        Self::load(dir)
    }
    fn overridden(dir: &Path, over: &Override) -> Result<Self, PackErrors> {
        Self::load_overridden(dir, over)
    }
}

impl FromPack for Jurisdiction {
    fn shipped(dir: &Path) -> Result<Self, PackErrors> {
        Self::load(dir)
    }
    fn overridden(dir: &Path, over: &Override) -> Result<Self, PackErrors> {
        Self::load_overridden(dir, over)
    }
}

/// Where overrides are kept.
pub trait Overrides {
    /// Which version counts.
    fn choice(&self) -> impl Future<Output = Result<Choice, ReadError>>;

    /// An override with its files.
    fn get(&self, version: u32) -> impl Future<Output = Result<Option<Override>, ReadError>>;
}

impl Overrides for PackRows {
    async fn choice(&self) -> Result<Choice, ReadError> {
        Self::choice(self).await
    }
    async fn get(&self, version: u32) -> Result<Option<Override>, ReadError> {
        Self::get(self, version).await
    }
}

/// The pack that counts, kept for a while.
///
/// Ages are by the wall clock: the monotonic one stands still while Lambda has the function frozen.
pub struct CurrentPack<T, O> {
    dir: PathBuf,
    overrides: O,
    every: SignedDuration,
    metrics: Metrics,
    held: Mutex<Held<T>>,
}

/// The pack in use, and what is known of the choice behind it.
struct Held<T> {
    pack: Arc<T>,
    /// The override in it; `None` is the pack as shipped.
    version: Option<u32>,
    /// The choice that was followed last, as far as it could be.
    followed: Choice,
    asked_at: Option<Timestamp>,
}

impl<T: FromPack, O: Overrides> CurrentPack<T, O> {
    /// Begins with the shipped pack of a folder; asks for another at the first use, and then at most once in `every`.
    pub fn new(shipped: T, dir: PathBuf, overrides: O, every: SignedDuration, metrics: Metrics) -> Self {
        let held = Held { pack: Arc::new(shipped), version: None, followed: Choice::default(), asked_at: None };
        Self { dir, overrides, every, metrics, held: Mutex::new(held) }
    }

    /// The pack that counts at that time, as far as the table can be asked.
    pub async fn at(&self, now: Timestamp) -> Arc<T> {
        let mut held = self.held.lock().await;
        // A time in the future has no age: the clock has been set.
        let age = held.asked_at.map(|at| now.duration_since(at)).filter(|age| !age.is_negative());
        if age.is_none_or(|age| age >= self.every) {
            held.asked_at = Some(now);
            if let Err(error) = self.follow(&mut held).await {
                tracing::error!(code = "override_unread", %error, "the pack in use stays");
            }
        }
        Arc::clone(&held.pack)
    }

    /// Follows the choice, where it is another than before.
    async fn follow(&self, held: &mut Held<T>) -> Result<(), ReadError> {
        let choice = match self.overrides.choice().await {
            Err(ReadError::Unreadable { .. }) => {
                self.refuse(None, 1);
                return Ok(());
            }
            choice => choice?,
        };
        if choice == held.followed {
            return Ok(());
        }
        for version in choice.candidates() {
            if version == held.version {
                break;
            }
            if let Some(pack) = self.read(version).await? {
                held.pack = Arc::new(pack);
                held.version = version;
                tracing::info!(version, "another version of the pack counts");
                break;
            }
        }
        held.followed = choice;
        Ok(())
    }

    /// A version of the pack, where it is sound.
    async fn read(&self, version: Option<u32>) -> Result<Option<T>, ReadError> {
        let read = match version {
            None => T::shipped(&self.dir),
            Some(version) => match self.overrides.get(version).await {
                Ok(Some(over)) => T::overridden(&self.dir, &over),
                // A row that is missing or broken will not get better by asking again.
                Ok(None) | Err(ReadError::Unreadable { .. }) => Err(PackErrors(Vec::new())),
                Err(error) => return Err(error),
            },
        };
        match read {
            Ok(pack) => Ok(Some(pack)),
            Err(PackErrors(errors)) => {
                self.refuse(version, errors.len().max(1));
                Ok(None)
            }
        }
    }

    /// Tells that a version was refused. No text: what is wrong may quote a file.
    fn refuse(&self, version: Option<u32>, errors: usize) {
        tracing::error!(code = "override_refused", version, errors, "the pack in use stays");
        self.metrics.put(OVERRIDES_REFUSED, 1);
    }
}

#[cfg(test)]
mod tests;
