//! One schedule: a few hours of citizens, agencies, clocks and trouble, all of which follows from a seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kemala_classifier::Pack;
use kemala_messages::x::signature::{ConsumerSecret, sign};
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::cloud::queues::Settings;
use crate::cloud::table::Record;
use crate::oracle::{self, Broken};
use crate::process::{Account, SECRET_ID, STACK};
use crate::weather::Sky;
use crate::x::X;

const CONSUMER_SECRET: &str = "kunci-uji";
/// The account that is spoken to.
const HANDLE: &str = "KemalaJateng";
/// Steps of a schedule.
const STEPS: u32 = 60;
/// A Monday morning in Jakarta.
const START: &str = "2026-11-23T02:00:00Z";

/// What a schedule did, for the table of a run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Webhooks that were answered 200.
    pub accepted: usize,
    /// Tickets.
    pub tickets: usize,
    /// Events.
    pub events: usize,
    /// Messages in agencies' hands, repeats included.
    pub messages: usize,
    /// Posts to citizens.
    pub posts: usize,
    /// Calls that went wrong.
    pub faults: u32,
}

/// A webhook that X has, until it is answered 200.
#[derive(Debug, Clone)]
struct Webhook {
    body: String,
    post: String,
}

/// The account with everybody around it.
pub(crate) struct World<'a> {
    pub(crate) account: Account<'a>,
    pub(crate) x: &'a X<'a>,
    pub(crate) now: Timestamp,
    /// Webhooks that were not answered 200: X sends them again.
    unanswered: Vec<Webhook>,
    /// All webhooks so far; X may send any of them twice.
    sent: Vec<Webhook>,
    /// Posts for which X has got a 200.
    pub(crate) accepted: BTreeSet<String>,
    /// What agencies have taken out of their queues: bodies by event id, by agency.
    pub(crate) received: BTreeMap<(String, String), Vec<Value>>,
    /// Agencies' requests so far: they repeat them, too.
    asked: Vec<(String, String, String, Value)>,
    posts: u64,
}

const TEXTS: [&str; 9] = [
    "Jalan rusak parah di Desa Jepon Kec. Jepon Blora, sudah 2 bulan #KemalaJateng",
    "Lampu jalan mati di Kec. Cepu Blora sejak Senin #KemalaJateng",
    "Sampah menumpuk di Kec. Randudongkal Pemalang, bau sekali #KemalaJateng",
    "Jalan berlubang di Desa Jepon Kec. Jepon Blora, motor jatuh #KemalaJateng",
    "Air PDAM mati tiga hari di Kec. Ungaran Barat Kab. Semarang #KemalaJateng",
    "Ada pungli oknum pegawai di Kec. Juwana Pati waktu urus KTP #KemalaJateng",
    "Kebakaran rumah di Kec. Kartasura Sukoharjo sekarang, tolong! #KemalaJateng",
    "Selamat pagi semua, semoga harimu indah #KemalaJateng",
    "Ini parah sekali, tolong segera ditangani #KemalaJateng",
];

/// Runs a schedule to its end, and looks whether all holds.
///
/// # Errors
/// What does not hold.
pub async fn run(seed: u64, per_thousand: u32, pack: &Pack, pack_dir: &Path) -> Result<Done, Broken> {
    fastrand::seed(seed);
    let sky = Arc::new(Sky::new(seed));
    sky.set(per_thousand);
    let x = X::new(&sky);
    let account =
        Account { cloud: Arc::new(cloud(pack)), sky: Arc::clone(&sky), pack, pack_dir, region: format!("seed-{seed}") };
    let now = START.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut world = World {
        account,
        x: &x,
        now,
        unanswered: Vec::new(),
        sent: Vec::new(),
        accepted: BTreeSet::new(),
        received: BTreeMap::new(),
        asked: Vec::new(),
        posts: 0,
    };
    world.set_clock(now);
    for _ in 0..STEPS {
        world.step().await;
    }
    sky.set(0);
    x.calm_down();
    world.settle().await;
    let mut done = oracle::check(&world).await?;
    done.faults = sky.faults.load(std::sync::atomic::Ordering::Relaxed);
    Ok(done)
}

