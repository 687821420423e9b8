//! A panic or a hang fails its record alone.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use crate::deadline::Deadline;

/// Work that did not end by itself.
#[derive(Debug, thiserror::Error)]
pub enum Aborted {
    /// It panicked. The place is in the log (see [`crate::logging`]); the message may quote a record, so it is not kept.
    #[error("panicked")]
    Panicked,
    /// The deadline came first.
    #[error("ran out of time")]
    OutOfTime,
}

/// Runs `work` until it ends, panics, or the deadline comes.
///
/// # Errors
/// [`Aborted`] where it did not end by itself.
pub async fn guarded<T>(deadline: Deadline, work: impl Future<Output = T>) -> Result<T, Aborted> {
    // Records share nothing that a half-done record could leave broken: each has its own future.
    let work = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout_at(deadline.instant(), work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_panic)) => Err(Aborted::Panicked),
        Err(_elapsed) => Err(Aborted::OutOfTime),
    }
}
