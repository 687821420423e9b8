//! Many citizens, one incident: one ticket, and every voice on it.

use anyhow::Result;
use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use kemala::local::Workspace;
use kemala::webhook::{Family, Post, User};
use kemala_classifier::Jurisdiction;
use kemala_domain::report::VoiceRole;
use kemala_domain::{PostKey, Status, Ticket, lifecycle};
use kemala_messages::agency::MessageType;
use serde_json::json;

use crate::world::{World, post, world};

/// One flooded underpass, as twenty people tell of it.
const FLOOD: &str = include_str!("../../../../shared/classifier/fixtures/one_flood.txt");

fn tagged(text: &str) -> Post {
    post(&format!("{text} #KemalaJateng"))
}

/// The tickets of posts once all late joins are made.
async fn settled(world: &World, posts: &[Post]) -> Result<Vec<Ticket>> {
    for post in posts {
        world.ticket(post).await?;
    }
    world.all_reports_read().await?;
    let late = world.round(Timestamp::now() + SignedDuration::from_secs(1)).await?;
    println!("late: {} joined, {} alone", late["joined"], late["alone"]);
    let mut tickets = Vec::new();
    for post in posts {
        tickets.push(world.ticket(post).await?);
    }
    Ok(tickets)
}

/// Sends posts all at once.
async fn at_once(world: &World, posts: &[Post]) -> Result<()> {
    try_join_all(posts.iter().map(|post| world.tweet(post, Family::FilteredStream))).await.map(drop)
}

#[tokio::test]
async fn twenty_reports_of_one_incident_are_one_ticket_with_twenty_voices() -> Result<()> {
    let world = world().await?;
    let posts: Vec<Post> = FLOOD.lines().map(tagged).collect();
    at_once(&world, &posts).await?;
    let tickets = settled(&world, &posts).await?;
    let ticket = &tickets[0];
    assert!(
        tickets.iter().all(|other| other.id == ticket.id),
        "{:?}",
        tickets.iter().map(|t| &t.id).collect::<Vec<_>>()
    );
    assert_eq!((ticket.voices, ticket.copies), (20, 0));
    let voices = world.store.voices(&ticket.id).await?;
    assert_eq!(voices.len(), 20);
    assert!(voices.iter().filter(|voice| voice.role == VoiceRole::Opening).count() == 1);
    // The agency heard of each: one that opened the ticket, and what came to it.
    let told = world.messages(ticket.holder.as_str(), &ticket.id).await?;
    assert!(told.iter().any(|message| message.data.ticket.voices == 20), "{} messages", told.len());
    Ok(())
}

#[tokio::test]
async fn another_report_is_a_voice_that_the_agency_hears_and_everybody_can_go_on() -> Result<()> {
    let world = world().await?;
    let first = tagged("Jembatan Desa Tanjung Kec. Jepon Blora papannya lapuk dan jebol");
    world.tweet(&first, Family::FilteredStream).await?;
    let ticket = world.ticket(&first).await?;
    let second = tagged("kreteg papan neng Jepon Blora jebol, papane wis lapuk");
    world.tweet(&second, Family::Activity).await?;
    let joined = world.ticket(&second).await?;
    assert_eq!((&joined.id, joined.voices), (&ticket.id, 2));
    let told = world.messages(ticket.holder.as_str(), &ticket.id).await?;
    let [_, updated] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(updated.message_type, MessageType::Updated);
    assert!(updated.data.event.text.as_deref().unwrap().starts_with("kreteg papan"));

    // Its thread is the ticket's, its edit is a version of its voice, and its deletion takes it away.
    let reply = second.answered("Titiknya dekat balai desa", User::sample("warga_uji"));
    world.tweet(&reply, Family::Activity).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.voices == 3).await?;
    world
        .tweet(&second.edited("kreteg papan neng Jepon Blora jebol kabeh #KemalaJateng"), Family::FilteredStream)
        .await?;
    world.ticket_that(&ticket.id, |ticket| ticket.version == 4).await?;
    let deletion = json!({ "for_user_id": "1500000000000000001", "tweet_delete_events": [
        { "status": { "id": first.id().to_string(), "user_id": first.author.id }, "timestamp_ms": "1795138511500" }
    ] });
    world.send(&deletion).await?;
    let left = world.ticket_that(&ticket.id, |ticket| ticket.voices == 2).await?;
    assert_eq!(left.status, Status::Assigned, "who spoke of it too is still there");
    Ok(())
}

#[tokio::test]
async fn other_incidents_in_the_same_subdistrict_stay_apart() -> Result<()> {
    let world = world().await?;
    let texts = [
        "Lampu jalan mati di Kec. Cepu Blora RT 3",
        "Lampu jalan mati di Kec. Cepu Blora RT 5",
        "Sampah menumpuk di pasar Kec. Cepu Blora",
        "Lampu jalan mati di Kec. Lasem Rembang RT 3",
        "Pohon tumbang menimpa warung di Kec. Cepu Blora",
    ];
    let posts: Vec<Post> = texts.iter().map(|text| tagged(text)).collect();
    at_once(&world, &posts).await?;
    let tickets = settled(&world, &posts).await?;
    let distinct: std::collections::BTreeSet<_> = tickets.iter().map(|ticket| &ticket.id).collect();
    assert_eq!(distinct.len(), texts.len());
    assert!(tickets.iter().all(|ticket| ticket.voices == 1 && ticket.incident.is_some()));
    Ok(())
}

