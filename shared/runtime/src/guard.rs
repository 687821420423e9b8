//! A panic or a hang fails its record alone.

use std::error::Error;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use crate::deadline::Deadline;

/// Why a piece of work did not succeed, for the log.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It said so. The text is the error's with its causes.
    #[error("{0}")]
    Error(String),
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
/// [`Failed`] where it did not end well.
pub async fn guarded<T, E: Error>(deadline: Deadline, work: impl Future<Output = Result<T, E>>) -> Result<T, Failed> {
    // Records share nothing that a half-done record could leave broken: each has its own future.
    let work = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout_at(deadline.instant(), work).await {
        Ok(Ok(result)) => result.map_err(|error| Failed::Error(chain(&error))),
        Ok(Err(_panic)) => Err(Failed::Panicked),
        Err(_elapsed) => Err(Failed::OutOfTime),
    }
}

/// An error with its causes, on one line.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        // Wrappers often repeat their cause's text.
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}
