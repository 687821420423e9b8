//! An answer of a service, and the few things read out of the XML of the older ones.

use anyhow::{Result, bail};
use serde_json::Value;

/// Status and body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body as text.
    pub body: String,
}

impl Answer {
    /// The body, if the call succeeded; else an error that says what the service said.
    pub fn success(self, what: &str) -> Result<String> {
        match self.status {
            200..=299 => Ok(self.body),
            status => bail!("{what}: the service answered {status}: {}", self.body.trim()),
        }
    }

    /// The body as JSON, if the call succeeded.
    pub fn json(self, what: &str) -> Result<Value> {
        let body = self.success(what)?;
        serde_json::from_str(&body).map_err(|e| anyhow::anyhow!("{what}: the answer is no JSON ({e}): {body}"))
    }
}

/// All texts between `<name>` and `</name>`, in order, for the flat lists that STS, IAM and CloudFormation answer with.
pub fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(open.as_str())
        .skip(1)
        .filter_map(|rest| rest.split_once(close.as_str()))
        .map(|(text, _)| unescape(text))
        .collect()
}

/// Key and value of each `Output` or `Parameter` in CloudFormation's answer; one without a value is empty.
pub(crate) fn pairs(xml: &str, kind: &str) -> Vec<(String, String)> {
    let (key, value) = (format!("{kind}Key"), format!("{kind}Value"));
    let first = |part: &str, name: &str| elements(part, name).into_iter().next();
    xml.split("<member>")
        .filter_map(|member| Some((first(member, &key)?, first(member, &value).unwrap_or_default())))
        .collect()
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&#x27;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_in_order() {
        let xml = "<r><k>A</k><v>1 &amp; 2</v><k>B</k><v/></r>";
        assert_eq!(elements(xml, "k"), ["A", "B"]);
        assert_eq!(elements(xml, "v"), ["1 & 2"]);
        assert!(elements(xml, "none").is_empty());
    }

    #[test]
    fn an_output_without_value_does_not_shift_the_others() {
        let xml = "<Outputs><member><OutputKey>A</OutputKey><OutputValue/></member>\
                   <member><OutputKey>B</OutputKey><OutputValue>b</OutputValue></member></Outputs>";
        assert_eq!(pairs(xml, "Output"), [("A".into(), String::new()), ("B".into(), "b".into())]);
    }

    #[test]
    fn a_refusal_is_told_in_full() {
        let refused = Answer { status: 403, body: "AccessDenied".into() };
        assert_eq!(refused.success("poll").unwrap_err().to_string(), "poll: the service answered 403: AccessDenied");
    }
}