/// The queues of the template, and the secret.
fn cloud(pack: &Pack) -> Cloud {
    let cloud = Cloud::default();
    let mut state = cloud.state();
    let queue = |visibility_s: i64, dead: Option<(u32, &str)>| Settings {
        visibility_ms: visibility_s * 1000,
        dead_letters: dead.map(|(most, name)| (most, format!("{STACK}-{name}"))),
    };
    for (name, settings) in [
        ("reports", queue(180, Some((5, "reports-dlq")))),
        ("reports-dlq", queue(30, None)),
        ("quarantine", queue(30, None)),
        ("replies.fifo", queue(180, Some((5, "replies-dlq.fifo")))),
        ("replies-dlq.fifo", queue(30, None)),
        ("skpd-dlq.fifo", queue(30, None)),
    ] {
        state.queues.make(&format!("{STACK}-{name}"), settings);
    }
    for agency in pack.jurisdiction.agencies.iter().filter(|agency| agency.has_queue()) {
        let settings = queue(300, Some((50, "skpd-dlq.fifo")));
        state.queues.make(&format!("{STACK}-skpd-{}.fifo", agency.code), settings);
    }
    let secret = json!({ "consumer_secret": CONSUMER_SECRET, "previous_consumer_secret": null });
    state.secrets.insert(SECRET_ID.to_owned(), secret.to_string());
    drop(state);
    cloud
}

/// The event source's filter.
fn is_new_event(record: &Record) -> bool {
    record.what == "INSERT" && record.key.1.starts_with("EVENT#")
}

