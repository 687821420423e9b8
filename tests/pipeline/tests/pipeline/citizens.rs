//! What citizens read in their thread, and what they may say there.

use anyhow::Result;
use jiff::Timestamp;
use kemala::webhook::{Family, Post, User};
use kemala_domain::event::ReplyKind;
use kemala_domain::reply::{ReplyId, ReplyState};
use kemala_domain::{EventBody, PostKey, Status, TicketId};
use kemala_fake_x::{CitizenPost, Faults};
use kemala_messages::agency::MessageType;
use serde_json::json;

use crate::world::{World, post, until, world};

/// A post that speaks to the account.
pub fn mention(text: &str) -> Post {
    post(&format!("@KemalaJateng {text}"))
}

/// A post whose ticket's number chooses the first of two or three texts, so that a thread reads the same each time.
pub fn first_texts(post: impl Fn() -> Post) -> Post {
    let chooses = |post: &Post| {
        let key = PostKey::x(&post.first_id().to_string()).unwrap();
        let number = TicketId::of_post(&"KJ".parse().unwrap(), &key, 0);
        number.as_str().bytes().map(usize::from).sum::<usize>().is_multiple_of(6)
    };
    std::iter::repeat_with(post).find(chooses).unwrap()
}

/// The same citizen answers the latest post of ours.
async fn says(world: &World, opening: &Post, text: &str) -> Result<Post> {
    let ours = world.x().timeline().await?;
    says_to(world, &ours.last().unwrap().id, opening, text).await
}

/// The citizen of a post answers a post of ours.
pub async fn says_to(world: &World, ours: &str, opening: &Post, text: &str) -> Result<Post> {
    let account = User::new("1500000000000000001", "KemalaJateng");
    let reply = Post::new(text, opening.author.clone()).in_answer_to(ours.parse()?, account);
    world.tweet(&reply, Family::Activity).await?;
    Ok(reply)
}

/// What stands in the threads of these posts, with the ticket's number left out.
async fn thread(world: &World, posts: &[&Post], ticket: &TicketId) -> Result<String> {
    let ids: Vec<String> = posts.iter().map(|post| post.id().to_string()).collect();
    let own = world.x().timeline().await?;
    let own = own.iter().filter(|own| own.reply_to.as_ref().is_some_and(|to| ids.contains(to)));
    let lines: Vec<String> = own.map(|own| own.text.replace(ticket.as_str(), "KJ-…")).collect();
    Ok(lines.join("\n"))
}

fn receipt(post: &Post) -> Result<ReplyId> {
    Ok(ReplyId::new(PostKey::x(&post.first_id().to_string())?, ReplyKind::Receipt, 1))
}

