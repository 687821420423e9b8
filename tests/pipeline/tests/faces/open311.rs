//! Other apps read tickets, and trusted ones send reports, by Open311.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use kemala::local::{OPEN311, Venv, Workspace};
use kemala::progress::Progress;
use kemala::webhook::{Family, Post};
use kemala_domain::clocks::Clock;
use kemala_domain::{Ticket, TicketId};
use kemala_messages::agency::MessageType;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::calls::new_key;
use crate::world::{World, post, until, world};

/// What trusted apps are in the stories.
const KEY: &str = "kunci-aplikasi-uji-0001";

fn tagged(text: &str) -> Post {
    post(&format!("{text} #KemalaJateng"))
}

struct Api<'a> {
    world: &'a World,
    base: String,
    http: reqwest::Client,
}

impl<'a> Api<'a> {
    fn new(world: &'a World) -> Result<Self> {
        Ok(Self { world, base: world.local.open311_url()?, http: reqwest::Client::new() })
    }

    async fn get(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer = self.http.get(format!("{}{path}", self.base)).send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    async fn json(&self, path: &str) -> Result<Value> {
        let (status, body) = self.get(path).await?;
        ensure!(status == StatusCode::OK, "{path}: {status} {body}");
        Ok(serde_json::from_str(&body)?)
    }

    async fn post(&self, form: &[(&str, &str)]) -> Result<(u16, Value)> {
        let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.http.post(format!("{}/v2/requests.json", self.base));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), serde_json::from_str(&answer.text().await?)?))
    }

    /// Numbers in the list of requests, once it has one of them: its index lags.
    async fn listed_with(&self, query: &str, id: &TicketId) -> Result<BTreeSet<String>> {
        until("the ticket is listed", async || {
            let list = self.json(&format!("/v2/requests.json?page_size=100{query}")).await?;
            let ids: BTreeSet<String> = list.as_array().into_iter().flatten().map(number).collect();
            Ok(ids.contains(id.as_str()).then_some(ids))
        })
        .await
    }

    /// The ticket of a POST.
    async fn ticket_of(&self, token: &str) -> Result<Ticket> {
        let id = until("the token has a number", async || {
            let (status, body) = self.get(&format!("/v2/tokens/{token}.json")).await?;
            if status == StatusCode::NOT_FOUND {
                return Ok(None);
            }
            let answer: Value = serde_json::from_str(&body)?;
            Ok(Some(number(&answer[0])))
        });
        let id: TicketId = id.await?.parse()?;
        self.world.store.ticket(&id).await?.context("a number without a ticket")
    }
}

fn number(request: &Value) -> String {
    request["service_request_id"].as_str().unwrap_or_default().to_owned()
}

fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Lets an app in.
async fn trust(world: &World) -> Result<()> {
    world.http.put_secret(&world.local.names.open311_keys(), &json!({"keys": {KEY: "uji"}})).await
}

async fn python(script: &str, variables: &[(&str, String)]) -> Result<Value> {
    let workspace = Workspace::find()?;
    let venv = Venv::ensure(OPEN311, &workspace.home(), &Progress::on_stderr()).await?;
    let ran = Command::new(venv.program("python"))
        .arg(workspace.root().join("tests/pipeline/open311").join(script))
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .kill_on_drop(true)
        .output()
        .await?;
    ensure!(ran.status.success(), "{script}: {}", String::from_utf8_lossy(&ran.stderr));
    Ok(serde_json::from_slice(&ran.stdout)?)
}

