//! What ops people do when something went wrong, with nothing lost and nothing doubled.

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use kemala::queue::{Fifo, Queue};
use kemala::webhook::{Family, Post, Sender, User};
use kemala_domain::PostKey;
use kemala_domain::samples;
use kemala_fake_x::CitizenPost;
use kemala_messages::agency::MessageType;
use serde_json::{Value, json};

use crate::command::{Said, kemala, kemala_as_on_aws, kemala_given};
use crate::faults::kill_workers;
use crate::world::{World, post, until, world};

fn queue(world: &World, name: &str) -> Queue {
    Queue::internal(&world.local.target, &world.local.names, name)
}

/// A report as intake puts it on the queue.
fn report_message(post: &Post, text: &str, relation: &Value) -> String {
    let key = format!("x#{}", post.id());
    json!({ "v": 1, "received_at": "2026-01-01T00:00:00Z", "channel": "x_activity", "report": {
        "post": key, "first_post": key, "edit": 0, "author": { "id": post.author.id }, "text": text,
        "created_at": "2026-01-01T00:00:00Z", "addressed": "reply", "relation": relation,
    } })
    .to_string()
}

#[tokio::test]
async fn dead_letters_go_again_to_whom_they_were_for_and_the_others_stay() -> Result<()> {
    let world = world().await?;
    let dead = queue(&world, "skpd-dlq.fifo");
    dead.walk(async |_| Ok(kemala::queue::Fate::Done)).await?;
    // What a real agency's queue gave up: the message as it was, with its group and its number.
    let mut tickets = Vec::new();
    for (text, code) in [
        ("Jalan berlubang di Kec. Cepu Blora #KemalaJateng", "PEMKAB3316"),
        ("Lampu jalan mati di Kec. Lasem Rembang #KemalaJateng", "PEMKAB3317"),
    ] {
        let report = post(text);
        world.tweet(&report, Family::FilteredStream).await?;
        let ticket = world.ticket(&report).await?;
        world.all_delivered(&ticket.id).await?;
        let messages = world.messages(code, &ticket.id).await?;
        let message = messages.first().context("a message")?;
        let fifo =
            Fifo { group: ticket.id.to_string(), deduplication: message.deduplication_id(&samples::agency(code)) };
        dead.send(&message.to_json()?, Some(&fifo)).await?;
        tickets.push(ticket.id);
    }

    let blora = ["redrive", "skpd", "--agency", "PEMKAB3316"];
    let (well, seen) = kemala(&blora).await?;
    assert!(well && seen.len() == 2 && seen.iter().all(|line| line["sent"] == false), "{seen:?}");
    assert_eq!(dead.length().await?, 2, "a look changes nothing");
    let (well, sent) = kemala(&[&blora[..], &["--yes"]].concat()).await?;
    assert!(well, "{sent:?}");
    let of = |group: &str| sent.iter().find(|line| line["group"] == group).context("its line");
    assert_eq!(of(tickets[0].as_str())?["sent"], true);
    assert_eq!(of(tickets[1].as_str())?["sent"], false);
    let number = of(tickets[0].as_str())?["deduplication_id"].as_str().context("a number")?.to_owned();
    assert!(number.starts_with(&format!("{}/1/PEMKAB3316/r", tickets[0])), "{number}");
    // SQS drops a repeat of the first number for 5 minutes: with the new one it came.
    assert_eq!(world.told("PEMKAB3316", &tickets[0]).await?, [MessageType::Assigned]);
    assert_eq!(dead.length().await?, 1);

    let (well, sent) = kemala(&["redrive", "--yes"]).await?;
    assert!(well && sent.len() == 1, "{sent:?}");
    assert_eq!(world.told("PEMKAB3317", &tickets[1]).await?, [MessageType::Assigned]);
    assert_eq!(dead.length().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_report_among_the_dead_letters_becomes_its_ticket() -> Result<()> {
    let world = world().await?;
    let report = post("Pohon tumbang menutup jalan di Kec. Jepon Blora #KemalaJateng");
    let message = report_message(&report, &report.text, &json!({})).replace("\"reply\"", "\"hashtag\"");
    world.enqueue("reports-dlq", &message).await?;
    let (well, sent) = kemala(&["redrive", "reports", "--yes"]).await?;
    assert!(well && sent.iter().any(|line| line["sent"] == true && line["to"] == "reports"), "{sent:?}");
    world.ticket(&report).await?;
    assert_eq!(world.length("reports-dlq").await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_was_not_understood_is_read_again_and_what_never_will_be_is_dropped() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.take_all("quarantine").await?;
    // A reply that waited too long for its post, a body that an older program did not know, and one that nobody knows.
    let report = post("Jembatan retak di Kec. Cepu Blora #KemalaJateng");
    let reply = report.answered("Betul, makin parah sejak kemarin", User::sample("warga_lain"));
    let relation = json!({ "reply_to": format!("x#{}", report.id()) });
    world.enqueue("reports", &report_message(&reply, &reply.text, &relation)).await?;
    let unheard = post("Selokan meluap di Kec. Lasem Rembang #KemalaJateng");
    let account = User::new("1500000000000000001", "KemalaJateng");
    let body = unheard.webhook(Family::FilteredStream, &account).to_string();
    let put = json!({ "v": 1, "reason": "unknown_body", "source": "x_webhook", "received_at": Timestamp::now(), "body": body, "body_bytes": body.len() });
    world.enqueue("quarantine", &put.to_string()).await?;
    assert_eq!(world.send(&json!({ "update_id": 2 })).await?.status, 200);
    world.all_reports_read().await?;
    until("all three are in quarantine", || async { Ok((world.length("quarantine").await? == 3).then_some(())) })
        .await?;

    let (well, listed) = kemala(&["quarantine", "list"]).await?;
    let mut reasons: Vec<&str> = listed.iter().filter_map(|line| line["reason"].as_str()).collect();
    reasons.sort_unstable();
    assert!(well);
    assert_eq!(reasons, ["unknown_body", "unknown_body", "unknown_thread"]);
    let told = format!("{listed:?}");
    assert!(!told.contains("Selokan") && told.contains(&format!("x#{}", reply.id())), "{told}");
    let (_, shown) = kemala(&["quarantine", "list", "--show-text", "--reason", "unknown_thread"]).await?;
    assert!(shown[0]["body"].as_str().is_some_and(|body| body.contains("makin parah")), "{shown:?}");

    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    kemala(&["quarantine", "retry"]).await?;
    assert_eq!(world.length("quarantine").await?, 3, "a look changes nothing");
    let (well, _) = kemala(&["quarantine", "retry", "--yes"]).await?;
    assert!(well);
    world.ticket_that(&ticket.id, |ticket| ticket.voices == 2).await?;
    world.ticket(&unheard).await?;
    assert_eq!(world.length("quarantine").await?, 1, "what is still not understood stays");

    let (_, left) = kemala(&["quarantine", "list"]).await?;
    let id = left[0]["message"].as_str().context("an id")?;
    kemala(&["quarantine", "drop", id]).await?;
    assert_eq!(world.length("quarantine").await?, 1);
    assert!(kemala(&["quarantine", "drop", id, "--yes"]).await?.0);
    assert_eq!(world.length("quarantine").await?, 0);
    Ok(())
}

#[tokio::test]
async fn what_the_webhook_missed_comes_by_a_replay_and_once_more_changes_nothing() -> Result<()> {
    let world = world().await?;
    let made = Timestamp::now() - SignedDuration::from_hours(1);
    let id = u64::try_from(made.as_millisecond() - 1_288_834_974_657)? << 22;
    let missed = CitizenPost {
        id: id.to_string(),
        author_id: "1600000000000004242".to_owned(),
        handle: "warga_terlewat".to_owned(),
        text: "Jalan ambles di Kec. Jepon Blora #KemalaJateng".to_owned(),
        reply_to: None,
    };
    world.x().tell(&missed).await?;
    let hours = ["x-replay", "--from", "90 minutes"];
    let (well, told) = kemala(&hours).await?;
    assert!(well && told[0]["job"].is_null(), "{told:?}");
    let replay = [&hours[..], &["--yes"]].concat();
    let key = PostKey::x(&missed.id)?;
    for _ in 0..2 {
        let (well, told) = kemala(&replay).await?;
        assert!(well, "{told:?}");
        assert_eq!(told[0]["complete"], true, "{told:?}");
        let known = until("the post has a ticket", || async { Ok(world.store.post(&key).await?) }).await?;
        world.all_reports_read().await?;
        let ticket = world.store.standing(&known.ticket.context("a ticket")?).await?.context("its row")?;
        assert_eq!((ticket.origin.clone(), ticket.voices), (key.clone(), 1));
    }
    Ok(())
}

/// The tests' own secret again, whatever came before.
async fn put_back(world: &World) -> Result<()> {
    let secret = json!({ "consumer_secret": world.local.consumer_secret, "previous_consumer_secret": null });
    world.http.put_secret(&world.local.names.x_secret(), &secret).await?;
    kill_workers(world, "webhook-intake")?;
    Ok(())
}

async fn takes(sender: &Sender, text: &str) -> Result<u16> {
    let account = User::new("1500000000000000001", "KemalaJateng");
    let body = post(text).webhook(Family::FilteredStream, &account).to_string();
    Ok(sender.post(body.as_bytes()).await?.status)
}

#[tokio::test]
async fn while_a_secret_changes_both_are_taken_and_then_the_old_is_refused() -> Result<()> {
    let world = world().await?;
    let story = async {
        let text = "Jalan rusak di Kec. Jepon Blora #KemalaJateng";
        let new = "a-secret-made-for-this-story";
        let (old_sender, new_sender) = (world.sender.clone(), world.sender.with_secret(new.parse().unwrap()));
        assert_eq!(takes(&old_sender, text).await?, 200);
        assert_eq!(takes(&new_sender, text).await?, 401, "nobody knows it yet");

        let (well, steps) = kemala(&["rotate-secret", "x"]).await?;
        assert!(well && steps[0]["steps"].as_array().is_some_and(|steps| steps.len() == 5), "{steps:?}");
        assert_eq!(takes(&old_sender, text).await?, 200);
        let (well, begun) = kemala_given(&["rotate-secret", "x", "--yes"], &format!("{new}\n")).await?;
        assert!(well && !format!("{begun:?}").contains(new), "{begun:?}");
        // A signature that is not known makes intake look again, 5 seconds after its last look at the latest.
        until("the new secret is known", || async { Ok((takes(&new_sender, text).await? == 200).then_some(())) })
            .await?;
        assert_eq!(takes(&old_sender, text).await?, 200, "both count");

        assert!(!kemala(&["rotate-secret", "x", "--finish", "--yes"]).await?.0, "events may be under way");
        assert_eq!(takes(&old_sender, text).await?, 200);
        assert!(kemala(&["rotate-secret", "x", "--finish", "--early", "--yes"]).await?.0);
        // What is kept in memory counts for 5 minutes; a function that starts anew reads it.
        kill_workers(&world, "webhook-intake")?;
        assert_eq!(takes(&new_sender, text).await?, 200);
        assert_eq!(takes(&old_sender, text).await?, 401);
        anyhow::Ok(())
    };
    let told = story.await;
    put_back(&world).await?;
    told?;
    assert_eq!(takes(&world.sender, "Jalan rusak di Kec. Cepu Blora #KemalaJateng").await?, 200);
    Ok(())
}

#[tokio::test]
async fn on_aws_the_place_is_told_first_and_nothing_is_written_unasked() -> Result<()> {
    let world = world().await?;
    let report = post("Jalan rusak di Kec. Cepu Blora #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let target = &world.local.target;
    let Said { well, lines, told } = kemala_as_on_aws(&["ticket", ticket.id.as_str(), "--env", "dev"], target).await?;
    assert!(well, "{told}");
    assert_eq!(lines[0]["ticket"]["id"], ticket.id.as_str());
    assert!(told.contains("dev: account 000000000000, ap-southeast-3, stack kemala-dev-jateng"), "{told}");

    let send = ["redeliver", "PEMKAB3316", "--since", "1h", "--env", "dev"];
    world.all_delivered(&ticket.id).await?;
    world.drain("PEMKAB3316").await?;
    let Said { well, lines, told } = kemala_as_on_aws(&send, target).await?;
    assert!(!well && told.contains("add --yes") && lines.iter().all(|line| line["sent"] == false), "{lines:?} {told}");
    assert!(world.drain("PEMKAB3316").await?.is_empty());
    let Said { well, .. } = kemala_as_on_aws(&[&send[..], &["--yes"]].concat(), target).await?;
    assert!(well && world.drain("PEMKAB3316").await?.contains_key(&ticket.id));

    let Said { well, told, .. } = kemala_as_on_aws(&["override", "off", "--env", "dev"], target).await?;
    assert!(!well && told.contains("add --yes"), "{told}");
    let Said { well, told, .. } = kemala_as_on_aws(&["override", "list", "--env", "prod"], target).await?;
    assert!(!well && told.contains("there is no stack kemala-prod-jateng"), "{told}");
    Ok(())
}
