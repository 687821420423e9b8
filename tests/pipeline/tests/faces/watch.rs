//! What the deployed functions measure comes out of them, and alarms and dashboard stand.

use std::fs;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{World, until, world};

/// The lines that functions have measured that metric in. The emulator's log has what functions say that are called by hand.
fn measured(world: &World, metric: &str) -> Result<Vec<Value>> {
    let log = fs::read_to_string(world.local.log())?;
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(lines.filter(|line| line["_aws"].is_object() && !line[metric].is_null()).collect())
}

/// Calls a function by hand, and waits for one more line about a metric.
async fn measures(world: &World, function: &str, event: &Value, metric: &str) -> Result<Value> {
    let before = measured(world, metric)?.len();
    world.http.invoke(&world.local.names.function(function), event).await?;
    until("a measurement", async || Ok(measured(world, metric)?.into_iter().nth(before))).await
}

#[tokio::test]
async fn the_deployed_functions_measure_into_the_stacks_namespace() -> Result<()> {
    let world = world().await?;
    let token = json!({"rawQueryString": "crc_token=9b4507b3", "requestContext": {"http": {"method": "GET"}}});
    let lines = [
        measures(&world, "webhook-intake", &token, "ChallengesAnswered").await?,
        measures(&world, "sla-escalation", &json!({"time": Timestamp::now()}), "OldestUndelivered").await?,
        measures(&world, "classification", &json!({"Records": [{"messageId": "1", "body": "junk"}]}), "Reports")
            .await?,
    ];
    for line in &lines {
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], world.local.names.stack().as_str(), "{line}");
        let age = Timestamp::now().as_millisecond() - line["_aws"]["Timestamp"].as_i64().context("a time")?;
        assert!((0..60_000).contains(&age), "{line}");
    }
    assert_eq!(lines[0]["ChallengesAnswered"], 1.0);
    assert_eq!((&lines[1]["UndeliveredEvents"], &lines[1]["ParkedEvents"]), (&json!(0.0), &json!(0.0)));
    assert_eq!((&lines[2]["outcome"], &lines[2]["channel"]), (&json!("quarantined"), &json!("unknown")));
    Ok(())
}

#[tokio::test]
async fn alarms_and_dashboard_are_deployed() -> Result<()> {
    let world = world().await?;
    let ask = async |operation: &str, input: Value| {
        world.http.operation("monitoring", &format!("GraniteServiceVersion20100801.{operation}"), &input).await
    };
    let stack = world.local.names.stack();
    let found = ask("DescribeAlarms", json!({"AlarmNamePrefix": format!("{stack}-"), "MaxRecords": 100})).await?;
    let alarms = found["MetricAlarms"].as_array().context("alarms")?;
    // All but the one with metric math, which the emulator's CloudFormation does not take.
    assert_eq!(alarms.len(), 30, "{found}");
    for alarm in alarms {
        assert!(
            alarm["AlarmActions"][0].as_str().is_some_and(|topic| topic.ends_with(&format!("{stack}-alarms"))),
            "{alarm}"
        );
    }
    let breach =
        alarms.iter().find(|alarm| alarm["AlarmName"] == format!("{stack}-breach-storm")).context("one of them")?;
    assert_eq!((&breach["Namespace"], &breach["MetricName"]), (&json!(stack), &json!("Breaches")));
    assert_eq!(breach["Threshold"].as_f64(), Some(100.0));
    let dashboard = ask("GetDashboard", json!({"DashboardName": stack})).await?;
    let body: Value = serde_json::from_str(dashboard["DashboardBody"].as_str().context("a body")?)?;
    assert_eq!(body["widgets"].as_array().map(Vec::len), Some(5 + 17), "five headings, and what is below them");
    Ok(())
}
