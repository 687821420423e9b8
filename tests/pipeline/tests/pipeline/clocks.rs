//! Deadlines and what the stream missed.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use kemala::webhook::Family;
use kemala_domain::clocks::{Clock, Step};
use kemala_domain::{EventBody, TicketId};
use kemala_messages::agency::MessageType;

use crate::world::{World, post, until, world};

async fn steps(world: &World, ticket: &TicketId) -> Result<Vec<(Clock, Step)>> {
    let events = world.store.events(ticket).await?;
    let steps = events.iter().filter_map(|event| match event.body {
        EventBody::ClockStep { clock, step, .. } => Some((clock, step)),
        _ => None,
    });
    Ok(steps.collect())
}

#[tokio::test]
async fn a_silent_agency_gets_each_step_once_whatever_overlaps() -> Result<()> {
    let world = world().await?;
    let report = post("Jembatan rusak di Kec. Jepon Blora #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.round(Timestamp::now()).await?;
    assert_eq!(steps(&world, &ticket.id).await?, [], "nothing is due yet");

    // Each moment is visited by overlapping rounds, twice.
    let mut due = ticket.due;
    let mut taken = Vec::new();
    for _ in 0..2 {
        let at = due.unwrap().at + SignedDuration::from_secs(1);
        futures::future::try_join_all([world.round(at), world.round(at), world.round(at)]).await?;
        world.round(at).await?;
        taken.push((due.unwrap().clock, due.unwrap().step));
        assert_eq!(steps(&world, &ticket.id).await?, taken);
        due = world.store.ticket(&ticket.id).await?.unwrap().due;
    }
    assert_eq!(taken, [(Clock::Acknowledge, Step::Reminder), (Clock::Acknowledge, Step::Breach)]);
    assert_eq!(
        world.told("PEMKAB3316", &ticket.id).await?,
        [MessageType::Assigned, MessageType::Escalated, MessageType::Escalated]
    );
    Ok(())
}

#[tokio::test]
async fn the_sweep_delivers_what_a_queue_did_not_take() -> Result<()> {
    let world = world().await?;
    world.drain("PEMKOT3371").await?;
    world.delete_queue("PEMKOT3371").await?;
    let report = post("Lampu jalan mati di Kota Magelang #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    assert_eq!(ticket.holder.as_str(), "PEMKOT3371");
    let soon = Timestamp::now() + SignedDuration::from_mins(5);
    until("the sweep has tried in vain", || async {
        let done = world.round(soon).await?;
        Ok((done["postponed"].as_u64() >= Some(1)).then_some(()))
    })
    .await?;
    assert_eq!(world.store.events(&ticket.id).await?[0].undelivered.len(), 1, "it is still undelivered");

    world.create_queue("PEMKOT3371").await?;
    let later = soon + SignedDuration::from_hours(2);
    let done = world.round(later).await?;
    assert!(done["delivered"].as_u64() >= Some(1), "{done}");
    world.all_delivered(&ticket.id).await?;
    assert_eq!(world.told("PEMKOT3371", &ticket.id).await?, [MessageType::Assigned]);
    Ok(())
}
