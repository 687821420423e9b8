//! `cost`: what a month costs, as a table.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use kemala_classifier::{Consumer, HashtagSource, Jurisdiction};
use serde_json::json;

use super::{Outcome, pack_folder};
use crate::cli;
use crate::cost::{self, Bill, Load, Prices};
use crate::local::Workspace;
use crate::terminal::{Table, json_line, out};

pub(super) fn run(arguments: cli::Cost) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let prices = Prices::load(&workspace.root().join("infra/prices.toml"))?;
    let loads = loads(&workspace, &arguments, &prices)?;
    let bills: Vec<Bill> = loads.iter().map(|load| cost::bill(load, &prices)).collect();
    if arguments.json {
        for (load, bill) in loads.iter().zip(&bills) {
            json_line(&json!({"reports_per_day": load.reports_per_day, "usd": bill.usd(), "bill": bill}))?;
        }
    } else {
        write(&loads, &bills, &mut out())?;
    }
    Ok(Outcome::Good)
}

/// What is asked for, and of all else what pack, template and prices say.
fn loads(workspace: &Workspace, arguments: &cli::Cost, prices: &Prices) -> Result<Vec<Load>> {
    let pack = Jurisdiction::load(&pack_folder(arguments.pack.clone())?).map_err(|errors| anyhow!("{errors}"))?;
    let polling = pack.agencies.iter().filter(|agency| agency.consumer == Consumer::System).count();
    let resources = Resources::of(&workspace.template())?;
    let given = |number: Option<u32>, otherwise: f64| number.map_or(otherwise, f64::from);
    let load = |reports: &u32| Load {
        reports_per_day: f64::from(*reports),
        replies_per_report: arguments.replies_per_report,
        agencies: given(arguments.agencies, polling as f64),
        poll_seconds: f64::from(arguments.poll_seconds),
        searches: pack.hashtag_source == HashtagSource::Poll,
        look_ups_per_day: f64::from(pack.look_ups_per_day),
        metrics: given(arguments.metrics, prices.usage.metrics.value),
        alarms: given(arguments.alarms, resources.count("AWS::CloudWatch::Alarm")),
        dashboards: given(arguments.dashboards, resources.count("AWS::CloudWatch::Dashboard")),
        secrets: resources.count("AWS::SecretsManager::Secret"),
        x_plan: arguments.x_plan,
    };
    Ok(arguments.reports_per_day.iter().map(load).collect())
}

/// The template as it is written.
struct Resources(String);

impl Resources {
    fn of(template: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(template);
        text.map(Self).with_context(|| format!("{} cannot be read", template.display()))
    }

    /// How many resources of a type; those of a loop count once.
    fn count(&self, name: &str) -> f64 {
        let is_one = |line: &&str| line.trim().strip_prefix("Type:").is_some_and(|kind| kind.trim() == name);
        self.0.lines().filter(is_one).count() as f64
    }
}

/// A column for each number of reports; of one alone also what is counted.
fn write(loads: &[Load], bills: &[Bill], out: &mut impl Write) -> Result<()> {
    let Some((first, load)) = bills.first().zip(loads.first()) else { return Ok(()) };
    let alone = bills.len() == 1;
    let heads: Vec<String> = loads.iter().map(|load| format!("{} a day", number(load.reports_per_day))).collect();
    let mut head = vec!["US dollars a month, reports:"];
    head.extend(heads.iter().map(String::as_str));
    head.extend(if alone { vec!["counted", "free of it", "price of"] } else { vec!["price of"] });
    let mut table = Table::with_head(&head);
    for (at, line) in first.lines.iter().enumerate() {
        let mut row = vec![line.what.to_owned()];
        row.extend(bills.iter().filter_map(|bill| Some(dollars(bill.lines.get(at)?.usd))));
        if alone {
            row.push(format!("{} {}", number(line.amount), line.unit));
            row.push(number(line.free));
        }
        row.push(line.region.clone());
        table.row(row);
    }
    let mut sum = |what: &str, of: fn(&Bill) -> f64| {
        let mut row = vec![what.to_owned()];
        row.extend(bills.iter().map(|bill| dollars(of(bill))));
        table.row(row);
    };
    sum("AWS", |bill| bill.aws_usd);
    sum("X", |bill| bill.x_usd);
    sum("all", Bill::usd);
    table.write(out)?;
    let alike = format!(
        "{} agencies poll every {} s; {} posts to citizens a report; {} metrics, {} alarms",
        load.agencies, load.poll_seconds, load.replies_per_report, load.metrics, load.alarms
    );
    writeln!(out, "{alike}")?;
    if load.x_plan.is_none() {
        writeln!(out, "X at pay per use; X wants a plan of governments, which is by contract (--x-plan)")?;
    }
    Ok(())
}

/// With cents, and thousands apart.
fn dollars(usd: f64) -> String {
    let cents = (usd * 100.0).round();
    format!("{}.{:02}", number((cents / 100.0).trunc()), cents % 100.0)
}

/// A whole number with its thousands apart; small ones with two figures.
fn number(value: f64) -> String {
    if value > 0.0 && value < 10.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    /// What a line of the guide prints.
    fn printed(line: &str) -> String {
        let words = line.strip_prefix("cargo ").unwrap_or(line).split_whitespace();
        let Command::Cost(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("{line}") };
        let workspace = Workspace::find().unwrap();
        let prices = Prices::load(&workspace.root().join("infra/prices.toml")).unwrap();
        let loads = loads(&workspace, &arguments, &prices).unwrap();
        let bills: Vec<Bill> = loads.iter().map(|load| cost::bill(load, &prices)).collect();
        let mut text = Vec::new();
        write(&loads, &bills, &mut anstream::StripStream::new(&mut text)).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_guide_shows_what_the_command_prints() {
        let guide = Workspace::find().unwrap().root().join("infra/guides/cost.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let mut shown = 0;
        for block in guide.split("```text\n").skip(1) {
            let block = block.split("```").next().unwrap();
            let (line, table) = block.split_once('\n').unwrap();
            assert_eq!(
                table,
                printed(line.trim_start_matches("$ ")),
                "{line}: print it again and put it into the guide"
            );
            shown += 1;
        }
        assert!(shown > 0, "the guide has no table");
    }

    #[test]
    fn numbers_are_written_for_people() {
        let written = [0.0, 0.4, 12.0, 1_234.0, 11_699_000.4].map(number);
        assert_eq!(written, ["0", "0.40", "12", "1,234", "11,699,000"]);
        assert_eq!([0.0, 0.005, 5.349, 1_234.5].map(dollars), ["0.00", "0.01", "5.35", "1,234.50"]);
    }

    #[test]
    fn resources_are_counted_by_their_type() {
        let template =
            Resources("A:\n  Type: AWS::CloudWatch::Alarm\nB:\n  Type:  AWS::CloudWatch::AlarmOther\n".to_owned());
        assert_eq!((template.count("AWS::CloudWatch::Alarm"), template.count("AWS::SNS::Topic")), (1.0, 0.0));
    }
}
