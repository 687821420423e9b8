//! Functions and what feeds them.

use std::collections::BTreeSet;
use std::fs;

use crate::template::{Resource, items, read, resources, root, text};

fn functions() -> Vec<Resource> {
    resources("AWS::Serverless::Function")
}

/// The folder's name, which is also the crate's and the binary's.
fn folder(function: &Resource) -> String {
    function.text("CodeUri").rsplit('/').next().unwrap().to_owned()
}

#[test]
fn every_function_is_in_the_template_and_built_by_the_makefile() {
    let folders: BTreeSet<_> = fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(functions().iter().map(folder).collect::<BTreeSet<_>>(), folders);
    let makefile = read("infra/Makefile");
    for function in functions() {
        let target = format!("build-{}: FUNCTION = {}\n", function.id, folder(&function));
        assert!(makefile.contains(&target), "infra/Makefile lacks: {target}");
        let metadata = text(&function.body["Metadata"]);
        assert_eq!(metadata, "BuildMethod: makefile, ContextPath: ., WorkingDirectory: ..", "{}", function.id);
        let name = format!("kemala-${{Stage}}-${{Pack}}-{}", folder(&function));
        assert_eq!(function.text("FunctionName"), name);
    }
}

/// Names of the variables that a function's code reads, by how it asks for them.
fn read_by_code(folder: &str) -> BTreeSet<String> {
    let mut sources = sources(&format!("functions/{folder}/src"));
    if sources.contains("kemala_delivery::{") && sources.contains("Config") {
        // What both users of delivery are configured with is read there.
        sources += &self::sources("shared/delivery/src");
    }
    let mut names = BTreeSet::new();
    for call in ["required(\"", "optional(\"", "parsed(\""] {
        let after = sources.split(call).skip(1);
        names.extend(after.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()));
    }
    for (call, name) in [("pack_dir()", "KEMALA_PACK"), ("env.metrics()", "METRICS_NAMESPACE")] {
        if sources.contains(call) {
            names.insert(name.to_owned());
        }
    }
    names
}

/// All files of a source folder and of those in it, one after the other.
pub(crate) fn sources(folder: &str) -> String {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap());
    let source = |entry: fs::DirEntry| match entry.file_type().unwrap().is_dir() {
        true => sources(&format!("{folder}/{}", entry.file_name().to_str().unwrap())),
        false => fs::read_to_string(entry.path()).unwrap(),
    };
    entries.map(source).collect()
}

#[test]
fn a_function_is_given_exactly_the_variables_it_reads() {
    for function in functions() {
        let variables = function.get("Environment/Variables");
        let given: BTreeSet<_> = variables.as_mapping().into_iter().flatten().map(|(name, _)| text(name)).collect();
        assert_eq!(given, read_by_code(&folder(&function)), "{}", function.id);
        // Lambda's cap is 4 KB; a queue's address is the longest value.
        assert!(given.len() * 200 < 4096, "{} has too many variables", function.id);
    }
}

#[test]
fn every_function_has_its_own_role_and_log_group() {
    let groups = resources("AWS::Logs::LogGroup");
    for function in functions() {
        assert_eq!(function.text("Role"), format!("{}Role.Arn", function.id));
        let group = groups.iter().find(|group| group.id == function.text("LoggingConfig/LogGroup")).unwrap();
        assert_eq!(group.text("LogGroupName"), format!("/aws/lambda/{}", function.text("FunctionName")));
    }
    for group in groups {
        assert_eq!(group.text("RetentionInDays"), "30", "{}", group.id);
    }
}

#[test]
fn a_failing_batch_is_halved_and_given_up_in_time() {
    let fanout = functions().into_iter().find(|function| function.id == "SkpdFanout").unwrap();
    let lines: Vec<_> = fanout
        .get("Events/TicketEvents/Properties")
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, value)| format!("{}: {}", text(name), text(value)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Stream: Table.StreamArn
    StartingPosition: TRIM_HORIZON
    BatchSize: 25
    ParallelizationFactor: 1
    FilterCriteria: Filters: Pattern: {"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"EVENT#"}]}}}}
    FunctionResponseTypes: ReportBatchItemFailures
    BisectBatchOnFunctionError: true
    MaximumRetryAttempts: 3
    MaximumRecordAgeInSeconds: 3600
    DestinationConfig: OnFailure: Type: SQS, Destination: FailedInvocations.Arn
    "#);
}

#[test]
fn each_queue_keeps_messages_for_fourteen_days() {
    for queue in resources("AWS::SQS::Queue") {
        assert_eq!(queue.text("MessageRetentionPeriod"), "1209600", "{}", queue.id);
    }
}

#[test]
fn measurements_are_of_the_stack() {
    let given = |function: &Resource, name: &str| text(&function.get(&format!("Environment/Variables/{name}")));
    for function in functions() {
        let namespace = given(&function, "METRICS_NAMESPACE");
        assert!(matches!(namespace.as_str(), "" | "kemala-${Stage}-${Pack}"), "{}: {namespace}", function.id);
        // Who reads overrides may have to refuse one, and that rings.
        let reads = !given(&function, "PACK_REFRESH_SECONDS").is_empty();
        assert!(!reads || !namespace.is_empty(), "{}", function.id);
    }
}

#[test]
fn indexes_are_those_the_store_asks_for() {
    let table = resources("AWS::DynamoDB::Table").remove(0);
    let lines: Vec<_> = items(&table.get("GlobalSecondaryIndexes"))
        .iter()
        .map(|index| {
            let keys: Vec<_> = items(&index["KeySchema"]).iter().map(|key| text(&key["AttributeName"])).collect();
            format!("{} ({}), {}", text(&index["IndexName"]), keys.join(", "), text(&index["Projection"]))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    due (due_shard, due_at), ProjectionType: KEYS_ONLY
    undelivered (undelivered_shard, next_attempt_at), ProjectionType: KEYS_ONLY
    agency (agency_open, due_at), ProjectionType: ALL
    opened (opened_day, opened_place), ProjectionType: KEYS_ONLY
    escalated (escalated, due_at), ProjectionType: ALL
    ");
}
