//! JSON and XML of the same values. XML has no attributes: a field is an element, a list an element that holds one for each of
//! its members, named by its singular, as GeoReport has it.

use serde::Serialize;
use serde_json::{Map, Value};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `text/xml`
    Xml,
}

impl Format {
    /// Its content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }

    /// A list, which XML calls `name`, with `each` around its members.
    pub fn list(self, name: &str, each: &str, values: &[impl Serialize]) -> serde_json::Result<String> {
        let value = serde_json::to_value(values)?;
        Ok(match self {
            Self::Json => value.to_string(),
            Self::Xml => {
                let mut xml = declared();
                element(&mut xml, name, &value, each);
                xml
            }
        })
    }

    /// One value, which XML calls `name`.
    pub fn one(self, name: &str, value: &impl Serialize) -> serde_json::Result<String> {
        let value = serde_json::to_value(value)?;
        Ok(match self {
            Self::Json => value.to_string(),
            Self::Xml => {
                let mut xml = declared();
                element(&mut xml, name, &value, singular(name));
                xml
            }
        })
    }
}

fn declared() -> String {
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned()
}

/// The name of a list's members.
fn singular(name: &str) -> &str {
    name.strip_suffix('s').filter(|name| !name.is_empty()).unwrap_or("item")
}

fn element(xml: &mut String, name: &str, value: &Value, each: &str) {
    if value.is_null() {
        *xml += &format!("<{name}/>");
        return;
    }
    *xml += &format!("<{name}>");
    match value {
        Value::Null => {}
        Value::Bool(yes) => *xml += &yes.to_string(),
        Value::Number(number) => *xml += &number.to_string(),
        Value::String(text) => escaped(xml, text),
        Value::Array(members) => members.iter().for_each(|member| element(xml, each, member, singular(each))),
        Value::Object(fields) => fields_of(xml, fields),
    }
    *xml += &format!("</{name}>");
}

fn fields_of(xml: &mut String, fields: &Map<String, Value>) {
    for (name, value) in fields {
        element(xml, name, value, singular(name));
    }
}

/// Text as XML 1.0 has it; characters that it cannot hold are left out.
fn escaped(xml: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => *xml += "&amp;",
            '<' => *xml += "&lt;",
            '>' => *xml += "&gt;",
            '\r' => *xml += "&#13;",
            '\t' | '\n' => xml.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => xml.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_an_element_and_a_list_has_its_singular() {
        let value = json!({"code": "a<b&\u{1}c>", "none": null, "yes": true, "at": -7.5, "formats": ["x", "y"],
                           "attributes": [], "endpoints": [{"url": "z"}]});
        insta::assert_snapshot!(Format::Xml.one("discovery", &value).unwrap(), @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <discovery><at>-7.5</at><attributes></attributes><code>a&lt;b&amp;c&gt;</code><endpoints><endpoint><url>z</url></endpoint></endpoints><formats><format>x</format><format>y</format></formats><none/><yes>true</yes></discovery>
        "#);
        insta::assert_snapshot!(Format::Xml.list("service_requests", "request", &[json!({"id": 1})]).unwrap(), @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <service_requests><request><id>1</id></request></service_requests>
        "#);
        assert_eq!(Format::Json.list("services", "service", &[json!({"id": 1})]).unwrap(), r#"[{"id":1}]"#);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_back_but_for_what_xml_cannot_hold(text in "\\PC*|[\\x00-\\x20<>&\"']*") {
            let mut xml = String::new();
            escaped(&mut xml, &text);
            let read = xml.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", "\r").replace("&amp;", "&");
            let kept: String = text.chars().filter(|c| *c >= ' ' || matches!(c, '\t' | '\n' | '\r')).collect();
            proptest::prop_assert_eq!(read, kept);
            proptest::prop_assert!(!xml.contains('<') && !xml.contains('>'));
        }
    }
}
