//! The running system that the stories are told about.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws_sdk_sqs::types::QueueAttributeName;
use jiff::Timestamp;
use kemala::aws::{SignedHttp, elements};
use kemala::local::{FakeX, Local, Options, Workspace, up};
use kemala::progress::Progress;
use kemala::queue::Queue;
use kemala::target::Keys;
use kemala::webhook::{Family, Post, Sender, Sent, User};
use kemala_classifier::Jurisdiction;
use kemala_domain::reply::{Reply, ReplyId};
use kemala_domain::{PostKey, Ticket, TicketId};
use kemala_fake_x::{CitizenPost, OwnPost};
use kemala_messages::agency::{AgencyMessage, MessageType};
use kemala_messages::in_queue::InQueue;
use kemala_store::Store;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use crate::calls::new_key;

/// How long a thing may take. Most take a fraction of a second on a free machine; what waits for the schedule waits for
/// the event's next attempt (a minute) and then for the next round (65 s at first).
const PATIENCE: Duration = Duration::from_secs(180);
/// Between two looks.
const TICK: Duration = Duration::from_millis(25);

static SYSTEM: OnceCell<Local> = OnceCell::const_new();
static TURN: Mutex<()> = Mutex::const_new(());

/// A stack of the system, and the right to use the system alone until this is dropped.
pub struct World {
    /// Where it runs, and its names.
    pub local: Local,
    /// Calls as root.
    pub http: SignedHttp,
    /// What signs and sends webhooks.
    pub sender: Sender,
    /// Its table.
    pub store: Store,
    sqs: aws_sdk_sqs::Client,
    account: User,
    _turn: Option<MutexGuard<'static, ()>>,
}

/// Waits for its turn; the first one builds, starts and deploys. No place remembers what was told before.
pub async fn world() -> Result<World> {
    let turn = TURN.lock().await;
    let local = SYSTEM.get_or_try_init(bring_up).await?.clone();
    World::of(local, Some(turn)).await
}

/// Name of the system of this test binary, and of its folder: each has its own, so that they run side by side.
pub fn system() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Cargo adds a hash.
    name.rsplit_once('-').map_or(name.clone(), |(name, _)| name.to_owned())
}

/// Brings the binary's own system up, or up to date.
pub async fn bring_up() -> Result<Local> {
    let workspace = Workspace::find()?;
    let mut options = Options::usual(&workspace);
    options.folder = workspace.home().join(system());
    let is_running = !Local::of_system(&options.folder)?.is_empty();
    options.port = if is_running { None } else { Some(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port()) };
    up(&workspace, &options, &Progress::on_stderr()).await
}

impl World {
    async fn of(local: Local, turn: Option<MutexGuard<'static, ()>>) -> Result<Self> {
        let config = local.target.sdk_config();
        let account = jurisdiction(&local)?.answer_from;
        let world = Self {
            http: SignedHttp::new(&local.target)?,
            sender: Sender::new(&local)?,
            store: Store::new(&config, local.names.table()),
            sqs: aws_sdk_sqs::Client::new(&config),
            account: User::new(&account.id, &account.handle),
            local,
            _turn: turn,
        };
        world.forget_incidents().await?;
        Ok(world)
    }

    /// Another stack on the same emulator, deployed where it is not yet. It is used in this one's turn.
    pub async fn beside(&self, stage: &str, pack: &str) -> Result<Self> {
        let workspace = Workspace::find()?;
        let mut options = Options::usual(&workspace).with(Some(stage.to_owned()), Some(pack.to_owned()), None);
        options.folder = workspace.home().join(system());
        options.port = None;
        Self::of(up(&workspace, &options, &Progress::on_stderr()).await?, None).await
    }

    /// Calls IAM as root.
    ///
    /// # Errors
    /// Where it refuses.
    pub async fn iam(&self, action: &str, fields: &[(&str, &str)]) -> Result<String> {
        self.http.query("iam", "2010-05-08", action, fields).await
    }

