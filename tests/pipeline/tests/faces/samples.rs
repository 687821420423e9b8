//! The samples that agencies copy do what they say: each as a process of its own, which has nothing but the keys of a user
//! who may take on one agency's polling role.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala::local::{SAMPLES, Venv, Workspace};
use kemala::progress::Progress;
use kemala::queue::Queue;
use kemala::webhook::Family;
use kemala_delivery::AgencyQueues;
use kemala_domain::{Actor, EventBody, Ping, Status, TicketId};
use kemala_messages::ping::PingMessage;
use tokio::process::Command;

use crate::world::{World, post, world};

/// An agency whose queue no other story uses.
const AGENCY: &str = "PEMKAB3304";
/// The same among the queues of the stack.
const QUEUE: &str = "skpd-PEMKAB3304.fifo";
/// Longest run of a sample: the one in bash starts the AWS CLI anew for each call.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn the_sample_in_python() -> Result<()> {
    does_what_it_says("python", "poll.py", &[]).await
}

#[tokio::test]
async fn the_sample_in_php() -> Result<()> {
    let script =
        "exit(defined('CURLOPT_AWS_SIGV4') && version_compare(curl_version()['version'], '7.87') >= 0 ? 0 : 1);";
    does_what_it_says("php", "poll.php", &[&["php", "-r", script]]).await
}

#[tokio::test]
async fn the_sample_in_bash() -> Result<()> {
    let script = "curl --version | awk 'NR == 1 { split($2, v, \".\"); exit v[1] * 100 + v[2] < 787 }'";
    does_what_it_says("bash", "poll.sh", &[&["bash", "-c", script], &["jq", "--version"]]).await
}

async fn does_what_it_says(interpreter: &str, file: &str, needs: &[&[&str]]) -> Result<()> {
    let world = world().await?;
    let sample = Sample::new(&world, interpreter, file).await?;
    for need in needs {
        if !sample.has(need).await {
            // Past the harness, which hides what a test prints that passes.
            return Ok(writeln!(std::io::stderr(), "skipped: {file} because this fails: {}", need.join(" "))?);
        }
    }
    world.purge(AGENCY).await?;
    accepts_and_acknowledges_once(&world, &sample).await?;
    keeps_what_was_not_done(&world, &sample).await?;
    world.purge(AGENCY).await
}

