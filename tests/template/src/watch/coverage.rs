//! Alarms, dashboard, metrics and guides are of one mind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde_json::Value;

use super::alarms::{Watched, alarms, substituted};
use super::series::STACK;
use crate::template::{items, read, resources, text, yaml};
use crate::wiring::sources;
use agency_updates::metrics as agency_updates;
use citizen_reply::metrics as citizen_reply;
use classification::metrics as classification;
use search_poll::metrics as search_poll;
use sla_escalation::metrics as sla_escalation;
use webhook_intake::metrics as webhook_intake;

use kemala_runtime::metrics::Metric;

/// Every metric of ours; that none is missing here is a test.
const METRICS: [Metric; 23] = [
    agency_updates::UNREADABLE_REPORTS,
    citizen_reply::POSTING_REFUSED,
    citizen_reply::REPLIES,
    citizen_reply::REPLY_BUDGET_LEFT,
    classification::CONFIDENCE,
    classification::QUARANTINED,
    classification::REPORTS,
    classification::TRIAGE,
    kemala_current_pack::OVERRIDES_REFUSED,
    kemala_delivery::metrics::POST_TO_QUEUE,
    search_poll::QUARANTINED,
    search_poll::SEARCH_GAPS,
    sla_escalation::BREACHES,
    sla_escalation::ESCALATIONS,
    sla_escalation::OLDEST_UNDELIVERED,
    sla_escalation::PARKED_EVENTS,
    sla_escalation::SILENT_AGENCIES,
    sla_escalation::UNDELIVERED_EVENTS,
    webhook_intake::CHALLENGES_ANSWERED,
    webhook_intake::INTAKE_ERRORS,
    webhook_intake::QUARANTINED,
    webhook_intake::WEBHOOKS_REFUSED,
    webhook_intake::WEBHOOKS_TAKEN,
];

/// What AWS measures, as far as it is looked at: metric and the one dimension (AWS, "Available CloudWatch metrics for
/// Amazon SQS", "Types of metrics for Lambda functions").
const OF_AWS: [(&str, &str, &str); 4] = [
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"),
    ("AWS/Lambda", "Errors", "FunctionName"),
    ("AWS/Lambda", "IteratorAge", "FunctionName"),
];

