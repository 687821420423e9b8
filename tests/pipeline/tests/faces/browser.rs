//! The pages in a real browser: an officer's day, and what the public sees. `tests/pipeline/browser/suite.py` drives it; here
//! the table and what plays X are asked whether it was true.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use kemala::local::{BROWSER, Browser, Venv, Workspace};
use kemala::progress::Progress;
use kemala::webhook::Family;
use kemala_domain::{AgencyCode, Status, Ticket, TicketId};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::world::{World, post, world};

/// Officers who sign in.
const OFFICERS: [&str; 4] = ["TRIAGE", "PEMKAB3316", "DINKES", "SEKDA"];

async fn logins(world: &World) -> Result<Value> {
    let mut logins = serde_json::Map::new();
    for code in OFFICERS {
        let login = world.local.officer(&world.http, &[code.parse::<AgencyCode>()?]).await?;
        logins.insert(code.to_owned(), json!({ "user": login.name, "password": login.password }));
    }
    Ok(logins.into())
}

/// Runs a part of the suite, and says what it said where it failed.
async fn drive(part: &str, facts: &Value) -> Result<String> {
    let workspace = Workspace::find()?;
    let progress = Progress::on_stderr();
    let venv = Venv::ensure(BROWSER, &workspace.home(), &progress).await?;
    let browser = Browser::ensure(&venv, &workspace.home(), &progress).await?;
    let pictures = workspace.home().join("browser");
    std::fs::create_dir_all(&pictures)?;
    let ran = Command::new(venv.program("python"))
        .arg(workspace.root().join("tests/pipeline/browser/suite.py"))
        .arg(part)
        .env("FACTS", facts.to_string())
        .env("PICTURES", &pictures)
        .envs(browser.variables)
        .kill_on_drop(true)
        .output()
        .await?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    ensure!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    println!("{said}");
    Ok(said)
}

#[tokio::test]
async fn an_officer_works_at_the_desk() -> Result<()> {
    let world = world().await?;
    let unclear = post(
        "@KemalaJateng Listrik PLN padam sejak kemarin sore di Kecamatan Jepon Blora, kulkas warung mati semua #KemalaJateng",
    );
    let other = post("Puskesmas di Kec. Jepon Blora kehabisan obat sejak minggu lalu #KemalaJateng");
    for post in [&unclear, &other] {
        world.tweet(post, Family::FilteredStream).await?;
    }
    let (ticket, other) = (world.ticket(&unclear).await?, world.ticket(&other).await?);
    ensure!(ticket.status == Status::Triage, "{:?} at {}", ticket.status, ticket.holder);
    let facts = json!({
        "desk": world.local.desk_url()?,
        "logins": logins(&world).await?,
        "ticket": ticket.id,
        "other": other.id,
        "other_holder": other.holder,
    });
    drive("desk", &facts).await?;
    // Nobody acts on the other ticket; the desk above hears of it.
    let sekda: AgencyCode = "SEKDA".parse()?;
    let mut at = jiff::Timestamp::now();
    for _ in 0..30 {
        if other_of(&world, &other.id).await?.escalated_to.contains(&sekda) {
            break;
        }
        at += jiff::SignedDuration::from_hours(12);
        world.round(at).await?;
    }
    ensure!(other_of(&world, &other.id).await?.escalated_to.contains(&sekda), "SEKDA has not heard of it");
    drive("escalated", &facts).await?;

    let done = world.ticket_that(&ticket.id, |ticket| ticket.status == Status::Resolved).await?;
    ensure!(done.holder.as_str() == "PEMKAB3316", "{}", done.holder);
    let own = world.answers(&unclear, 3).await?;
    let texts: Vec<&str> = own.iter().map(|own| own.text.as_str()).collect();
    ensure!(texts.iter().any(|text| text.contains("Petugas menuju lokasi")), "{texts:?}");
    ensure!(texts.iter().any(|text| text.contains("Jaringan sudah diperbaiki")), "{texts:?}");
    // Other apps see the same.
    let open311 = format!("{}/v2/requests/{}.json", world.local.open311_url()?, ticket.id);
    let seen: Value = reqwest::get(open311).await?.error_for_status()?.json().await?;
    ensure!(seen[0]["status_notes"].as_str().is_some_and(|notes| !notes.is_empty()), "{seen}");
    ensure!(seen[0]["agency_responsible"].as_str().is_some_and(|agency| agency.contains("Blora")), "{seen}");
    // What officers did is noted with their names, once each.
    let deeds = world.store.deeds(&"PEMKAB3316".parse()?, None, 100).await?.deeds;
    let ours: Vec<_> = deeds.iter().filter(|deed| deed.ticket == ticket.id).collect();
    let actions: BTreeSet<String> = ours.iter().map(|deed| deed.action.to_string()).collect();
    ensure!(actions == ["accept", "note", "resolve", "respond"].map(str::to_owned).into(), "{actions:?}");
    ensure!(ours.len() == 4 && ours.iter().all(|deed| deed.officer == "petugas-pemkab3316"), "{ours:?}");
    // What the triage desk corrected is kept for the next training.
    let labels = world.store.labels(&world.local.names.pack).await?;
    ensure!(
        labels
            .iter()
            .any(|(label, voice)| label.ticket == ticket.id && voice.masked_text.contains("Listrik PLN padam"))
    );
    Ok(())
}

