//! Poison, a killed function, a second `up`.

use std::time::Duration;

use anyhow::{Context, Result};
use kemala::webhook::{Family, Post};
use kemala_messages::agency::MessageType;

use crate::world::{World, bring_up, post, until, world};

fn report(number: usize) -> Post {
    post(&format!("Jalan berlubang di RT {number} Kec. Jepon Blora #KemalaJateng"))
}

#[tokio::test]
async fn poison_in_a_batch_stays_alone() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.take_all("quarantine").await?;
    let reports: Vec<Post> = (0..6).map(report).collect();
    for (number, report) in reports.iter().enumerate() {
        world.tweet(report, Family::FilteredStream).await?;
        world.enqueue("reports", &format!("poison {number}")).await?;
    }
    for report in &reports {
        world.ticket(report).await?;
    }
    world.all_reports_read().await?;
    let kept = world.take_all("quarantine").await?;
    assert_eq!(kept.len(), 6, "{kept:?}");
    assert!(kept.iter().all(|message| message.contains("unreadable_message")), "{kept:?}");
    Ok(())
}

#[tokio::test]
async fn a_message_of_a_newer_version_waits_for_its_program() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.reports_come_again_after(1).await?;
    world.enqueue("reports", r#"{"v":99,"report":{}}"#).await?;
    let set_aside = until("it is set aside after 5 attempts", || async {
        Ok((world.length("reports-dlq").await? > 0).then_some(()))
    })
    .await;
    world.reports_come_again_after(180).await?;
    set_aside?;
    assert_eq!(world.take_all("reports-dlq").await?, [r#"{"v":99,"report":{}}"#]);
    Ok(())
}

#[tokio::test]
async fn a_function_killed_in_the_middle_loses_nothing_and_doubles_nothing() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.reports_come_again_after(2).await?;
    let outcome = posts_under_fire(&world).await;
    world.reports_come_again_after(180).await?;
    outcome
}

async fn posts_under_fire(world: &World) -> Result<()> {
    let reports: Vec<Post> = (100..160).map(report).collect();
    let sending = async {
        for report in &reports {
            world.tweet(report, Family::FilteredStream).await?;
        }
        anyhow::Ok(())
    };
    let firing = async {
        let mut killed = 0;
        while killed < 6 {
            killed += kill_workers(world, "classification")? + kill_workers(world, "skpd-fanout")?;
            // Long enough for the next worker to be in the middle of its batch.
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
        anyhow::Ok(())
    };
    tokio::try_join!(sending, firing)?;
    let mut tickets = Vec::new();
    for report in &reports {
        tickets.push(world.ticket(report).await?.id);
    }
    // What a killed fan-out left behind is the sweep's.
    world.round(jiff::Timestamp::now() + jiff::SignedDuration::from_mins(2)).await?;
    for ticket in &tickets {
        world.all_delivered(ticket).await?;
    }
    let mut drained = world.drain("PEMKAB3316").await?;
    for ticket in &tickets {
        let told: Vec<_> = drained.remove(ticket).unwrap_or_default().iter().map(|m| m.message_type).collect();
        assert_eq!(told, [MessageType::Assigned], "{ticket}");
    }
    Ok(())
}

/// Kills the running workers of a function, as a crash would; says how many there were.
pub fn kill_workers(world: &World, function: &str) -> Result<usize> {
    let name = format!("AWS_LAMBDA_FUNCTION_NAME={}", world.local.names.function(function));
    let port = format!("GATEWAY_PORT={}", world.local.emulator.port);
    let mut killed = 0;
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else { continue };
        let has = |wanted: &str| environment.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes());
        if has(&name) && has(&port) {
            let pid = entry.file_name().into_string().ok().context("a process id that is no text")?;
            let status = std::process::Command::new("kill").args(["-9", &pid]).status()?;
            killed += usize::from(status.success());
        }
    }
    Ok(killed)
}

#[tokio::test]
async fn up_on_a_running_system_keeps_its_tickets() -> Result<()> {
    let world = world().await?;
    let report = report(7);
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let again = bring_up().await?;
    assert_eq!(again.emulator, world.local.emulator);
    assert_eq!(world.store.ticket(&ticket.id).await?, Some(ticket));
    Ok(())
}
