//! Measurements, as CloudWatch takes them out of a function's log: lines in the embedded metric format (EMF). They cost no
//! call and no permission. Numbers and names only: no text, no id.
//!
//! A line is JSON on its own, and Lambda must hand it on as it is. It does: what a function on a custom runtime writes to
//! stdout is not wrapped, whatever the log format (AWS, "Configuring JSON and plain text log formats"). With JSON as the
//! format a line without `level` counts as INFO and one without `timestamp` is given one (AWS, "Log-level filtering"), so
//! lines bring both, and a function's `ApplicationLogLevel` must not be above INFO.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Values of one metric in one document, and metrics in one directive (AWS, "Specification: Embedded metric format").
const MOST: usize = 100;

/// What a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Things; the sum is what matters.
    Count,
    /// Parts of a hundred.
    Percent,
    /// Seconds.
    Seconds,
    /// A plain number.
    None,
}

impl Unit {
    /// The name that CloudWatch has for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Percent => "Percent",
            Self::Seconds => "Seconds",
            Self::None => "None",
        }
    }
}

/// What is measured. Each combination of a metric with values of its dimensions is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metric {
    /// Its name in CloudWatch, like `ParkedEvents`.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// The sets of dimensions by which it is told apart, each on its own; `&[&[]]` is not told apart.
    pub by: &'static [&'static [&'static str]],
}

impl Metric {
    /// A metric that is not told apart.
    pub const fn new(name: &'static str, unit: Unit) -> Self {
        Self { name, unit, by: &[&[]] }
    }

    /// The same, told apart by sets of dimensions.
    pub const fn by(self, by: &'static [&'static [&'static str]]) -> Self {
        Self { by, ..self }
    }
}

/// Values of dimensions, in one order.
type Dimensions = BTreeMap<&'static str, String>;

/// Takes lines.
type Sink = dyn Fn(&str) + Send + Sync;

/// Where measurements are put while a function is invoked, and written at its end. Clones are the same one.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    namespace: String,
    sink: Box<Sink>,
    taken: Mutex<BTreeMap<Dimensions, BTreeMap<Metric, Vec<f64>>>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Metrics").field(&self.0.namespace).finish()
    }
}

impl Metrics {
    /// Metrics of a namespace, whose lines go to stdout, which is the function's log.
    pub fn new(namespace: String) -> Self {
        // Nobody is there to be told that stdout is closed.
        Self::to(namespace, |line| drop(writeln!(std::io::stdout().lock(), "{line}")))
    }

    /// Metrics whose lines somebody else takes, for tests.
    pub fn to(namespace: impl Into<String>, sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { namespace: namespace.into(), sink: Box::new(sink), taken: Mutex::default() }))
    }

    /// Measures something that is not told apart.
    pub fn put(&self, metric: Metric, value: impl Into<f64>) {
        self.put_by(metric, &[], value);
    }

    /// Measures something with the values of its dimensions. What is no number is not kept.
    pub fn put_by(&self, metric: Metric, dimensions: &[(&'static str, &str)], value: impl Into<f64>) {
        let value = value.into();
        if value.is_finite() {
            let dimensions = dimensions.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
            taken.entry(dimensions).or_default().entry(metric).or_default().push(value);
        }
    }

    /// Does the work of an invocation, then writes what was measured in it.
    pub async fn written_after<T>(&self, work: impl Future<Output = T>) -> T {
        let done = work.await;
        self.write(Timestamp::now());
        done
    }

    /// Writes what was measured since it last was: one line where the dimensions allow, for a line has one value of each.
    pub fn write(&self, now: Timestamp) {
        let mut taken = std::mem::take(&mut *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner));
        // What is not told apart rides with the first that is.
        if let Some(plain) = taken.remove(&Dimensions::new()) {
            let first = taken.keys().next().cloned().unwrap_or_default();
            taken.entry(first).or_default().extend(plain);
        }
        for (dimensions, mut metrics) in taken {
            while !metrics.is_empty() {
                (self.0.sink)(&document(&self.0.namespace, &dimensions, &mut metrics, now));
            }
        }
    }
}

