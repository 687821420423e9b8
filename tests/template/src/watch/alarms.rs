//! The template's alarms as CloudFormation would make them for `kemala-dev-jateng`: loops expanded, mappings looked up.

use std::collections::BTreeMap;

use yaml_serde::{Mapping, Value};

use super::series::{Key, STACK};
use crate::template::{items, resources, text, yaml};

/// An alarm.
#[derive(Debug)]
pub(crate) struct Alarm {
    /// Its name without the stack's.
    pub title: String,
    pub description: String,
    pub watched: Watched,
    pub periods: i64,
    pub datapoints: i64,
    pub comparison: String,
    pub threshold: f64,
    pub missing: String,
    pub rings: [String; 2],
}

/// What an alarm looks at.
#[derive(Debug)]
pub(crate) enum Watched {
    Metric(Statistic),
    Math { expression: String, named: BTreeMap<String, Statistic> },
}

/// A statistic of a metric.
#[derive(Debug, Clone)]
pub(crate) struct Statistic {
    pub key: Key,
    pub statistic: String,
    pub period: i64,
}

impl Alarm {
    /// The section of the runbook: alarms of single functions share one.
    pub fn section(&self) -> &str {
        if self.title.starts_with("functions-failing-") { "functions-failing" } else { &self.title }
    }

    /// The metrics it looks at.
    pub fn statistics(&self) -> Vec<&Statistic> {
        match &self.watched {
            Watched::Metric(statistic) => vec![statistic],
            Watched::Math { named, .. } => named.values().collect(),
        }
    }
}

/// All of them.
pub(crate) fn alarms() -> Vec<Alarm> {
    let template = yaml("infra/template.yaml");
    let mut alarms = Vec::new();
    for (id, body) in template["Resources"].as_mapping().unwrap() {
        let Some(_) = text(id).strip_prefix("Fn::ForEach::") else {
            alarms.extend(alarm(body, &BTreeMap::new(), &template));
            continue;
        };
        let name = text(&body[0]);
        for value in body[1].as_sequence().into_iter().flatten() {
            let variables = BTreeMap::from([(name.clone(), text(value))]);
            for (_, body) in body[2].as_mapping().unwrap() {
                alarms.extend(alarm(body, &variables, &template));
            }
        }
    }
    alarms
}

fn alarm(body: &Value, variables: &BTreeMap<String, String>, template: &Value) -> Option<Alarm> {
    if text(&body["Type"]) != "AWS::CloudWatch::Alarm" {
        return None;
    }
    let properties = resolved(&body["Properties"], variables, template);
    let number = |name: &str| text(&properties[name]).parse().unwrap_or_else(|_| panic!("{name} of {properties:?}"));
    let watched = match &properties["Metrics"] {
        Value::Null => Watched::Metric(statistic(&properties, &properties)),
        metrics => {
            let is_math = |query: &&Value| !query["Expression"].is_null();
            let (math, named): (Vec<_>, Vec<_>) = metrics.as_sequence().unwrap().iter().partition(is_math);
            assert_eq!(math.len(), 1, "one expression is what is watched");
            let named = named.into_iter().map(|query| {
                let stat = &query["MetricStat"];
                (text(&query["Id"]), statistic(&stat["Metric"], stat))
            });
            Watched::Math { expression: text(&math[0]["Expression"]), named: named.collect() }
        }
    };
    let name = text(&properties["AlarmName"]);
    Some(Alarm {
        title: name.strip_prefix(&format!("{STACK}-")).unwrap_or_else(|| panic!("{name}")).to_owned(),
        description: text(&properties["AlarmDescription"]),
        watched,
        periods: number("EvaluationPeriods") as i64,
        datapoints: number("DatapointsToAlarm") as i64,
        comparison: text(&properties["ComparisonOperator"]),
        threshold: number("Threshold"),
        missing: text(&properties["TreatMissingData"]),
        rings: ["AlarmActions", "OKActions"].map(|actions| text(&properties[actions])),
    })
}

fn statistic(metric: &Value, stat: &Value) -> Statistic {
    let dimensions = items(&metric["Dimensions"]);
    let dimensions = dimensions.iter().map(|dimension| (text(&dimension["Name"]), text(&dimension["Value"])));
    let statistic = if stat["Stat"].is_null() { &stat["Statistic"] } else { &stat["Stat"] };
    Statistic {
        key: Key {
            namespace: text(&metric["Namespace"]),
            name: text(&metric["MetricName"]),
            dimensions: dimensions.collect(),
        },
        statistic: text(statistic),
        period: text(&stat["Period"]).parse().unwrap(),
    }
}

/// A value with its short functions carried out, as far as alarms use them.
fn resolved(value: &Value, variables: &BTreeMap<String, String>, template: &Value) -> Value {
    let again = |value: &Value| resolved(value, variables, template);
    match value {
        Value::Sequence(items) => Value::Sequence(items.iter().map(again).collect()),
        Value::Mapping(pairs) if pairs.len() == 1 && !value["Ref"].is_null() => {
            refer(&text(&again(&value["Ref"])), variables)
        }
        Value::Mapping(pairs) => {
            Value::Mapping(pairs.iter().map(|(key, value)| (key.clone(), again(value))).collect::<Mapping>())
        }
        Value::Tagged(tagged) => match tagged.tag.to_string().as_str() {
            "!Ref" => refer(&text(&tagged.value), variables),
            "!FindInMap" => {
                let path: Vec<String> = items(&tagged.value).iter().map(|step| text(&again(step))).collect();
                let found = path.iter().fold(&template["Mappings"], |value, step| &value[step.as_str()]);
                assert!(!found.is_null(), "{path:?}");
                found.clone()
            }
            "!Sub" => match &tagged.value {
                Value::Sequence(parts) => {
                    let mut variables = variables.clone();
                    let named = parts[1].as_mapping().unwrap();
                    variables.extend(named.iter().map(|(name, value)| (text(name), text(&again(value)))));
                    Value::String(substituted(&text(&parts[0]), &variables))
                }
                single => Value::String(substituted(&text(single), variables)),
            },
            // The topic.
            _ => Value::String(text(value)),
        },
        plain => plain.clone(),
    }
}

/// What a name stands for: a loop's variable, or a function by its name.
fn refer(name: &str, variables: &BTreeMap<String, String>) -> Value {
    let function = || resources("AWS::Serverless::Function").into_iter().find(|function| function.id == name);
    Value::String(match variables.get(name) {
        Some(value) => value.clone(),
        None => match function() {
            Some(function) => substituted(&function.text("FunctionName"), variables),
            None => name.to_owned(),
        },
    })
}

/// A text of `Fn::Sub` for the stack that is played.
pub(crate) fn substituted(text: &str, variables: &BTreeMap<String, String>) -> String {
    let stack = [("Stage", "dev"), ("Pack", "jateng"), ("AWS::Region", "ap-southeast-3")];
    let known = stack.into_iter().chain(variables.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    known.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value))
}