#[tokio::test]
async fn accusations_join_nothing() -> Result<()> {
    let world = world().await?;
    let text = "Pegawai kantor kecamatan Cepu Blora minta uang pelicin dua ratus ribu, ini pungli";
    let posts = [tagged(text), tagged(text)];
    for post in &posts {
        world.tweet(post, Family::FilteredStream).await?;
    }
    let tickets = settled(&world, &posts).await?;
    assert_ne!(tickets[0].id, tickets[1].id);
    assert!(tickets.iter().all(|ticket| ticket.holder.as_str() == "INSPEKTORAT" && ticket.incident.is_none()));
    Ok(())
}

#[tokio::test]
async fn an_edited_or_withdrawn_report_draws_nobody_to_where_it_was() -> Result<()> {
    let world = world().await?;
    let first = tagged("Lampu jalan mati di Kec. Cepu Kab. Blora depan terminal");
    world.tweet(&first, Family::FilteredStream).await?;
    let ticket = world.ticket(&first).await?;
    let edited = first.edited("Lampu jalan mati di Kec. Lasem Kab. Rembang depan terminal #KemalaJateng");
    world.tweet(&edited, Family::FilteredStream).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.holder.as_str() == "PEMKAB3317").await?;

    let in_cepu = tagged("lampu jalan depan terminal Cepu Blora mati total");
    world.tweet(&in_cepu, Family::FilteredStream).await?;
    assert_ne!(world.ticket(&in_cepu).await?.id, ticket.id);
    let in_lasem = tagged("lampu jalan depan terminal Lasem Rembang mati total");
    world.tweet(&in_lasem, Family::FilteredStream).await?;
    assert_eq!(world.ticket(&in_lasem).await?.id, ticket.id);

    for post in [&first, &in_lasem] {
        let deletion = json!({ "for_user_id": "1500000000000000001", "tweet_delete_events": [
            { "status": { "id": post.first_id().to_string(), "user_id": post.author.id }, "timestamp_ms": "1795138511500" }
        ] });
        world.send(&deletion).await?;
    }
    world.ticket_that(&ticket.id, |ticket| ticket.status == Status::Withdrawn).await?;
    let again = tagged("lampu jalan depan terminal Lasem Rembang mati terus");
    world.tweet(&again, Family::FilteredStream).await?;
    assert_ne!(world.ticket(&again).await?.id, ticket.id);
    Ok(())
}

#[tokio::test]
async fn a_post_of_a_joined_ticket_is_found_by_the_ticket_that_goes_on() -> Result<()> {
    let world = world().await?;
    let posts: Vec<Post> = FLOOD.lines().map(tagged).collect();
    at_once(&world, &posts).await?;
    let ticket = settled(&world, &posts).await?.remove(0);
    for post in &posts {
        let known = world.store.post(&PostKey::x(&post.id().to_string())?).await?.unwrap();
        assert_eq!(known.ticket.as_ref(), Some(&ticket.id), "every post leads straight to it");
    }
    Ok(())
}

#[tokio::test]
async fn a_join_that_was_stopped_goes_on_and_loses_nobody() -> Result<()> {
    let world = world().await?;
    let first = tagged("Sampah menumpuk di pasar Kec. Cepu Blora");
    let second = tagged("Tolong, pohon tumbang menutup jalan di Kec. Lasem Rembang, belum dibersihkan");
    for post in [&first, &second] {
        world.tweet(post, Family::FilteredStream).await?;
        world.ticket(post).await?;
    }
    let (older, younger) = (world.ticket(&first).await?.id, world.ticket(&second).await?.id);
    let reply = second.answered("Titiknya di depan masjid", User::sample("warga_uji"));
    world.tweet(&reply, Family::Activity).await?;
    world.ticket_that(&younger, |ticket| ticket.voices == 2).await?;

    let pack = Jurisdiction::load(&Workspace::find()?.pack("jateng"))?;
    let (older_case, younger_case) =
        (world.store.case(&older).await?.unwrap(), world.store.case(&younger).await?.unwrap());
    let now = Timestamp::now();
    let join = lifecycle::join(&older_case, &younger_case, VoiceRole::SameIncident, pack.terms(), now);
    world.store.write_join(&join, None, now).await?;
    // Here it stopped: the reply is still a voice of the younger ticket. Who answers now is heard on the older one.
    assert_eq!(world.store.voices(&younger).await?.len(), 1);
    let answer = second.answered("Sudah dua hari begini", User::sample("warga_lain"));
    world.tweet(&answer, Family::Activity).await?;
    world.ticket_that(&older, |ticket| ticket.voices == 4).await?;
    assert!(world.store.write_join(&join, None, now).await.is_err(), "twice is a conflict");

    world.round(now + SignedDuration::from_secs(1)).await?;
    assert_eq!(world.store.voices(&younger).await?, []);
    assert_eq!(world.store.voices(&older).await?.len(), 4);
    assert_eq!(world.store.late_joins(now + SignedDuration::from_hours(1), 10).await?, []);
    for post in [&first, &second, &reply, &answer] {
        let known = world.store.post(&PostKey::x(&post.id().to_string())?).await?.unwrap();
        assert_eq!(known.ticket.as_ref(), Some(&older));
    }
    let told = world.messages("PEMKAB3317", &younger).await?;
    let last = told.last().unwrap();
    assert_eq!((last.message_type, last.data.ticket.joined_to.as_ref()), (MessageType::Withdrawn, Some(&older)));
    Ok(())
}
