//! What people run around an agency's queue: the agency at work, the handshake, messages once more.

use anyhow::{Context, Result};
use kemala::webhook::Family;
use kemala_domain::Status;
use serde_json::Value;

use crate::command::kemala;
use crate::world::{post, world};

#[tokio::test]
async fn an_agency_at_work_accepts_answers_and_deletes_and_once_more_changes_nothing() -> Result<()> {
    let world = world().await?;
    world.drain("PEMKAB3316").await?;
    let report = post("@KemalaJateng Jalan berlubang di Kec. Cepu Blora, tolong diperbaiki");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.all_delivered(&ticket.id).await?;

    let (well, done) = kemala(&["agency", "PEMKAB3316", "--work"]).await?;
    assert!(well, "{done:?}");
    let first = done.first().context("a message")?;
    assert_eq!(first["id"], format!("{}/1", ticket.id));
    assert_eq!(first["did"], serde_json::json!(["accept", "respond"]), "{first}");
    let answered = world.ticket_that(&ticket.id, |ticket| ticket.status == Status::InProgress).await?;
    let told = world.answers(&report, 2).await?;
    assert!(told.iter().any(|post| post.text.contains("Kami sedang menindaklanjutinya")), "{told:?}");

    // The messages that tell of our own posts are read and deleted; then the same bell once more.
    world.all_delivered(&ticket.id).await?;
    assert!(kemala(&["agency", "PEMKAB3316", "--work"]).await?.0);
    let (well, again) = kemala(&["redeliver", "PEMKAB3316", "--since", "1h"]).await?;
    assert!(well);
    let again: Vec<&str> = again.iter().filter_map(|line| line["id"].as_str()).collect();
    assert!(again.contains(&format!("{}/1", ticket.id).as_str()), "{again:?}");
    let (well, done) = kemala(&["agency", "PEMKAB3316", "--work"]).await?;
    assert!(well && done.len() >= again.len(), "{done:?}");
    let is_ours = |line: &&Value| line["id"].as_str().is_some_and(|id| id.starts_with(ticket.id.as_str()));
    assert!(done.iter().filter(is_ours).all(|line| line["did"] == serde_json::json!([])), "{done:?}");
    let events = world.store.events(&ticket.id).await?;
    let count = |name: &str| events.iter().filter(|event| event.body.name() == name).count();
    assert_eq!((count("accepted"), count("responded")), (1, 1), "{answered:?}");
    Ok(())
}

#[tokio::test]
async fn a_ping_is_acknowledged_by_an_agency_at_work() -> Result<()> {
    let world = world().await?;
    world.drain("PEMKAB3317").await?;
    let (well, sent) = kemala(&["ping", "PEMKAB3317"]).await?;
    assert!(well && sent[0]["acknowledged_at"].is_null(), "{sent:?}");
    assert!(!kemala(&["ping", "PEMKAB3317", "--status"]).await?.0);
    let (well, done) = kemala(&["agency", "PEMKAB3317", "--work"]).await?;
    assert!(well, "{done:?}");
    assert_eq!(done, [serde_json::json!({"id": sent[0]["id"], "did": ["ping"], "deleted": true})]);
    let (well, status) = kemala(&["ping", "PEMKAB3317", "--status"]).await?;
    assert!(well && status[0]["acknowledged_at"].is_string(), "{status:?}");
    Ok(())
}

#[tokio::test]
async fn a_dry_run_sends_nothing() -> Result<()> {
    let world = world().await?;
    let report = post("Jalan rusak parah di Kec. Sulang Rembang #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.messages("PEMKAB3317", &ticket.id).await?;
    let (well, lines) = kemala(&["redeliver", "PEMKAB3317", "--since", "1h", "--dry-run"]).await?;
    assert!(well && lines.iter().all(|line| line["sent"] == false), "{lines:?}");
    assert!(lines.iter().any(|line| line["id"] == format!("{}/1", ticket.id)), "{lines:?}");
    assert!(!world.drain("PEMKAB3317").await?.contains_key(&ticket.id));
    Ok(())
}
