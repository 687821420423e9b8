//! The table from a backup, as far as the emulator goes: all rows come back, whole, under another name. What a restore on AWS
//! has beside that stands in infra/guides/restore.md.

use anyhow::{Context, Result};
use kemala::webhook::Family;
use kemala_store::Store;
use serde_json::{Value, json};

use crate::world::{World, post, until, world};

async fn dynamodb(world: &World, operation: &str, input: Value) -> Result<Value> {
    world.http.operation("dynamodb", &format!("DynamoDB_20120810.{operation}"), &input).await
}

#[tokio::test]
async fn a_backup_has_the_ticket_as_it_was_then() -> Result<()> {
    let world = world().await?;
    let report = post("@KemalaJateng Jalan berlubang di Kec. Cepu Blora, tolong diperbaiki");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.answers(&report, 1).await?;
    world.all_delivered(&ticket.id).await?;
    // Its receipt is written down, so that no restored table would post it again.
    let then = until("the receipt stands in the ticket's life", || async {
        let case = world.store.case(&ticket.id).await?;
        let is_told = |name: &str| case.as_ref().is_some_and(|case| case.events.iter().any(|e| e.body.name() == name));
        Ok(if is_told("reply_sent") { case } else { None })
    })
    .await?;
    let table = world.local.names.table();
    let made = dynamodb(&world, "CreateBackup", json!({ "TableName": table, "BackupName": "drill" })).await?;
    let backup = made["BackupDetails"]["BackupArn"].as_str().context("a backup")?.to_owned();

    let reply = report.answered("Sudah lama sekali", report.author.clone());
    world.tweet(&reply, Family::Activity).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.voices == 2).await?;

    let restored = format!("{table}-restored");
    let target = json!({ "TargetTableName": restored, "BackupArn": backup });
    dynamodb(&world, "RestoreTableFromBackup", target).await?;
    let store = Store::new(&world.local.target.sdk_config(), restored.clone());
    let case = store.case(&ticket.id).await;
    dynamodb(&world, "DeleteTable", json!({ "TableName": restored })).await?;
    dynamodb(&world, "DeleteBackup", json!({ "BackupArn": backup })).await?;
    assert_eq!(case?, Some(then), "as it was then, and nothing since");
    Ok(())
}