/// The widgets' metrics: namespace, name, names of dimensions, and their values where they are given.
fn on_the_dashboard() -> BTreeSet<(String, String, String, String)> {
    let dashboard = resources("AWS::CloudWatch::Dashboard").remove(0);
    let body: Value = serde_json::from_str(&substituted(&dashboard.text("DashboardBody"), &BTreeMap::new())).unwrap();
    let mut shown = BTreeSet::new();
    for line in body["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|widget| widget["properties"]["metrics"].as_array())
        .flatten()
    {
        let parts: Vec<&str> = line.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        shown.insert(match parts.as_slice() {
            [namespace, name] => ((*namespace).to_owned(), (*name).to_owned(), String::new(), String::new()),
            [namespace, name, dimension, value] => {
                ((*namespace).to_owned(), (*name).to_owned(), (*dimension).to_owned(), (*value).to_owned())
            }
            _ => {
                let search = line[0]["expression"].as_str().unwrap();
                let (_, rest) = search.split_once("SEARCH('{\"").unwrap();
                let (namespace, rest) = rest.split_once("\",").unwrap();
                let (dimension, rest) = rest.split_once("} MetricName=\"").unwrap();
                let (name, _) = rest.split_once('"').unwrap();
                (namespace.to_owned(), name.to_owned(), dimension.to_owned(), String::new())
            }
        });
    }
    shown
}

/// The same of the alarms.
fn in_alarms() -> BTreeSet<(String, String, String, String)> {
    let alarms = alarms();
    let statistics = alarms.iter().flat_map(|alarm| alarm.statistics());
    statistics
        .map(|statistic| {
            let (names, values): (Vec<_>, Vec<_>) = statistic.key.dimensions.clone().into_iter().unzip();
            let key = &statistic.key;
            (key.namespace.clone(), key.name.clone(), names.join(","), values.join(","))
        })
        .collect()
}

#[test]
fn every_metric_that_is_looked_at_is_measured_and_the_other_way_round() {
    let measured: BTreeSet<(&str, &str)> = METRICS
        .iter()
        .flat_map(|metric| metric.by.iter().map(|set| (metric.name, set.first().copied().unwrap_or(""))))
        .collect();
    assert!(METRICS.iter().flat_map(|metric| metric.by).all(|set| set.len() <= 1), "sets of two would need more here");
    let watched: BTreeSet<_> = on_the_dashboard().into_iter().chain(in_alarms()).collect();
    for (namespace, name, dimension, _) in &watched {
        let is_known = match namespace.as_str() {
            STACK => measured.contains(&(name.as_str(), dimension.as_str())),
            other => OF_AWS.contains(&(other, name.as_str(), dimension.as_str())),
        };
        assert!(is_known, "nobody measures {namespace} {name} by '{dimension}'");
    }
    for (name, dimension) in measured {
        let is_shown = watched.iter().any(|(_, shown, by, _)| shown == name && by == dimension);
        assert!(is_shown, "{name} by '{dimension}' costs money, and nobody looks at it");
    }
}

#[test]
fn a_name_stands_for_one_metric() {
    let by_name: BTreeMap<&str, Metric> = METRICS.iter().map(|metric| (metric.name, *metric)).collect();
    for metric in METRICS {
        assert_eq!(by_name[metric.name], metric);
    }
    let code = sources("functions") + &sources("shared/current-pack") + &sources("shared/delivery");
    let declared = code.matches(": Metric = Metric::new(").count();
    assert_eq!(declared, METRICS.len(), "a metric is not named here, or no more");
}

#[test]
fn queues_and_functions_that_are_watched_exist() {
    let of = |kind: &str, name: &str| -> BTreeSet<String> {
        resources(kind).iter().map(|resource| substituted(&resource.text(name), &BTreeMap::new())).collect()
    };
    let (queues, functions) = (of("AWS::SQS::Queue", "QueueName"), of("AWS::Serverless::Function", "FunctionName"));
    for (namespace, name, _, value) in on_the_dashboard().into_iter().chain(in_alarms()) {
        let exists = match namespace.as_str() {
            "AWS/SQS" => queues.contains(&value),
            "AWS/Lambda" => functions.contains(&value),
            _ => true,
        };
        assert!(exists, "{name} of {value}");
    }
    let failing = alarms().iter().filter(|alarm| alarm.section() == "functions-failing").count();
    assert_eq!(failing, functions.len(), "each function has an alarm");
}

#[test]
fn every_alarm_has_a_page_and_every_page_an_alarm() {
    let runbook = read("infra/guides/runbook.md");
    let sections: BTreeSet<&str> = runbook.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let alarms = alarms();
    assert_eq!(alarms.iter().map(|alarm| alarm.section()).collect::<BTreeSet<_>>(), sections);
    for alarm in &alarms {
        let page = format!(" Runbook: infra/guides/runbook.md#{}", alarm.section());
        assert!(alarm.description.ends_with(&page), "{}: {}", alarm.title, alarm.description);
    }
    // Each tells the same things.
    for section in runbook.split("\n## ").skip(1) {
        let name = section.lines().next().unwrap();
        for part in ["**Means**", "**Noticed by**", "**Look**", "**Do**", "**Over when**"] {
            assert!(section.contains(part), "{name} lacks {part}");
        }
    }
}

#[test]
fn every_metric_stands_in_the_guide_with_its_unit_and_dimensions() {
    let guide = read("infra/guides/metrics.md");
    let rows: BTreeSet<Vec<&str>> = guide
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).skip(1).take(3).collect())
        .collect();
    let of = |metric: &Metric| {
        let by: Vec<&str> = metric.by.iter().flat_map(|set| set.iter().copied()).collect();
        (format!("`{}`", metric.name), metric.unit.name(), if by.is_empty() { "–".to_owned() } else { by.join("; ") })
    };
    let written: BTreeSet<_> = rows.iter().map(|row| (row[0].to_owned(), row[1], row[2].to_owned())).collect();
    assert_eq!(METRICS.iter().map(of).collect::<BTreeSet<_>>(), written);
}

#[test]
fn alarms_keep_to_cloudwatchs_limits_and_all_ring_the_topic() {
    let topic = "!If(OwnAlarmTopic, AlarmTopic, AlarmTopicArn)";
    for alarm in alarms() {
        assert_eq!(alarm.rings, [topic; 2], "{}", alarm.title);
        assert!(alarm.datapoints <= alarm.periods, "{}", alarm.title);
        for statistic in alarm.statistics() {
            // PutMetricAlarm: a day, or a week where a period is an hour or longer.
            let longest = if statistic.period < 3600 { 86_400 } else { 604_800 };
            assert!(statistic.period % 60 == 0 && statistic.period * alarm.periods <= longest, "{}", alarm.title);
        }
    }
    let groups: BTreeSet<_> = alarms().iter().map(|alarm| alarm.section().to_owned()).collect();
    assert_eq!(groups.len(), 22);
}

/// Lambda counts a line without a level as INFO, and ours say so: above it no measurement would come through.
#[test]
fn the_log_lets_measurements_through() {
    let logging = &yaml("infra/template.yaml")["Globals"]["Function"]["LoggingConfig"];
    assert_eq!([text(&logging["LogFormat"]), text(&logging["ApplicationLogLevel"])], ["JSON", "INFO"]);
}

