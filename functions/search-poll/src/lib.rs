//! Searches X for posts with the pack's hashtags, where X does not send them, and asks each night whether posts of open
//! tickets are still there.

pub mod config;
pub mod handler;
mod look_up;
pub mod metrics;
mod search;

/// Why a run ended early. The next one goes on where it ended.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Its time was over.
    #[error("the run was out of time; the next one goes on")]
    OutOfTime,
    /// X did not answer as asked.
    #[error("X did not answer as asked")]
    X(#[from] kemala_x_api::Problem),
    /// An answer of X is not understood.
    #[error(transparent)]
    NotUnderstood(#[from] kemala_messages::x::search::NotUnderstood),
    /// A row could not be read.
    #[error(transparent)]
    Read(#[from] kemala_store::ReadError),
    /// A row could not be written.
    #[error(transparent)]
    Write(#[from] kemala_store::WriteError),
    /// A queue took no message.
    #[error(transparent)]
    NotSent(#[from] kemala_intake::NotSent),
    /// A post could not be taken in.
    #[error(transparent)]
    NoIntake(#[from] kemala_intake::NoIntake),
    /// A message could not be written.
    #[error("a message could not be written")]
    Unwritable(#[from] serde_json::Error),
}
