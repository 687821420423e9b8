//! What each role is there for, in small: everything that it may do, done once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use data_encoding::BASE64URL_NOPAD;
use futures::future::LocalBoxFuture;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use kemala::webhook::{Family, Post};
use kemala_domain::{Destination, Ticket, samples};
use kemala_fake_x::CitizenPost;
use kemala_messages::report::{Channel, Content, Deletion, Message};
use reqwest::header::{CONTENT_TYPE, COOKIE, HOST};
use serde_json::{Value, json};
use sha2::Sha256;

use super::roles::Roles;
use crate::calls::new_key;
use crate::world::{World, post};

/// A name, and what is done. It fails where what it is about does not come about.
pub type Exercise = (&'static str, for<'a> fn(&'a World) -> LocalBoxFuture<'a, Result<()>>);

/// How long an effect is waited for; on a free machine each is there within a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// The agency whose polling role stands for all, which are made by one loop.
pub const AGENCY: &str = "PEMKAB3316";
/// Its role.
pub const POLLING: &str = "skpd-PEMKAB3316";

/// Every role with what it does. The scheduler's role is missing: the emulator calls functions as nobody.
pub const EXERCISES: &[(&str, &[Exercise])] = &[
    (
        "webhook-intake",
        &[
            ("a post comes in", |w| Box::pin(post_comes_in(w))),
            ("what is not understood is kept", |w| Box::pin(not_understood(w))),
        ],
    ),
    (
        "classification",
        &[
            ("a report opens a ticket, and is deleted", |w| Box::pin(report_and_deletion(w))),
            ("what cannot be read is set aside", |w| Box::pin(unreadable(w))),
        ],
    ),
    (
        "skpd-fanout",
        &[
            ("a report reaches its agency and its citizen", |w| Box::pin(fan_out(w))),
            ("an emergency rings", |w| Box::pin(emergency(w))),
        ],
    ),
    (
        "sla-escalation",
        &[
            ("a rung is reached", |w| Box::pin(rung(w))),
            ("what the stream missed is delivered", |w| Box::pin(sweep(w))),
            ("who is on duty is rung, though the stream missed it", |w| Box::pin(sweep_rings(w))),
            ("a late join ends", |w| Box::pin(late_join(w))),
            ("silence is told", |w| Box::pin(silence(w))),
        ],
    ),
    ("citizen-reply", &[("a receipt is posted", |w| Box::pin(receipt(w)))]),
    (
        "search-poll",
        &[
            ("a search finds a post", |w| Box::pin(search(w))),
            ("a search finds what is not understood", |w| Box::pin(search_not_understood(w))),
            ("a look-up finds what is gone", |w| Box::pin(look_up(w))),
        ],
    ),
    (
        "open311",
        &[
            ("tickets are listed and read", |w| Box::pin(open311_reads(w))),
            ("an app sends a report", |w| Box::pin(open311_sends(w))),
        ],
    ),
    ("public-board", &[("every page is shown", |w| Box::pin(board(w)))]),
    (
        "agency-updates",
        &[
            ("an agency lists, reads and accepts", |w| Box::pin(agency_works(w))),
            ("a desk joins two tickets", |w| Box::pin(desk_joins(w))),
        ],
    ),
    (
        "skpd-desk",
        &[
            ("every page is shown", |w| Box::pin(desk_pages(w))),
            ("an officer joins two tickets", |w| Box::pin(officer_joins(w))),
        ],
    ),
    (POLLING, &[("an agency polls, and calls the API", |w| Box::pin(poll(w)))]),
];

/// How often the role of the exercise was refused something before it began.
pub static REFUSED_BEFORE: AtomicUsize = AtomicUsize::new(0);

/// Waits for an effect.
async fn soon<T>(what: &str, look: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if started.elapsed() > PATIENCE {
            bail!("{what}: not within {} s", PATIENCE.as_secs());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Waits for an effect, or for a refusal of the role that it depends on.
async fn unless_refused<T>(
    world: &World,
    role: &str,
    what: &str,
    look: impl AsyncFn() -> Result<Option<T>>,
) -> Result<T> {
    soon(what, async || {
        if let Some(refused) = world.refusals(role)?.get(REFUSED_BEFORE.load(Ordering::Relaxed)) {
            bail!("{what}: {} refused", refused.action);
        }
        look().await
    })
    .await
}

fn report_of(place: &str) -> Post {
    post(&format!("Jalan berlubang di Kec. {place} #KemalaJateng"))
}

/// A ticket in the hands of the agency, of which everybody has been told, the citizen too.
async fn told_ticket(world: &World) -> Result<Ticket> {
    let report = post(&format!("@KemalaJateng {}", report_of("Jepon Blora").text));
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.all_delivered(&ticket.id).await?;
    Ok(ticket)
}

// ---- webhook-intake ----

async fn post_comes_in(world: &World) -> Result<()> {
    world.tweet(&report_of("Cepu Blora"), Family::FilteredStream).await
}

async fn not_understood(world: &World) -> Result<()> {
    let sent =
        world.sender.post(br#"{"for_user_id": "1500000000000000001", "tweet_create_events": [{"id": 1}]}"#).await?;
    ensure!(sent.status == 200, "the webhook answered {}", sent.status);
    Ok(())
}

// ---- classification, called with messages as its queue would give them ----

async fn classify(world: &World, body: &str) -> Result<()> {
    let function = world.local.names.function("classification");
    let record = json!({
        "messageId": "1", "receiptHandle": "1", "body": body, "md5OfBody": "", "messageAttributes": {},
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
        "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:::reports", "awsRegion": "ap-southeast-3",
    });
    let done = world.http.invoke(&function, &json!({"Records": [record]})).await?;
    ensure!(done["batchItemFailures"] == json!([]), "{done}");
    Ok(())
}

async fn report_and_deletion(world: &World) -> Result<()> {
    let made = report_of("Jepon Blora");
    let mut report = samples::report(&made.id().to_string());
    report.author.id.clone_from(&made.author.id);
    let (key, now) = (report.post.clone(), Timestamp::now());
    let message = |content| Message { received_at: now, channel: Channel::XActivity, content }.to_json();
    classify(world, &message(Content::Report(report))?).await?;
    ensure!(world.store.post(&key).await?.is_some_and(|known| known.ticket.is_some()), "no ticket was opened");
    classify(world, &message(Content::Deletion(Deletion { post: key.clone(), at: None }))?).await?;
    ensure!(world.store.post(&key).await?.is_some_and(|known| known.deleted), "nothing was deleted");
    Ok(())
}

async fn unreadable(world: &World) -> Result<()> {
    classify(world, "no message").await
}

// ---- skpd-fanout ----

async fn fan_out(world: &World) -> Result<()> {
    // Who mentions the account may be answered.
    let report = post(&format!("@KemalaJateng {}", report_of("Jepon Blora").text));
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    delivered(world, "skpd-fanout", &ticket).await
}

async fn delivered(world: &World, role: &str, ticket: &Ticket) -> Result<()> {
    unless_refused(world, role, "all events are delivered", async || {
        let events = world.store.events(&ticket.id).await?;
        Ok(events.iter().all(|event| event.undelivered.is_empty()).then_some(()))
    })
    .await
}

async fn emergency_ticket(world: &World) -> Result<Ticket> {
    let report = post("Banjir bandang di Kec. Jepon Blora, warga terjebak di atap, tolong segera! #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    world.ticket(&report).await
}

async fn emergency(world: &World) -> Result<()> {
    let ticket = emergency_ticket(world).await?;
    // Nobody takes it on: the round rings, and the stream carries that to the fan-out.
    world.round(ticket.opened_at + SignedDuration::from_mins(5)).await?;
    delivered(world, "skpd-fanout", &ticket).await
}

// ---- sla-escalation ----

async fn rung(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let due = ticket.due.as_ref().context("no clock runs")?.at;
    world.round(due + SignedDuration::from_secs(1)).await?;
    let now = world.store.ticket(&ticket.id).await?.context("the ticket is gone")?;
    ensure!(now.version > ticket.version, "no rung was reached");
    Ok(())
}

async fn sweep(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let to = [Destination::Agency(AGENCY.parse()?), Destination::Citizens, Destination::Figures];
    missed_by_the_stream(world, &ticket, 1, &to).await
}

async fn sweep_rings(world: &World) -> Result<()> {
    let ticket = emergency_ticket(world).await?;
    world.round(ticket.opened_at + SignedDuration::from_mins(5)).await?;
    world.all_delivered(&ticket.id).await?;
    let events = world.store.events(&ticket.id).await?;
    let rung = events.iter().rfind(|event| event.body.name() == "clock_step").context("no rung")?;
    missed_by_the_stream(world, &ticket, rung.seq, &[Destination::People]).await
}

/// Lets an event be undelivered, as if the stream had never told of it, and makes a round.
async fn missed_by_the_stream(world: &World, ticket: &Ticket, seq: u32, to: &[Destination]) -> Result<()> {
    let to: Vec<String> = to.iter().map(ToString::to_string).collect();
    let update = json!({
        "TableName": world.local.names.table(),
        "Key": {"pk": {"S": format!("TICKET#{}", ticket.id)}, "sk": {"S": format!("EVENT#{seq:06}")}},
        "UpdateExpression": "SET undelivered = :to, undelivered_shard = :shard, next_attempt_at = :at",
        "ExpressionAttributeValues":
            {":to": {"SS": to}, ":shard": {"S": "UNDELIVERED#0"}, ":at": {"S": "2026-01-01T00:00:00Z"}},
    });
    world.http.operation("dynamodb", "DynamoDB_20120810.UpdateItem", &update).await?;
    world.round(Timestamp::now()).await?;
    delivered(world, "sla-escalation", ticket).await
}

async fn late_join(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let key = json!({"pk": {"S": format!("TICKET#{}", ticket.id)}, "sk": {"S": "JOIN"}});
    let mut mark = key.clone();
    mark["due_shard"] = json!({"S": "LATE_JOIN"});
    mark["due_at"] = json!({"S": "2026-01-01T00:00:00Z"});
    let table = world.local.names.table();
    let put = json!({"TableName": table, "Item": mark});
    world.http.operation("dynamodb", "DynamoDB_20120810.PutItem", &put).await?;
    world.round(Timestamp::now()).await?;
    let get = json!({"TableName": table, "Key": key, "ConsistentRead": true});
    let left = world.http.operation("dynamodb", "DynamoDB_20120810.GetItem", &get).await?;
    ensure!(left["Item"].is_null(), "the mark is still there");
    Ok(())
}

async fn silence(world: &World) -> Result<()> {
    told_ticket(world).await?;
    let calendar = world.pack()?.calendar;
    let day = calendar.civil(Timestamp::now() + SignedDuration::from_hours(24 * 7)).date();
    world.round(calendar.moment(day.at(10, 0, 0, 0)).context("a moment")?).await.map(drop)
}

// ---- citizen-reply ----

async fn receipt(world: &World) -> Result<()> {
    let report = post(&format!("@KemalaJateng {}", report_of("Jepon Blora").text));
    world.tweet(&report, Family::FilteredStream).await?;
    let id = report.id().to_string();
    let ticket = world.ticket(&report).await?;
    unless_refused(world, "citizen-reply", "the citizen is answered", async || {
        let own = world.x().timeline().await?;
        let is_posted = own.iter().any(|own| own.reply_to.as_deref() == Some(&id));
        let is_noted = world.store.ticket(&ticket.id).await?.is_some_and(|now| now.version > ticket.version);
        Ok((is_posted && is_noted).then_some(()))
    })
    .await
}

// ---- search-poll ----

async fn search(world: &World) -> Result<()> {
    let report = report_of("Tunjungan Blora");
    world.know(&report).await?;
    let done = world.http.invoke(&world.local.names.function("search-poll"), &json!({"task": "search"})).await?;
    ensure!(done["searched"]["reports"].as_u64() >= Some(1), "{done}");
    Ok(())
}

async fn search_not_understood(world: &World) -> Result<()> {
    // Between two that are: a post whose id is none.
    let [before, broken, after] = ["Tunjungan Blora", "Cepu Blora", "Jepon Blora"].map(report_of);
    world.know(&before).await?;
    let broken = CitizenPost {
        id: format!("+{}", broken.id()),
        author_id: broken.author.id.clone(),
        handle: broken.author.handle.clone(),
        text: broken.text.clone(),
        reply_to: None,
    };
    world.x().tell(&broken).await?;
    world.know(&after).await?;
    let searched = world.http.invoke(&world.local.names.function("search-poll"), &json!({"task": "search"})).await;
    world.x().delete(&broken.id).await?;
    searched.map(drop)
}

async fn look_up(world: &World) -> Result<()> {
    let (gone, there) = (report_of("Jepon Blora"), report_of("Cepu Blora"));
    for report in [&gone, &there] {
        world.tweet(report, Family::FilteredStream).await?;
        world.ticket(report).await?;
    }
    world.x().delete(&gone.id().to_string()).await?;
    let function = world.local.names.function("search-poll");
    soon("a post is gone", async || {
        let done = world.http.invoke(&function, &json!({"task": "look_up"})).await?;
        Ok((done["looked_up"]["gone"].as_u64() >= Some(1)).then_some(()))
    })
    .await
}

// ---- faces ----

/// Gets pages of a face, each of which must be shown.
async fn shown(http: &reqwest::Client, base: &str, paths: &[String]) -> Result<()> {
    for path in paths {
        let status = http.get(format!("{base}{path}")).send().await?.status();
        ensure!(status.is_success(), "{path}: {status}");
    }
    Ok(())
}

fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?)
}

/// A client that calls the emulator by another host's name.
fn client_for(address: &str) -> Result<reqwest::Client> {
    let url = reqwest::Url::parse(address)?;
    let host = url.host_str().context("an address without a host")?.parse()?;
    let headers = [(HOST, host)].into_iter().collect();
    Ok(reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .default_headers(headers)
        .build()?)
}

async fn open311_reads(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let paths = ["/v2/requests.json".to_owned(), format!("/v2/requests/{}.json", ticket.id)];
    let updated = format!("/v2/requests.json?updated_after={}", ticket.opened_at);
    shown(&client()?, &world.local.open311_url()?, &paths).await?;
    shown(&client()?, &world.local.open311_url()?, &[updated]).await
}

async fn open311_sends(world: &World) -> Result<()> {
    const KEY: &str = "kunci-aplikasi-uji-0002";
    world.http.put_secret(&world.local.names.open311_keys(), &json!({"keys": {KEY: "uji"}})).await?;
    let base = world.local.open311_url()?;
    let text = format!("Jalan%20berlubang%20di%20Kec.%20Jepon%20Blora%20{}", new_key());
    let form = format!("api_key={KEY}&service_code=road_damage&address_string=Jepon%20Blora&description={text}");
    let send = client()?.post(format!("{base}/v2/requests.json"));
    let answer = send.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form).send().await?;
    let (status, body) = (answer.status(), answer.text().await?);
    ensure!(status.is_success(), "{status} {body}");
    let token: Value = serde_json::from_str(&body)?;
    let token = token[0]["token"].as_str().context("no token")?.to_owned();
    unless_refused(world, "open311", "the token leads to a ticket", async || {
        let answer = client()?.get(format!("{base}/v2/tokens/{token}.json")).send().await?;
        Ok(answer.status().is_success().then_some(()))
    })
    .await
}

async fn board(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    world.round(Timestamp::now()).await?;
    let ticket = format!("/laporan/{}", ticket.id);
    let paths = ["/", "/instansi", "/data/wilayah.csv", "/data/laporan.csv", "/feed/33.16.atom", ticket.as_str()];
    shown(&client_for(&world.local.board_url()?)?, &world.local.target.endpoint, &paths.map(str::to_owned)).await
}

async fn agency_works(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let agency = world.agency(AGENCY).await?;
    for path in ["tickets".to_owned(), format!("tickets/{}", ticket.id)] {
        let answer = agency.get(&path).await?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.body);
    }
    agency.must(&ticket.id, json!({"action": "accept"})).await.map(drop)
}

/// A ticket that lies with the triage desk.
async fn unclear(world: &World) -> Result<Ticket> {
    let report = post("Jalan rusak di Kabupaten Sleman Yogyakarta #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.all_delivered(&ticket.id).await?;
    Ok(ticket)
}

async fn desk_joins(world: &World) -> Result<()> {
    let (into, from) = (told_ticket(world).await?, unclear(world).await?);
    world.agency("TRIAGE").await?.must(&from.id, json!({"action": "join", "into": into.id})).await.map(drop)
}

/// An officer's browser, signed in as the desk would have signed in somebody who acts for these bodies.
struct Officer {
    http: reqwest::Client,
    base: String,
    cookie: String,
}

impl Officer {
    const FORM_TOKEN: &'static str = "sesi-uji";

    async fn of(world: &World, agencies: &[&str]) -> Result<Self> {
        let ask = json!({"SecretId": format!("{}-desk-session", world.local.names.stack())});
        let secret = world.http.operation("secretsmanager", "secretsmanager.GetSecretValue", &ask).await?;
        let secret: Value = serde_json::from_str(secret["SecretString"].as_str().unwrap_or_default())?;
        let key = secret["session_key"].as_str().context("no session key")?;
        let until = Timestamp::now() + SignedDuration::from_hours(1);
        let session = json!({
            "officer": {"name": "petugas-uji", "agencies": agencies}, "form_token": Self::FORM_TOKEN, "until": until,
        })
        .to_string();
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())?.chain_update(&session).finalize().into_bytes();
        let sealed = format!("{}.{}", BASE64URL_NOPAD.encode(session.as_bytes()), BASE64URL_NOPAD.encode(&mac));
        let url = world.local.desk_url()?;
        Ok(Self {
            http: client_for(url)?,
            base: world.local.target.endpoint.clone(),
            cookie: format!("__Host-kemala-desk={sealed}"),
        })
    }

    async fn sees(&self, path: &str) -> Result<()> {
        let answer = self.http.get(format!("{}{path}", self.base)).header(COOKIE, &self.cookie).send().await?;
        ensure!(answer.status() == 200, "{path}: {}", answer.status());
        Ok(())
    }

    async fn sends(&self, path: &str, form: &str) -> Result<()> {
        let form = format!("sesi={}&kunci={}&{form}", Self::FORM_TOKEN, new_key());
        let request = self.http.post(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.header("sec-fetch-site", "same-origin").body(form).send().await?;
        ensure!(answer.status().is_redirection(), "{path}: {} {}", answer.status(), answer.text().await?);
        Ok(())
    }
}

async fn desk_pages(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let officer = Officer::of(world, &[AGENCY, "SEKDA"]).await?;
    let one = format!("/{AGENCY}/laporan/{}", ticket.id);
    let search = format!("/{AGENCY}/cari?q=jalan");
    let own = ["", "/terbaru", "/jejak"].map(|page| format!("/{AGENCY}{page}"));
    let above = ["", "?daftar=naik", "/angka"].map(|page| format!("/SEKDA{page}"));
    for path in own.into_iter().chain(above).chain([one, search]) {
        officer.sees(&path).await?;
    }
    Ok(())
}

async fn officer_joins(world: &World) -> Result<()> {
    let (into, from) = (told_ticket(world).await?, unclear(world).await?);
    let officer = Officer::of(world, &["TRIAGE"]).await?;
    officer.sends(&format!("/TRIAGE/laporan/{}", from.id), &format!("aksi=join&induk={}", into.id)).await
}

// ---- an agency's polling role ----

async fn poll(world: &World) -> Result<()> {
    let ticket = told_ticket(world).await?;
    let keys = world.http.agency_keys(&world.local.names, &AGENCY.parse()?).await?;
    let sqs = aws_sdk_sqs::Client::new(&world.local.target.with_keys(keys).sdk_config());
    let name = world.local.names.agency_queue(&AGENCY.parse()?);
    let url = sqs.get_queue_url().queue_name(&name).send().await?;
    let url = url.queue_url().context("a queue without an address")?;
    sqs.get_queue_attributes().queue_url(url).send().await?;
    let received = sqs.receive_message().queue_url(url).max_number_of_messages(1).send().await?;
    let held = received.messages().first().and_then(|message| message.receipt_handle()).context("no message")?;
    sqs.change_message_visibility().queue_url(url).receipt_handle(held).visibility_timeout(30).send().await?;
    sqs.delete_message().queue_url(url).receipt_handle(held).send().await?;
    let agency = world.agency(AGENCY).await?;
    let answer = agency.get(&format!("tickets/{}", ticket.id)).await?;
    ensure!(answer.status == 200, "the API answered {}", answer.status);
    agency.must(&ticket.id, json!({"action": "accept"})).await.map(drop)
}
