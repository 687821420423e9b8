//! Deadlines and what the stream missed.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use kemala::webhook::Family;
use kemala_domain::clocks::{Clock, Step, Timer};
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
        let Timer::Promise { clock, step, .. } = due.unwrap().timer else { panic!("{due:?}") };
        taken.push((clock, step));
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

/// A ticket whose agency has no queue at this moment, after the fan-out has tried in vain to deliver it.
async fn undeliverable(world: &World, agency: &str, text: &str) -> Result<TicketId> {
    world.drain(agency).await?;
    world.delete_queue(agency).await?;
    let report = post(text);
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    assert_eq!(ticket.holder.as_str(), agency);
    let refusal = format!("not delivered event.id={}/1", ticket.id);
    let log = world.local.log();
    until("the fan-out has tried in vain", async || {
        Ok(std::fs::read_to_string(&log)?.contains(&refusal).then_some(()))
    })
    .await?;
    assert_eq!(world.store.events(&ticket.id).await?[0].undelivered.len(), 1, "it is still undelivered");
    Ok(ticket.id)
}

#[tokio::test]
async fn the_schedule_delivers_by_itself_what_the_stream_could_not() -> Result<()> {
    let world = world().await?;
    let ticket = undeliverable(&world, "PEMKOT3376", "Lampu jalan mati di Kota Tegal #KemalaJateng").await?;
    world.create_queue("PEMKOT3376").await?;
    // Nobody calls the function here: only the schedule can bring the message.
    world.all_delivered(&ticket).await?;
    assert_eq!(world.told("PEMKOT3376", &ticket).await?, [MessageType::Assigned]);
    Ok(())
}

#[tokio::test]
async fn the_sweep_delivers_what_a_queue_did_not_take() -> Result<()> {
    let world = world().await?;
    let ticket = undeliverable(&world, "PEMKOT3371", "Lampu jalan mati di Kota Magelang #KemalaJateng").await?;
    let soon = Timestamp::now() + SignedDuration::from_mins(5);
    let done = world.round(soon).await?;
    assert!(done["postponed"].as_u64() >= Some(1), "{done}");

    world.create_queue("PEMKOT3371").await?;
    let later = soon + SignedDuration::from_hours(2);
    let done = world.round(later).await?;
    assert!(done["delivered"].as_u64() >= Some(1), "{done}");
    world.all_delivered(&ticket).await?;
    assert_eq!(world.told("PEMKOT3371", &ticket).await?, [MessageType::Assigned]);
    Ok(())
}
