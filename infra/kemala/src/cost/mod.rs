//! What a month costs, by how many reports come: arithmetic over `infra/prices.toml`.
//!
//! Every report is taken to open a ticket, which is the dear case: who joins one costs less.

mod prices;

use serde::Serialize;

pub use prices::{Price, Prices};

/// Days of a month.
const DAYS: f64 = 365.0 / 12.0;
const MINUTES: f64 = DAYS * 24.0 * 60.0;
const KB_OF_A_GB: f64 = 1_000_000.0;

/// What there is to pay for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Reports that come in a day.
    pub reports_per_day: f64,
    /// Posts to citizens for each.
    pub replies_per_report: f64,
    /// Agencies whose system polls a queue.
    pub agencies: f64,
    /// Seconds from one poll of an agency to its next; 20 is one long poll after the other.
    pub poll_seconds: f64,
    /// Whether the hashtag is searched for each minute.
    pub searches: bool,
    /// Posts that X is asked about each night, at most.
    pub look_ups_per_day: f64,
    /// Metrics of our own, each combination of dimensions.
    pub metrics: f64,
    /// Alarms.
    pub alarms: f64,
    /// Dashboards.
    pub dashboards: f64,
    /// Secrets.
    pub secrets: f64,
    /// What an X plan costs a month whatever is read and posted, in US dollars, in place of pay per use.
    pub x_plan: Option<f64>,
}

/// One line of the bill of a month.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct Line {
    /// What it is for.
    pub what: &'static str,
    /// How much of it.
    pub amount: f64,
    /// Of what.
    pub unit: &'static str,
    /// How much of that is free.
    pub free: f64,
    /// US dollars.
    pub usd: f64,
    /// Whose price it is: a region of AWS, or X's plan.
    pub region: String,
}

/// The bill of a month.
#[derive(Debug, Clone, Serialize, PartialEq)]
pub struct Bill {
    /// By what is paid for.
    pub lines: Vec<Line>,
    /// Of that, US dollars for AWS.
    pub aws_usd: f64,
    /// And for X.
    pub x_usd: f64,
}

impl Bill {
    /// US dollars.
    pub fn usd(&self) -> f64 {
        self.aws_usd + self.x_usd
    }
}

/// What a month costs.
pub fn bill(load: &Load, prices: &Prices) -> Bill {
    let (price, using) = (&prices.price, &prices.usage);
    let reports = load.reports_per_day * DAYS;
    let replies = reports * load.replies_per_report;
    let events = reports * using.events.value;
    let searches = if load.searches { MINUTES } else { 0.0 };
    let rounds = MINUTES;
    let nights = DAYS;
    let api_calls = reports * using.agency_calls.value;
    let desk_pages = reports * using.desk_pages.value;
    let public_pages = reports * using.public_pages.value;
    let looked_up = load.look_ups_per_day.min(load.reports_per_day * using.open_days.value) * DAYS;

    let calls = [
        (reports, using.intake_seconds.value),
        (reports, using.classification_seconds.value),
        (events, using.fanout_seconds.value),
        (replies, using.reply_seconds.value),
        (api_calls, using.api_seconds.value),
        (desk_pages + public_pages, using.page_seconds.value),
        (rounds, using.round_seconds.value),
        (searches + nights, using.search_seconds.value),
    ];
    let requests: f64 = calls.iter().map(|(count, _)| count).sum();
    let gb_seconds: f64 = calls.iter().map(|(count, seconds)| count * seconds * using.memory_gb.value).sum();
    // Between two rounds of the clocks a call logs, and each round does.
    let log_kb = (requests - rounds) * using.log_kb.value + rounds * using.round_log_kb.value;
    // The opening is the first of the events.
    let writes = reports * (using.opening_writes.value + (using.events.value - 1.0) * using.event_writes.value);
    let reads = events * using.event_reads.value + rounds * using.round_reads.value + public_pages + desk_pages * 2.0;
    let kept_gb = reports * using.kept_months.value * using.ticket_kb.value / KB_OF_A_GB;

    let own_polls = using.triggers.value * using.trigger_requests_a_minute.value * MINUTES;
    let agency_polls = load.agencies * MINUTES * 60.0 / load.poll_seconds;
    let messages = reports * using.report_requests.value
        + reports * using.agency_messages.value * using.agency_message_requests.value
        + replies * using.report_requests.value;

    let mut shared = Free::default();
    let mut lines = vec![
        shared.line("functions: requests", requests, "requests", &price.lambda_requests),
        shared.line("functions: time", gb_seconds, "GB-seconds", &price.lambda_gb_seconds),
        shared.line("queues: messages", messages, "requests", &price.sqs_requests),
        shared.line("queues: our functions' polls", own_polls, "requests", &price.sqs_requests),
        shared.line("queues: agencies' polls", agency_polls, "requests", &price.sqs_requests),
        shared.line("table: writes", writes, "write units", &price.table_writes),
        shared.line("table: reads", reads, "read units", &price.table_reads),
        shared.line("table: stream", events, "records", &price.stream_reads),
        shared.line("table: kept, after a year", kept_gb, "GB", &price.table_gb_months),
        shared.line("table: backup to any second", kept_gb, "GB", &price.backup_gb_months),
        shared.line("watching: metrics", load.metrics, "metrics", &price.custom_metrics),
        shared.line("watching: alarms", load.alarms, "alarms", &price.alarms),
        shared.line("watching: dashboards", load.dashboards, "dashboards", &price.dashboards),
        shared.line("watching: logs", log_kb / KB_OF_A_GB, "GB", &price.log_gb),
        shared.line("secrets: kept", load.secrets, "secrets", &price.secrets),
        shared.line("secrets: read", using.secret_reads_a_day.value * DAYS, "requests", &price.secret_reads),
        shared.line("people: messages", reports * using.people_messages.value, "messages", &price.topic_messages),
        shared.line("HTTP APIs: agencies and desk", api_calls + desk_pages, "requests", &price.http_api_requests),
        shared.line("schedules", rounds + searches + nights, "calls", &price.schedules),
        shared.line("pages to the internet", public_pages * using.page_kb.value / KB_OF_A_GB, "GB", &price.transfer_gb),
    ];
    let aws_usd = lines.iter().map(|line| line.usd).sum();
    let x = match load.x_plan {
        Some(usd) => {
            let region = "X, by contract".to_owned();
            vec![Line { what: "X: the plan", amount: 1.0, unit: "months", free: 0.0, usd, region }]
        }
        None => vec![
            shared.line("X: posts read", reports, "posts", &price.x_post_reads),
            shared.line("X: posts looked up at night", looked_up, "posts", &price.x_post_reads),
            shared.line("X: posts made", replies, "posts", &price.x_replies),
        ],
    };
    let x_usd = x.iter().map(|line| line.usd).sum();
    lines.extend(x);
    Bill { lines, aws_usd, x_usd }
}

/// What is left of each price's free amount: several lines may share it.
#[derive(Debug, Default)]
struct Free<'a> {
    left: Vec<(&'a Price, f64)>,
}

impl<'a> Free<'a> {
    fn line(&mut self, what: &'static str, amount: f64, unit: &'static str, price: &'a Price) -> Line {
        let known = self.left.iter().position(|(known, _)| std::ptr::eq(*known, price));
        let at = known.unwrap_or_else(|| {
            self.left.push((price, price.free));
            self.left.len() - 1
        });
        let left = &mut self.left[at].1;
        let free = amount.min(*left);
        *left -= free;
        Line { what, amount, unit, free, usd: (amount - free) / price.per * price.usd, region: price.region.clone() }
    }
}

#[cfg(test)]
mod tests;