#[test]
fn the_day_of_the_silent_webhook_is_the_day_of_the_packs() {
    let silent = alarms().into_iter().find(|alarm| alarm.title == "webhook-silent").unwrap();
    let Watched::Math { expression, .. } = silent.watched else { panic!("no metric math") };
    assert!(expression.starts_with("IF(HOUR(rounds) < 14,"), "{expression}");
    for file in std::fs::read_dir(crate::template::root().join("infra/packs")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let pack: toml::Table =
            toml::from_str(&read(&format!("shared/packs/{}/pack.toml", name.trim_end_matches(".yaml")))).unwrap();
        let zone = TimeZone::get(pack["timezone"].as_str().unwrap()).unwrap();
        let hour = |utc: &str| utc.parse::<jiff::Timestamp>().unwrap().to_zoned_datetime(zone.clone()).hour();
        assert_eq!([hour("2026-11-23T00:00:00Z"), hour("2026-11-23T14:00:00Z")], [7, 21], "{name}");
    }
}

#[test]
fn who_may_ring_the_topic_is_this_stacks_alarms() {
    let policies = resources("AWS::SNS::TopicPolicy");
    let policy = policies.iter().find(|policy| policy.id == "AlarmTopicPolicy").unwrap();
    let statement = items(&policy.get("PolicyDocument/Statement")).remove(0);
    assert_eq!(text(&statement["Principal"]), "Service: cloudwatch.amazonaws.com");
    assert!(text(&statement["Condition"]).contains(":alarm:kemala-${Stage}-${Pack}-*"));
}

#[test]
fn what_became_of_a_report_is_what_its_change_says() {
    use kemala_domain::lifecycle;
    use kemala_domain::report::VoiceRole;
    use kemala_domain::samples::{Law, edited, monday, opened, voice};

    use ::classification::metrics::Outcome;
    use kemala_messages::quarantine::Reason;
    use kemala_messages::report::Channel;

    let law = Law::sample();
    let (terms, case) = (law.terms(), opened("PEMKAB3316"));
    let joined = lifecycle::add_voice(&case, voice(VoiceRole::SameIncident, "101"), terms, monday());
    let reply = lifecycle::add_voice(&case, voice(VoiceRole::Reply, "102"), terms, monday());
    let decision = case.ticket.decision.clone();
    let edit = lifecycle::edit(&case, edited(VoiceRole::Opening, "100", 1), decision, terms, monday());
    for (change, outcome) in [(joined, Outcome::Joined), (reply, Outcome::Thread), (edit, Outcome::Edited)] {
        assert_eq!(Outcome::of(&change), outcome);
    }
    let mut series = super::series::Series::default();
    series.measure(monday(), |metrics| {
        let ticket = Outcome::Ticket { is_triage: true, confidence: 0.25 };
        classification::dealt_with(metrics, Some(Channel::XSearch), ticket);
        classification::dealt_with(
            metrics,
            Some(Channel::Open311),
            Outcome::Ticket { is_triage: false, confidence: 0.75 },
        );
        classification::dealt_with(metrics, None, Outcome::Quarantined(Reason::UnreadableMessage));
        webhook_intake::quarantined(metrics, Reason::UnknownBody);
    });
    let end = monday() + jiff::SignedDuration::from_secs(60);
    let point = |name: &str, statistic: &str, dimensions: &[(&str, &str)]| {
        let dimensions = dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let key = super::series::Key { namespace: STACK.to_owned(), name: name.to_owned(), dimensions };
        series.points(&key, statistic, 60, 1, end)[0]
    };
    assert_eq!(point("Triage", "Average", &[]), Some(0.5), "the desk's share");
    assert_eq!(point("Confidence", "Average", &[]), Some(0.5));
    assert_eq!(point("Reports", "Sum", &[("outcome", "ticket")]), Some(2.0));
    assert_eq!(point("Reports", "Sum", &[("channel", "x_search")]), Some(1.0));
    assert_eq!(point("Reports", "Sum", &[("outcome", "quarantined")]), Some(1.0));
    for reason in [Reason::UnreadableMessage, Reason::UnknownBody] {
        assert_eq!(point("Quarantined", "Sum", &[("reason", reason.code())]), Some(1.0));
    }
}

#[test]
fn the_runbook_looks_for_words_that_the_code_logs() {
    let code = sources("functions") + &sources("shared/runtime") + &sources("shared/delivery");
    let runbook = read("infra/guides/runbook.md");
    let patterns: Vec<&str> =
        runbook.split("--filter-pattern '\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(patterns.len() >= 10, "{patterns:?}");
    for pattern in patterns {
        assert!(code.contains(pattern), "nobody logs '{pattern}'");
    }
}
