//! What everybody sees on the public board, and what nobody does.

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala::webhook::{Family, Post, User};
use kemala_domain::figures::{Board, Figure, Month};
use kemala_store::figures::FiguresRows;
use reqwest::header::{ACCEPT_ENCODING, HOST, HeaderMap};
use serde_json::{Value, json};

use crate::calls::new_key;
use crate::world::{World, post, until, world};

/// An answer of the board.
struct Shown {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Shown {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Asks the board as a browser would; the emulator tells its addresses apart by the Host header.
async fn get(world: &World, path: &str, encoding: &str) -> Result<Shown> {
    let url = reqwest::Url::parse(&world.local.board_url()?)?;
    let host = url.host_str().context("the board's address has no host")?;
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let request = http.get(format!("{}{path}", world.local.target.endpoint)).header(HOST, host);
    let answer = request.header(ACCEPT_ENCODING, encoding).send().await?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Ok(Shown { status, headers, body: answer.bytes().await?.to_vec() })
}

async fn shown(world: &World, path: &str) -> Result<Shown> {
    get(world, path, "identity").await
}

/// Lets the board be added up anew, however short ago it was.
async fn added_up(world: &World) -> Result<Board> {
    let (pack, now) = (&world.local.names.pack, Timestamp::now());
    let month = Month::of(world.pack()?.calendar.local(now).date());
    let key = json!({"pk": {"S": format!("BOARD#{pack}#{month}")}, "sk": {"S": "SUMMARY"}});
    let delete = json!({"TableName": world.local.names.table(), "Key": key});
    world.http.operation("dynamodb", "DynamoDB_20120810.DeleteItem", &delete).await?;
    world.round(now).await?;
    let rows = FiguresRows::new(&world.store, pack);
    until("the board is added up", async || rows.board(month).await.map_err(Into::into)).await
}

fn at(board: &Board, spot: &str, figure: Figure) -> i64 {
    spot.parse().ok().and_then(|spot| Some(board.places.get(&spot)?.get(figure))).unwrap_or(0)
}

#[tokio::test]
async fn a_report_is_on_the_map_and_an_accusation_is_only_a_number() -> Result<()> {
    let world = world().await?;
    let before = added_up(&world).await?;
    let canary = new_key().replace('-', "");
    let handle = format!("w{}", &canary[..10]);
    let by = |text: String| Post::new(&text, User::sample(&handle));
    let report = by(format!(
        "Jalan berlubang dekat pasar di Kec. Cepu Blora, kata @teman_{0} hubungi 0812 3456 7890 \
         https://contoh.example/{0} #KemalaJateng",
        &canary[..6]
    ));
    let accusation = by(format!(
        "Pegawai kantor kecamatan Cepu Blora minta uang pelicin dua ratus ribu, ini pungli {canary} #KemalaJateng"
    ));
    world.tweet(&report, Family::FilteredStream).await?;
    world.tweet(&accusation, Family::FilteredStream).await?;
    let (ticket, secret) = (world.ticket(&report).await?, world.ticket(&accusation).await?);
    assert!(secret.decision.supervisory && !ticket.decision.supervisory, "{secret:?}");
    world.all_delivered(&ticket.id).await?;
    world.all_delivered(&secret.id).await?;

    let board = added_up(&world).await?;
    let cepu = ticket.decision.place.subdistrict().context("no subdistrict")?;
    for (spot, more) in [(cepu.as_str(), 1), ("SUPERVISORY", 1), ("33.16", 0)] {
        assert_eq!(at(&board, spot, Figure::Opened) - at(&before, spot, Figure::Opened), more, "{spot}");
    }

    // The page: one call of the table, and short.
    let page = get(&world, "/", "gzip").await?;
    assert_eq!(
        (page.status, page.header("content-encoding"), page.header("server-timing")),
        (200, "gzip", "table;desc=\"1\"")
    );
    println!("the board's page: {} B compressed", page.body.len());
    assert!(page.body.len() <= 40_000);
    assert!(page.header("cache-control").contains("max-age=60"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script") && !policy.contains("unsafe"));
    let tag = page.header("etag").to_owned();
    assert!(tag.starts_with('"'), "{tag}");

    // By its number, however it is written.
    let found = shown(&world, &format!("/lapor?nomor={}", ticket.id.as_str().to_lowercase())).await?;
    assert_eq!((found.status, found.header("location")), (303, format!("/laporan/{}", ticket.id).as_str()));
    let told = shown(&world, &format!("/laporan/{}", ticket.id)).await?;
    assert_eq!((told.status, told.header("cache-control")), (200, "no-store"));
    let told = told.text();
    assert!(told.contains("Jalan berlubang dekat pasar") && told.contains("[nomor telepon]"), "{told}");
    let pack = world.pack()?;
    assert!(told.contains(&pack.agencies.get(&ticket.holder).context("no such agency")?.name));

    // What is not for everybody looks like what is not there.
    let hidden = shown(&world, &format!("/laporan/{}", secret.id)).await?;
    let unknown = shown(&world, "/laporan/KJ-45RQ0X8XD").await?;
    assert_eq!((hidden.status, hidden.text()), (404, unknown.text()));

    let feed = shown(&world, "/feed/33.16.atom").await?;
    assert!(
        feed.text().contains(ticket.id.as_str()) && feed.header("content-type").starts_with("application/atom+xml")
    );
    let csv = shown(&world, "/data/laporan.csv").await?.text();
    assert!(csv.contains(ticket.id.as_str()), "{csv}");
    let geojson: Value = serde_json::from_str(&shown(&world, "/data/wilayah.geojson").await?.text())?;
    assert_eq!(geojson["features"].as_array().map(Vec::len), Some(35));

    // Nothing private anywhere.
    let ticket_page = format!("/laporan/{}", ticket.id);
    for path in [
        "/",
        "/?lang=en",
        "/wilayah/33.16",
        "/instansi",
        "/lapor",
        &ticket_page,
        "/data/wilayah.csv",
        "/data/wilayah.geojson",
        "/data/laporan.csv",
        "/feed/33.16.atom",
        "/robots.txt",
        "/nothing",
    ] {
        let text = shown(&world, path).await?.text();
        for private in [&canary, &handle, &canary[..6].to_owned(), &"0812 3456".to_owned(), &secret.id.to_string()] {
            assert!(!text.contains(private.as_str()), "{private} in {path}");
        }
    }

    // Each night X is asked whether it is still there, and the board goes by that.
    let search = world.local.names.function("search-poll");
    let seen = until("the look-up sees the post", async || {
        world.http.invoke(&search, &json!({ "task": "look_up" })).await?;
        Ok(world.store.seen_live(&ticket.id).await?)
    })
    .await?;
    assert!(seen.posts.contains(&ticket.origin), "{seen:?}");

    // A post that is gone is shown no more.
    let deletion = json!({ "for_user_id": "1500000000000000001", "tweet_delete_events": [
        { "status": { "id": report.id().to_string(), "user_id": report.author.id }, "timestamp_ms": "1795500000000" }
    ] });
    assert_eq!(world.send(&deletion).await?.status, 200);
    world.ticket_that(&ticket.id, |ticket| ticket.status == kemala_domain::Status::Withdrawn).await?;
    assert!(!shown(&world, &ticket_page).await?.text().contains("Jalan berlubang dekat pasar"));
    let csv = shown(&world, "/data/laporan.csv").await?.text();
    assert!(!csv.contains(ticket.id.as_str()));
    Ok(())
}

#[tokio::test]
async fn what_went_on_as_an_accusation_or_was_one_is_not_there() -> Result<()> {
    let world = world().await?;
    let (one, other) =
        (post("Jalan rusak di Kabupaten Sleman #KemalaJateng"), post("Banjir di Kota Surabaya #KemalaJateng"));
    for post in [&one, &other] {
        world.tweet(post, Family::FilteredStream).await?;
    }
    let (from, into) = (world.ticket(&one).await?.id, world.ticket(&other).await?.id);
    let desk = world.agency("TRIAGE").await?;
    desk.must(&from, json!({"action": "join", "into": into})).await?;
    for id in [&from, &into] {
        assert_eq!(shown(&world, &format!("/laporan/{id}")).await?.status, 200);
    }
    // The first one's page would say what the accusation is about.
    desk.must(&into, json!({"action": "correct", "supervisory": true})).await?;
    for id in [&from, &into] {
        assert_eq!(shown(&world, &format!("/laporan/{id}")).await?.status, 404, "{id}");
    }
    // Taken back, it stays out of sight, in lists as well.
    let holder = world.ticket_that(&into, |ticket| ticket.once_supervisory).await?.holder;
    world.agency(holder.as_str()).await?.must(&into, json!({"action": "correct", "supervisory": false})).await?;
    assert_eq!(shown(&world, &format!("/laporan/{into}")).await?.status, 404);
    let listed = String::from_utf8(shown(&world, "/data/laporan.csv").await?.body)?;
    assert!(!listed.contains(into.as_str()) && !listed.contains(from.as_str()));
    Ok(())
}
