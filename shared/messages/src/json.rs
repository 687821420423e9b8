//! JSON as our queues carry it.

use serde::Serialize;

/// Largest message of a queue, and largest sum of a batch: 1 MiB
/// (AWS, "Amazon SQS message quotas": 1,048,576 bytes).
pub const SQS_MAX_BYTES: usize = 1_048_576;

/// Writes a message so that SQS takes it.
///
/// SQS refuses U+FFFE and U+FFFF, which JSON may hold as they are; written as escapes they mean the same.
///
/// # Errors
/// What `serde_json` says; no message of this crate can cause it.
pub(crate) fn for_sqs(message: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(message)?;
    // They can only stand inside strings: JSON's own signs are ASCII.
    Ok(if json.contains(['\u{FFFE}', '\u{FFFF}']) {
        json.replace('\u{FFFE}', "\\ufffe").replace('\u{FFFF}', "\\uffff")
    } else {
        json
    })
}

/// Where a JSON text could not be read. Says the place and the kind of fault only: `serde_json`'s own words may
/// quote the text, and the text may be a citizen's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at line {line}, column {column}")]
pub struct JsonFault {
    kind: &'static str,
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for JsonFault {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let kind = match error.classify() {
            Category::Io | Category::Syntax => "no JSON",
            Category::Eof => "JSON that ends too early",
            Category::Data => "JSON of another shape than expected",
        };
        Self { kind, line: error.line(), column: error.column() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqs_refuses_is_escaped() {
        let text = "a\u{FFFE}b\u{FFFF}c\u{7}";
        let json = for_sqs(&text).unwrap();
        assert_eq!(json, r#""a\ufffeb\uffffc\u0007""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn a_fault_quotes_nothing() {
        let error = serde_json::from_str::<u32>("\"nama saya\"").unwrap_err();
        assert!(error.to_string().contains("nama saya"), "the reason why this type exists");
        assert_eq!(JsonFault::from(error).to_string(), "JSON of another shape than expected at line 1, column 11");
    }
}
