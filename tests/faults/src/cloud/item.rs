//! Rows as the wire has them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// A row: attributes by name.
pub type Item = BTreeMap<String, Attribute>;

/// A value of a row. Kinds that no key and no condition is made of are kept as they came.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A text.
    S(String),
    /// A number; whole ones only, as the store has them.
    N(i128),
    /// A set of texts.
    Ss(BTreeSet<String>),
    /// Anything else, with its kind.
    Other(Value),
}

impl Attribute {
    /// Reads `{"S": "…"}` and its like.
    pub fn from_json(json: &Value) -> Option<Self> {
        let (kind, value) = json.as_object()?.iter().next()?;
        match kind.as_str() {
            "S" => value.as_str().map(|text| Self::S(text.to_owned())),
            "N" => match value.as_str()?.parse() {
                Ok(number) => Some(Self::N(number)),
                Err(_) => Some(Self::Other(json.clone())),
            },
            "SS" => {
                let texts = value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
                // An empty set is no value.
                texts.collect::<Option<BTreeSet<_>>>().filter(|set| !set.is_empty()).map(Self::Ss)
            }
            _ => Some(Self::Other(json.clone())),
        }
    }

    /// As the wire has it.
    pub fn to_json(&self) -> Value {
        match self {
            Self::S(text) => json!({ "S": text }),
            Self::N(number) => json!({ "N": number.to_string() }),
            Self::Ss(set) => json!({ "SS": set }),
            Self::Other(json) => json.clone(),
        }
    }

    /// The order of two texts or two numbers.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::S(one), Self::S(other)) => Some(one.as_bytes().cmp(other.as_bytes())),
            (Self::N(one), Self::N(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }

    /// The text that it is.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::S(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads a row.
pub fn item(json: &Value) -> Option<Item> {
    json.as_object()?.iter().map(|(name, value)| Some((name.clone(), Attribute::from_json(value)?))).collect()
}

/// A row as the wire has it.
pub fn to_json(item: &Item) -> Value {
    item.iter().map(|(name, value)| (name.clone(), value.to_json())).collect::<serde_json::Map<_, _>>().into()
}
