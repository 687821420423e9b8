//! The SAM CLI, pointed at the emulator and at nothing else.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, anyhow, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::state::Local;
use super::venv::{LAMBDA, SAM, Venv};
use super::workspace::Workspace;
use crate::names::Names;
use crate::problem::Problem;
use crate::progress::{Progress, Step};
use crate::target::Target;

/// Parameters that are the same here as in `samconfig.toml`'s `dev`.
const AS_SHIPPED: [&str; 9] = [
    "PeopleTopicArn=none",
    "AlarmTopicArn=none",
    "TableProtection=off",
    "Tracing=PassThrough",
    "AccountConcurrency=10",
    "PublicConcurrency=0",
    "DeskDomain=none",
    "ApiDomain=none",
    "CertificateArn=none",
];

/// Deploys a template as the stack of these names, and waits until it stands.
pub(super) async fn deploy(
    venv: &Venv,
    workspace: &Workspace,
    target: &Target,
    names: &Names,
    x_api_url: &str,
    template: &Path,
    step: &Step,
) -> Result<()> {
    let mut command = sam(venv, workspace, target);
    command
        .args(["deploy", "--config-file"])
        .arg(workspace.root().join("samconfig.toml"))
        .args(["--config-env", &environment(workspace, names)?]);
    command.args(["--no-confirm-changeset", "--no-progressbar", "--template-file"]).arg(template);
    command.args(["--stack-name", &names.stack(), "--parameter-overrides"]).args(parameters(names, target, x_api_url));
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("the SAM CLI does not start")?;
    let out = child.stdout.take().context("the SAM CLI has no output")?;
    let err = child.stderr.take().context("the SAM CLI has no error output")?;
    let (said, remarked) = tokio::try_join!(follow(out, step), follow(err, step))?;
    if !child.wait().await?.success() {
        bail!("sam deploy failed:\n{said}\n{remarked}");
    }
    Ok(())
}

