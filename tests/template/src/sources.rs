//! What feeds functions, and where what fails for good goes: read from the transformed template.

use serde_json::Value;

use crate::transformed::{Transformed, packs, text};

/// The queue that a value names, and its properties.
fn queue<'a>(template: &'a Transformed, name: &Value) -> (String, &'a Value) {
    let id = text(name).trim_start_matches("${").trim_end_matches(".Arn}").to_owned();
    let resource = &template.0["Resources"][&id];
    assert_eq!(resource["Type"], "AWS::SQS::Queue", "{id} is no queue of ours");
    (id, &resource["Properties"])
}

fn function<'a>(template: &'a Transformed, name: &Value) -> &'a Value {
    template.properties(text(name).trim_start_matches("${").trim_end_matches('}'))
}

#[tokio::test]
async fn a_batch_is_not_handed_out_again_while_it_is_being_worked_on_and_poison_is_set_aside() {
    for (pack, template) in packs().await {
        let mut fed = Vec::new();
        for (_, mapping) in template.resources("AWS::Lambda::EventSourceMapping") {
            let mapping = &mapping["Properties"];
            if text(&mapping["EventSourceArn"]).ends_with(".StreamArn}") {
                queue(template, &mapping["DestinationConfig"]["OnFailure"]["Destination"]);
                continue;
            }
            let (id, source) = queue(template, &mapping["EventSourceArn"]);
            let timeout = function(template, &mapping["FunctionName"])["Timeout"].as_u64().unwrap();
            assert!(source["VisibilityTimeout"].as_u64().unwrap() >= 6 * timeout, "{pack}: {id}");
            assert!(!mapping["ScalingConfig"]["MaximumConcurrency"].is_null(), "{pack}: {id} has no cap");
            assert_eq!(mapping["FunctionResponseTypes"][0], "ReportBatchItemFailures", "{pack}: {id}");
            assert!(source["RedrivePolicy"]["maxReceiveCount"].as_u64().unwrap() >= 5, "{pack}: {id}");
            fed.push(id);
        }
        assert_eq!(fed, ["RepliesQueue", "ReportsQueue"], "{pack}");
    }
}

#[tokio::test]
async fn every_queue_is_encrypted_kept_fourteen_days_and_set_aside_to_a_queue_of_its_kind() {
    for (pack, template) in packs().await {
        for (id, resource) in template.resources("AWS::SQS::Queue") {
            let properties = &resource["Properties"];
            assert_eq!(properties["SqsManagedSseEnabled"], true, "{pack}: {id}");
            assert_eq!(properties["MessageRetentionPeriod"], 1_209_600, "{pack}: {id}");
            let redrive = &properties["RedrivePolicy"];
            if redrive.is_null() {
                // Where nothing is retried: dead letters, and what people look at.
                let ends = id.ends_with("DeadLetters") || matches!(id, "QuarantineQueue" | "FailedInvocations");
                assert!(ends, "{pack}: what fails in {id} comes back for ever");
                continue;
            }
            let (_, dead_letters) = queue(template, &redrive["deadLetterTargetArn"]);
            assert_eq!(dead_letters["FifoQueue"], properties["FifoQueue"], "{pack}: {id}");
        }
    }
}

#[tokio::test]
async fn what_a_schedule_cannot_start_is_set_aside() {
    for (pack, template) in packs().await {
        for (id, schedule) in template.resources("AWS::Scheduler::Schedule") {
            let target = &schedule["Properties"]["Target"];
            queue(template, &target["DeadLetterConfig"]["Arn"]);
            let called = text(&target["Arn"]).replace(".Arn", "");
            let is_told = template.resources("AWS::Lambda::EventInvokeConfig").any(|(_, config)| {
                let config = &config["Properties"];
                text(&config["FunctionName"]) == called && !config["DestinationConfig"]["OnFailure"].is_null()
            });
            assert!(is_told, "{pack}: {id} starts what fails unseen");
        }
    }
}

/// What holds something that is nowhere else.
const KEPT: [&str; 11] = [
    "AgencyDeadLetters",
    "DeskUsers",
    "Open311Keys",
    "PeopleTopic",
    "QuarantineQueue",
    "ReportsDeadLetters",
    "ReportsQueue",
    "Table",
    "XAccountSecret",
    "XSecret",
    "AgencyQueue",
];

#[tokio::test]
async fn what_holds_data_outlives_the_stack_and_nothing_else_does() {
    for (pack, template) in packs().await {
        for (id, resource) in template.0["Resources"].as_object().unwrap() {
            let is_kept = KEPT.contains(&id.as_str()) || id.starts_with("AgencyQueue");
            let (deleted, replaced) = (&resource["DeletionPolicy"], &resource["UpdateReplacePolicy"]);
            match is_kept {
                true => assert!(deleted == "RetainExceptOnCreate" && replaced == "Retain", "{pack}: {id} goes"),
                false => assert!(deleted.is_null() && replaced.is_null(), "{pack}: {id} stays"),
            }
        }
    }
}
