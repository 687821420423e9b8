//! What can go wrong with the table.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// A read that brought nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The table could not be asked, or refused.
    #[error("the table could not be read ({code})")]
    Remote {
        /// The service's error code, or the kind of failure on the way.
        code: String,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row is there but is not what its key says. The row is named; the cause is not kept, for it would quote the
    /// row, and the row may be a citizen's words.
    #[error("row {pk} {sk} is unreadable")]
    Unreadable {
        /// Its partition key.
        pk: String,
        /// Its sort key.
        sk: String,
    },
    /// The rows of a ticket kept changing while they were read.
    #[error("the ticket changed while it was read")]
    Torn,
    /// Of many rows the table left some out, however often it was asked.
    #[error("the table did not give all rows that were asked for")]
    LeftOut,
}

impl ReadError {
    pub(crate) fn remote<E, R>(error: SdkError<E, R>) -> Self
    where
        SdkError<E, R>: std::error::Error + Send + Sync + 'static,
        E: ProvideErrorMetadata,
    {
        Self::Remote { code: code_of(&error), source: error.into() }
    }
}

/// A write that was not made, or of which nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Somebody else was first. Nothing was written: read again and decide again.
    #[error("somebody else changed the row first")]
    Conflict,
    /// The table could not be asked, or refused. It may have been written or not; a repeat is safe, for every write
    /// is conditional.
    #[error("the table could not be written ({code})")]
    Remote {
        /// The service's error code, or the kind of failure on the way.
        code: String,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A value does not fit into a row.
    #[error("the row could not be built")]
    Unwritable(#[source] serde_dynamo::Error),
}

impl WriteError {
    pub(crate) fn remote<E, R>(error: SdkError<E, R>) -> Self
    where
        SdkError<E, R>: std::error::Error + Send + Sync + 'static,
        E: ProvideErrorMetadata,
    {
        Self::Remote { code: code_of(&error), source: error.into() }
    }

    /// Whether a later attempt can succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Conflict | Self::Remote { .. })
    }
}

/// A short name of the failure, for logs and metrics.
fn code_of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    let kind = match error {
        SdkError::ServiceError(service) => return service.err().code().unwrap_or("service error").to_owned(),
        SdkError::TimeoutError(_) => "time-out",
        SdkError::DispatchFailure(_) => "not reached",
        SdkError::ResponseError(_) => "unreadable answer",
        _ => "request not built",
    };
    kind.to_owned()
}
