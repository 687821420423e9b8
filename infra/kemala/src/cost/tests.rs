use super::*;
use crate::local::Workspace;

fn prices() -> Prices {
    Prices::load(&Workspace::find().unwrap().root().join("infra/prices.toml")).unwrap()
}

fn load(reports_per_day: f64) -> Load {
    Load {
        reports_per_day,
        replies_per_report: 2.0,
        agencies: 89.0,
        poll_seconds: 20.0,
        searches: false,
        look_ups_per_day: 500.0,
        metrics: 25.0,
        alarms: 22.0,
        dashboards: 1.0,
        secrets: 4.0,
        x_plan: None,
    }
}

fn line(bill: &Bill, what: &str) -> Line {
    bill.lines.iter().find(|line| line.what == what).unwrap_or_else(|| panic!("{what}")).clone()
}

#[test]
fn agencies_polls_are_counted_whatever_comes() {
    let bill = bill(&load(0.0), &prices());
    let polls = line(&bill, "queues: agencies' polls");
    // 89 agencies, three long polls a minute, 730 hours.
    assert_eq!(polls.amount.round(), 11_694_600.0);
    let ours = line(&bill, "queues: our functions' polls");
    assert_eq!(ours.free, 1_000_000.0, "what is free is used up by the line before");
    assert_eq!(polls.free, 0.0);
    assert_eq!((polls.usd * 100.0).round(), 585.0);
}

#[test]
fn what_is_free_is_given_once() {
    let bill = bill(&load(500.0), &prices());
    let free: f64 = bill.lines.iter().filter(|line| line.what.starts_with("queues")).map(|line| line.free).sum();
    assert_eq!(free, 1_000_000.0);
    assert_eq!(line(&bill, "watching: alarms").free, 10.0);
    assert_eq!(line(&bill, "table: kept, after a year").usd, 0.0, "25 GB are free");
    assert!(line(&bill, "table: writes").usd > 0.0);
}

#[test]
fn an_opened_report_takes_what_the_reference_says() {
    let prices = prices();
    let one = bill(&load(1.0), &prices);
    let writes = line(&one, "table: writes");
    let each = writes.amount / DAYS;
    assert_eq!(each, 16.0 + 5.0 * 12.0);
    // A million reports opened: about ten dollars, as measured by the reference.
    let opening =
        1e6 * prices.usage.opening_writes.value / prices.price.table_writes.per * prices.price.table_writes.usd;
    assert_eq!(opening, 10.0);
}

#[test]
fn the_bill_grows_with_reports_and_never_shrinks() {
    let prices = prices();
    let bills = [0.0, 50.0, 500.0, 5_000.0].map(|reports| bill(&load(reports), &prices));
    for pair in bills.windows(2) {
        for (less, more) in pair[0].lines.iter().zip(&pair[1].lines) {
            assert!(less.usd <= more.usd, "{}: {} and {}", less.what, less.usd, more.usd);
        }
        assert!(pair[0].usd() < pair[1].usd());
    }
    for bill in &bills {
        let sum: f64 = bill.lines.iter().map(|line| line.usd).sum();
        assert!((sum - bill.usd()).abs() < 1e-6);
        assert!(bill.lines.iter().all(|line| line.usd >= 0.0 && line.free <= line.amount));
    }
}

#[test]
fn what_x_takes_is_reads_look_ups_and_posts_or_its_plan() {
    let prices = prices();
    let usual = bill(&load(50.0), &prices);
    // 50 a day are open for five days: 250 are looked up each night, fewer than the pack's 500.
    assert_eq!(line(&usual, "X: posts looked up at night").amount, 250.0 * DAYS);
    let reads = 50.0 * DAYS * 0.005;
    let expected = reads + 250.0 * DAYS * 0.005 + 100.0 * DAYS * 0.010;
    assert!((usual.x_usd - expected).abs() < 1e-9, "{}", usual.x_usd);
    let plan = bill(&Load { x_plan: Some(42_000.0), ..load(50.0) }, &prices);
    assert_eq!(plan.x_usd, 42_000.0);
    assert_eq!(plan.aws_usd, usual.aws_usd);
}

#[test]
fn rarer_polls_cost_less() {
    let prices = prices();
    let polls = |seconds| {
        let load = Load { poll_seconds: seconds, ..load(500.0) };
        line(&bill(&load, &prices), "queues: agencies' polls")
    };
    assert_eq!(polls(60.0).amount * 3.0, polls(20.0).amount);
    assert!(polls(60.0).usd < polls(20.0).usd);
}

#[test]
fn a_number_without_a_source_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prices.toml");
    let text = std::fs::read_to_string(Workspace::find().unwrap().root().join("infra/prices.toml")).unwrap();
    let broken = [
        text.replace(
            "value = 12, source = \"estimate: ticket and event",
            "value = -1, source = \"estimate: ticket and event",
        ),
        text.replace("secrets = {", "secrecy = {"),
        text.replace("\"https://aws.amazon.com/sqs/pricing/ (FIFO; standard is 0.40)\"", "\"\""),
    ];
    for broken in broken {
        assert_ne!(broken, text);
        std::fs::write(&file, broken).unwrap();
        assert!(Prices::load(&file).is_err());
    }
}