impl World<'_> {
    fn chance(&self, below: u32) -> u32 {
        self.account.sky.chance().u32(0..below)
    }

    fn set_clock(&mut self, now: Timestamp) {
        self.now = now;
        self.account.cloud.state().now = now.as_millisecond();
    }

    async fn step(&mut self) {
        match self.chance(100) {
            0..=24 => self.post().await,
            25..=29 => self.send_again().await,
            30..=49 => self.read_reports().await,
            50..=61 => self.read_stream().await,
            62..=69 => self.reply().await,
            70..=79 => self.rounds().await,
            80..=91 => self.agencies_work().await,
            _ => self.clock_jumps(),
        }
        // Indexes lag by a few writes, most of the time.
        let behind = usize::try_from(self.chance(12)).unwrap_or_default();
        self.account.cloud.state().table.catch_up(behind);
        let second = SignedDuration::from_secs(1 + i64::from(self.chance(30)));
        self.set_clock(self.now + second);
    }

    fn clock_jumps(&mut self) {
        let minutes = match self.chance(5) {
            0 => 1,
            1 => 5,
            2 => 61,
            3 => 6 * 60,
            _ => 27 * 60,
        };
        self.set_clock(self.now + SignedDuration::from_mins(minutes));
    }

    async fn post(&mut self) {
        self.posts += 1;
        let id = format!("{}", 1_990_000_000_000_000_000 + self.posts);
        let text = TEXTS[usize::try_from(self.chance(9)).unwrap_or_default()];
        // Who speaks to the account may be answered.
        let (text, mentions) = match self.chance(2) {
            0 => (text.to_owned(), json!([])),
            _ => (format!("@{HANDLE} {text}"), json!([{"start": 0, "end": HANDLE.len() + 1, "username": HANDLE}])),
        };
        let author = format!("{}", 1_600_000_000_000_000_000_u64 + u64::from(self.chance(6)));
        let length = text.chars().count();
        let mut data = json!({
            "id": id, "text": text, "author_id": author, "conversation_id": id,
            "created_at": self.now.to_string(), "edit_history_tweet_ids": [id],
            "entities": {
                "hashtags": [{"start": length - 13, "end": length, "tag": "KemalaJateng"}], "mentions": mentions
            },
            "lang": "in", "possibly_sensitive": false, "reply_settings": "everyone"
        });
        // Some answer a post that came before.
        if self.chance(5) == 0
            && let Some(earlier) = self.sent.last()
        {
            data["referenced_tweets"] = json!([{"type": "replied_to", "id": earlier.post}]);
        }
        let body = json!({
            "data": data,
            "includes": {"users": [{"id": author, "name": "warga", "username": format!("warga{author}")}]},
            "matching_rules": [{"id": "1700000000000000001", "tag": "kemala"}],
        });
        let webhook = Webhook { body: body.to_string(), post: format!("x#{id}") };
        self.sent.push(webhook.clone());
        self.send(webhook).await;
    }

    async fn send(&mut self, webhook: Webhook) {
        let Ok(secret) = CONSUMER_SECRET.parse::<ConsumerSecret>() else { return };
        let signature = sign(&secret, webhook.body.as_bytes());
        match self.account.intake(&webhook.body, &signature, self.now).await {
            Some(200) => drop(self.accepted.insert(webhook.post)),
            _ => self.unanswered.push(webhook),
        }
    }

    /// X sends again what was not answered, and now and then what was.
    async fn send_again(&mut self) {
        for webhook in std::mem::take(&mut self.unanswered) {
            self.send(webhook).await;
        }
        let count = u32::try_from(self.sent.len()).unwrap_or_default();
        if count > 0 {
            let twice = self.sent[usize::try_from(self.chance(count)).unwrap_or_default()].clone();
            self.send(twice).await;
        }
    }

    /// Lambda's poller on the reports queue: what is done is deleted, unless the deletion is lost.
    async fn read_reports(&mut self) {
        let name = format!("{STACK}-reports");
        let most = usize::try_from(1 + self.chance(10)).unwrap_or(1);
        let batch = self.account.cloud.state().queues.receive(&name, most, self.now.as_millisecond());
        if batch.is_empty() {
            return;
        }
        let Some(failed) = self.account.classify(&batch, self.now).await else { return };
        let is_lost = self.account_is_calm().is_none() && self.chance(20) == 0;
        for message in batch.iter().filter(|message| !failed.contains(&message.id) && !is_lost) {
            self.account.cloud.state().queues.delete(&name, &message.id);
        }
    }

    /// `Some` once faults have stopped.
    fn account_is_calm(&self) -> Option<()> {
        self.account.sky.is_calm().then_some(())
    }

    /// The stream: some records are skipped, some batches come twice, some before others.
    async fn read_stream(&mut self) {
        let most = usize::try_from(1 + self.chance(25)).unwrap_or(1);
        let mut records = self.account.cloud.state().table.take_records(most);
        records.retain(is_new_event);
        if records.is_empty() || self.chance(6) == 0 {
            return;
        }
        if self.chance(4) == 0 {
            records.reverse();
        }
        let times = if self.chance(5) == 0 { 2 } else { 1 };
        for _ in 0..times {
            self.account.fan_out(&records, self.now).await;
        }
    }

    async fn reply(&mut self) {
        let name = format!("{STACK}-replies.fifo");
        let batch = self.account.cloud.state().queues.receive(&name, 1, self.now.as_millisecond());
        if batch.is_empty() {
            return;
        }
        let Some(failed) = self.account.reply(&batch, self.x, self.now).await else { return };
        for message in batch.iter().filter(|message| !failed.contains(&message.id)) {
            self.account.cloud.state().queues.delete(&name, &message.id);
        }
    }

    /// The clocks' round; sometimes two at once, sometimes by a clock that is wrong.
    async fn rounds(&mut self) {
        let skew = SignedDuration::from_secs(i64::from(self.chance(120)) - 60);
        if self.chance(4) == 0 {
            tokio::join!(self.account.round(self.now), self.account.round(self.now + skew));
        } else {
            self.account.round(self.now).await;
        }
    }

    /// Agencies read their queues, and act on some of what they read.
    async fn agencies_work(&mut self) {
        let is_agency = |name: &&str| name.contains("-skpd-") && !name.ends_with("-dlq.fifo");
        let names: Vec<String> =
            self.account.cloud.state().queues.names().filter(is_agency).map(str::to_owned).collect();
        for name in names {
            let messages = self.account.cloud.state().queues.receive(&name, 10, self.now.as_millisecond());
            for message in messages {
                let Ok(body) = serde_json::from_str::<Value>(&message.body) else { continue };
                let code = name.trim_start_matches(&format!("{STACK}-skpd-")).trim_end_matches(".fifo").to_owned();
                let id = body["id"].as_str().unwrap_or_default().to_owned();
                let ticket = body["subject"].as_str().unwrap_or_default().to_owned();
                self.received.entry((code.clone(), id.clone())).or_default().push(body);
                // Sometimes it dies before it has deleted what it read.
                if self.chance(8) > 0 {
                    self.account.cloud.state().queues.delete(&name, &message.id);
                }
                if self.chance(3) == 0 {
                    let update = match self.chance(6) {
                        0 | 1 => json!({"action": "accept"}),
                        2 => json!({"action": "start"}),
                        3 => json!({"action": "respond", "reply_text": "Terima kasih, laporan sedang kami tangani."}),
                        4 => json!({"action": "resolve", "reply_text": "Sudah kami perbaiki. Terima kasih."}),
                        _ => json!({"action": "note", "note": "Tim ke lokasi."}),
                    };
                    self.asked.push((code, ticket, format!("key-{id}-{}", self.asked.len()), update));
                    self.ask_last().await;
                }
            }
        }
        if self.chance(4) == 0 {
            self.ask_last().await;
        }
    }

    /// The last request of an agency, again if it was made.
    async fn ask_last(&mut self) {
        let Some((code, ticket, key, update)) = self.asked.last().cloned() else { return };
        let Ok(code) = code.parse() else { return };
        self.account.update(&code, &ticket, &key, &update, self.now).await;
    }

    /// The faults have stopped: what is waiting is worked off, and two sweeps later everything must have arrived.
    async fn settle(&mut self) {
        self.account.cloud.state().table.catch_up(0);
        self.send_again().await;
        for round in 0..4 {
            // Who looks after the system sends dead letters back.
            let now = self.now.as_millisecond();
            self.account.cloud.state().queues.redrive(
                &format!("{STACK}-reports-dlq"),
                &format!("{STACK}-reports"),
                now,
            );
            while !self.account.cloud.state().queues.messages(&format!("{STACK}-reports")).is_empty() {
                self.set_clock(self.now + SignedDuration::from_secs(181));
                self.read_reports().await;
                self.account.cloud.state().table.catch_up(0);
                let (dead, alive) = (format!("{STACK}-reports-dlq"), format!("{STACK}-reports"));
                if self.account.cloud.state().queues.messages(&alive).is_empty()
                    && !self.account.cloud.state().queues.messages(&dead).is_empty()
                    && round < 3
                {
                    break;
                }
            }
        }
        // Attempts are put off by an hour at most.
        for _ in 0..2 {
            self.set_clock(self.now + SignedDuration::from_mins(61));
            self.account.round(self.now).await;
            self.account.cloud.state().table.catch_up(0);
        }
        // What happened only now, the stream delivers.
        loop {
            let records = self.account.cloud.state().table.take_records(usize::MAX);
            let new: Vec<_> = records.into_iter().filter(is_new_event).collect();
            if new.is_empty() {
                break;
            }
            self.account.fan_out(&new, self.now).await;
            self.reply_all().await;
        }
        self.agencies_read_all().await;
    }

    async fn reply_all(&mut self) {
        let name = format!("{STACK}-replies.fifo");
        for _ in 0..400 {
            if self.account.cloud.state().queues.messages(&name).is_empty() {
                return;
            }
            self.set_clock(self.now + SignedDuration::from_secs(181));
            self.reply().await;
        }
    }

    async fn agencies_read_all(&mut self) {
        let is_agency = |name: &&str| name.contains("-skpd-") && !name.ends_with("-dlq.fifo");
        let names: Vec<String> =
            self.account.cloud.state().queues.names().filter(is_agency).map(str::to_owned).collect();
        for name in names {
            let messages: Vec<_> = self.account.cloud.state().queues.messages(&name).to_vec();
            let code = name.trim_start_matches(&format!("{STACK}-skpd-")).trim_end_matches(".fifo").to_owned();
            for message in messages {
                if let Ok(body) = serde_json::from_str::<Value>(&message.body) {
                    let id = body["id"].as_str().unwrap_or_default().to_owned();
                    self.received.entry((code.clone(), id)).or_default().push(body);
                }
            }
        }
    }
}
