//! `infra/template.yaml` as a tree, with CloudFormation's short forms written out as text.

use std::fs;
use std::path::{Path, PathBuf};

use yaml_serde::Value;
use yaml_serde::value::TaggedValue;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// A file of the repository as text.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A YAML file of the repository.
pub(crate) fn yaml(path: &str) -> Value {
    yaml_serde::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A resource with its logical id; those of the agencies' loop keep `${Code}` in theirs.
pub(crate) struct Resource {
    pub id: String,
    pub kind: String,
    pub body: Value,
}

impl Resource {
    /// A property by its path, or null.
    pub fn get(&self, path: &str) -> Value {
        path.split('/').fold(self.body["Properties"].clone(), |value, step| value[step].clone())
    }

    /// A property as text.
    pub fn text(&self, path: &str) -> String {
        text(&self.get(path))
    }
}

/// Resources of one type, in the template's order.
pub(crate) fn resources(kind: &str) -> Vec<Resource> {
    let template = yaml("infra/template.yaml");
    let mut found = Vec::new();
    for (id, body) in template["Resources"].as_mapping().unwrap() {
        let id = id.as_str().unwrap();
        if id.starts_with("Fn::ForEach::") {
            for (id, body) in body[2].as_mapping().unwrap() {
                found.push(resource(id.as_str().unwrap(), body));
            }
        } else {
            found.push(resource(id, body));
        }
    }
    found.retain(|resource| resource.kind == kind);
    found
}

fn resource(id: &str, body: &Value) -> Resource {
    Resource { id: id.to_owned(), kind: text(&body["Type"]), body: body.clone() }
}

/// A value as one line: `!GetAtt Table.Arn` is `Table.Arn`, `!Sub` its text, a mapping `key: value, …`.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => value.clone(),
        Value::Sequence(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Mapping(items) => {
            items.iter().map(|(key, value)| format!("{}: {}", text(key), text(value))).collect::<Vec<_>>().join(", ")
        }
        Value::Tagged(tagged) => function(tagged),
    }
}

fn function(tagged: &TaggedValue) -> String {
    let argument = text(&tagged.value);
    match tagged.tag.to_string().as_str() {
        "!Ref" | "!GetAtt" | "!Sub" => argument,
        name => format!("{name}({argument})"),
    }
}

/// The items of a list, or the one value that stands for a list of one.
pub(crate) fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Sequence(items) => items.clone(),
        single => vec![single.clone()],
    }
}