/// Takes out of `metrics` what fits into a document.
fn document(
    namespace: &str,
    dimensions: &Dimensions,
    metrics: &mut BTreeMap<Metric, Vec<f64>>,
    now: Timestamp,
) -> String {
    let mut line = Map::new();
    let mut directives: BTreeMap<_, Vec<Value>> = BTreeMap::new();
    let fitting: Vec<Metric> = metrics.keys().take(MOST).copied().collect();
    for metric in fitting {
        let Some(mut values) = metrics.remove(&metric) else { continue };
        let rest = values.split_off(values.len().min(MOST));
        if !rest.is_empty() {
            metrics.insert(metric, rest);
        }
        let value = if let [value] = values.as_slice() { json!(value) } else { json!(values) };
        line.insert(metric.name.to_owned(), value);
        let definition = json!({"Name": metric.name, "Unit": metric.unit.name()});
        directives.entry(metric.by).or_default().push(definition);
    }
    let directives: Vec<Value> = directives
        .into_iter()
        .map(|(by, metrics)| json!({"Namespace": namespace, "Dimensions": by, "Metrics": metrics}))
        .collect();
    line.extend(dimensions.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
    line.insert("_aws".to_owned(), json!({"Timestamp": now.as_millisecond(), "CloudWatchMetrics": directives}));
    line.insert("level".to_owned(), json!("INFO"));
    line.insert("timestamp".to_owned(), json!(now));
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKED: Metric = Metric::new("Worked", Unit::Count);
    const AGE: Metric = Metric::new("Age", Unit::Seconds);
    const CALLS: Metric = Metric::new("Calls", Unit::Count).by(&[&["way"], &["end"]]);

    fn written(put: impl Fn(&Metrics)) -> Vec<String> {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&lines);
        let metrics = Metrics::to("shop-dev", move |line| sink.lock().unwrap().push(line.to_owned()));
        put(&metrics);
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        metrics.write(now);
        metrics.write(now);
        std::mem::take(&mut *lines.lock().unwrap())
    }

    #[test]
    fn an_invocation_is_a_line() {
        let lines = written(|metrics| {
            metrics.put(WORKED, 2);
            metrics.put(AGE, 1.5);
            metrics.put(AGE, 0);
            metrics.put_by(CALLS, &[("way", "in"), ("end", "good")], 1);
        });
        insta::assert_snapshot!(lines.join("\n"), @r#"{"Age":[1.5,0.0],"Calls":1.0,"Worked":2.0,"_aws":{"CloudWatchMetrics":[{"Dimensions":[[]],"Metrics":[{"Name":"Age","Unit":"Seconds"},{"Name":"Worked","Unit":"Count"}],"Namespace":"shop-dev"},{"Dimensions":[["way"],["end"]],"Metrics":[{"Name":"Calls","Unit":"Count"}],"Namespace":"shop-dev"}],"Timestamp":1795399200000},"end":"good","level":"INFO","timestamp":"2026-11-23T02:00:00Z","way":"in"}"#);
    }

    #[test]
    fn nothing_measured_is_no_line() {
        assert!(written(|_| ()).is_empty());
        assert!(written(|metrics| metrics.put(AGE, f64::NAN)).is_empty());
    }

    #[test]
    fn values_of_dimensions_have_lines_of_their_own() {
        let lines = written(|metrics| {
            metrics.put(WORKED, 1);
            for end in ["good", "bad", "good"] {
                metrics.put_by(CALLS, &[("way", "in"), ("end", end)], 1);
            }
        });
        let shown: Vec<_> = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
        let of = |name: &str| shown.iter().map(|line| line[name].to_string()).collect::<Vec<_>>();
        assert_eq!(of("end"), ["\"bad\"", "\"good\""]);
        assert_eq!(of("Calls"), ["1.0", "[1.0,1.0]"]);
        assert_eq!(of("Worked"), ["1.0", "null"]);
    }

    #[test]
    fn a_line_has_a_hundred_values_of_a_metric_at_most() {
        let lines = written(|metrics| (0..250).for_each(|second| metrics.put(AGE, second)));
        let values = |line: &String| serde_json::from_str::<Value>(line).unwrap()["Age"].as_array().unwrap().len();
        assert_eq!(lines.iter().map(values).collect::<Vec<_>>(), [100, 100, 50]);
    }
}