    /// Keys of a new user who may do nothing but take on a role.
    pub async fn user_who_may_only_assume(&self, role_arn: &str) -> Result<Keys> {
        let name = format!("poller-{}", new_key());
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role_arn }],
        })
        .to_string();
        let user = ("UserName", name.as_str());
        self.iam("CreateUser", &[user]).await?;
        self.iam("PutUserPolicy", &[user, ("PolicyName", "poll"), ("PolicyDocument", &policy)]).await?;
        let xml = self.iam("CreateAccessKey", &[user]).await?;
        let one = |name| elements(&xml, name).into_iter().next().with_context(|| format!("the answer has no {name}"));
        let (access_key_id, secret_access_key) = (one("AccessKeyId")?, one("SecretAccessKey")?);
        Ok(Keys { access_key_id, secret_access_key, session_token: None })
    }

    /// Posts as X would, and expects 200.
    pub async fn tweet(&self, post: &Post, family: Family) -> Result<()> {
        self.know(post).await?;
        let sent = self.send(&post.webhook(family, &self.account)).await?;
        anyhow::ensure!(sent.status == 200, "the webhook answered {} {}", sent.status, sent.body);
        Ok(())
    }

    /// Makes a post known to X, which tells nobody.
    pub async fn know(&self, post: &Post) -> Result<()> {
        self.x().tell(&told(post)).await
    }

    /// What plays X.
    pub fn x(&self) -> &FakeX {
        self.local.x.as_ref().expect("started with the system")
    }

    /// What the account has posted in answer to a post, once so many posts are there.
    pub async fn answers(&self, post: &Post, count: usize) -> Result<Vec<OwnPost>> {
        let id = post.id().to_string();
        until("citizens are answered", || async {
            let own = self.x().timeline().await?;
            let own: Vec<_> = own.into_iter().filter(|own| own.reply_to.as_deref() == Some(&id)).collect();
            Ok((own.len() >= count).then_some(own))
        })
        .await
    }

    /// The row of a post of ours, once it fits.
    pub async fn reply_that(&self, id: &ReplyId, fits: impl Fn(&Reply) -> bool) -> Result<Reply> {
        until("the reply fits", || async { Ok(self.store.reply(id).await?.filter(&fits)) }).await
    }

    /// Signs and sends any body.
    pub async fn send(&self, body: &Value) -> Result<Sent> {
        self.sender.post(body.to_string().as_bytes()).await
    }

    /// Waits for the ticket of a post.
    pub async fn ticket(&self, post: &Post) -> Result<Ticket> {
        let key = PostKey::x(&post.first_id().to_string())?;
        until("the post has a ticket", || async {
            let Some(id) = self.store.post(&key).await?.and_then(|known| known.ticket) else { return Ok(None) };
            Ok(self.store.standing(&id).await?)
        })
        .await
    }

    /// Waits until a ticket fits.
    pub async fn ticket_that(&self, id: &TicketId, fits: impl Fn(&Ticket) -> bool) -> Result<Ticket> {
        until("the ticket fits", || async { Ok(self.store.ticket(id).await?.filter(&fits)) }).await
    }

    /// The ticket of a post that nothing is known of, once all reports have been read.
    pub async fn no_ticket(&self, post: &Post) -> Result<()> {
        self.all_reports_read().await?;
        let key = PostKey::x(&post.first_id().to_string())?;
        match self.store.post(&key).await? {
            None => Ok(()),
            Some(known) => bail!("the post is known: {known:?}"),
        }
    }

    /// Waits until no report is queued or in work.
    pub async fn all_reports_read(&self) -> Result<()> {
        until("all reports are read", || async { Ok((self.length("reports").await? == 0).then_some(())) }).await
    }

    /// Waits until every event of a ticket has been delivered, then takes its messages out of an agency's queue:
    /// what each is about, in the order of the queue.
    pub async fn messages(&self, agency: &str, ticket: &TicketId) -> Result<Vec<AgencyMessage>> {
        self.all_delivered(ticket).await?;
        let mut drained = self.drain(agency).await?;
        Ok(drained.remove(ticket).unwrap_or_default())
    }

    /// What the messages of a ticket in an agency's queue are about.
    pub async fn told(&self, agency: &str, ticket: &TicketId) -> Result<Vec<MessageType>> {
        Ok(self.messages(agency, ticket).await?.iter().map(|message| message.message_type).collect())
    }

    /// Waits until nobody has to hear of any event of a ticket.
    pub async fn all_delivered(&self, ticket: &TicketId) -> Result<()> {
        until("all events are delivered", || async {
            let events = self.store.events(ticket).await?;
            Ok(events.iter().all(|event| event.undelivered.is_empty()).then_some(()))
        })
        .await
    }

    /// Takes everything out of an agency's queue, by ticket.
    pub async fn drain(&self, agency: &str) -> Result<BTreeMap<TicketId, Vec<AgencyMessage>>> {
        let queue = self.queue(agency).await?;
        let mut by_ticket: BTreeMap<_, Vec<AgencyMessage>> = BTreeMap::new();
        for body in empty(&queue).await? {
            if let InQueue::Ticket(message) = serde_json::from_str(&body)? {
                by_ticket.entry(message.subject.clone()).or_default().push(*message);
            }
        }
        Ok(by_ticket)
    }

    /// An agency's queue, with the agency's role.
    pub async fn queue(&self, agency: &str) -> Result<Queue> {
        Queue::of_agency(&self.http, &self.local.target, &self.local.names, &agency.parse()?).await
    }

    /// A client with an agency's role.
    pub async fn as_agency(&self, agency: &str) -> Result<SignedHttp> {
        let keys = self.http.agency_keys(&self.local.names, &agency.parse()?).await?;
        Ok(self.http.with_keys(keys))
    }

    /// How many messages a queue of ours holds, those in work included.
    pub async fn length(&self, queue: &str) -> Result<u64> {
        self.internal(queue).length().await
    }

    /// Puts a raw message on a queue, as root.
    pub async fn enqueue(&self, queue: &str, body: &str) -> Result<()> {
        self.sqs.send_message().queue_url(self.url(queue)).message_body(body).send().await?;
        Ok(())
    }

    /// Puts a raw message into an agency's queue, as root.
    pub async fn put_into_agency_queue(&self, queue: &str, body: &str) -> Result<()> {
        let send = self.sqs.send_message().queue_url(self.url(queue)).message_body(body);
        send.message_group_id("test").message_deduplication_id(body).send().await?;
        Ok(())
    }

    /// Takes all messages out of a queue of ours.
    pub async fn take_all(&self, queue: &str) -> Result<Vec<String>> {
        empty(&self.internal(queue)).await
    }

    fn internal(&self, queue: &str) -> Queue {
        Queue::internal(&self.local.target, &self.local.names, queue)
    }

    /// Sets for how long a received report stays invisible: how soon a failed one comes again.
    pub async fn reports_come_again_after(&self, seconds: u32) -> Result<()> {
        let set = self.sqs.set_queue_attributes().queue_url(self.url("reports"));
        set.attributes(QueueAttributeName::VisibilityTimeout, seconds.to_string()).send().await?;
        Ok(())
    }

    /// Deletes an agency's queue, as root.
    pub async fn delete_queue(&self, agency: &str) -> Result<()> {
        self.sqs.delete_queue().queue_url(self.url(&format!("skpd-{agency}.fifo"))).send().await?;
        Ok(())
    }

    /// Takes everything out of an agency's queue, also what somebody holds, as root.
    pub async fn purge(&self, agency: &str) -> Result<()> {
        self.sqs.purge_queue().queue_url(self.url(&format!("skpd-{agency}.fifo"))).send().await?;
        Ok(())
    }

    /// Takes everything out of a queue of ours, also what a function holds, as root.
    pub async fn purge_internal(&self, queue: &str) -> Result<()> {
        self.sqs.purge_queue().queue_url(self.url(queue)).send().await?;
        Ok(())
    }

    /// Makes an agency's queue again, as root.
    pub async fn create_queue(&self, agency: &str) -> Result<()> {
        let name = self.local.names.agency_queue(&agency.parse()?);
        let create = self.sqs.create_queue().queue_name(name);
        create.attributes(QueueAttributeName::FifoQueue, "true").send().await?;
        Ok(())
    }

    /// Deletes what all places remember, as root.
    pub async fn forget_incidents(&self) -> Result<()> {
        let table = self.local.names.table();
        let mut from = Value::Null;
        loop {
            let mut scan = json!({
                "TableName": table,
                "FilterExpression": "sk = :incident",
                "ExpressionAttributeValues": { ":incident": { "S": "INCIDENT" } },
                "ProjectionExpression": "pk, sk",
            });
            if !from.is_null() {
                scan["ExclusiveStartKey"] = from;
            }
            let page = self.http.operation("dynamodb", "DynamoDB_20120810.Scan", &scan).await?;
            for key in page["Items"].as_array().into_iter().flatten() {
                let delete = json!({ "TableName": table, "Key": key });
                self.http.operation("dynamodb", "DynamoDB_20120810.DeleteItem", &delete).await?;
            }
            from = page["LastEvaluatedKey"].clone();
            if from.is_null() {
                return Ok(());
            }
        }
    }

    /// Runs the round of the clocks as of a moment.
    pub async fn round(&self, at: Timestamp) -> Result<Value> {
        let function = self.local.names.function("sla-escalation");
        self.http.invoke(&function, &json!({ "source": "aws.scheduler", "time": at })).await
    }

    /// The shipped pack.
    pub fn pack(&self) -> Result<Jurisdiction> {
        jurisdiction(&self.local)
    }

    fn url(&self, queue: &str) -> String {
        self.local.target.queue_url(&self.local.names.queue(queue))
    }
}

