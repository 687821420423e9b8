//! What is known of running local stacks, each kept in a file so that the next command finds it. A system is one emulator
//! with a folder; each stack on it has a folder of its own in that.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::hash::{BuildHasher, RandomState};
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

/// A stack on a running local system.
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
    /// Where the stack's files are.
    #[serde(skip)]
    pub(super) folder: PathBuf,
    /// Where those of its system are.
    #[serde(skip)]
    system: PathBuf,
}

impl Local {
    /// The stack of these names in a system, if it is running.
    pub fn find(system: &Path, names: &Names) -> Result<Option<Self>> {
        Self::read(system, &system.join(names.stack()))
    }

    fn read(system: &Path, folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
        let read: Self = serde_json::from_str(&text).map_err(|error| {
            let what = format!("{} is unreadable ({error})", path.display());
            anyhow!(Problem::new(what, "end the process named in it, if it runs, and delete the file"))
        })?;
        let here = Self { folder: folder.to_owned(), system: system.to_owned(), ..read };
        Ok(here.emulator.is_running().then_some(here))
    }

    /// All stacks of a running system, by name.
    pub fn of_system(system: &Path) -> Result<Vec<Self>> {
        let mut found = folders_in(system)
            .iter()
            .filter_map(|folder| Self::read(system, folder).transpose())
            .collect::<Result<Vec<_>>>()?;
        found.sort_by_key(|local| local.names.stack());
        Ok(found)
    }

    /// All running stacks of a clone: those of the usual system and of tests, each system in its own folder of `home`.
    pub fn all(home: &Path) -> Result<Vec<Self>> {
        let systems: Vec<Vec<Self>> =
            folders_in(home).iter().map(|system| Self::of_system(system)).collect::<Result<_>>()?;
        Ok(systems.concat())
    }

    /// The running stack, or an error that says how to start it or name another.
    pub fn running(system: &Path, names: &Names) -> Result<Self> {
        if let Some(local) = Self::find(system, names)? {
            return Ok(local);
        }
        let others: Vec<String> = Self::of_system(system)?.iter().map(|local| local.names.stack()).collect();
        Err(anyhow!(match others.as_slice() {
            [] => Problem::new("the local system is not running", "start it with: cargo kemala up"),
            others => Problem::new(
                format!("{} is not running, but {}", names.stack(), others.join(", ")),
                "name the stage and pack of one with KEMALA_STAGE and KEMALA_PACK, or start it with: cargo kemala up",
            ),
        }))
    }

    /// A new stack on an emulator that runs.
    pub(super) fn new(emulator: Emulator, names: &Names, system: &Path) -> Self {
        let target = Target::emulator(emulator.port);
        Self {
            emulator,
            target,
            names: names.clone(),
            consumer_secret: random_secret(),
            account: Credentials {
                consumer_key: random_secret(),
                consumer_secret: random_secret(),
                access_token: random_secret(),
                access_token_secret: random_secret(),
            },
            officers_password: format!("Kemala-{}", random_secret()),
            x: None,
            outputs: BTreeMap::new(),
            fingerprint: String::new(),
            folder: system.join(names.stack()),
            system: system.to_owned(),
        }
    }

