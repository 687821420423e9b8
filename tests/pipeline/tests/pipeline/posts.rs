//! What citizens post, and what becomes of it.

use anyhow::Result;
use kemala::webhook::{Family, User};
use kemala_domain::{PostKey, Status};
use kemala_messages::agency::MessageType;
use serde_json::{Value, json};

use crate::world::{post, world};

const JEPON: &str = "Jalan rusak parah di Desa Jepon Kec. Jepon Blora, sudah 2 bulan #KemalaJateng";

#[tokio::test]
async fn every_family_reaches_the_queue() -> Result<()> {
    let world = world().await?;
    for (number, family) in [Family::Activity, Family::AccountActivity, Family::FilteredStream].into_iter().enumerate()
    {
        let post = post(&format!("@KemalaJateng {JEPON} di RT {number}"));
        world.tweet(&post, family).await?;
        let ticket = world.ticket(&post).await?;
        assert_eq!(ticket.decision.place.subdistrict().unwrap().as_str(), "33.16.08", "{family}");
        let messages = world.messages("PEMKAB3316", &ticket.id).await?;
        let [message] = messages.as_slice() else { panic!("{family}: {messages:?}") };
        assert_eq!(message.message_type, MessageType::Assigned);
        assert_eq!(message.id, format!("{}/1", ticket.id));
        assert!(message.data.ticket.text.as_deref().unwrap().contains("Jalan rusak parah"));
    }
    Ok(())
}

#[tokio::test]
async fn a_post_that_comes_again_by_every_way_is_one_ticket_and_one_message() -> Result<()> {
    let world = world().await?;
    let post = post(&format!("@KemalaJateng {JEPON}"));
    for family in [Family::Activity, Family::AccountActivity, Family::FilteredStream, Family::Activity] {
        world.tweet(&post, family).await?;
        world.tweet(&post, family).await?;
    }
    let ticket = world.ticket(&post).await?;
    world.all_reports_read().await?;
    assert_eq!(world.store.ticket(&ticket.id).await?.unwrap().voices, 1);
    assert_eq!(world.told("PEMKAB3316", &ticket.id).await?, [MessageType::Assigned]);
    assert_eq!(world.answers(&post, 1).await?.len(), 1, "one receipt");
    Ok(())
}

#[tokio::test]
async fn an_edited_place_moves_the_ticket() -> Result<()> {
    let world = world().await?;
    let first = post("Lampu jalan mati di Kec. Cepu Kab. Blora #KemalaJateng");
    world.tweet(&first, Family::FilteredStream).await?;
    let ticket = world.ticket(&first).await?;
    assert_eq!(ticket.holder.as_str(), "PEMKAB3316");
    let edited = first.edited("Lampu jalan mati di Kec. Lasem Kab. Rembang #KemalaJateng");
    world.tweet(&edited, Family::FilteredStream).await?;
    let moved = world.ticket_that(&ticket.id, |ticket| ticket.holder.as_str() == "PEMKAB3317").await?;
    assert_eq!(moved.decision.place.regency().unwrap().as_str(), "33.17");
    assert_eq!(world.told("PEMKAB3316", &ticket.id).await?, [MessageType::Assigned, MessageType::Reassigned]);
    assert_eq!(world.told("PEMKAB3317", &ticket.id).await?, [MessageType::Assigned]);
    Ok(())
}

#[tokio::test]
async fn an_edit_that_comes_first_wins() -> Result<()> {
    let world = world().await?;
    let first = post("Lampu jalan mati di Kec. Cepu Kab. Blora #KemalaJateng");
    let edited = first.edited("Lampu jalan mati di Kec. Lasem Kab. Rembang #KemalaJateng");
    world.tweet(&edited, Family::FilteredStream).await?;
    let ticket = world.ticket(&first).await?;
    world.tweet(&first, Family::FilteredStream).await?;
    world.all_reports_read().await?;
    let after = world.store.ticket(&ticket.id).await?.unwrap();
    assert_eq!((after.version, after.holder.as_str()), (1, "PEMKAB3317"));
    Ok(())
}

#[tokio::test]
async fn a_reply_in_the_thread_reaches_the_agency() -> Result<()> {
    let world = world().await?;
    let report = post(JEPON);
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let reply = report.answered("Titiknya di depan balai desa, hubungi 081234567890", User::sample("warga_uji"));
    world.tweet(&reply, Family::Activity).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.voices == 2).await?;
    let messages = world.messages("PEMKAB3316", &ticket.id).await?;
    let [_, replied] = messages.as_slice() else { panic!("{messages:?}") };
    assert_eq!(replied.message_type, MessageType::CitizenReplied);
    let text = replied.data.event.text.as_deref().unwrap();
    assert!(text.contains("depan balai desa") && !text.contains("081234567890"), "{text}");
    Ok(())
}

/// A repost, which the Account Activity API delivers with the original inside.
fn repost(original: &kemala::webhook::Post, account: &User) -> Value {
    let inner = original.webhook(Family::AccountActivity, account)["tweet_create_events"][0].clone();
    let outer = post("RT").webhook(Family::AccountActivity, account)["tweet_create_events"][0].clone();
    let mut outer = outer;
    outer["text"] = format!("RT @{}: {}", original.author.handle, original.text).into();
    outer["user"]["id_str"] = json!("1600000000000000777");
    outer["retweeted_status"] = inner;
    json!({ "for_user_id": account.id, "tweet_create_events": [outer] })
}

