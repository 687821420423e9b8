//! X's side of the local system, as a process of its own beside the emulator: posts of the account go there, not to X.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kemala_fake_x::{CitizenPost, Faults, OwnPost, Webhook};
use kemala_x_api::Credentials;
use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};

/// The command of this program that serves it.
pub const COMMAND: &str = "fake-x";
/// The file with the account's keys, in the system's folder.
const KEYS: &str = "x-account.json";
/// How long it may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running fake of X.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FakeX {
    /// The port it listens on, on 127.0.0.1 only.
    pub port: u16,
    pid: i32,
}

impl FakeX {
    /// Starts one on a free port, by the program that has [`COMMAND`], for the account with that handle.
    pub(super) fn start(program: &Path, folder: &Path, keys: &Credentials, handle: &str) -> Result<Self> {
        let file = folder.join(KEYS);
        let mut written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&file)?;
        written.write_all(serde_json::to_string(keys)?.as_bytes())?;
        let log = File::create(folder.join("x.log"))?;
        let mut child = Command::new(program)
            .arg(COMMAND)
            .arg("--keys")
            .arg(&file)
            .args(["--handle", handle])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("the fake of X does not start ({})", program.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("it has no output")?).read_line(&mut line)?;
        let Ok(port) = line.trim().parse() else {
            let said = std::fs::read_to_string(folder.join("x.log")).unwrap_or_default();
            bail!("the fake of X did not say its port: {said}");
        };
        Ok(Self { port, pid: child.id().cast_signed() })
    }

    /// Its address, as functions are given it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether it is still the process that was started.
    pub fn is_running(&self) -> bool {
        let command = std::fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        String::from_utf8_lossy(&command).contains(COMMAND)
    }

    /// Stops it. Fine if it has ended already.
    pub(super) async fn stop(&self) -> Result<()> {
        let asked = Instant::now();
        while self.is_running() {
            if let Some(process) = Pid::from_raw(self.pid) {
                // An error means that it is gone, which is what is wanted.
                let _ = rustix::process::kill_process(process, Signal::KILL);
            }
            if asked.elapsed() > PATIENCE {
                bail!("the fake of X (process {}) does not end", self.pid);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Lets it know the app's webhook.
    pub async fn register(&self, webhook: &Webhook) -> Result<()> {
        client()?.put(self.control("webhook")).json(webhook).send().await?.error_for_status()?;
        Ok(())
    }

    /// What the account has posted, in its order.
    pub async fn timeline(&self) -> Result<Vec<OwnPost>> {
        Ok(client()?.get(self.control("timeline")).send().await?.error_for_status()?.json().await?)
    }

    /// How often each part of the API was called.
    pub async fn calls(&self) -> Result<std::collections::BTreeMap<String, u32>> {
        Ok(client()?.get(self.control("calls")).send().await?.error_for_status()?.json().await?)
    }

    /// Lets it know of a citizen's post, as X would.
    pub async fn tell(&self, post: &CitizenPost) -> Result<()> {
        client()?.post(self.control("posts")).json(post).send().await?.error_for_status()?;
        Ok(())
    }

    /// A citizen deletes a post; nobody is told.
    pub async fn delete(&self, id: &str) -> Result<()> {
        client()?.delete(self.control(&format!("posts/{id}"))).send().await?.error_for_status()?;
        Ok(())
    }

    /// How it fails from now on.
    pub async fn fail_like(&self, faults: &Faults) -> Result<()> {
        client()?.put(self.control("faults")).json(faults).send().await?.error_for_status()?;
        Ok(())
    }

    fn control(&self, what: &str) -> String {
        format!("{}/_fake/{what}", self.url())
    }
}

/// Serves it until the process ends: the first line on stdout is the port.
pub async fn serve(keys: &Path, handle: &str) -> Result<()> {
    let text = std::fs::read_to_string(keys).with_context(|| format!("cannot read {}", keys.display()))?;
    let keys: Credentials = serde_json::from_str(&text).context("no keys of an account")?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?.port());
    Ok(kemala_fake_x::serve(listener, keys, handle).await?)
}

fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?)
}
