//! The local cloud as a process of its own: started detached, known by port and process id, stopped with everything
//! it started.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};

use super::check;
use super::venv::Venv;
use crate::problem::Problem;
use crate::target::Target;

/// How long the emulator may take to start and to stop; it takes less than a second on a free machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const TICK: Duration = Duration::from_millis(40);

/// A running emulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emulator {
    /// The port it listens on, on 127.0.0.1 only.
    pub port: u16,
    /// Its process, which leads a process group of its own.
    pid: i32,
}

impl Emulator {
    /// Starts one on a free port, with its log in `folder`, and waits until it answers.
    pub async fn start(venv: &Venv, port: u16, folder: &Path) -> Result<Self> {
        check::port(port).map_err(|problem| anyhow!(problem))?;
        let temporary = folder.join("tmp");
        if temporary.exists() {
            std::fs::remove_dir_all(&temporary)?;
        }
        std::fs::create_dir_all(&temporary)?;
        let log = folder.join("emulator.log");
        let out = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = Command::new(venv.program("python"))
            .args(["-c", include_str!("emulator.py")])
            .current_dir(folder)
            .env_clear()
            .envs(environment(port, &temporary))
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            // A group of its own: Ctrl-C in the terminal is not meant for it, and stopping it stops its functions.
            .process_group(0)
            .spawn()
            .context("the emulator does not start")?;
        let emulator = Self { port, pid: child.id().cast_signed() };
        emulator.wait_until_ready(child, &log).await?;
        Ok(emulator)
    }

    async fn wait_until_ready(&self, mut child: std::process::Child, log: &Path) -> Result<()> {
        let started = Instant::now();
        while !self.answers().await {
            if let Some(status) = child.try_wait()? {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                bail!("the emulator ended ({status}) and said:\n{said}");
            }
            if started.elapsed() > PATIENCE {
                self.stop().await?;
                let what = format!("the emulator did not answer within {} s", PATIENCE.as_secs());
                return Err(anyhow!(Problem::new(what, format!("see {}", log.display()))));
            }
            tokio::time::sleep(TICK).await;
        }
        Ok(())
    }

    /// Whether it is still the process that was started: alive, and an emulator by its command line.
    pub fn is_running(&self) -> bool {
        let command = std::fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        String::from_utf8_lossy(&command).contains("ministack")
    }

    /// Whether it answers.
    pub async fn answers(&self) -> bool {
        let url = format!("{}/_ministack/health", Target::emulator(self.port).endpoint);
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build();
        let Ok(client) = client else { return false };
        matches!(client.get(url).send().await, Ok(answer) if answer.status().is_success())
    }

    /// Stops it and the functions it runs. Fine if it has ended already.
    pub async fn stop(&self) -> Result<()> {
        if !self.is_running() {
            return Ok(());
        }
        let asked = Instant::now();
        while self.is_running() {
            // It ends on the first request; functions that hang are ended with it after half the patience.
            let signal = if asked.elapsed() < PATIENCE / 2 { Signal::TERM } else { Signal::KILL };
            self.signal(signal);
            if asked.elapsed() > PATIENCE {
                bail!("the emulator (process {}) does not end", self.pid);
            }
            tokio::time::sleep(TICK).await;
        }
        // What is left of the group are functions that did not notice.
        self.signal(Signal::KILL);
        Ok(())
    }

    /// Sends a signal to its whole group. An error means that the group is gone, which is what is wanted.
    fn signal(&self, signal: Signal) {
        if let Some(group) = Pid::from_raw(self.pid) {
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

/// The whole environment of the emulator: nothing of the user's AWS settings may reach it or the functions it runs.
fn environment(port: u16, temporary: &Path) -> Vec<(String, String)> {
    let target = Target::emulator(port);
    let kept =
        ["PATH", "HOME", "LANG"].into_iter().filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
    let set = [
        ("AUTH", "true".to_owned()),
        ("BIND_HOST", "127.0.0.1".to_owned()),
        ("GATEWAY_PORT", port.to_string()),
        ("MINISTACK_REGION", target.region.clone()),
        ("MINISTACK_ACCOUNT_ID", target.account.clone()),
        // The functions inherit this one: it is how they find the emulator instead of AWS.
        ("AWS_ENDPOINT_URL", target.endpoint.clone()),
        ("AWS_ACCESS_KEY_ID", target.keys.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", target.keys.secret_access_key.clone()),
        ("AWS_REGION", target.region.clone()),
        ("AWS_DEFAULT_REGION", target.region.clone()),
        ("NO_PROXY", "127.0.0.1,localhost".to_owned()),
        // Listeners that are not used here, and the user's containers, which are none of its business.
        ("IOT_MTLS_ENABLED", "0".to_owned()),
        ("SFTP_ENABLED", "0".to_owned()),
        ("DOCKER_HOST", "unix:///nonexistent".to_owned()),
        ("LOG_LEVEL", "INFO".to_owned()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("TMPDIR", temporary.display().to_string()),
    ];
    kept.chain(set.map(|(name, value)| (name.to_owned(), value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_aws_settings_stay_outside() {
        let environment = environment(4580, Path::new("/tmp/x"));
        let value = |name: &str| environment.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        assert_eq!(value("AWS_ENDPOINT_URL"), Some("http://127.0.0.1:4580"));
        assert_eq!(value("BIND_HOST"), Some("127.0.0.1"));
        assert_eq!(value("AUTH"), Some("true"));
        assert_eq!(value("AWS_PROFILE"), None);
    }

    #[tokio::test]
    async fn a_process_id_that_was_given_to_another_is_not_ours() {
        let other = Emulator { port: 1, pid: std::process::id().cast_signed() };
        assert!(!other.is_running());
        assert!(!other.answers().await);
    }
}
