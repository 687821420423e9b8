//! Desks decide what machines may not.

use anyhow::Result;
use kemala::webhook::Family;
use kemala_domain::{Status, Ticket};
use kemala_messages::agency::MessageType;
use serde_json::json;

use crate::calls::new_key;
use crate::world::{World, post, until, world};

/// A ticket on the triage desk: nobody can tell where it is.
async fn unclear(world: &World, text: &str) -> Result<Ticket> {
    let report = post(text);
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    anyhow::ensure!(ticket.holder.as_str() == "TRIAGE", "{} has it", ticket.holder);
    Ok(ticket)
}

const OUTSIDE: &str = "Jalan rusak di Kabupaten Sleman Yogyakarta";

#[tokio::test]
async fn a_desk_corrects_and_assigns() -> Result<()> {
    let world = world().await?;
    let ticket = unclear(&world, &format!("{OUTSIDE}, tolong diperbaiki #KemalaJateng")).await?;
    let desk = world.agency("TRIAGE").await?;
    world.drain("PEMKAB3316").await?;
    let (status, problem) = desk.does(&ticket.id, json!({"action": "correct", "place": "99.99"})).await?;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/place")), "{problem}");
    desk.must(&ticket.id, json!({"action": "correct", "place": "33.16.08", "urgency": "high"})).await?;
    let (status, problem) = desk.does(&ticket.id, json!({"action": "assign", "to": "EXTPLN"})).await?;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(desk.must(&ticket.id, json!({"action": "assign", "to": "PEMKAB3316"})).await?, "assigned");
    let message = world.messages("PEMKAB3316", &ticket.id).await?.remove(0);
    assert_eq!(message.message_type, MessageType::Assigned);
    assert_eq!(message.data.ticket.place.name.as_deref(), Some("Jepon, Kabupaten Blora"));
    Ok(())
}

#[tokio::test]
async fn a_desk_rejects_many_at_once_and_a_repeat_does_nothing() -> Result<()> {
    let world = world().await?;
    let (first, second) = (
        unclear(&world, &format!("{OUTSIDE} sebelah timur pasar #KemalaJateng")).await?,
        unclear(&world, "Lampu jalan mati di Kota Surabaya dekat stasiun #KemalaJateng").await?,
    );
    let desk = world.agency("TRIAGE").await?;
    let rejects = |ticket: &Ticket| json!({"ticket": ticket.id, "update": {"action": "reject", "reason": "Di luar Jawa Tengah."}});
    let absent = json!({"ticket": "KJ-45RQ0X8XD", "update": {"action": "accept"}});
    let body = json!({"updates": [rejects(&first), absent, rejects(&second)]});
    let key = new_key();
    let answer = desk.post("bulk", &key, &body).await?;
    let outcomes: serde_json::Value = serde_json::from_str(&answer.body)?;
    let statuses: Vec<_> =
        outcomes["outcomes"].as_array().unwrap().iter().map(|outcome| outcome["status"].clone()).collect();
    assert_eq!(statuses, [json!(200), json!(404), json!(200)], "{outcomes}");
    assert_eq!(desk.post("bulk", &key, &body).await?.body, answer.body);
    let after = world.store.ticket(&first.id).await?.unwrap();
    assert_eq!((after.status, after.due), (Status::Rejected, None));
    let rejections =
        world.store.events(&first.id).await?.iter().filter(|event| event.body.name() == "rejected").count();
    assert_eq!(rejections, 1);

    let blora = world.agency("PEMKAB3316").await?;
    assert_eq!(blora.post("bulk", &new_key(), &body).await?.status, 403);
    Ok(())
}

#[tokio::test]
async fn a_desk_joins_two_tickets_and_takes_them_apart_again() -> Result<()> {
    let world = world().await?;
    let there = post("Jalan rusak parah di Kec. Jepon Blora #KemalaJateng");
    world.tweet(&there, Family::FilteredStream).await?;
    let into = world.ticket(&there).await?;
    let from = unclear(&world, &format!("{OUTSIDE} #KemalaJateng")).await?;
    let desk = world.agency("TRIAGE").await?;
    let (status, problem) = desk.does(&from.id, json!({"action": "join", "into": from.id})).await?;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(desk.must(&from.id, json!({"action": "join", "into": into.id})).await?, "joined");
    let known = async || anyhow::Ok(world.store.post(&from.origin).await?.and_then(|known| known.ticket));
    assert_eq!(known().await?, Some(into.id.clone()));
    assert_eq!(world.store.ticket(&into.id).await?.unwrap().voices, 2);

    // Wherever the other one is, the desk may take this one out.
    assert_eq!(desk.must(&from.id, json!({"action": "unjoin"})).await?, "triage");
    assert_eq!(known().await?, Some(from.id.clone()));
    let (rest, alone) = (world.store.ticket(&into.id).await?.unwrap(), world.store.ticket(&from.id).await?.unwrap());
    assert_eq!((rest.voices, alone.voices, alone.joined_to), (1, 1, None));
    assert_eq!(world.store.voices(&from.id).await?.len(), 1);
    assert!(alone.due.is_some());
    until("the agency has heard of both", async || {
        let events = world.store.events(&into.id).await?;
        Ok(events.iter().all(|event| event.undelivered.is_empty()).then_some(()))
    })
    .await
}
