//! A report as JSON.

use kemala_domain::figures::{Figure, Figures, Share};
use serde_json::{Map, Value, json};

use crate::lines::{Line, Report};

/// The whole report. Times are working minutes; a share has its part and its whole beside it.
pub fn report(report: &Report) -> Value {
    let lines = |lines: &[Line]| lines.iter().map(line).collect::<Vec<_>>();
    let cells: Vec<Value> = report
        .cells
        .iter()
        .map(|cell| {
            let mut value = figures(&cell.figures, cell.open);
            value["agency"] = cell.agency.0.as_str().into();
            value["category"] = known(&cell.category.0);
            value["regency"] = known(&cell.regency.0);
            value
        })
        .collect();
    json!({
        "first_day": report.period.first,
        "last_day": report.period.last,
        "total": figures(&report.total.figures, report.total.open),
        "agencies": lines(&report.agencies),
        "categories": lines(&report.categories),
        "regencies": lines(&report.regencies),
        "cells": cells,
    })
}

fn line(line: &Line) -> Value {
    let mut value = figures(&line.figures, line.open);
    value["code"] = known(&line.code);
    value["name"] = known(&line.name);
    value
}

fn figures(figures: &Figures, open: i64) -> Value {
    let counts: Map<String, Value> = Figure::ALL
        .into_iter()
        .filter(|figure| *figure != Figure::Open)
        .map(|figure| (figure.name().to_owned(), figures.get(figure).into()))
        .collect();
    let shares: Map<String, Value> = Share::ALL
        .into_iter()
        .map(|share| {
            let ratio = share.of(figures);
            (share.name().to_owned(), json!({"part": ratio.part, "whole": ratio.whole, "value": ratio.value()}))
        })
        .collect();
    let held = json!({
        "count": figures.held.count(),
        "median_minutes": figures.held.percentile(50),
        "p90_minutes": figures.held.percentile(90),
    });
    json!({"counts": counts, "open_at_end": open, "held": held, "shares": shares})
}

fn known(code: &str) -> Value {
    if code.is_empty() { Value::Null } else { code.into() }
}
