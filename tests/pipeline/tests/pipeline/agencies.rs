//! What agencies may do, and what not.

use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use kemala::webhook::Family;
use kemala_domain::{Ping, Status};
use kemala_messages::agency_api::PingAnswer;
use reqwest::Method;
use serde_json::Value;

use crate::calls::{call, new_key};
use crate::world::{post, world};

#[tokio::test]
async fn an_agency_reads_and_accepts_its_ticket_once() -> Result<()> {
    let world = world().await?;
    let report = post("Sampah menumpuk di Kec. Jepon Blora, bau sekali #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let blora = world.as_agency("PEMKAB3316").await?;
    let base = "/agencies/PEMKAB3316/tickets";

    let list = call(&world, &blora, Method::GET, base, None, "").await?.json("list")?;
    let listed = list["tickets"].as_array().unwrap().iter().any(|entry| entry["ticket"] == ticket.id.as_str());
    assert!(listed || list["next"].is_string(), "{list}");

    let one = call(&world, &blora, Method::GET, &format!("{base}/{}", ticket.id), None, "").await?.json("one")?;
    assert!(one["text"].as_str().unwrap().starts_with("Sampah menumpuk"));
    assert_eq!(one["events"][0]["what"], "opened");

    let updates = format!("{base}/{}/updates", ticket.id);
    let accept = r#"{"action":"accept"}"#;
    let no_key = call(&world, &blora, Method::POST, &updates, None, accept).await?;
    assert_eq!(no_key.status, 400, "{}", no_key.body);
    let bad_body = call(&world, &blora, Method::POST, &updates, Some(&new_key()), r#"{"action":"explode"}"#).await?;
    assert_eq!(bad_body.status, 422, "{}", bad_body.body);

    let key = new_key();
    let first = call(&world, &blora, Method::POST, &updates, Some(&key), accept).await?;
    let again = call(&world, &blora, Method::POST, &updates, Some(&key), accept).await?;
    assert_eq!((first.status, again.status), (200, 200), "{} {}", first.body, again.body);
    assert_eq!(first.body, again.body);
    let after = world.store.ticket(&ticket.id).await?.unwrap();
    assert_eq!((after.status, after.version), (Status::Accepted, 2));

    let refused = call(&world, &blora, Method::POST, &updates, Some(&new_key()), accept).await?;
    assert_eq!(refused.status, 409, "{}", refused.body);
    let problem: Value = serde_json::from_str(&refused.body)?;
    assert_eq!(problem["allowed"][0], "start");
    Ok(())
}

#[tokio::test]
async fn nobody_reads_what_is_not_theirs() -> Result<()> {
    let world = world().await?;
    let report = post("Jalan rusak di Kec. Jepon Blora #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let rembang = world.as_agency("PEMKAB3317").await?;

    let own = format!("/agencies/PEMKAB3317/tickets/{}", ticket.id);
    assert_eq!(call(&world, &rembang, Method::GET, &own, None, "").await?.status, 404);
    let theirs = format!("/agencies/PEMKAB3316/tickets/{}", ticket.id);
    assert_eq!(call(&world, &rembang, Method::GET, &theirs, None, "").await?.status, 403);
    // Root may call every route by its policies; the function itself still wants the agency's own role.
    assert_eq!(call(&world, &world.http, Method::GET, &theirs, None, "").await?.status, 403);
    let unsigned = reqwest::get(format!("{}{theirs}", world.local.api_url()?)).await?;
    assert_eq!(unsigned.status().as_u16(), 403);
    Ok(())
}

#[tokio::test]
async fn an_agencys_role_opens_its_own_queue_only() -> Result<()> {
    let world = world().await?;
    let names = &world.local.names;
    let target = &world.local.target;
    let dinkes = world.as_agency("DINKES").await?;
    let own = world.queue("DINKES").await?;
    own.receive(Duration::ZERO, Duration::from_secs(1)).await?;

    let queue_url = target.queue_url(&names.agency_queue(&"DINSOS".parse()?));
    let input = serde_json::json!({ "QueueUrl": queue_url });
    let refused = dinkes.operation("sqs", "AmazonSQS.ReceiveMessage", &input).await.unwrap_err().to_string();
    assert!(refused.contains("AccessDenied"), "{refused}");
    let reports = serde_json::json!({ "QueueUrl": target.queue_url(&names.queue("reports")), "MessageBody": "{}" });
    let refused = dinkes.operation("sqs", "AmazonSQS.SendMessage", &reports).await.unwrap_err().to_string();
    assert!(refused.contains("AccessDenied"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn an_agency_acknowledges_its_last_ping() -> Result<()> {
    let world = world().await?;
    let ping = Ping::new("PEMKAB3316".parse()?, Timestamp::now())?;
    world.store.keep_ping(&ping).await?;
    let blora = world.agency("PEMKAB3316").await?;
    let path = format!("pings/{}", ping.id);

    let first = blora.post(&path, &new_key(), &Value::Null).await?;
    assert_eq!(first.status, 200, "{}", first.body);
    let again = blora.post(&path, &new_key(), &Value::Null).await?;
    assert_eq!(first, again);
    let kept = world.store.ping(&ping.agency).await?.unwrap();
    let answer: PingAnswer = serde_json::from_str(&first.body)?;
    assert_eq!((kept.id, kept.acknowledged_at), (answer.ping, Some(answer.acknowledged_at)));

    assert_eq!(blora.post("pings/ping-1", &new_key(), &Value::Null).await?.status, 404);
    let rembang = world.as_agency("PEMKAB3317").await?;
    let theirs = format!("/agencies/PEMKAB3316/{path}");
    assert_eq!(call(&world, &rembang, Method::POST, &theirs, None, "").await?.status, 403);
    Ok(())
}
