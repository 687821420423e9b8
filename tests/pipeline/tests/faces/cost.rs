//! What a round of the clocks costs: it grows with what is due, not with what is open.

use std::time::Instant;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use kemala_domain::TicketId;
use kemala_domain::lifecycle::{self, Change};
use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{decision, post, voice};
use kemala_store::Store;
use serde_json::{Value, json};

use crate::world::{World, world};

/// When the tickets of this story are opened, and when their first reminder is due and no breach: years ahead, where the
/// stack's own schedule does not come.
const OPENED: &str = "2030-03-04T09:00+07:00";
const REMINDED: &str = "2030-03-06T12:01+07:00";

/// Opens so many tickets whose first reminder is due.
async fn make_due(world: &World, first: u64, count: u64) -> Result<()> {
    let pack = world.pack()?;
    let at: Timestamp = OPENED.parse()?;
    let open = |number: u64| {
        let id = format!("{}", 9_000_000_000 + first + number);
        let ticket = TicketId::of_post(&pack.ticket_prefix, &post(&id), 0);
        let opening = voice(VoiceRole::Opening, &id);
        let mut change: Change =
            lifecycle::open(ticket, &pack.name, decision("DINKES"), opening, pack.terms(), at).quietly();
        // Nobody has to hear of these: the round alone is measured.
        change.events.iter_mut().for_each(|event| event.undelivered.clear());
        change
    };
    let written = stream::iter(0..count).map(|number| {
        let change = open(number);
        async move { world.store.write(&change, None, at).await }
    });
    written.buffer_unordered(16).try_collect::<Vec<()>>().await?;
    Ok(())
}

/// Rows that stand in the index of what comes next, due in years: puts or deletes those of these numbers.
async fn batch(world: &World, numbers: std::ops::Range<u64>, request: impl Fn(u64) -> Value) -> Result<()> {
    let table = world.local.names.table();
    let requests: Vec<Value> = numbers.map(request).collect();
    // What one call takes.
    let batches: Vec<Value> =
        requests.chunks(25).map(|batch| json!({"RequestItems": {table.clone(): batch}})).collect();
    let sent =
        stream::iter(&batches).map(|batch| world.http.operation("dynamodb", "DynamoDB_20120810.BatchWriteItem", batch));
    sent.buffer_unordered(8).try_collect::<Vec<_>>().await?;
    Ok(())
}

fn open_row(number: u64) -> Value {
    json!({"PutRequest": {"Item": {
        "pk": {"S": format!("COST#{number}")}, "sk": {"S": "TICKET"},
        "due_shard": {"S": format!("DUE#{}", number % 4)}, "due_at": {"S": "2099-01-01T00:00:00Z"},
    }}})
}

fn gone_row(number: u64) -> Value {
    json!({"DeleteRequest": {"Key": {"pk": {"S": format!("COST#{number}")}, "sk": {"S": "TICKET"}}}})
}

/// One round: the steps it took, its calls of the table, and its seconds.
async fn round(world: &World) -> Result<(u64, u64, f64)> {
    let started = Instant::now();
    let done = world.round(REMINDED.parse()?).await?;
    let count = |name: &str| done[name].as_u64().unwrap_or_default();
    Ok((count("steps"), count("table_calls"), started.elapsed().as_secs_f64()))
}

/// Rounds with so many open rows and so many due tickets each; prints the table and gives back the calls.
async fn measure(world: &World, rows: &[(u64, u64)]) -> Result<Vec<u64>> {
    let mut first = u64::try_from(Timestamp::now().as_millisecond())? % 1_000_000_000;
    let (mut open, mut calls) = (0, Vec::new());
    // What other stories left climbs to the end of its ladders first.
    while round(world).await?.0 > 0 {}
    println!("| open | due | steps | calls of the table | calls a step | seconds |\n|---|---|---|---|---|---|");
    for (wanted, due) in rows {
        batch(world, open..*wanted, open_row).await?;
        open = open.max(*wanted);
        make_due(world, first, *due).await?;
        first += due;
        let (steps, called, seconds) = round(world).await?;
        assert_eq!(steps, *due, "each is moved once");
        let each = called as f64 / (*due).max(1) as f64;
        println!("| {wanted} | {due} | {steps} | {called} | {each:.1} | {seconds:.2} |");
        calls.push(called);
    }
    batch(world, 0..open, gone_row).await?;
    Ok(calls)
}

#[tokio::test]
async fn the_cost_of_a_round_grows_with_what_is_due_and_not_with_what_is_open() -> Result<()> {
    let world = world().await?;
    let calls = measure(&world, &[(0, 20), (2_000, 20), (2_000, 40)]).await?;
    assert_eq!(calls[0], calls[1], "2,000 more open tickets cost nothing");
    let each = (calls[2] - calls[1]) / 20;
    assert_eq!(each, 3, "a ticket is read in two calls, its step written in one");
    Ok(())
}

#[tokio::test]
#[ignore = "a measurement of minutes: cargo test -p kemala-pipeline --test faces -- --ignored cost:: --nocapture"]
async fn cost_table() -> Result<()> {
    let world = world().await?;
    // Its seconds say nothing about AWS, for the emulator reads a whole partition for every query; the calls do.
    let rows = [(1_000, 100), (10_000, 100), (20_000, 100), (20_000, 10), (20_000, 1_000)];
    measure(&world, &rows).await?;
    // With 100,000 the emulator answers after the function's time-outs. What grows there could only be the look at the
    // index, so that is counted alone, by the same code with more patience.
    let mut made = 0;
    println!("| open | calls to find what is due | seconds |\n|---|---|---|");
    for open in [0, 1_000, 10_000, 100_000] {
        batch(&world, made..open, open_row).await?;
        made = open;
        let store = Store::new(&world.local.target.sdk_config(), world.local.names.table());
        let started = Instant::now();
        let found = store.due(REMINDED.parse()?, 100).await?;
        println!("| {open} | {} | {:.2} |", store.calls(), started.elapsed().as_secs_f64());
        assert!(found.is_empty(), "none of these is due");
    }
    batch(&world, 0..made, gone_row).await
}
