//! The template as CloudFormation transforms it, for every pack: loops expanded, serverless resources translated.

use std::collections::BTreeMap;
use std::process::Stdio;

use kemala::local::{SAM, Venv, Workspace};
use kemala::progress::Progress;
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// A plain CloudFormation template.
#[derive(Debug, Clone)]
pub(crate) struct Transformed(pub Value);

/// One for each pack, by its name. The SAM CLI is installed where it is not there yet.
pub(crate) async fn packs() -> &'static BTreeMap<String, Transformed> {
    static PACKS: OnceCell<BTreeMap<String, Transformed>> = OnceCell::const_new();
    PACKS.get_or_init(transform).await
}

async fn transform() -> BTreeMap<String, Transformed> {
    let workspace = Workspace::find().unwrap();
    let venv = Venv::ensure(SAM, &workspace.home(), &Progress::on_stderr()).await.unwrap();
    let mut command = Command::new(venv.program("python"));
    command.arg(workspace.root().join("infra/lint-template.py")).arg("--print");
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().await.unwrap();
    assert!(output.status.success(), "infra/lint-template.py --print");
    let packs: BTreeMap<String, Value> = serde_json::from_slice(&output.stdout).unwrap();
    packs.into_iter().map(|(pack, template)| (pack, Transformed(template))).collect()
}

impl Transformed {
    /// Resources of a type: logical id and body.
    pub fn resources<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let all = self.0["Resources"].as_object().unwrap().iter();
        all.filter(move |(_, body)| body["Type"] == kind).map(|(id, body)| (id.as_str(), body))
    }

    /// Properties of a resource.
    pub fn properties(&self, id: &str) -> &Value {
        &self.0["Resources"][id]["Properties"]
    }
}

/// The items of a list, or the one value that stands for a list of one; none of null.
pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

/// A value that CloudFormation fills in, as one text: `${Table.Arn}/index/due` is the same by `Sub` as by `Join`'s
/// elder forms, `GetAtt` and `Ref` are `${…}`.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) if object.len() == 1 => {
            let (function, argument) = object.iter().next().unwrap();
            match (function.as_str(), argument) {
                ("Ref", Value::String(name)) => format!("${{{name}}}"),
                ("Fn::GetAtt", Value::Array(path)) => {
                    format!("${{{}}}", path.iter().map(text).collect::<Vec<_>>().join("."))
                }
                ("Fn::Sub", Value::String(text)) => text.clone(),
                _ => value.to_string(),
            }
        }
        other => other.to_string(),
    }
}
