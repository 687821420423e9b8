//! The guides of `infra/guides`: every command in them is one, every link leads somewhere, and the commands of the
//! deploy guide are run.

mod markdown;
mod rehearsal;
mod shell;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use clap::{CommandFactory, Parser};
use kemala::cli::Cli;
use kemala::local::{SAM, SAMPLES, Venv, Workspace};
use kemala::progress::Progress;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use self::markdown::Document;
use self::shell::PLACEHOLDER;

/// What a reader may put where a guide leaves something open in a `cargo kemala` command.
const VALUES: [&str; 7] = ["DINKES", "KJ-45RQ0X8XD", "2026-11-24", "2026-11", "1", "36h", "a.json"];
/// Words that stand for such a thing in commands within a sentence.
const OPEN_WORDS: [&str; 9] = ["CODE", "DATE", "FILE", "FOLDER", "ID", "NAME", "NUMBER", "TICKET", "VERSION"];

/// Every guide, by its path.
fn guides() -> Result<BTreeMap<PathBuf, Document>> {
    let folder = Workspace::find()?.root().join("infra/guides");
    let mut guides = BTreeMap::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            guides.insert(path.clone(), Document::read(&std::fs::read_to_string(&path)?));
        }
    }
    Ok(guides)
}

/// A command of a guide, and where it stands.
struct Told {
    place: String,
    words: Vec<String>,
}

/// All commands that begin with a program's name.
fn told(program: &str) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    for (path, guide) in guides()? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for block in guide.commands {
            for command in shell::commands(&block.text) {
                if command.words[0] == program {
                    let place = format!("infra/guides/{name}:{}", block.line + command.line);
                    all.push(Told { place, words: command.words });
                }
            }
        }
    }
    Ok(all)
}

fn none(faults: &[String]) -> Result<()> {
    ensure!(faults.is_empty(), "\n{}", faults.join("\n"));
    Ok(())
}

