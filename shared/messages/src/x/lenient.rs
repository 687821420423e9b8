//! Reading the parts of a post that it can do without: a strange one is left out, and the report still comes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A value, or nothing where it is `null` or has another shape.
pub(super) fn value<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Ok(T::deserialize(Value::deserialize(from)?).ok())
}

/// Those elements of a list that can be read; none where it is no list.
pub(super) fn list<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    match Value::deserialize(from)? {
        Value::Array(elements) => Ok(elements.into_iter().filter_map(|element| T::deserialize(element).ok()).collect()),
        _ => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Parts {
        #[serde(default, deserialize_with = "super::value")]
        number: Option<u8>,
        #[serde(default, deserialize_with = "super::list")]
        numbers: Vec<u8>,
    }

    #[test]
    fn strange_parts_are_left_out() {
        for (json, number, numbers) in [
            (r#"{}"#, None, vec![]),
            (r#"{"number":null,"numbers":null}"#, None, vec![]),
            (r#"{"number":{"a":1},"numbers":{"a":1}}"#, None, vec![]),
            (r#"{"number":7,"numbers":[1,"two",3]}"#, Some(7), vec![1, 3]),
        ] {
            let parts: Parts = serde_json::from_str(json).unwrap();
            assert_eq!((parts.number, parts.numbers), (number, numbers), "{json}");
        }
    }
}