/// What `sam build` makes, for the deployment of these names: the template that it has written, with the artefacts.
///
/// Functions are built for AWS by cargo-lambda, which takes minutes, or taken from `prebuilt/<function>/bootstrap`.
///
/// # Errors
/// Where a function does not build, or is refused by `infra/check-artefact.sh`.
pub async fn build(workspace: &Workspace, local: &Local, prebuilt: Option<&Path>) -> Result<PathBuf> {
    let progress = Progress::on_stderr();
    let venv = Venv::ensure(SAM, &workspace.home(), &progress).await?;
    let folder = local.folder.join("built");
    let mut command = sam(&venv, workspace, &local.target);
    command.args(["build", "--config-env", &local.names.stage, "--build-dir"]).arg(&folder);
    command.arg("--parameter-overrides").args(parameters(&local.names, &local.target, &local.x()?.url()));
    command.env("ARCHITECTURE", architecture());
    match prebuilt {
        Some(prebuilt) => command.env("KEMALA_PREBUILT", prebuilt),
        None => {
            let lambda = Venv::ensure(LAMBDA, &workspace.home(), &progress).await?;
            let path = std::env::var_os("PATH").unwrap_or_default();
            let programs = lambda.program("cargo-lambda").parent().map(Path::to_owned).unwrap_or_default();
            let path = std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&path)))?;
            command.env("PATH", path).env_remove("KEMALA_PREBUILT")
        }
    };
    let output = command.output().await.context("the SAM CLI does not start")?;
    if !output.status.success() {
        bail!(
            "sam build failed:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(folder.join("template.yaml"))
}

/// Deploys what [`build`] made over a system that runs: an update in place, as on AWS.
///
/// # Errors
/// Where the SAM CLI fails; what it said is in the error.
pub async fn deploy_built(workspace: &Workspace, local: &Local, template: &Path) -> Result<()> {
    let progress = Progress::on_stderr();
    let venv = Venv::ensure(SAM, &workspace.home(), &progress).await?;
    let step = progress.step("deployment");
    deploy(&venv, workspace, &local.target, &local.names, &local.x()?.url(), template, &step).await
}

/// The environment of `samconfig.toml` that deploys a stack: the one that names it.
fn environment(workspace: &Workspace, names: &Names) -> Result<String> {
    let file = workspace.root().join("samconfig.toml");
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let config: toml::Table = toml::from_str(&text).with_context(|| file.display().to_string())?;
    let stack = names.stack();
    let deploys = |environment: &toml::Value| {
        let name = environment.get("deploy")?.get("parameters")?.get("stack_name")?;
        name.as_str().map(|name| name == stack)
    };
    let found = config.iter().find(|(_, environment)| deploys(environment) == Some(true));
    found.map(|(name, _)| name.clone()).ok_or_else(|| {
        let what = format!("samconfig.toml has no environment that deploys {stack}");
        let name = stack.trim_start_matches("kemala-");
        let remedy = format!("add [{name}.global.parameters] and [{name}.deploy.parameters], as those of other packs");
        anyhow!(Problem::new(what, remedy))
    })
}

/// Checks a template; what is wrong is in the error.
pub async fn lint(venv: &Venv, workspace: &Workspace) -> Result<()> {
    let mut command = sam(venv, workspace, &Target::emulator(0));
    command.args(["validate", "--config-env", "dev", "--lint", "--template-file"]).arg(workspace.template());
    let output = command.output().await.context("the SAM CLI does not start")?;
    if !output.status.success() {
        bail!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// The program in an environment in which it can reach only the target.
fn sam(venv: &Venv, workspace: &Workspace, target: &Target) -> Command {
    let mut command = Command::new(venv.program("sam"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AWS_") || text.starts_with("SAM_CLI_") {
            command.env_remove(&name);
        }
    }
    command
        .current_dir(workspace.root())
        .env("AWS_ENDPOINT_URL", &target.endpoint)
        .env("AWS_ACCESS_KEY_ID", &target.keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &target.keys.secret_access_key)
        .env("AWS_DEFAULT_REGION", &target.region)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("SAM_CLI_TELEMETRY", "0")
        // Seconds between two looks at the stack.
        .env("SAM_CLI_POLL_DELAY", "0.3")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// This machine's, as the template has it.
fn architecture() -> &'static str {
    if std::env::consts::ARCH == "aarch64" { "arm64" } else { "x86_64" }
}

fn parameters(names: &Names, target: &Target, x_api_url: &str) -> Vec<String> {
    let pack = format!("file://{}", Workspace::stack_parameters(&names.pack));
    // The address that browsers call the emulator by: what it says of the user pool repeats it.
    let cognito = target.endpoint.replace("127.0.0.1", "localhost");
    let ours = [
        format!("Stage={}", names.stage),
        format!("Architecture={}", architecture()),
        format!("XApiUrl={x_api_url}"),
        format!("CognitoUrl={cognito}"),
        pack,
    ];
    ours.into_iter().chain(AS_SHIPPED.map(str::to_owned)).collect()
}

/// Reads to the end, shows each line in passing, and gives back all of it.
async fn follow(output: impl tokio::io::AsyncRead + Unpin, step: &Step) -> Result<String> {
    let mut lines = BufReader::new(output).lines();
    let mut all = String::new();
    while let Some(line) = lines.next_line().await? {
        if !line.trim().is_empty() {
            step.now(line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        all.push_str(&line);
        all.push('\n');
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_deployed_by_the_environment_that_names_it() {
        let workspace = Workspace::find().unwrap();
        let of = |stage: &str, pack: &str| environment(&workspace, &Names { stage: stage.into(), pack: pack.into() });
        assert_eq!(of("staging", "jateng").unwrap(), "staging");
        assert_eq!(of("prod", "kota-yogyakarta").unwrap(), "prod-kota-yogyakarta");
        insta::assert_snapshot!(of("dev", "atlantis").unwrap_err(), @"
        samconfig.toml has no environment that deploys kemala-dev-atlantis
          what to do: add [dev-atlantis.global.parameters] and [dev-atlantis.deploy.parameters], as those of other packs
        ");
    }
}