#[tokio::test]
async fn a_ticket_is_read_by_everybody_as_its_agency_reads_it() -> Result<()> {
    let world = world().await?;
    let api = Api::new(&world)?;
    let report = tagged("Jalan rusak parah di Kec. Jepon Blora sisi timur pasar, @warga_lain tolong https://t.co/x");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let accusation = tagged("Oknum lurah di Kec. Jepon Blora minta pungli 500 ribu untuk urus KTP");
    world.tweet(&accusation, Family::FilteredStream).await?;
    let accused = world.ticket(&accusation).await?;
    assert!(accused.decision.supervisory);

    let listed = api.listed_with("", &ticket.id).await?;
    assert!(!listed.contains(accused.id.as_str()));
    let one = api.json(&format!("/v2/requests/{}.json?extensions=true", ticket.id)).await?;
    assert_eq!(one[0]["service_code"], "road_damage");
    assert_eq!(one[0]["address"], "Kec. Jepon, Kabupaten Blora");
    let text = one[0]["description"].as_str().context("a text that is surely there")?;
    assert!(text.contains("Jalan rusak parah") && !text.contains('@') && !text.contains("t.co"), "{text}");
    // The deadline is the one that the agency sees.
    let deadlines = api.world.pack()?;
    let expected = deadlines.terms().deadline(&ticket, Clock::Resolution).context("a promise")?;
    let seen = world.agency(ticket.holder.as_str()).await?.get(&format!("tickets/{}", ticket.id)).await?;
    assert!(seen.body.contains(&format!("\"{expected}\"")), "{expected}: {}", seen.body);
    assert_eq!(one[0]["expected_datetime"], format!("{expected:.0}"));

    // What is not for everybody looks like what is not there.
    let nobodys = TicketId::of_post(&deadlines.ticket_prefix, &"x#1".parse()?, 0);
    let secret = api.get(&format!("/v2/requests/{}.json", accused.id)).await?;
    assert_eq!(secret, api.get(&format!("/v2/requests/{nobodys}.json")).await?);
    assert_eq!(secret.0, StatusCode::NOT_FOUND);
    let ids = format!("/v2/requests.json?service_request_id={},{},{nobodys}", accused.id, ticket.id);
    assert_eq!(api.json(&ids).await?.as_array().map(Vec::len), Some(1));

    // A client reads the same in JSON and XML.
    let start = (ticket.opened_at - SignedDuration::from_mins(1)).to_string();
    let variables = [("BASE", format!("{}/v2", api.base)), ("NUMBER", ticket.id.to_string()), ("START", start)];
    let read = python("read.py", &variables).await?;
    assert_eq!(read["agency_responsible"], one[0]["agency_responsible"]);
    assert_eq!(read["description"], one[0]["description"]);
    Ok(())
}

