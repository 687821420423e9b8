//! What is known of a running local system, kept in a file so that the next command finds it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use kemala_fake_x::Webhook;
use kemala_x_api::Credentials;
use serde::{Deserialize, Serialize};

use super::emulator::Emulator;
use super::fake_x::FakeX;
use crate::names::Names;
use crate::problem::Problem;
use crate::target::Target;

const FILE: &str = "state.json";

/// A running local system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Local {
    /// The emulator it runs on.
    pub emulator: Emulator,
    /// Where it is reached, as its root.
    pub target: Target,
    /// Names of its resources.
    pub names: Names,
    /// What X would sign with. A random one for each system; it is worth nothing elsewhere.
    pub consumer_secret: String,
    /// The keys of the account that answers; random, too.
    pub account: Credentials,
    /// With which local officers sign in to the desk.
    #[serde(default)]
    pub officers_password: String,
    /// What plays X, where it has been started.
    pub x: Option<FakeX>,
    /// Outputs of the stack.
    pub outputs: BTreeMap<String, String>,
    /// What was deployed last.
    pub(super) fingerprint: String,
    /// Where its files are.
    #[serde(skip)]
    pub(super) folder: PathBuf,
}

impl Local {
    /// The system whose files are in `folder`, if it is running.
    pub fn find(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
        let read: Self = serde_json::from_str(&text).map_err(|error| {
            let what = format!("{} is unreadable ({error})", path.display());
            anyhow!(Problem::new(what, "end the process named in it, if it runs, and delete the file"))
        })?;
        Ok(read.emulator.is_running().then_some(Self { folder: folder.to_owned(), ..read }))
    }

    /// All running systems of a clone: the usual one and those of tests, each in its own folder of `home`.
    pub fn all(home: &Path) -> Result<Vec<Self>> {
        let Ok(folders) = std::fs::read_dir(home) else { return Ok(Vec::new()) };
        let found = folders.filter_map(|folder| Self::find(&folder.ok()?.path()).transpose());
        found.collect()
    }

    /// The running system, or an error that says how to start it.
    pub fn running(folder: &Path) -> Result<Self> {
        Self::find(folder)?
            .ok_or_else(|| anyhow!(Problem::new("the local system is not running", "start it with: cargo kemala up")))
    }

    /// Stops the emulator with all that is in it, and forgets it.
    pub async fn down(&self) -> Result<()> {
        self.emulator.stop().await?;
        if let Some(x) = &self.x {
            x.stop().await?;
        }
        for leftover in [FILE, "tmp", "stage", "x-account.json"] {
            let path = self.folder.join(leftover);
            let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            if path.exists() {
                removed.with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }

    /// The webhook's address as X would know it.
    pub fn webhook_url(&self) -> Result<&str> {
        self.output("WebhookUrl")
    }

    /// The webhook as X keeps it.
    pub(super) fn webhook(&self) -> Result<Webhook> {
        let url = self.webhook_url()?.to_owned();
        let path = url.trim_start_matches("https://").split_once('/').map_or("", |(_, path)| path);
        // The emulator listens on one address for all hosts.
        let address = format!("{}/{path}", self.target.endpoint);
        Ok(Webhook {
            id: "1750000000000000001".to_owned(),
            url,
            address,
            consumer_secret: self.consumer_secret.clone(),
        })
    }

    /// Base of the agencies' API, without a slash at the end. Its stage `$default` has no segment here either: curl would
    /// not encode the `$` in what it signs.
    pub fn api_url(&self) -> Result<String> {
        Ok(format!("{}/_aws/execute-api/{}", self.target.endpoint, self.output("AgencyApiId")?))
    }

    /// The officers' desk, without a slash at the end.
    pub fn desk_url(&self) -> Result<&str> {
        self.output("DeskUrl")
    }

    /// The public board, as a browser on this machine reaches it: the emulator takes any suffix for AWS's own.
    pub fn board_url(&self) -> Result<String> {
        let aws = self.output("BoardUrl")?.trim_end_matches('/').trim_start_matches("https://");
        let host = aws.strip_suffix(".on.aws").unwrap_or(aws);
        Ok(format!("http://{host}.localhost:{}", self.emulator.port))
    }

    /// Base of Open311, without a slash at the end: by path, so that a client needs no name of its host.
    pub fn open311_url(&self) -> Result<String> {
        let url = self.output("Open311Url")?;
        let id = url.strip_prefix("https://").and_then(|url| url.split('.').next()).unwrap_or_default();
        Ok(format!("{}/_aws/lambda-url/{id}", self.target.endpoint))
    }

    /// What plays X.
    pub fn x(&self) -> Result<&FakeX> {
        self.x.as_ref().context("nothing plays X yet; run: cargo kemala up")
    }

    pub(crate) fn output(&self, name: &str) -> Result<&str> {
        self.outputs.get(name).map(String::as_str).with_context(|| format!("the stack has no output {name}"))
    }

    /// Where the emulator's log is.
    pub fn log(&self) -> PathBuf {
        self.folder.join("emulator.log")
    }

    /// Writes the file whole or not at all, readable by its owner only.
    pub(super) fn save(&self) -> Result<()> {
        let path = self.folder.join(FILE);
        let unfinished = path.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        std::fs::rename(&unfinished, &path).with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str =
        r#"{"consumer_key": "a", "consumer_secret": "b", "access_token": "c", "access_token_secret": "d"}"#;

    fn local(folder: &Path) -> Local {
        Local {
            emulator: serde_json::from_str(r#"{"port": 4580, "pid": 2147483647}"#).unwrap(),
            target: Target::emulator(4580),
            names: Names { stage: "dev".into(), pack: "jateng".into() },
            consumer_secret: "s".into(),
            account: serde_json::from_str(ACCOUNT).unwrap(),
            officers_password: "p".into(),
            x: None,
            outputs: BTreeMap::from([
                ("WebhookUrl".into(), "https://abc.lambda-url.ap-southeast-3.on.aws/".into()),
                ("AgencyApiId".into(), "f00".into()),
                ("Open311Url".into(), "https://def.lambda-url.ap-southeast-3.on.aws/".into()),
            ]),
            fingerprint: "1".into(),
            folder: folder.to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let local = local(folder.path());
        local.save().unwrap();
        let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
        let read: Local = serde_json::from_str(&text).unwrap();
        assert_eq!(Local { folder: folder.path().to_owned(), ..read }, local);
        assert_eq!(local.api_url().unwrap(), "http://127.0.0.1:4580/_aws/execute-api/f00");
        assert_eq!(local.open311_url().unwrap(), "http://127.0.0.1:4580/_aws/lambda-url/def");
        assert_eq!(local.webhook_url().unwrap(), "https://abc.lambda-url.ap-southeast-3.on.aws/");
    }

    #[test]
    fn one_that_has_ended_is_not_running() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Local::find(folder.path()).unwrap(), None);
        local(folder.path()).save().unwrap();
        assert_eq!(Local::find(folder.path()).unwrap(), None);
        insta::assert_snapshot!(Local::running(folder.path()).unwrap_err(), @"
        the local system is not running
          what to do: start it with: cargo kemala up
        ");
    }

    #[test]
    fn a_broken_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(Local::find(folder.path()).unwrap_err().to_string().contains("delete the file"));
    }
}
