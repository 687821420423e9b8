//! Every command of the README is run, in its order, as a newcomer would: on a system of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use kemala::local::{SAM, Venv, Workspace};
use kemala::progress::Progress;
use kemala::target::Target;

use crate::world::{World, world};

/// Commands in the README's `sh` blocks.
fn commands(readme: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line.trim_end() {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside => commands.push(command.to_owned()),
            _ => {}
        }
    }
    commands
}

/// Words of a command line, double quotes kept together.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

struct Newcomer<'a> {
    world: &'a World,
    workspace: Workspace,
    port: String,
    sam: PathBuf,
}

impl Newcomer<'_> {
    fn cargo(&self, arguments: &[String]) -> Result<Output> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).current_dir(self.workspace.root());
        // Cargo tells its tests about this crate; the newcomer's shell knows nothing of it.
        cargo.env_remove("CARGO_MANIFEST_DIR");
        cargo.env("KEMALA_SYSTEM", "readme").env("KEMALA_PORT", &self.port);
        Ok(cargo.output()?)
    }

    /// The SAM CLI, with the tests' emulator in AWS's place and this machine's binaries in cargo-lambda's.
    fn sam(&self, arguments: &[String], binaries: &Path) -> Result<Output> {
        let mut sam = Command::new(&self.sam);
        sam.args(arguments).current_dir(self.workspace.root());
        if arguments.first().is_some_and(|command| command == "deploy") {
            // Nobody is there to say yes to the change set.
            sam.args(["--no-confirm-changeset", "--parameter-overrides"]);
            sam.args(parameters(&self.workspace, "prod", &self.world.local.target)?);
        }
        sam.env("KEMALA_PREBUILT", binaries).env("SAM_CLI_TELEMETRY", "0").env("SAM_CLI_POLL_DELAY", "0.2");
        Ok(in_place_of_aws(&mut sam, &self.world.local.target).output()?)
    }
}

/// Parameters of an environment in `samconfig.toml`, with the emulator in the place of Cognito, whose address they name.
pub fn parameters(workspace: &Workspace, environment: &str, target: &Target) -> Result<Vec<String>> {
    let config: toml::Table = toml::from_str(&std::fs::read_to_string(workspace.root().join("samconfig.toml"))?)?;
    let given = config[environment]["global"]["parameters"]["parameter_overrides"].as_array();
    let given = given.context("samconfig.toml gives no parameters")?.iter().filter_map(toml::Value::as_str);
    let cognito = format!("CognitoUrl={}", target.endpoint);
    Ok(given.map(|one| if one.starts_with("CognitoUrl=") { cognito.clone() } else { one.to_owned() }).collect())
}

fn in_place_of_aws<'a>(command: &'a mut Command, target: &Target) -> &'a mut Command {
    command
        .env("AWS_ENDPOINT_URL", &target.endpoint)
        .env("AWS_ACCESS_KEY_ID", &target.keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &target.keys.secret_access_key)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
}

#[tokio::test]
async fn every_command_of_the_readme_works() -> Result<()> {
    let world = world().await?;
    let workspace = Workspace::find()?;
    let commands = commands(&std::fs::read_to_string(workspace.root().join("README.md"))?);
    ensure!(commands.len() > 8, "the README has lost its commands: {commands:?}");
    let venv = Venv::ensure(SAM, &workspace.home(), &Progress::on_stderr()).await?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
    let binaries = world.local.functions();
    let newcomer = Newcomer { world: &world, workspace, port, sam: venv.program("sam") };
    for command in &commands {
        let words = words(command);
        let (program, arguments) = words.split_first().context("an empty command")?;
        let output = match program.as_str() {
            "cargo" if arguments == ["kemala", "test"] => {
                println!("not run here: {command} (it is what runs this)");
                continue;
            }
            "cargo" => newcomer.cargo(arguments)?,
            "sam" => newcomer.sam(arguments, &binaries)?,
            other => panic!("the README has a command that no test can run: {other}"),
        };
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if program == "sam" && err.contains("needs glibc") {
            println!("skipped: {command} (this machine's C library is newer than Amazon Linux 2023's)");
            continue;
        }
        ensure!(output.status.success(), "{command} ended with {}:\n{out}\n{err}", output.status);
    }
    Ok(())
}

#[test]
fn commands_are_found_and_split() {
    let readme = "text\n```sh\ncargo kemala tweet \"a b\" --json\n```\n```text\nno command\n```\n";
    assert_eq!(commands(readme), ["cargo kemala tweet \"a b\" --json"]);
    assert_eq!(words("cargo kemala tweet \"a b\" --json"), ["cargo", "kemala", "tweet", "a b", "--json"]);
}
