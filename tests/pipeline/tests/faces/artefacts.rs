//! What `sam build` makes of a clone is what `sam deploy` deploys, and it works.

use std::path::Path;

use anyhow::Result;
use kemala::local::{Workspace, deploy_built, sam_build};
use kemala::webhook::Family;
use kemala_messages::agency::MessageType;

use crate::world::{World, post, world};

/// Builds, deploys over the running system, and sends a report through.
async fn built_and_deployed(world: &World, prebuilt: Option<&Path>) -> Result<()> {
    let workspace = Workspace::find()?;
    world.drain("PEMKAB3316").await?;
    let before = post("Jalan berlubang di Kec. Jepon Blora sisi barat pasar #KemalaJateng");
    world.tweet(&before, Family::FilteredStream).await?;
    let before = world.ticket(&before).await?;
    world.all_delivered(&before.id).await?;

    let template = sam_build(&workspace, &world.local, prebuilt).await?;
    deploy_built(&workspace, &world.local, &template).await?;

    let after = post("Lampu jalan mati di Kec. Cepu Blora dekat stasiun #KemalaJateng");
    world.tweet(&after, Family::FilteredStream).await?;
    let after = world.ticket(&after).await?;
    world.all_delivered(&after.id).await?;
    // An update in place: what lay in the agency's queue still does.
    let mut queue = world.drain("PEMKAB3316").await?;
    for ticket in [&before.id, &after.id] {
        let told = queue.remove(ticket).unwrap_or_default();
        assert_eq!(told.first().map(|message| message.message_type), Some(MessageType::Assigned), "{ticket}");
    }
    Ok(())
}

/// With the binaries that the other stories use: SAM's side of it, without cargo-lambda.
#[tokio::test]
async fn what_sam_builds_of_binaries_that_are_there_is_deployed_and_takes_a_post() -> Result<()> {
    let world = world().await?;
    let binaries = world.local.functions();
    built_and_deployed(&world, Some(&binaries)).await
}

#[tokio::test]
#[ignore = "builds ten functions for AWS, which takes about half an hour on two cores: \
            cargo test -p kemala-pipeline --test pipeline -- --ignored artefacts:: --nocapture"]
async fn what_cargo_lambda_builds_is_deployed_and_takes_a_post() -> Result<()> {
    let world = world().await?;
    built_and_deployed(&world, None).await
}