/// What the AWS CLI's definitions have against each line of arguments.
async fn aws_faults(lines: &[&[String]]) -> Result<Vec<Option<String>>> {
    let workspace = Workspace::find()?;
    let venv = Venv::ensure(SAMPLES, &workspace.home(), &Progress::on_stderr()).await?;
    let mut python = Command::new(venv.program("python"))
        .arg(workspace.root().join("tests/pipeline/guides/aws_commands.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut stdin = python.stdin.take().context("no input")?;
    stdin.write_all(&serde_json::to_vec(lines)?).await?;
    drop(stdin);
    let output = python.wait_with_output().await?;
    ensure!(output.status.success(), "aws_commands.py ended with {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}

#[tokio::test]
async fn every_aws_command_is_one() -> Result<()> {
    let told = told("aws")?;
    ensure!(told.len() > 40, "the guides have lost their commands");
    let lines: Vec<_> = told.iter().map(|told| &told.words[1..]).collect();
    let faults = told
        .iter()
        .zip(aws_faults(&lines).await?)
        .filter_map(|(told, error)| Some(format!("{}: {}\n    {}", told.place, error?, told.words.join(" "))));
    none(&faults.collect::<Vec<_>>())
}

#[tokio::test]
async fn faults_of_aws_commands_are_told() -> Result<()> {
    let lines = [
        "sqs get-queue-url --queue-name \u{fffd}",
        "sqs get-queue-url",
        "sqs get-queue-url --queue-name x --queue y",
        "sqs look-at-queue",
        "lambda put-function-concurrency --function-name x --reserved-concurrent-executions many",
        "logs filter-log-events --log-group-name x --query events[*",
        "sqs set-queue-attributes --queue-url x --attributes VisibilityTimeout",
    ];
    let lines: Vec<Vec<String>> =
        lines.iter().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect();
    let faults = aws_faults(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>()).await?;
    assert_eq!(faults[0], None);
    assert!(faults[1..].iter().all(Option::is_some), "{faults:?}");
    Ok(())
}

#[test]
fn every_kemala_command_is_one() -> Result<()> {
    let told = told("cargo")?;
    let kemala = told.iter().filter(|told| told.words.get(1).is_some_and(|word| word == "kemala"));
    none(&kemala.filter_map(|told| Some(format!("{}: {}", told.place, fault(&told.words[1..])?))).collect::<Vec<_>>())
}

#[test]
fn every_kemala_command_in_a_sentence_is_one() -> Result<()> {
    let mut faults = Vec::new();
    for (path, guide) in guides()? {
        for (line, code) in guide.inline {
            let Some(command) = shell::commands(&code).into_iter().next() else { continue };
            if command.words.len() < 3 || command.words[..2] != ["cargo", "kemala"] || is_name(&command.words[2..]) {
                continue;
            }
            let words =
                command.words[1..].iter().map(|word| match OPEN_WORDS.contains(&word.as_str()) || word == "…" {
                    true => PLACEHOLDER.to_string(),
                    false => word.clone(),
                });
            if let Some(fault) = fault(&words.collect::<Vec<_>>()) {
                faults.push(format!("{}:{line}: `{code}`: {fault}", path.display()));
            }
        }
    }
    none(&faults)
}

/// Whether a command is only named: `pack check`, `erase …`.
fn is_name(words: &[String]) -> bool {
    let cli = Cli::command();
    let mut command = &cli;
    for word in words {
        match command.find_subcommand(word) {
            Some(known) => command = known,
            None => return word == "…",
        }
    }
    true
}

/// Why no way to fill in the placeholders makes a command line of `cargo kemala`.
fn fault(words: &[String]) -> Option<String> {
    let cli = Cli::command();
    let command = words.get(1)?;
    if cli.find_subcommand(command).is_none() {
        return Some(format!("there is no command {command}"));
    }
    let open = words.iter().filter(|word| word.contains(PLACEHOLDER)).count();
    let mut first = None;
    for choice in 0..VALUES.len().pow(u32::try_from(open.min(4)).unwrap_or_default()) {
        let mut choice = choice;
        let filled = words.iter().map(|word| {
            if !word.contains(PLACEHOLDER) {
                return word.clone();
            }
            let value = VALUES[choice % VALUES.len()];
            choice /= VALUES.len();
            word.replace(PLACEHOLDER, value)
        });
        match Cli::try_parse_from(filled.collect::<Vec<_>>()) {
            Ok(_) => return None,
            Err(error) if !error.use_stderr() => return None,
            Err(error) => first = first.or(Some(error.to_string())),
        }
    }
    first
}

#[test]
fn faults_of_kemala_commands_are_told() {
    let fault = |line: &str| fault(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(fault("kemala ping \u{fffd} --wait 60"), None);
    assert_eq!(fault("kemala redeliver \u{fffd} --since \u{fffd}"), None);
    assert_eq!(fault("kemala --help"), Some("there is no command --help".to_owned()));
    assert!(fault("kemala ping dinkes").unwrap().contains("dinkes"));
    assert!(fault("kemala ping \u{fffd} --wiat 60").unwrap().contains("--wiat"));
}

#[tokio::test]
async fn every_sam_command_is_one() -> Result<()> {
    let workspace = Workspace::find()?;
    let venv = Venv::ensure(SAM, &workspace.home(), &Progress::on_stderr()).await?;
    let mut help: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for told in told("sam")? {
        let Some(command) = told.words.get(1).filter(|word| !word.starts_with('-')) else { continue };
        if !help.contains_key(command) {
            let output = Command::new(venv.program("sam"))
                .args([command, "--help"])
                // Wide enough that no name of an option is broken.
                .env("COLUMNS", "300")
                .env("SAM_CLI_TELEMETRY", "0")
                .current_dir(workspace.root())
                .output()
                .await?;
            let text = if output.status.success() {
                String::from_utf8_lossy(&output.stdout).into_owned()
            } else {
                String::new()
            };
            help.insert(command.clone(), text);
        }
        let known: BTreeSet<_> = help[command]
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .filter(|word| word.starts_with("--"))
            .collect();
        if known.is_empty() {
            faults.push(format!("{}: there is no command sam {command}", told.place));
        }
        for option in told.words[2..].iter().filter(|word| word.starts_with("--")) {
            let name = option.split('=').next().unwrap_or_default();
            if !known.contains(name) {
                faults.push(format!("{}: sam {command} has no option {name}", told.place));
            }
        }
    }
    none(&faults)
}

#[test]
fn every_link_leads_somewhere() -> Result<()> {
    let mut documents = guides()?;
    let readme = Workspace::find()?.root().join("README.md");
    documents.insert(readme.clone(), Document::read(&std::fs::read_to_string(&readme)?));
    let mut faults = Vec::new();
    for (path, document) in &documents {
        for (line, link) in &document.links {
            if let Some(what) = dead(path, link)? {
                faults.push(format!("{}:{line}: {link}: {what}", path.display()));
            }
        }
    }
    none(&faults)
}

/// What is wrong with a link of a document.
fn dead(from: &Path, link: &str) -> Result<Option<String>> {
    if link.starts_with("https://") || link.starts_with("mailto:") {
        return Ok(None);
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let to = if file.is_empty() { from.to_owned() } else { from.with_file_name(file) };
    if !to.exists() {
        return Ok(Some("no such file".to_owned()));
    }
    if anchor.is_empty() {
        return Ok(None);
    }
    let anchors = Document::read(&std::fs::read_to_string(&to)?).anchors;
    Ok((!anchors.iter().any(|known| known == anchor)).then(|| "no such heading".to_owned()))
}

#[test]
fn every_guide_is_in_the_index() -> Result<()> {
    let guides = guides()?;
    let index = guides.iter().find(|(path, _)| path.ends_with("README.md")).context("there is no index")?.1;
    let listed: BTreeSet<_> = index.links.iter().map(|(_, link)| link.as_str()).collect();
    let names = guides.keys().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let unlisted = names.filter(|name| name != "README.md" && !listed.contains(name.as_str()));
    none(&unlisted.map(|name| format!("infra/guides/README.md does not list {name}")).collect::<Vec<_>>())
}
