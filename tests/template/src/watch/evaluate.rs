//! What CloudWatch makes of an alarm's definition: points that breach, of the last ones.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::alarms::{Alarm, Watched};
use super::math;
use super::series::Series;

/// What an alarm is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Alarm,
    Ok,
    /// As it was before.
    Unchanged,
}

impl Alarm {
    /// Its state at a time. CloudWatch would look further back for points that are missing; here they are missing.
    pub fn state(&self, series: &Series, end: Timestamp) -> State {
        let points = self.points(series, end);
        if self.missing == "ignore" && points.iter().all(Option::is_none) {
            return State::Unchanged;
        }
        let breaching =
            points.iter().filter(|point| point.map_or(self.missing == "breaching", |value| self.breaks(value)));
        if breaching.count() >= usize::try_from(self.datapoints).unwrap() { State::Alarm } else { State::Ok }
    }

    fn breaks(&self, value: f64) -> bool {
        match self.comparison.as_str() {
            "GreaterThanOrEqualToThreshold" => value >= self.threshold,
            "GreaterThanThreshold" => value > self.threshold,
            "LessThanOrEqualToThreshold" => value <= self.threshold,
            "LessThanThreshold" => value < self.threshold,
            other => panic!("a comparison that is not known here: {other}"),
        }
    }

    fn points(&self, series: &Series, end: Timestamp) -> Vec<Option<f64>> {
        match &self.watched {
            Watched::Metric(watched) => {
                series.points(&watched.key, &watched.statistic, watched.period, self.periods, end)
            }
            Watched::Math { expression, named } => {
                let periods: BTreeSet<i64> = named.values().map(|watched| watched.period).collect();
                assert_eq!(periods.len(), 1, "one period for all, else CloudWatch chooses");
                let period: i64 = periods.into_iter().sum();
                let hour_of = |number: i64| {
                    let begins = end.as_second() - (self.periods - number) * period;
                    u32::try_from(begins.rem_euclid(86_400) / 3600).unwrap()
                };
                let point = |number: i64| {
                    let at = |name: &str| {
                        let watched = named.get(name)?;
                        let points = series.points(&watched.key, &watched.statistic, period, self.periods, end);
                        points[usize::try_from(number).unwrap()]
                    };
                    math::value(expression, hour_of(number), &at)
                };
                (0..self.periods).map(point).collect()
            }
        }
    }
}
