//! Why a request is not answered as it asks, in the words of GeoReport: a code, which is the HTTP status, and a sentence.

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{description}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, and what to do.
    pub description: String,
    /// After how many seconds it is worth asking again.
    pub retry_after: Option<u16>,
}

impl Refusal {
    fn new(status: u16, description: impl Into<String>) -> Self {
        Self { status, description: description.into(), retry_after: None }
    }

    /// 400.
    pub fn bad(description: impl Into<String>) -> Self {
        Self::new(400, description)
    }

    /// 403.
    pub fn forbidden(description: impl Into<String>) -> Self {
        Self::new(403, description)
    }

    /// 404.
    pub fn unknown(description: impl Into<String>) -> Self {
        Self::new(404, description)
    }

    /// 405.
    pub fn method(allowed: &str) -> Self {
        Self::new(405, format!("only {allowed} is answered here"))
    }

    /// 413.
    pub fn too_large(description: impl Into<String>) -> Self {
        Self::new(413, description)
    }

    /// 503: it may work later.
    pub fn unavailable(description: impl Into<String>) -> Self {
        Self { retry_after: Some(10), ..Self::new(503, description) }
    }

    /// With the seconds after which to ask again.
    pub fn retry_after(mut self, seconds: u16) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}
