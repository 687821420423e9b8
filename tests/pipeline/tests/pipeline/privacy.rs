//! What a citizen may ask for: to see what is kept of them, and that it go.

use anyhow::Result;
use kemala::webhook::Family;
use kemala_domain::Status;
use kemala_messages::agency::MessageType;
use serde_json::json;

use crate::command::kemala;
use crate::world::{post, world};

#[tokio::test]
async fn a_citizen_sees_what_is_kept_and_then_it_is_gone_everywhere() -> Result<()> {
    let world = world().await?;
    world.take_all("quarantine").await?;
    let report = post("@KemalaJateng Jalan berlubang depan rumah saya di Kec. Cepu Blora, hubungi 081234567890");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.answers(&report, 1).await?;
    world.all_delivered(&ticket.id).await?;
    let mut greeting = post("Selamat pagi semuanya, semoga sehat selalu ya #KemalaJateng");
    greeting.author = report.author.clone();
    world.tweet(&greeting, Family::FilteredStream).await?;
    world.no_ticket(&greeting).await?;
    let mut other = post("Selamat malam semuanya, semoga sehat selalu ya #KemalaJateng");
    other.author.id = format!("{}7", report.author.id);
    world.tweet(&other, Family::FilteredStream).await?;
    world.no_ticket(&other).await?;
    let author = report.author.id.clone();

    let export = ["export", "--author", &author];
    let (well, exported) = kemala(&export).await?;
    assert!(well);
    let data = &exported[0];
    assert_eq!((data["reports"].as_array().map(Vec::len), data["not_understood"].as_u64()), (Some(1), Some(1)));
    let held = &data["reports"][0];
    assert!(held["text"].as_str().is_some_and(|text| text.contains("081234567890")), "{held}");
    assert!(held["masked_text"].as_str().is_some_and(|text| !text.contains("081234567890")), "{held}");
    assert_eq!((held["ticket"].as_str(), &held["sent_to"]), (Some(ticket.id.as_str()), &json!(["PEMKAB3316"])));
    assert!(held["answers"][0]["text"].as_str().is_some_and(|text| text.contains(ticket.id.as_str())), "{held}");

    let erase = ["erase", "--author", &author];
    let (well, looked) = kemala(&erase).await?;
    assert!(well && looked[0]["left"] == 1 && looked[0]["in_queues"]["quarantine"] == 1, "{looked:?}");
    assert_eq!(world.store.voices(&ticket.id).await?.len(), 1, "a look changes nothing");
    let (well, erased) = kemala(&[&erase[..], &["--yes"]].concat()).await?;
    assert!(well && erased[0]["left"] == 0, "{erased:?}");
    assert_eq!(world.store.voices(&ticket.id).await?, []);
    world.ticket_that(&ticket.id, |ticket| ticket.status == Status::Withdrawn).await?;
    let told = world.told("PEMKAB3316", &ticket.id).await?;
    assert_eq!(told.last(), Some(&MessageType::Withdrawn), "its agency hears of it");
    let kept = world.take_all("quarantine").await?;
    assert!(matches!(kept.as_slice(), [one] if one.contains(&other.author.id)), "others are left alone: {kept:?}");

    let (well, again) = kemala(&[&erase[..], &["--yes"]].concat()).await?;
    assert!(well && again[0]["reports"] == json!([]), "{again:?}");
    let (_, exported) = kemala(&export).await?;
    assert_eq!(exported[0]["reports"], json!([]));
    Ok(())
}