async fn accepts_and_acknowledges_once(world: &World, sample: &Sample) -> Result<()> {
    let ping = ping(world, AGENCY).await?;
    let report = post("Lampu jalan mati di Kec. Mandiraja Banjarnegara #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?.id;
    world.all_delivered(&ticket).await?;

    let first = sample.run(&[]).await?;
    assert_eq!((first.code, first.errors.as_str()), (Some(0), ""), "{first:?}");
    assert!(first.said.contains(&format!("{ticket}  assigned  street_lighting  Mandiraja, ")), "{first:?}");
    assert!(first.said.contains(&format!("{ticket} accepted\n")), "{first:?}");
    let after = world.store.ticket(&ticket).await?.context("the ticket is gone")?;
    assert_eq!((after.status, accepted(world, &ticket).await?), (Status::Accepted, 1));
    let kept = world.store.ping(&ping.agency).await?.context("the ping is gone")?;
    assert!(kept.id == ping.id && kept.acknowledged_at.is_some(), "{kept:?}");
    assert_eq!(world.length(QUEUE).await?, 0);

    world.all_delivered(&ticket).await?;
    let again = sample.run(&[]).await?;
    assert_eq!((again.code, again.said.as_str(), again.errors.as_str()), (Some(0), "", ""));
    assert_eq!(accepted(world, &ticket).await?, 1);
    assert_eq!(world.store.ping(&ping.agency).await?, Some(kept));
    Ok(())
}

async fn keeps_what_was_not_done(world: &World, sample: &Sample) -> Result<()> {
    let unset = sample.run(&[("KEMALA_AGENCY", "")]).await?;
    assert_eq!(unset.code, Some(2), "{unset:?}");
    assert!(unset.errors.contains("set KEMALA_AGENCY"), "{unset:?}");

    // Nobody listens on port 1: no answer.
    ping(world, AGENCY).await?;
    let alone = sample.run(&[("KEMALA_API_URL", "http://127.0.0.1:1")]).await?;
    assert_eq!((alone.code, alone.said.as_str(), world.length(QUEUE).await?), (Some(0), "", 1), "{alone:?}");
    assert!(alone.errors.contains("it comes again"), "{alone:?}");

    world.purge(AGENCY).await?;
    ping(world, AGENCY).await?;
    let stranger = sample.run(&[("KEMALA_AGENCY", "PEMKAB3305")]).await?;
    assert_eq!((stranger.code, stranger.said.as_str(), world.length(QUEUE).await?), (Some(1), "", 1), "{stranger:?}");
    assert!(stranger.errors.contains("403"), "{stranger:?}");
    Ok(())
}

/// How often the agency has accepted a ticket.
async fn accepted(world: &World, ticket: &TicketId) -> Result<usize> {
    let agency = Actor::Agency(AGENCY.parse()?);
    let events = world.store.events(ticket).await?;
    Ok(events.iter().filter(|event| event.actor == agency && event.body == EventBody::Accepted).count())
}

/// Sends an agency a ping.
async fn ping(world: &World, agency: &str) -> Result<Ping> {
    let ping = Ping::new(agency.parse()?, Timestamp::now())?;
    world.store.keep_ping(&ping).await?;
    let prefix = world.local.target.queue_url(&world.local.names.agency_queues());
    let queues = AgencyQueues::new(&world.local.target.sdk_config(), prefix);
    queues.ping(&PingMessage::new(&ping, &world.local.names.pack)).await?;
    Ok(ping)
}

/// A sample, and its whole environment.
struct Sample {
    command: [PathBuf; 2],
    environment: Vec<(&'static str, String)>,
}

/// What became of a run.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    said: String,
    errors: String,
}

impl Sample {
    async fn new(world: &World, interpreter: &str, file: &str) -> Result<Self> {
        let workspace = Workspace::find()?;
        let venv = Venv::ensure(SAMPLES, &workspace.home(), &Progress::on_stderr()).await?;
        let (target, names) = (&world.local.target, &world.local.names);
        let role = names.agency_role(&AGENCY.parse()?);
        let keys = world.user_who_may_only_assume(&target.role_arn(&role)).await?;
        // Who polls has no way to the queue but the role.
        let by_itself = Queue::internal(&target.with_keys(keys.clone()), names, QUEUE);
        assert!(by_itself.receive(Duration::ZERO, Duration::ZERO).await.is_err());

        let tools = venv.program("aws").with_file_name("");
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
        let environment = vec![
            ("PATH", path),
            ("KEMALA_QUEUE_URL", target.queue_url(&names.agency_queue(&AGENCY.parse()?))),
            ("KEMALA_API_URL", world.local.api_url()?),
            ("KEMALA_ROLE_ARN", target.role_arn(&role)),
            ("KEMALA_EXTERNAL_ID", role),
            ("KEMALA_AGENCY", AGENCY.to_owned()),
            ("AWS_REGION", target.region.clone()),
            ("AWS_ACCESS_KEY_ID", keys.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key),
            ("AWS_ENDPOINT_URL", target.endpoint.clone()),
        ];
        let file = workspace.root().join("infra/agency-samples").join(file);
        Ok(Self { command: [interpreter.into(), file], environment })
    }

    /// Whether a command succeeds where the sample runs.
    async fn has(&self, command: &[&str]) -> bool {
        let (program, arguments) = command.split_first().expect("a command");
        self.process(program).args(arguments).output().await.is_ok_and(|ran| ran.status.success())
    }

    /// Runs it until the queue is empty, with some variables set otherwise.
    async fn run(&self, otherwise: &[(&str, &str)]) -> Result<Ran> {
        let [interpreter, file] = &self.command;
        let mut process = self.process(interpreter);
        process.arg(file).arg("--once").envs(otherwise.iter().copied());
        let ran = tokio::time::timeout(PATIENCE, process.output()).await.context("the sample does not end")??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Ran { code: ran.status.code(), said: text(&ran.stdout), errors: text(&ran.stderr) })
    }

    fn process(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut process = Command::new(program);
        process.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value))).kill_on_drop(true);
        process
    }
}
