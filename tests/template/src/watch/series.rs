//! Measurements over time, as CloudWatch has them: from lines in the embedded metric format, or from AWS's own services.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use kemala_runtime::metrics::Metrics;
use serde_json::Value;

/// The stack that is played.
pub(crate) const STACK: &str = "kemala-dev-jateng";

/// A metric with the values of its dimensions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub namespace: String,
    pub name: String,
    pub dimensions: BTreeMap<String, String>,
}

/// Samples by second.
#[derive(Debug, Default)]
pub(crate) struct Series(BTreeMap<Key, Vec<(i64, f64)>>);

impl Series {
    /// What the functions' code measures at that time.
    pub fn measure(&mut self, at: Timestamp, put: impl FnOnce(&Metrics)) {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&lines);
        let metrics = Metrics::to(STACK, move |line| sink.lock().unwrap().push(line.to_owned()));
        put(&metrics);
        metrics.write(at);
        for line in lines.lock().unwrap().iter() {
            self.extract(&serde_json::from_str(line).unwrap());
        }
    }

    /// What a service of AWS measures.
    pub fn of_aws(&mut self, namespace: &str, name: &str, dimension: (&str, &str), at: Timestamp, value: f64) {
        let dimensions = BTreeMap::from([(dimension.0.to_owned(), dimension.1.to_owned())]);
        let key = Key { namespace: namespace.to_owned(), name: name.to_owned(), dimensions };
        self.0.entry(key).or_default().push((at.as_second(), value));
    }

    /// Takes a line apart as CloudWatch does: each set of dimensions is a metric of its own.
    fn extract(&mut self, line: &Value) {
        let at = line["_aws"]["Timestamp"].as_i64().unwrap() / 1000;
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
            for set in directive["Dimensions"].as_array().unwrap() {
                let names = set.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                let dimensions: BTreeMap<_, _> =
                    names.map(|name| (name.to_owned(), line[name].as_str().unwrap().to_owned())).collect();
                for metric in directive["Metrics"].as_array().unwrap() {
                    let name = metric["Name"].as_str().unwrap();
                    let namespace = directive["Namespace"].as_str().unwrap().to_owned();
                    let key = Key { namespace, name: name.to_owned(), dimensions: dimensions.clone() };
                    let values = match &line[name] {
                        Value::Array(values) => values.clone(),
                        single => vec![single.clone()],
                    };
                    let samples = values.iter().map(|value| (at, value.as_f64().unwrap()));
                    self.0.entry(key).or_default().extend(samples);
                }
            }
        }
    }

    /// A statistic of a metric for each of so many periods before `end`, the oldest first; `None` without samples.
    pub fn points(&self, key: &Key, statistic: &str, period: i64, periods: i64, end: Timestamp) -> Vec<Option<f64>> {
        let samples = self.0.get(key).map(Vec::as_slice).unwrap_or_default();
        let point = |number: i64| {
            let until = end.as_second() - (periods - 1 - number) * period;
            let within = samples.iter().filter(|(at, _)| (until - period..until).contains(at)).map(|(_, value)| *value);
            let values: Vec<f64> = within.collect();
            let sum: f64 = values.iter().sum();
            let value = match statistic {
                "Sum" => sum,
                "Average" => sum / values.len() as f64,
                "Minimum" => values.iter().copied().fold(f64::INFINITY, f64::min),
                "Maximum" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                "SampleCount" => values.len() as f64,
                other => panic!("a statistic that is not known here: {other}"),
            };
            (!values.is_empty()).then_some(value)
        };
        (0..periods).map(point).collect()
    }
}
