//! Many at once: 1,000 distinct incidents at concurrency 16, each sent twice.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use kemala::local::Workspace;
use kemala::webhook::{Family, Post};
use kemala_messages::agency::MessageType;
use serde::Deserialize;

use crate::world::{post, world};

const INCIDENTS: usize = 1000;
const AT_ONCE: usize = 16;

/// Reports of damaged roads in villages all over the province.
fn reports() -> Result<Vec<Post>> {
    let regions = Workspace::find()?.pack("jateng").join("regions.csv");
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for row in csv::Reader::from_path(regions)?.deserialize() {
        let row: Region = row?;
        names.insert(row.code, row.name);
    }
    let villages: Vec<&String> = names.keys().filter(|code| code.len() > 8).collect();
    let step = villages.len() / INCIDENTS;
    let texts = villages.into_iter().step_by(step).take(INCIDENTS).map(|code| {
        let (village, subdistrict, regency) = (&names[code], &names[&code[..8]], &names[&code[..5]]);
        format!("Jalan rusak di Desa {village} Kec. {subdistrict} {regency}, mohon diperbaiki #KemalaJateng")
    });
    Ok(texts.map(|text| post(&text)).collect())
}

#[derive(Deserialize)]
struct Region {
    code: String,
    name: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_incidents_each_sent_twice_are_a_thousand_tickets_with_one_message_each() -> Result<()> {
    let world = world().await?;
    let reports = reports()?;
    assert_eq!(reports.len(), INCIDENTS);
    let started = Instant::now();
    let twice = reports.iter().flat_map(|report| [report, report]);
    stream::iter(twice)
        .map(|report| world.tweet(report, Family::FilteredStream))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    let sent = started.elapsed();
    let tickets: Vec<_> =
        stream::iter(&reports).map(|report| world.ticket(report)).buffer_unordered(AT_ONCE).try_collect().await?;
    world.all_reports_read().await?;
    let mut by_holder: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for ticket in tickets {
        world.all_delivered(&ticket.id).await?;
        by_holder.entry(ticket.holder.to_string()).or_default().push(ticket.id);
    }
    let delivered = started.elapsed();
    let distinct: std::collections::BTreeSet<_> = by_holder.values().flatten().collect();
    assert_eq!(distinct.len(), INCIDENTS, "none lost, none joined");
    for (holder, tickets) in &by_holder {
        let mut drained = world.drain(holder).await?;
        for ticket in tickets {
            let told: Vec<_> = drained.remove(ticket).unwrap_or_default().iter().map(|m| m.message_type).collect();
            assert_eq!(told, [MessageType::Assigned], "{ticket} in the queue of {holder}");
        }
    }
    println!("{} webhooks in {sent:.1?}, all delivered after {delivered:.1?}", 2 * INCIDENTS);
    Ok(())
}
