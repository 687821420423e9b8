//! What a service answers.

use serde_json::{Value, json};

/// A status and a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body: JSON, or XML for SNS.
    pub body: String,
}

impl Answer {
    /// 200, with that JSON.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body: body.to_string() }
    }

    /// An error of a JSON service, by its type.
    pub fn error(status: u16, kind: &str, message: &str) -> Self {
        let body = json!({ "__type": format!("com.amazonaws#{kind}"), "message": message, "Message": message });
        Self { status, body: body.to_string() }
    }

    /// The same, with one field more.
    #[must_use]
    pub fn with(self, name: &str, value: Value) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body[name] = value;
        Self { body: body.to_string(), ..self }
    }
}
