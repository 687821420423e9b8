//! The deploy guide, rehearsed: its commands are run by a shell, in their order, with the tests' emulator in AWS's place.

use std::fmt::Write;
use std::process::Stdio;

use anyhow::{Result, ensure};
use kemala::local::{SAM, SAMPLES, Venv, Workspace};
use kemala::progress::Progress;
use tokio::process::Command;

use super::markdown::Document;
use crate::readme::parameters;
use crate::world::world;

/// The first line of a block that the emulator cannot follow; what it is about stands in `emulator.md`.
const NOT_HERE: &str = "# Not on the emulator";

/// What the reader has done before, taken back; commands of ours, which have stories of their own; and a yes to the change
/// set. A second stage is deployed like the first.
const READER: &str = r#"
# Version 1 of the AWS CLI, which is the one on PyPI, has an address of its own for SQS.
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
poller=kemala-prod-jateng-poller-DINKES
for key in $(aws iam list-access-keys --user-name $poller --query 'AccessKeyMetadata[].AccessKeyId' --output text); do
  aws iam delete-access-key --user-name $poller --access-key-id "$key"
done
aws iam delete-user-policy --user-name $poller --policy-name may-poll
aws iam delete-user --user-name $poller
pool=$(aws cloudformation describe-stacks --stack-name kemala-prod-jateng --output text \
  --query "Stacks[0].Outputs[?OutputKey=='DeskUserPoolId'].OutputValue")
aws cognito-idp admin-delete-user --user-pool-id "$pool" --username sari
cargo() { :; }
sam() {
  case "$*" in
    *staging*) ;;
    deploy*) command sam "$@" --no-confirm-changeset --no-progressbar --parameter-overrides $parameters ;;
    *) command sam "$@" ;;
  esac
}
"#;

/// The script: each block after a line that says where it stands.
fn script(guide: &str) -> String {
    let failed = "trap 'echo \"the block at line $at of deploy.md failed\" >&2' ERR";
    let mut script = format!("{READER}\nset -eEuo pipefail\n{failed}\n");
    for block in Document::read(guide).commands {
        if !block.text.starts_with(NOT_HERE) {
            let _ = write!(script, "at={}\n{}", block.line, block.text);
        }
    }
    script
}

#[tokio::test]
async fn the_deploy_guide_can_be_followed_on_the_emulator() -> Result<()> {
    let world = world().await?;
    let workspace = Workspace::find()?;
    let guide = std::fs::read_to_string(workspace.root().join("infra/guides/deploy.md"))?;
    let (home, progress) = (workspace.home(), Progress::on_stderr());
    let (sam, aws) = tokio::try_join!(Venv::ensure(SAM, &home, &progress), Venv::ensure(SAMPLES, &home, &progress))?;
    let programs = [sam.program(""), aws.program("")].map(|folder| folder.display().to_string()).join(":");
    let target = &world.local.target;
    // The guide writes files with keys to the home folder.
    let reader = home.join("reader");
    std::fs::create_dir_all(&reader)?;
    let output = Command::new("bash")
        .args(["-c", &script(&guide)])
        .current_dir(workspace.root())
        .env("PATH", format!("{programs}:{}", std::env::var("PATH")?))
        .env("HOME", &reader)
        .env("parameters", parameters(&workspace, "prod", target)?.join(" "))
        .env("KEMALA_PREBUILT", world.local.functions())
        .env("AWS_ENDPOINT_URL", &target.endpoint)
        .env("AWS_ACCESS_KEY_ID", &target.keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &target.keys.secret_access_key)
        .env("AWS_DEFAULT_REGION", &target.region)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("SAM_CLI_TELEMETRY", "0")
        .env("SAM_CLI_POLL_DELAY", "0.2")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if said.contains("needs glibc") {
        println!("skipped: this machine's C library is newer than Amazon Linux 2023's");
        return Ok(());
    }
    ensure!(output.status.success(), "{said}");
    Ok(())
}

#[test]
fn blocks_for_aws_alone_are_left_out() {
    let script = script("```sh\naws a\n```\n```sh\n# Not on the emulator\naws b\n```\n```json\n{}\n```\n");
    assert!(script.ends_with("at=2\naws a\n"), "{script}");
}