    /// Stops the emulator with all that is in it, other stacks too, and forgets this one.
    pub async fn down(&self) -> Result<()> {
        self.emulator.stop().await?;
        if let Some(x) = &self.x {
            x.stop().await?;
        }
        for path in [self.folder.clone(), self.system.join("tmp")] {
            if path.exists() {
                std::fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
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
        self.system.join("emulator.log")
    }

    /// The functions as they were deployed by `up`: `<function>/bootstrap`.
    pub fn functions(&self) -> PathBuf {
        self.folder.join("stage/functions")
    }

    /// Where the emulator notes what it allowed and refused roles: one JSON object a line.
    pub fn decisions(&self) -> PathBuf {
        self.system.join("decisions.jsonl")
    }

    /// Writes the file whole or not at all, readable by its owner only.
    pub(super) fn save(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let path = self.folder.join(FILE);
        let unfinished = path.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        std::fs::rename(&unfinished, &path).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// 32 hexadecimal digits.
pub(super) fn random_secret() -> String {
    (0..2).map(|part| format!("{:016x}", RandomState::new().hash_one(part))).collect()
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
            folder: folder.join("kemala-dev-jateng"),
            system: folder.to_owned(),
        }
    }

    fn dev() -> Names {
        Names { stage: "dev".into(), pack: "jateng".into() }
    }

    /// A file that says of this process that it is the emulator of a stack.
    fn write(system: &Path, pack: &str, local: &Local) {
        let names = Names { stage: "dev".into(), pack: pack.into() };
        Local { folder: system.join(names.stack()), names, ..local.clone() }.save().unwrap();
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let local = local(folder.path());
        local.save().unwrap();
        let text = std::fs::read_to_string(local.folder.join(FILE)).unwrap();
        let read: Local = serde_json::from_str(&text).unwrap();
        assert_eq!(Local { folder: local.folder.clone(), system: local.system.clone(), ..read }, local);
        assert_eq!(local.api_url().unwrap(), "http://127.0.0.1:4580/_aws/execute-api/f00");
        assert_eq!(local.open311_url().unwrap(), "http://127.0.0.1:4580/_aws/lambda-url/def");
        assert_eq!(local.webhook_url().unwrap(), "https://abc.lambda-url.ap-southeast-3.on.aws/");
    }

    #[test]
    fn one_that_has_ended_is_not_running() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Local::find(folder.path(), &dev()).unwrap(), None);
        local(folder.path()).save().unwrap();
        assert_eq!(Local::find(folder.path(), &dev()).unwrap(), None);
        assert_eq!(Local::of_system(folder.path()).unwrap(), []);
        insta::assert_snapshot!(Local::running(folder.path(), &dev()).unwrap_err(), @"
        the local system is not running
          what to do: start it with: cargo kemala up
        ");
    }

    #[test]
    fn stacks_of_one_system_are_found_by_their_names() {
        let home = tempfile::tempdir().unwrap();
        let system = home.path().join("local");
        // What a running emulator looks like: a process with its name in the command line.
        let mut sleeper = std::process::Command::new("sh");
        let sleeper = sleeper.args(["-c", "read x # ministack"]).stdin(std::process::Stdio::piped());
        let mut sleeper = sleeper.spawn().unwrap();
        let emulator = serde_json::json!({"port": 4580, "pid": sleeper.id()});
        let emulator: Emulator = serde_json::from_value(emulator).unwrap();
        // The name is there a moment after the process is.
        while !emulator.is_running() {
            std::thread::yield_now();
        }
        let running = Local { emulator, ..local(&system) };
        write(&system, "blora", &running);
        write(&system, "alpha", &running);
        let stacks = |locals: Vec<Local>| locals.iter().map(|local| local.names.stack()).collect::<Vec<_>>().join(" ");
        let (found, all) = (Local::of_system(&system), Local::all(home.path()));
        let one = Local::find(&system, &Names { stage: "dev".into(), pack: "blora".into() });
        let other = Local::running(&system, &dev());
        drop(sleeper.stdin.take());
        sleeper.wait().unwrap();
        assert_eq!(stacks(found.unwrap()), "kemala-dev-alpha kemala-dev-blora");
        assert_eq!(stacks(all.unwrap()), "kemala-dev-alpha kemala-dev-blora");
        assert_eq!(one.unwrap().unwrap().names.pack, "blora");
        insta::assert_snapshot!(other.unwrap_err(), @"
        kemala-dev-jateng is not running, but kemala-dev-alpha, kemala-dev-blora
          what to do: name the stage and pack of one with KEMALA_STAGE and KEMALA_PACK, or start it with: cargo kemala up
        ");
    }

    #[test]
    fn a_broken_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let stack = folder.path().join(dev().stack());
        std::fs::create_dir_all(&stack).unwrap();
        std::fs::write(stack.join(FILE), "{").unwrap();
        assert!(Local::find(folder.path(), &dev()).unwrap_err().to_string().contains("delete the file"));
    }

    #[test]
    fn secrets_differ() {
        assert_eq!(random_secret().len(), 32);
        assert_ne!(random_secret(), random_secret());
    }
}