#[tokio::test]
async fn a_thread_from_the_report_to_its_end() -> Result<()> {
    let world = world().await?;
    let report = first_texts(|| mention("Lampu jalan mati di Kec. Ngawen Blora depan pasar, gelap sekali"));
    world.tweet(&report, Family::FilteredStream).await?;
    world.tweet(&report, Family::Activity).await?;
    let ticket = world.ticket(&report).await?.id;
    assert_eq!(world.answers(&report, 1).await?.len(), 1);
    let told = world.ticket_that(&ticket, |ticket| ticket.version == 2).await?;
    let blora = world.agency(told.holder.as_str()).await?;
    blora.must(&ticket, json!({ "action": "accept" })).await?;

    let asks = says(&world, &report, "status?").await?;
    world.answers(&asks, 1).await?;
    blora
        .must(&ticket, json!({ "action": "ask_citizen", "reply_text": "Pasar yang sebelah utara atau selatan?" }))
        .await?;
    world.answers(&report, 2).await?;
    world.ticket_that(&ticket, |ticket| !ticket.pauses.is_empty()).await?;
    let answer = says(&world, &report, "Yang utara, dekat musala").await?;
    world.ticket_that(&ticket, |ticket| ticket.status == Status::InProgress).await?;
    blora
        .must(&ticket, json!({ "action": "respond", "reply_text": "Terima kasih, petugas kami ke sana besok pagi." }))
        .await?;
    world.answers(&report, 3).await?;
    let photo = format!("https://contoh.blorakab.go.id/{ticket}.jpg");
    let resolve = json!({ "action": "resolve", "reply_text": "Lampu sudah kami ganti.", "photo": photo });
    blora.must(&ticket, resolve).await?;
    world.answers(&report, 4).await?;
    let not_yet = says(&world, &report, "belum").await?;
    world.answers(&not_yet, 1).await?;
    world.ticket_that(&ticket, |ticket| ticket.status == Status::Reopened).await?;
    let resolve = json!({ "action": "resolve", "reply_text": "Kabelnya sudah kami sambung.", "photo": photo });
    blora.must(&ticket, resolve).await?;
    world.answers(&report, 5).await?;
    says(&world, &report, "Sudah beres pak 🙏").await?;
    world.ticket_that(&ticket, |ticket| ticket.status == Status::Closed).await?;

    let read = thread(&world, &[&report, &asks, &answer, &not_yet], &ticket).await?;
    insta::assert_snapshot!(read, @r#"
    Terima kasih, laporan Bapak/Ibu sudah kami terima dengan nomor KJ-… dan kami teruskan ke Pemerintah Kabupaten Blora. Balas "status" untuk mengetahui perkembangannya.
    Laporan KJ-… sudah diterima Pemerintah Kabupaten Blora untuk ditindaklanjuti. Terima kasih atas kesabarannya.
    Untuk laporan KJ-…, petugas bertanya: Pasar yang sebelah utara atau selatan? Mohon balas di sini.
    Tanggapan instansi untuk laporan KJ-…: Terima kasih, petugas kami ke sana besok pagi.
    KJ-… sudah ditangani: Lampu sudah kami ganti. Sudah beres? Balas "sudah" atau "belum".
    Baik, laporan KJ-… kami buka kembali dan kami sampaikan lagi ke Pemerintah Kabupaten Blora. Terima kasih atas kabarnya.
    Laporan KJ-… selesai: Kabelnya sudah kami sambung. Sudah beres? Balas "sudah" atau "belum".
    "#);
    Ok(())
}

#[tokio::test]
async fn who_wrote_only_the_hashtag_is_not_answered() -> Result<()> {
    let world = world().await?;
    let report = post("Lampu jalan mati di Kec. Todanan Blora dekat balai desa #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?.id;
    world.all_delivered(&ticket).await?;
    assert_eq!(world.store.reply(&receipt(&report)?).await?, None);
    // Who speaks to us later is answered there.
    let asks = report.answered("@KemalaJateng status", report.author.clone());
    world.tweet(&asks, Family::Activity).await?;
    world.answers(&asks, 1).await?;
    assert_eq!(
        world.x().timeline().await?.iter().filter(|own| own.reply_to == Some(report.id().to_string())).count(),
        0
    );
    Ok(())
}

#[tokio::test]
async fn a_place_that_is_given_completes_the_report() -> Result<()> {
    let world = world().await?;
    let report = mention("jalan di kampung saya rusak parah berlubang, tolong diperbaiki");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    assert!(ticket.decision.needs_location, "{:?}", ticket.decision);
    let asked = world.answers(&report, 1).await?;
    assert!(asked[0].text.contains("kecamatan"), "{}", asked[0].text);
    says(&world, &report, "Di Desa Tanjung Kec. Jepon Blora").await?;
    let placed = world.ticket_that(&ticket.id, |ticket| !ticket.decision.needs_location).await?;
    assert_eq!((placed.holder.as_str(), placed.status), ("PEMKAB3316", Status::Assigned));
    world.all_delivered(&ticket.id).await?;
    let told = world.told("PEMKAB3316", &ticket.id).await?;
    assert!(!told.is_empty());
    Ok(())
}

#[tokio::test]
async fn danger_goes_first_and_accusations_stay_private() -> Result<()> {
    let world = world().await?;
    let danger = mention("Tolong! kebakaran rumah di Kec. Cepu Blora, ada warga terjebak di dalam, api makin besar");
    world.tweet(&danger, Family::FilteredStream).await?;
    let said = &world.answers(&danger, 1).await?[0].text;
    assert!(said.contains("112"), "{said}");
    let accusation = mention("Pegawai kantor kecamatan Cepu Blora minta uang pelicin dua ratus ribu, ini pungli");
    world.tweet(&accusation, Family::FilteredStream).await?;
    let ticket = world.ticket(&accusation).await?;
    assert!(ticket.decision.supervisory);
    let said = &world.answers(&accusation, 1).await?[0].text;
    assert_eq!(*said, format!("Terima kasih, laporan Bapak/Ibu sudah kami terima dengan nomor {}.", ticket.id));
    Ok(())
}

#[tokio::test]
async fn who_cannot_be_reached_is_marked() -> Result<()> {
    let world = world().await?;
    let report = mention("Sampah menumpuk di pasar Kec. Kunduran Blora, bau sekali");
    world.tweet(&report, Family::FilteredStream).await?;
    // X sees no mention in it: the author has deleted the part, or blocked the account.
    let other = CitizenPost {
        id: report.id().to_string(),
        author_id: report.author.id.clone(),
        handle: report.author.handle.clone(),
        text: "…".to_owned(),
        reply_to: None,
    };
    world.x().tell(&other).await?;
    let ticket = world.ticket(&report).await?;
    let marked = world.ticket_that(&ticket.id, |ticket| ticket.unreachable || ticket.version > 1).await?;
    if !marked.unreachable {
        // The receipt was faster than the change; the agency's answer is not.
        world
            .agency(marked.holder.as_str())
            .await?
            .must(&ticket.id, json!({ "action": "respond", "reply_text": "Kami cek." }))
            .await?;
    }
    let marked = world.ticket_that(&ticket.id, |ticket| ticket.unreachable).await?;
    world.all_delivered(&ticket.id).await?;
    let told = world.messages(marked.holder.as_str(), &ticket.id).await?;
    assert!(told.iter().any(|message| message.message_type == MessageType::Updated), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn without_credit_all_else_goes_on() -> Result<()> {
    let world = world().await?;
    world.x().fail_like(&Faults { no_credit: true, ..Faults::default() }).await?;
    let report = mention("Jalan berlubang di Kec. Banjarejo Blora depan SD, tolong ditambal");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let told = world.told(ticket.holder.as_str(), &ticket.id).await?;
    assert_eq!(told, [MessageType::Assigned]);
    let waiting = world
        .reply_that(
            &receipt(&report)?,
            |reply| matches!(reply.state, ReplyState::Waiting { until } if until > Timestamp::now()),
        )
        .await?;
    assert!(world.store.posting_pause(Timestamp::now()).await?.is_some());
    // Other posts wait too, and are not even tried.
    let calls = world.x().calls().await?;
    let other = mention("Pohon tumbang di Kec. Japah Blora menutup jalan desa");
    world.tweet(&other, Family::FilteredStream).await?;
    world.reply_that(&receipt(&other)?, |reply| reply.revision > 1).await?;
    assert_eq!(world.x().calls().await?["POST /2/tweets"], calls["POST /2/tweets"]);
    world.x().fail_like(&Faults::default()).await?;
    world.store.pause_posting(&kemala_store::replies::PostingPause { until: Timestamp::now() }).await?;
    assert!(waiting.next_attempt().is_some());
    Ok(())
}

#[tokio::test]
async fn a_post_whose_outcome_nobody_knows_is_looked_for_and_never_made_twice() -> Result<()> {
    let world = world().await?;
    let faults = Faults { after_percent: 100, ..Faults::default() };
    world.x().fail_like(&faults).await?;
    let report = mention("Saluran air mampet di Kec. Jati Blora, bau menyengat");
    world.tweet(&report, Family::FilteredStream).await?;
    let id = receipt(&report)?;
    world.reply_that(&id, |reply| matches!(reply.state, ReplyState::Unknown { .. })).await?;
    world.x().fail_like(&Faults::default()).await?;
    let sent = world.reply_that(&id, |reply| matches!(reply.state, ReplyState::Sent { .. })).await?;
    let own = world.answers(&report, 1).await?;
    assert_eq!(own.len(), 1, "{own:?}");
    let ReplyState::Sent { post: Some(post), .. } = sent.state else { panic!("{sent:?}") };
    assert_eq!(post.id(), own[0].id);
    let ticket = world.ticket(&report).await?;
    let events = world.store.events(&ticket.id).await?;
    assert_eq!(events.iter().filter(|event| matches!(event.body, EventBody::ReplySent { .. })).count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_citizen_takes_a_report_back_or_wants_no_more_posts() -> Result<()> {
    let world = world().await?;
    let report = mention("Sampah menumpuk di terminal Kec. Randublatung Blora");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.answers(&report, 1).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.version == 2).await?;
    says(&world, &report, "hapus laporan saya").await?;
    world.ticket_that(&ticket.id, |ticket| ticket.status == Status::Withdrawn).await?;
    assert_eq!(world.store.voices(&ticket.id).await?, []);

    let report = mention("Sampah menumpuk di pasar Kec. Bogorejo Blora");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.answers(&report, 1).await?;
    world.ticket_that(&ticket.id, |ticket| ticket.version == 2).await?;
    says(&world, &report, "stop").await?;
    world.ticket_that(&ticket.id, |ticket| ticket.version == 3).await?;
    let agency = world.agency(ticket.holder.as_str()).await?;
    agency.must(&ticket.id, json!({ "action": "respond", "reply_text": "Sudah kami angkut." })).await?;
    world.all_delivered(&ticket.id).await?;
    assert_eq!(world.answers(&report, 1).await?.len(), 1, "the receipt, and nothing after it");
    Ok(())
}

#[tokio::test]
async fn a_search_brings_what_x_did_not_send_and_a_look_up_finds_what_is_gone() -> Result<()> {
    let world = world().await?;
    let function = world.local.names.function("search-poll");
    let report = mention("Lampu jalan mati di Kec. Tunjungan Blora depan puskesmas #KemalaJateng");
    let known = CitizenPost {
        id: report.id().to_string(),
        author_id: report.author.id.clone(),
        handle: report.author.handle.clone(),
        text: report.text.clone(),
        reply_to: None,
    };
    world.x().tell(&known).await?;
    let done = world.http.invoke(&function, &json!({ "task": "search" })).await?;
    assert!(done["searched"]["reports"].as_u64() >= Some(1), "{done}");
    let ticket = world.ticket(&report).await?;
    let again = world.http.invoke(&function, &json!({ "task": "search" })).await?;
    assert_eq!(again["searched"]["reports"], 0, "{again}");

    world.x().delete(&report.id().to_string()).await?;
    let done = until("the look-up finds it", || async {
        let done = world.http.invoke(&function, &json!({ "task": "look_up" })).await?;
        Ok((done["looked_up"]["gone"].as_u64() >= Some(1)).then_some(done))
    })
    .await?;
    println!("{done}");
    world.ticket_that(&ticket.id, |ticket| ticket.status == Status::Withdrawn).await?;
    assert_eq!(world.store.voices(&ticket.id).await?, []);
    Ok(())
}
