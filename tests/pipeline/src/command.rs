//! `cargo kemala`, as people run it, on the tests' own system.

use std::process::{Output, Stdio};

use anyhow::{Context, Result, ensure};
use kemala::local::Workspace;
use kemala::target::Target;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::world::system;

/// What a command said, and how it ended.
pub struct Said {
    /// Whether all was well.
    pub well: bool,
    /// Its lines of JSON.
    pub lines: Vec<Value>,
    /// What it told people.
    pub told: String,
}

/// Runs a command: whether all was well, and its lines of JSON.
pub async fn kemala(arguments: &[&str]) -> Result<(bool, Vec<Value>)> {
    let Said { well, lines, .. } = run(command(arguments)?, arguments, "").await?;
    Ok((well, lines))
}

/// Runs a command that reads its standard input.
pub async fn kemala_given(arguments: &[&str], input: &str) -> Result<(bool, Vec<Value>)> {
    let Said { well, lines, .. } = run(command(arguments)?, arguments, input).await?;
    Ok((well, lines))
}

/// Runs a command as on AWS, by keys and an endpoint of the environment.
pub async fn kemala_as_on_aws(arguments: &[&str], target: &Target) -> Result<Said> {
    let mut command = command(arguments)?;
    command
        .env("AWS_ENDPOINT_URL", &target.endpoint)
        .env("AWS_ACCESS_KEY_ID", &target.keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &target.keys.secret_access_key)
        .env_remove("AWS_SESSION_TOKEN");
    run(command, arguments, "").await
}

fn command(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["kemala"])
        .args(arguments)
        .arg("--json")
        .current_dir(Workspace::find()?.root())
        .env_remove("CARGO_MANIFEST_DIR")
        .env("KEMALA_SYSTEM", system())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

async fn run(mut command: Command, arguments: &[&str], input: &str) -> Result<Said> {
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().context("a standard input")?;
    stdin.write_all(input.as_bytes()).await?;
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().await?;
    let told = String::from_utf8_lossy(&stderr).into_owned();
    ensure!(matches!(status.code(), Some(0 | 1)), "{arguments:?}: {told}");
    let lines = String::from_utf8(stdout)?;
    let lines = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>().with_context(|| lines.clone())?;
    Ok(Said { well: status.success(), lines, told })
}
