//! `infra/prices.toml`: unit prices, and how much of each unit is used.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The price of a unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// US dollars for so many units.
    pub usd: f64,
    /// So many units.
    pub per: f64,
    /// Units that cost nothing, each month.
    pub free: f64,
    /// Where this is the price: a region of AWS, or X's plan.
    pub region: String,
    /// Who says so.
    pub source: String,
}

/// How much of something is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// How much.
    pub value: f64,
    /// Who measured it, or that it is an estimate.
    pub source: String,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident: $value:ty { $($field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $(pub $field: $value),+ }

        impl $name {
            /// Each with its name.
            pub fn all(&self) -> Vec<(&'static str, &$value)> {
                vec![$((stringify!($field), &self.$field)),+]
            }
        }
    };
}

named! {
    /// Unit prices.
    PriceList: Price {
        lambda_requests, lambda_gb_seconds, sqs_requests, table_writes, table_reads, table_gb_months, backup_gb_months,
        stream_reads, custom_metrics, alarms, dashboards, log_gb, secrets, secret_reads, topic_messages,
        http_api_requests, schedules, transfer_gb, x_post_reads, x_replies,
    }
}

named! {
    /// What a report, a ticket or a month takes.
    Usage: Used {
        memory_gb, intake_seconds, classification_seconds, fanout_seconds, reply_seconds, api_seconds, page_seconds,
        round_seconds, search_seconds, events, opening_writes, event_writes, event_reads, round_reads, ticket_kb,
        kept_months, trigger_requests_a_minute, triggers, report_requests, agency_messages, agency_message_requests,
        agency_calls, desk_pages, public_pages, page_kb, log_kb, round_log_kb, metrics, open_days, secret_reads_a_day,
        people_messages,
    }
}

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Unit prices.
    pub price: PriceList,
    /// How much is used.
    #[serde(rename = "use")]
    pub usage: Usage,
}

impl Prices {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, lacks a number or has one too many, or a number makes no sense or has no source.
    pub fn load(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let prices: Self = toml::from_str(&text).with_context(|| format!("{} is broken", file.display()))?;
        for (name, price) in prices.price.all() {
            let is_number = price.usd >= 0.0 && price.per > 0.0 && price.free >= 0.0;
            ensure!(is_number && !price.source.is_empty(), "{}: price.{name} makes no sense", file.display());
        }
        for (name, used) in prices.usage.all() {
            ensure!(used.value >= 0.0 && !used.source.is_empty(), "{}: use.{name} makes no sense", file.display());
        }
        Ok(prices)
    }
}