#[tokio::test]
async fn a_repost_is_a_voice_also_when_it_comes_first() -> Result<()> {
    let world = world().await?;
    let account = User::new("1500000000000000001", "KemalaJateng");
    let original = post(JEPON);
    let body = repost(&original, &account);
    assert_eq!(world.send(&body).await?.status, 200);
    let ticket = world.ticket(&original).await?;
    assert_eq!(ticket.voices, 1);
    world.tweet(&original, Family::FilteredStream).await?;
    let joined = world.ticket_that(&ticket.id, |ticket| ticket.voices == 2).await?;
    assert_eq!(joined.origin.id(), original.id().to_string());
    assert_eq!(world.send(&repost(&original, &account)).await?.status, 200);
    world.ticket_that(&ticket.id, |ticket| ticket.voices == 3).await?;
    assert_eq!(world.told("PEMKAB3316", &ticket.id).await?, [MessageType::Assigned], "reposts only count");
    Ok(())
}

#[tokio::test]
async fn a_deleted_post_withdraws_its_ticket_and_leaves_no_text() -> Result<()> {
    let world = world().await?;
    let report = post(JEPON);
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let deletion = json!({ "for_user_id": "1500000000000000001", "tweet_delete_events": [
        { "status": { "id": report.id().to_string(), "user_id": report.author.id }, "timestamp_ms": "1795138511500" }
    ] });
    for _ in 0..2 {
        assert_eq!(world.send(&deletion).await?.status, 200);
    }
    world.ticket_that(&ticket.id, |ticket| ticket.status == Status::Withdrawn).await?;
    assert_eq!(world.store.voices(&ticket.id).await?, []);
    let messages = world.messages("PEMKAB3316", &ticket.id).await?;
    let last = messages.last().unwrap();
    assert_eq!((last.message_type, last.data.ticket.text.as_deref()), (MessageType::Withdrawn, None));
    world.tweet(&report, Family::FilteredStream).await?;
    world.all_reports_read().await?;
    assert_eq!(world.store.ticket(&ticket.id).await?.unwrap().status, Status::Withdrawn, "it does not come back");
    Ok(())
}

#[tokio::test]
async fn a_post_whose_deletion_comes_first_opens_nothing() -> Result<()> {
    let world = world().await?;
    let report = post(JEPON);
    let deletion = json!({ "for_user_id": "1500000000000000001", "tweet_delete_events": [
        { "status": { "id": report.id().to_string(), "user_id": report.author.id }, "timestamp_ms": "1795138511500" }
    ] });
    assert_eq!(world.send(&deletion).await?.status, 200);
    world.all_reports_read().await?;
    world.tweet(&report, Family::FilteredStream).await?;
    world.all_reports_read().await?;
    let known = world.store.post(&PostKey::x(&report.id().to_string())?).await?.unwrap();
    assert_eq!((known.ticket, known.deleted, known.heard), (None, true, false));
    Ok(())
}

#[tokio::test]
async fn a_reply_in_a_strange_thread_is_kept_for_people() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.take_all("quarantine").await?;
    let strange = post("").id().to_string();
    let reply = post("").id().to_string();
    // As intake writes it; it has waited for its thread long enough.
    let message = json!({ "v": 1, "received_at": "2026-01-01T00:00:00Z", "channel": "x_activity", "report": {
        "post": format!("x#{reply}"), "first_post": format!("x#{reply}"), "edit": 0, "author": { "id": "1600000000000000777" },
        "text": "Iya, betul sekali", "created_at": "2026-01-01T00:00:00Z", "addressed": "reply",
        "relation": { "reply_to": format!("x#{strange}") }
    } });
    world.enqueue("reports", &message.to_string()).await?;
    world.all_reports_read().await?;
    let kept = world.take_all("quarantine").await?;
    assert!(matches!(kept.as_slice(), [one] if one.contains("unknown_thread")), "{kept:?}");
    assert_eq!(world.store.post(&PostKey::x(&reply)?).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_place_outside_goes_to_triage_and_a_greeting_nowhere() -> Result<()> {
    let world = world().await?;
    let outside = post("Jalan rusak parah di Jogja dekat Malioboro #KemalaJateng");
    world.tweet(&outside, Family::FilteredStream).await?;
    let ticket = world.ticket(&outside).await?;
    assert_eq!((ticket.status, ticket.holder.as_str()), (Status::Triage, "TRIAGE"));
    assert!(ticket.decision.place.outside.is_some(), "{:?}", ticket.decision.place);
    assert_eq!(world.told("TRIAGE", &ticket.id).await?, [MessageType::Assigned]);

    let greeting = post("Selamat pagi semuanya, semoga sehat selalu ya 😄 #KemalaJateng");
    world.take_all("quarantine").await?;
    world.tweet(&greeting, Family::FilteredStream).await?;
    world.no_ticket(&greeting).await?;
    let kept = world.take_all("quarantine").await?;
    assert!(kept.iter().any(|message| message.contains("nothing_to_act_on")), "{} kept", kept.len());
    Ok(())
}