fn jurisdiction(local: &Local) -> Result<Jurisdiction> {
    let folder = Workspace::find()?.pack(&local.names.pack);
    Jurisdiction::load(&folder).map_err(|errors| anyhow::anyhow!("{errors}"))
}

/// Takes everything out of a queue: the bodies, in its order.
async fn empty(queue: &Queue) -> Result<Vec<String>> {
    let mut bodies = Vec::new();
    loop {
        let page = queue.receive(Duration::ZERO, Duration::from_secs(30)).await?;
        if page.is_empty() {
            return Ok(bodies);
        }
        futures::future::try_join_all(page.iter().map(|held| queue.delete(held))).await?;
        bodies.extend(page.into_iter().map(|held| held.body));
    }
}

/// Waits for something, and says what for if it does not come.
pub async fn until<T>(what: &str, look: impl AsyncFn() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if started.elapsed() > PATIENCE {
            bail!("waited {} s in vain until {what}", PATIENCE.as_secs());
        }
        tokio::time::sleep(TICK).await;
    }
}

/// A citizen's post as X knows it.
fn told(post: &Post) -> CitizenPost {
    CitizenPost {
        id: post.id().to_string(),
        author_id: post.author.id.clone(),
        handle: post.author.handle.clone(),
        text: post.text.clone(),
        reply_to: post.answers.as_ref().map(|(id, _)| id.to_string()),
    }
}

/// A citizen's new post; each time another citizen's, as one account may report only so much.
pub fn post(text: &str) -> Post {
    static CITIZENS: AtomicU64 = AtomicU64::new(0);
    let number = CITIZENS.fetch_add(1, Ordering::Relaxed);
    Post::new(text, User::sample(&format!("warga_uji_{}_{number}", std::process::id())))
}