#[tokio::test]
async fn what_happens_to_a_ticket_is_told_but_for_what_is_said_among_bodies() -> Result<()> {
    let world = world().await?;
    let api = Api::new(&world)?;
    let report = tagged("Lampu jalan mati di Kec. Cepu Blora depan SD");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let agency = world.agency(ticket.holder.as_str()).await?;
    let photo = format!("https://example.id/{}.jpg", ticket.id);
    for update in [
        json!({"action": "accept"}),
        json!({"action": "note", "text": "Catatan dalam: hubungi Pak Budi"}),
        json!({"action": "resolve", "reply_text": "Lampu sudah diganti", "photo": photo}),
    ] {
        agency.must(&ticket.id, update).await?;
    }
    let from = ticket.opened_at - SignedDuration::from_secs(1);
    let query = format!("/v2/servicerequestupdates.json?start_date={from}&end_date=2999-01-01T00:00:00Z");
    assert_eq!(api.get(&query).await?.0, StatusCode::BAD_REQUEST, "too long a time");
    let query = format!(
        "/v2/servicerequestupdates.json?start_date={from}&end_date={}",
        Timestamp::now() + SignedDuration::from_mins(1)
    );
    let told = until("the resolution is told", async || {
        let all = api.json(&query).await?;
        let of_ticket = |update: &&Value| number(update) == ticket.id.as_str();
        let told: Vec<Value> = all.as_array().into_iter().flatten().filter(of_ticket).cloned().collect();
        Ok((told.len() >= 3).then_some(told))
    })
    .await?;
    let lines: Vec<String> = told.iter().map(|told| format!("{} {}", told["status"], told["description"])).collect();
    let [opened, accepted, resolved] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(opened.contains("Diterima dan diteruskan ke"), "{opened}");
    assert_eq!(accepted, r#""open" "Diterima oleh instansi""#);
    assert_eq!(resolved, r#""closed" "Dinyatakan selesai: Lampu sudah diganti""#);
    assert_eq!(told[2]["media_url"], photo);
    let closed = api.listed_with("&status=closed", &ticket.id).await?;
    let open = api.json("/v2/requests.json?status=open&page_size=100").await?;
    assert!(!open.to_string().contains(ticket.id.as_str()), "{closed:?}");
    let xml = api.get(&query.replace(".json", ".xml")).await?.1;
    assert!(xml.contains("<service_request_updates><request_update>"), "{xml}");
    Ok(())
}

#[tokio::test]
async fn a_report_of_a_trusted_app_becomes_a_ticket_once() -> Result<()> {
    let world = world().await?;
    let api = Api::new(&world)?;
    trust(&world).await?;
    // The system may have run for a while, and know the report of an earlier time.
    let account = new_key();
    let form = |key, description| {
        [
            ("api_key", key),
            ("jurisdiction_id", "jateng"),
            ("service_code", "road_damage"),
            ("description", description),
            ("lat", "-7.0164"),
            ("long", "111.4597"),
            ("first_name", "Budi"),
            ("account_id", account.as_str()),
        ]
    };
    let described = "Aspal jalan berlubang dalam dekat jembatan, telepon saya 081234567890";
    let sent = until("the key counts", async || {
        let (status, body) = api.post(&form(KEY, described)).await?;
        Ok((status == 200).then_some(body))
    })
    .await?;
    let token = sent[0]["token"].as_str().context("a token")?.to_owned();
    let ticket = api.ticket_of(&token).await?;
    assert_eq!(ticket.holder.as_str(), "PEMKAB3316", "{:?}", ticket.decision);
    assert_eq!(ticket.decision.place.subdistrict().map(|place| place.to_string()).as_deref(), Some("33.16.08"));
    let told = world.messages("PEMKAB3316", &ticket.id).await?;
    assert_eq!(told.iter().map(|message| message.message_type).collect::<Vec<_>>(), [MessageType::Assigned]);
    let report = &told[0].data.ticket;
    let text = serde_json::to_string(report)?;
    assert!(
        text.contains("Kategori: Jalan dan jembatan rusak") && !text.contains("081234567890") && !text.contains("Budi"),
        "{text}"
    );
    assert!(!text.contains("permalink"), "{text}");
    // Sent again, it is the same; and nobody is answered.
    assert_eq!(api.post(&form(KEY, described)).await?.1[0]["token"], token);
    world.all_reports_read().await?;
    let ticket = world.ticket_that(&ticket.id, |_| true).await?;
    assert_eq!((ticket.voices, ticket.copies, ticket.version, ticket.unreachable), (1, 0, 1, true));
    // Everybody sees the ticket, and nobody the words that were for us.
    let one = api.json(&format!("/v2/requests/{}.json", ticket.id)).await?;
    assert_eq!((&one[0]["service_code"], &one[0]["description"]), (&json!("road_damage"), &Value::Null));

    for (form, status) in [
        (form("kunci-yang-tidak-dikenal", described).to_vec(), 403),
        (form("", described).to_vec(), 403),
        (form(KEY, "").to_vec(), 400),
        (form(KEY, &"x".repeat(4001)).to_vec(), 400),
        (form(KEY, described)[..4].to_vec(), 400),
    ] {
        let (got, body) = api.post(&form).await?;
        assert_eq!((got, &body[0]["code"]), (status, &json!(status)), "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn code_for_americas_client_sends_a_report_and_finds_its_ticket() -> Result<()> {
    let world = world().await?;
    let api = Api::new(&world)?;
    trust(&world).await?;
    let form = [("api_key", KEY), ("service_code", "health")];
    until("the key counts", async || Ok((api.post(&form).await?.0 == 400).then_some(()))).await?;
    let variables = [
        ("BASE", format!("{}/v2", api.base)),
        ("KEY", KEY.to_owned()),
        ("ADDRESS", "Jl. Pemuda, Kec. Kunduran, Kabupaten Blora".to_owned()),
        ("TEXT", "Lampu penerangan jalan padam total sejak minggu lalu".to_owned()),
    ];
    let request = python("write.py", &variables).await?;
    let ticket = world.store.ticket(&number(&request).parse()?).await?.context("the ticket is there")?;
    assert_eq!(ticket.decision.place.regency().map(|place| place.to_string()).as_deref(), Some("33.16"));
    assert_eq!(request["service_code"], "street_lighting");
    assert_eq!(ticket.voices, 1);
    Ok(())
}
