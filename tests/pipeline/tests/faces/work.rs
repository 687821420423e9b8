//! Agencies work on their tickets.

use anyhow::Result;
use kemala::webhook::{Family, User};
use kemala_domain::{EventBody, Status, Ticket};
use kemala_messages::agency::MessageType;
use serde_json::json;

use crate::calls::new_key;
use crate::world::{World, post, world};

/// The ticket of a new post.
async fn ticket_of(world: &World, text: &str) -> Result<Ticket> {
    let report = post(text);
    world.tweet(&report, Family::FilteredStream).await?;
    world.ticket(&report).await
}

/// Names of a ticket's events, without those of our own posts, which come when they come.
async fn life(world: &World, ticket: &Ticket) -> Result<Vec<&'static str>> {
    let events = world.store.events(&ticket.id).await?;
    Ok(events.iter().map(|event| event.body.name()).filter(|name| !name.starts_with("reply_")).collect())
}

#[tokio::test]
async fn a_ticket_is_worked_to_resolved() -> Result<()> {
    let world = world().await?;
    let report = post("Sampah menumpuk di Kec. Jepon Blora, bau sekali #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let blora = world.agency("PEMKAB3316").await?;

    assert_eq!(blora.must(&ticket.id, json!({"action": "accept"})).await?, "accepted");
    assert_eq!(blora.must(&ticket.id, json!({"action": "start"})).await?, "in_progress");
    let asks = json!({"action": "ask_citizen", "reply_text": "Mohon info RT dan RW tempat sampahnya."});
    assert_eq!(blora.must(&ticket.id, asks.clone()).await?, "waiting_citizen");
    let answer = report.answered("RT 02 RW 03, dekat lapangan", User::sample("warga_uji"));
    world.tweet(&answer, Family::Activity).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.status == Status::InProgress).await?;

    let (status, problem) = blora.does(&ticket.id, asks).await?;
    assert_eq!(
        (status, problem["detail"].as_str()),
        (409, Some("PEMKAB3316 has asked the citizen before; an agency asks once"))
    );
    assert_eq!(problem["allowed"], json!(["ask_citizen", "respond", "resolve", "not_ours", "note"]));

    let bare = json!({"action": "resolve", "reply_text": "Sampah sudah diangkut."});
    let (status, problem) = blora.does(&ticket.id, bare).await?;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/photo")), "{problem}");
    let linked = json!({"action": "respond", "reply_text": "Lihat blorakab.go.id"});
    let (status, problem) = blora.does(&ticket.id, linked).await?;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/reply_text")), "{problem}");

    let photo = format!("https://foto.example.go.id/{}.jpg", new_key());
    let resolves =
        json!({"action": "resolve", "reply_text": "Sampah sudah diangkut, hubungi 081234567890.", "photo": photo});
    assert_eq!(blora.must(&ticket.id, resolves).await?, "resolved");
    let whole = blora.get(&format!("tickets/{}", ticket.id)).await?.json("one")?;
    assert_eq!(whole["allowed"], json!(["note"]));
    let last = whole["events"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["what"], &last["text"]),
        (&json!("resolved"), &json!("Sampah sudah diangkut, hubungi [nomor telepon]."))
    );
    assert_eq!(
        life(&world, &ticket).await?,
        ["opened", "accepted", "started", "citizen_asked", "citizen_replied", "resolved"]
    );

    // The same photo for another ticket is shown to the desk.
    let other = ticket_of(&world, "Sampah menumpuk di Kec. Cepu Blora, bau sekali #KemalaJateng").await?;
    world.drain("TRIAGE").await?;
    let again = json!({"action": "resolve", "reply_text": "Sampah sudah diangkut.", "photo": photo});
    blora.must(&other.id, again).await?;
    assert_eq!(life(&world, &other).await?, ["opened", "resolved", "photo_reused"]);
    let shown = world.messages("TRIAGE", &other.id).await?;
    assert_eq!(shown[0].data.event.other_ticket, Some(ticket.id), "{shown:?}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_addressee_hands_it_on_and_the_third_to_people() -> Result<()> {
    let world = world().await?;
    let ticket = ticket_of(&world, "Jalan rusak parah di Kec. Jepon Blora #KemalaJateng").await?;
    let (blora, roads, transport) =
        (world.agency("PEMKAB3316").await?, world.agency("DPUBMCK").await?, world.agency("DISHUB").await?);
    world.all_delivered(&ticket.id).await?;
    for code in ["PEMKAB3316", "DPUBMCK", "DISHUB", "TRIAGE"] {
        world.drain(code).await?;
    }
    let refuses = |to: &str| json!({"action": "not_ours", "reason": "bukan kewenangan kami", "to": to});

    assert_eq!(blora.must(&ticket.id, refuses("DPUBMCK")).await?, "assigned");
    assert_eq!(world.told("DPUBMCK", &ticket.id).await?, [MessageType::Assigned]);
    assert_eq!(world.told("PEMKAB3316", &ticket.id).await?, [MessageType::Reassigned]);
    assert_eq!(blora.get(&format!("tickets/{}", ticket.id)).await?.status, 404, "no longer theirs");
    assert_eq!(blora.does(&ticket.id, json!({"action": "accept"})).await?.0, 404);

    roads.must(&ticket.id, json!({"action": "accept"})).await?;
    assert_eq!(roads.must(&ticket.id, refuses("DISHUB")).await?, "assigned");
    assert_eq!(transport.must(&ticket.id, refuses("PEMKAB3317")).await?, "triage");
    let after = world.store.ticket(&ticket.id).await?.unwrap();
    assert_eq!((after.holder.as_str(), after.decision.likely.unwrap().as_str()), ("TRIAGE", "PEMKAB3317"));
    assert_eq!(after.opened_at, ticket.opened_at, "the citizen's clock goes on");
    assert_eq!(world.told("TRIAGE", &ticket.id).await?, [MessageType::Assigned]);

    let (status, problem) =
        roads.does(&ticket.id, json!({"action": "not_ours", "reason": "x", "to": "NOBODY"})).await?;
    assert_eq!(status, 404, "{problem}");
    Ok(())
}

