//! Limits of AWS, as far as the template decides whether they are kept; `infra/guides/limits.md` has the arithmetic.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::transformed::{Transformed, items, packs, text};

/// Bytes that a name or an address may have where only AWS knows it; queue URLs and ARNs are the longest, about 120.
const UNKNOWN: usize = 160;

/// A text as long as it may become: the longest stage and pack, and for what AWS gives, more than it gives.
fn filled(value: &Value) -> String {
    if let Some([_, yes, no]) = value["Fn::If"].as_array().map(Vec::as_slice) {
        let (yes, no) = (filled(yes), filled(no));
        return if yes.len() > no.len() { yes } else { no };
    }
    let mut rest = text(value);
    for (name, filling) in [
        ("${Stage}", "staging"),
        ("${Pack}", "a-pack-of-20-letters"),
        ("${AWS::Region}", "ap-southeast-3"),
        ("${AWS::AccountId}", "123456789012"),
        ("${AWS::Partition}", "aws"),
        ("${AWS::URLSuffix}", "amazonaws.com"),
    ] {
        rest = rest.replace(name, filling);
    }
    while let Some((before, after)) = rest.split_once("${") {
        let after = after.split_once('}').map_or("", |(_, after)| after);
        rest = format!("{before}{}{after}", "x".repeat(UNKNOWN));
    }
    rest
}

/// The longest name of each type with its limit.
fn names(template: &Transformed) -> Vec<String> {
    let mut too_long = Vec::new();
    for (kind, property, limit) in [
        ("AWS::IAM::Role", "RoleName", 64),
        ("AWS::SQS::Queue", "QueueName", 80),
        ("AWS::Lambda::Function", "FunctionName", 64),
        ("AWS::Scheduler::Schedule", "Name", 64),
        ("AWS::DynamoDB::Table", "TableName", 255),
        ("AWS::Cognito::UserPoolDomain", "Domain", 63),
        ("AWS::Cognito::UserPool", "UserPoolName", 128),
        ("AWS::SNS::Topic", "TopicName", 256),
        ("AWS::Logs::LogGroup", "LogGroupName", 512),
    ] {
        for (id, resource) in template.resources(kind) {
            let name = filled(&resource["Properties"][property]);
            if name.is_empty() || name.len() > limit {
                too_long.push(format!("{id}: {name:?} has {} of {limit} characters", name.len()));
            }
        }
    }
    too_long
}

/// A policy as IAM counts it: without white space.
fn characters(document: &Value) -> usize {
    fn resolved(value: &Value) -> Value {
        match value {
            Value::Object(object)
                if object.len() == 1 && object.keys().all(|key| key.starts_with("Fn::") || key == "Ref") =>
            {
                Value::String(filled(value))
            }
            Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), resolved(value))).collect(),
            Value::Array(values) => values.iter().map(resolved).collect(),
            other => other.clone(),
        }
    }
    resolved(document).to_string().len()
}

#[tokio::test]
async fn every_pack_fits_one_template() {
    for (pack, template) in packs().await {
        let count = |section: &str| template.0[section].as_object().map_or(0, serde_json::Map::len);
        println!("{pack}: {} of 500 resources, {} of 200 outputs", count("Resources"), count("Outputs"));
        assert!(count("Resources") <= 500, "{pack} has {} resources", count("Resources"));
        assert!(count("Outputs") <= 200 && count("Parameters") <= 200 && count("Mappings") <= 200, "{pack}");
        // A template in S3 may have 1 MB; CloudFormation looks at what came out of the transform.
        assert!(template.0.to_string().len() <= 1_000_000, "{pack}");
    }
}

#[tokio::test]
async fn names_fit_with_the_longest_stage_and_pack() {
    for (pack, template) in packs().await {
        assert_eq!(names(template), [""; 0], "{pack}");
    }
}

#[tokio::test]
async fn policies_fit_their_roles() {
    for (pack, template) in packs().await {
        for (id, role) in template.resources("AWS::IAM::Role") {
            let policies = items(&role["Properties"]["Policies"]);
            let inline: usize = policies.iter().map(|policy| characters(&policy["PolicyDocument"])).sum();
            assert!(inline <= 10_240, "{pack}: {id} has {inline} of 10,240 characters");
            let trust = characters(&role["Properties"]["AssumeRolePolicyDocument"]);
            assert!(trust <= 2_048, "{pack}: {id} trusts in {trust} of 2,048 characters");
        }
    }
}

#[tokio::test]
async fn environments_fit_four_kilobytes() {
    for (pack, template) in packs().await {
        for (id, function) in template.resources("AWS::Lambda::Function") {
            let variables = function["Properties"]["Environment"]["Variables"].as_object().unwrap();
            let sizes: BTreeMap<_, _> =
                variables.iter().map(|(name, value)| (name, name.len() + filled(value).len())).collect();
            let all: usize = sizes.values().sum();
            assert!(all <= 4096, "{pack}: the environment of {id} may have {all} bytes: {sizes:?}");
        }
    }
}

#[tokio::test]
async fn everything_is_described() {
    for (pack, template) in packs().await {
        for section in ["Parameters", "Outputs"] {
            for (name, entry) in template.0[section].as_object().unwrap() {
                let description = entry["Description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{pack}: {section} {name} says not what it is");
            }
        }
        for (name, parameter) in template.0["Parameters"].as_object().unwrap() {
            let checked = ["AllowedValues", "AllowedPattern", "MaxValue"].iter().any(|rule| !parameter[rule].is_null());
            assert!(checked, "{pack}: any {name} is taken");
        }
    }
}

/// How many runs of functions an account must allow, in the worst moment: the table in `infra/guides/limits.md`.
#[tokio::test]
async fn a_new_account_s_concurrency_is_enough() {
    for (pack, template) in packs().await {
        let mut runs = 0;
        for (id, mapping) in template.resources("AWS::Lambda::EventSourceMapping") {
            let properties = &mapping["Properties"];
            runs += match properties["ScalingConfig"]["MaximumConcurrency"].clone() {
                // A queue; 2 is the least that AWS takes.
                Value::Number(number) => number.as_u64().unwrap(),
                by_account @ Value::Object(_) => {
                    assert_eq!(by_account["Fn::FindInMap"][1]["Ref"], "AccountConcurrency");
                    assert_eq!(template.0["Parameters"]["AccountConcurrency"]["Default"], "10");
                    template.0["Mappings"]["Concurrency"]["10"]["Reports"].as_u64().unwrap()
                }
                // A stream: one run a shard, and a new table on demand has four.
                Value::Null if properties["ParallelizationFactor"] == 1 => 4,
                other => panic!("{pack}: {id} runs without a limit: {other}"),
            };
        }
        // The clocks' round, which never meets itself: its time-out is below a minute.
        let round = &template.properties("SlaEscalation")["Timeout"];
        assert!(round.as_u64().unwrap() < 60);
        runs += 1;
        assert_eq!(runs, 9, "{pack}: one of a new account's ten must be left for the webhook");
    }
}