async fn other_of(world: &World, id: &TicketId) -> Result<Ticket> {
    world.store.ticket(id).await?.context("the ticket is there")
}

/// Texts that would do harm, were they not inert.
fn hostile() -> Vec<String> {
    let corpus = include_str!("../../browser/hostile.txt");
    corpus
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            line.replace("\\u202e", "\u{202e}")
                .replace("\\u2066", "\u{2066}")
                .replace("\\u200b", "\u{200b}")
                .replace("\\t", "\t")
        })
        .collect()
}

#[tokio::test]
async fn hostile_texts_are_inert_on_all_pages() -> Result<()> {
    let world = world().await?;
    let corpus = hostile();
    ensure!(corpus.len() >= 100, "{} texts", corpus.len());
    let mut posts = Vec::new();
    for text in &corpus {
        // The same incident each time: all of them stand on one page, the first one in lists.
        let post = post(&format!("{text} jalan berlubang besar di dekat pasar Kec. Jepon Blora #KemalaJateng"));
        world.tweet(&post, Family::FilteredStream).await?;
        posts.push(post);
    }
    world.all_reports_read().await?;
    let mut tickets = BTreeSet::new();
    for post in &posts {
        tickets.insert(world.ticket(post).await?.id);
    }
    world.round(jiff::Timestamp::now()).await?;
    let facts = json!({
        "desk": world.local.desk_url()?,
        "board": world.local.board_url()?,
        "logins": logins(&world).await?,
        "tickets": tickets,
        "texts": corpus.len(),
    });
    // A ticket more, so that there are two to act on at once.
    let more = post("Lampu jalan mati di Kec. Cepu Blora sejak minggu lalu #KemalaJateng");
    world.tweet(&more, Family::FilteredStream).await?;
    world.ticket(&more).await?;
    drive("hostile", &facts).await?;
    Ok(())
}

#[tokio::test]
async fn the_public_looks_at_the_board() -> Result<()> {
    let world = world().await?;
    let report = post("Jembatan gantung di Kec. Cepu Blora putus talinya, warga takut lewat #KemalaJateng");
    let private = post("Kepala desa di Kec. Jepon Blora minta pungli 2 juta untuk urus sertifikat tanah #KemalaJateng");
    for post in [&report, &private] {
        world.tweet(post, Family::FilteredStream).await?;
    }
    let (ticket, accusation) = (world.ticket(&report).await?, world.ticket(&private).await?);
    ensure!(accusation.decision.supervisory, "the accusation is one");
    world.all_delivered(&ticket.id).await?;
    world.round(jiff::Timestamp::now()).await?;
    let facts = json!({
        "board": world.local.board_url()?,
        "ticket": ticket.id,
        "accusation": accusation.id,
        "handle": report.author.handle,
    });
    drive("board", &facts).await?;
    Ok(())
}