#[tokio::test]
async fn lists_show_what_is_open_due_and_late_page_by_page() -> Result<()> {
    let world = world().await?;
    let texts =
        ["Jalan rusak di Kec. Jepon Blora", "Jalan rusak di Kec. Cepu Blora", "Jalan rusak di Kec. Kunduran Blora"];
    let mut tickets = Vec::new();
    for text in texts {
        tickets.push(ticket_of(&world, &format!("{text} #KemalaJateng")).await?);
    }
    let blora = world.agency("PEMKAB3316").await?;
    let mut seen = Vec::new();
    let mut path = "tickets?limit=2".to_owned();
    loop {
        let page = blora.get(&path).await?.json("page")?;
        let ids: Vec<String> = page["tickets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|ticket| ticket["ticket"].as_str().unwrap().to_owned())
            .collect();
        assert!(ids.len() <= 2 && ids.iter().all(|id| !seen.contains(id)), "{page}");
        seen.extend(ids);
        let Some(next) = page["next"].as_str() else { break };
        path = format!("tickets?limit=2&after={next}");
    }
    for ticket in &tickets {
        assert!(seen.contains(&ticket.id.to_string()), "{}", ticket.id);
    }
    let late = &tickets[0];
    for _ in 0..2 {
        let due = world.store.ticket(&late.id).await?.unwrap().due.unwrap();
        let case = world.store.case(&late.id).await?.unwrap();
        let pack = world.pack()?;
        let change = kemala_domain::lifecycle::take_due_step(&case, pack.terms(), due.at).unwrap();
        world.store.write(&change, None, due.at).await?;
    }
    let list = blora.get("tickets?state=late&limit=100").await?.json("late")?;
    let listed: Vec<&str> =
        list["tickets"].as_array().unwrap().iter().filter_map(|ticket| ticket["ticket"].as_str()).collect();
    assert!(listed.contains(&late.id.as_str()) && !listed.contains(&tickets[1].id.as_str()), "{listed:?}");
    assert_eq!(blora.get("tickets?state=soon").await?.status, 400);
    assert_eq!(blora.get("tickets?limit=0").await?.status, 400);
    Ok(())
}

#[tokio::test]
async fn what_is_noted_and_rejected_stays_in_the_history() -> Result<()> {
    let world = world().await?;
    let ticket = ticket_of(&world, "Jalan rusak di Kec. Jepon Blora #KemalaJateng").await?;
    let blora = world.agency("PEMKAB3316").await?;
    blora.must(&ticket.id, json!({"action": "note", "text": "menunggu anggaran"})).await?;
    let noted = world.store.events(&ticket.id).await?.pop().unwrap();
    assert_eq!(noted.body, EventBody::Noted { text: "menunggu anggaran".to_owned() });
    let (status, problem) = blora.does(&ticket.id, json!({"action": "reject", "reason": "bukan laporan"})).await?;
    assert_eq!((status, problem["detail"].as_str()), (403, Some("reject is for desks")));
    Ok(())
}
