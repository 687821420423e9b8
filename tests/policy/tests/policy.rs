//! Violations that are planted, and what each check says of them.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Result, ensure};
use kemala::local::Workspace;
use kemala::policy::{Advisories, Policy};
use kemala::progress::Progress;
use serde_json::json;
use tempfile::{TempDir, tempdir};
use tokio::process::Command;
use tokio::sync::OnceCell;

static POLICY: OnceCell<(Workspace, Policy)> = OnceCell::const_new();

/// The sources, and the tools that check.
async fn tools() -> Result<&'static (Workspace, Policy)> {
    POLICY
        .get_or_try_init(async || {
            let workspace = Workspace::find()?;
            let policy = Policy::ensure(&workspace, &Progress::silent()).await?;
            Ok((workspace, policy))
        })
        .await
}

/// What a check says; an error where it is content.
async fn findings(check: &mut Command) -> Result<String> {
    let said = check.stdin(Stdio::null()).output().await?;
    let text = format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    ensure!(!said.status.success(), "it finds nothing:\n{text}");
    Ok(text)
}

/// A folder that git tracks, with these files.
async fn tracked(files: &[(&str, String)]) -> Result<TempDir> {
    let folder = tempdir()?;
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
        fs::write(path, text)?;
    }
    for arguments in [["init", "--quiet"], ["add", "--all"]] {
        let done = Command::new("git").arg("-C").arg(folder.path()).args(arguments).status().await?;
        ensure!(done.success(), "git {arguments:?} failed");
    }
    Ok(folder)
}

/// Writes a crate without code.
fn package(folder: &Path, name: &str, version: &str, licence: &str, rest: &str) -> Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let head = format!("name = \"{name}\"\nversion = \"{version}\"\nlicense = \"{licence}\"");
    let manifest = format!("[package]\n{head}\nedition = \"2024\"\npublish = false\n{rest}");
    Ok(fs::write(folder.join("Cargo.toml"), manifest)?)
}

/// A workspace with these dependencies.
fn workspace_with(dependencies: &str) -> Result<TempDir> {
    let folder = tempdir()?;
    let rest = format!("[dependencies]\n{dependencies}\n[workspace]\n");
    package(folder.path(), "planted", "0.1.0", "Apache-2.0", &rest)?;
    Ok(folder)
}

/// What the project's rules say of a workspace that depends on one crate.
async fn dependency_findings(name: &str, version: &str, licence: &str) -> Result<String> {
    let folder = workspace_with(&format!("{name} = {{ path = \"{name}\" }}"))?;
    package(&folder.path().join(name), name, version, licence, "")?;
    rules_say(&folder).await
}

async fn rules_say(folder: &TempDir) -> Result<String> {
    let (workspace, policy) = tools().await?;
    findings(&mut policy.dependencies(folder.path(), &workspace.root().join("deny.toml"))).await
}

#[tokio::test]
async fn a_second_tls_stack_is_banned() -> Result<()> {
    for (name, version) in [("native-tls", "0.2.14"), ("openssl", "0.10.70"), ("ring", "0.17.14"), ("rustls", "0.22.4")]
    {
        let said = dependency_findings(name, version, "MIT").await?;
        assert!(said.contains("error[banned]") && said.contains("one TLS stack"), "{name}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_licence_that_is_not_on_the_list_is_rejected() -> Result<()> {
    let said = dependency_findings("copyleft", "1.0.0", "GPL-3.0-only").await?;
    assert!(said.contains("error[rejected]") && said.contains("GPL-3.0-only"), "{said}");
    Ok(())
}

#[tokio::test]
async fn two_versions_of_a_crate_are_found() -> Result<()> {
    // Outside of the workspace: within it they would be two members of one name.
    let versions = tempdir()?;
    let mut dependencies = String::new();
    for version in ["1", "2"] {
        let folder = versions.path().join(version);
        package(&folder, "twice", &format!("{version}.0.0"), "MIT", "")?;
        let path = folder.display();
        dependencies += &format!("twice{version} = {{ package = \"twice\", path = \"{path}\" }}\n");
    }
    let said = rules_say(&workspace_with(&dependencies)?).await?;
    assert!(said.contains("error[duplicate]") && said.contains("twice"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_crate_from_elsewhere_than_crates_io_is_found() -> Result<()> {
    let elsewhere = tempdir()?;
    package(elsewhere.path(), "elsewhere", "1.0.0", "MIT", "")?;
    let who = ["-c", "user.name=kemala", "-c", "user.email=kemala@localhost"];
    for arguments in [&["init", "--quiet"][..], &["add", "--all"], &["commit", "--quiet", "--message", "planted"]] {
        let done = Command::new("git").arg("-C").arg(elsewhere.path()).args(who).args(arguments).status().await?;
        ensure!(done.success(), "git {arguments:?} failed");
    }
    let folder = workspace_with(&format!("elsewhere = {{ git = \"file://{}\" }}", elsewhere.path().display()))?;
    let said = rules_say(&folder).await?;
    assert!(said.contains("error[source-not-allowed]"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_known_advisory_about_a_dependency_is_found() -> Result<()> {
    let (workspace, policy) = tools().await?;
    let folder = tempdir()?;
    let database = folder.path().join("database");
    fs::create_dir_all(database.join("crates/serde"))?;
    let advisory = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"serde\"\ndate = \"2026-11-01\"\n\
                    [versions]\npatched = []\n```\n\n# Planted\n\nNot a word of it is true.\n";
    fs::write(database.join("crates/serde/RUSTSEC-2026-9999.md"), advisory)?;
    let rules = folder.path().join("deny.toml");
    let cache = folder.path().join("cache");
    fs::write(&rules, format!("[advisories]\ngit-fetch-with-cli = true\ndb-path = \"{}\"\n", cache.display()))?;
    let planted = Advisories::given(&database, &folder.path().join("repository")).await?;
    let said = findings(&mut policy.advisories(workspace.root(), &rules, &planted)).await?;
    assert!(said.contains("RUSTSEC-2026-9999") && said.contains("Planted"), "{said}");
    Ok(())
}

#[tokio::test]
async fn what_is_no_database_of_advisories_is_refused() -> Result<()> {
    let folder = tempdir()?;
    let archive = folder.path().join("empty.tar");
    fs::write(folder.path().join("something"), "")?;
    let mut pack = Command::new("tar");
    pack.arg("-cf").arg(&archive).arg("-C").arg(folder.path()).arg("something");
    ensure!(pack.status().await?.success(), "tar failed");
    let refused = Advisories::given(&archive, &folder.path().join("repository")).await;
    assert!(refused.is_err_and(|error| error.to_string().contains("no database of advisories")));
    Ok(())
}

/// A list of accepted findings with this row.
fn accepted(folder: &Path, row: &str) -> Result<std::path::PathBuf> {
    let list = folder.join("accepted.csv");
    fs::write(&list, format!("what,where,count,why\n{row}\n"))?;
    Ok(list)
}

#[tokio::test]
async fn an_open_port_in_the_template_is_found_and_so_is_a_skip_that_nothing_needs() -> Result<()> {
    let (_, policy) = tools().await?;
    let folder = tempdir()?;
    let plain = folder.path().join("template.json");
    let open = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}]);
    let resources = json!({
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "planted", "SecurityGroupIngress": open}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": "alias/aws/sqs"}},
    });
    fs::write(&plain, json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}).to_string())?;
    let list = accepted(folder.path(), "CKV_AWS_27,AWS::SQS::Queue.*,,stale")?;
    let said = findings(&mut policy.template(&plain, Some(&list))).await?;
    assert!(said.contains("CKV_AWS_24 AWS::EC2::SecurityGroup.Group"), "{said}");
    assert!(said.contains("CKV_AWS_27 AWS::SQS::Queue.*: accepted (any), found 0"), "{said}");
    Ok(())
}

#[tokio::test]
async fn secrets_in_tracked_files_are_found_and_not_shown() -> Result<()> {
    let (_, policy) = tools().await?;
    // Put together here, so that this file has none.
    let key = ["AK", "IA", "IOSFODNN7", "PLANTED"].concat();
    let token = ["gh", "p_", &"aB3dE6gH9".repeat(4)].concat();
    let pem = ["-----BEGIN RSA PRIVATE", " KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE", " KEY-----\n"].concat();
    let planted = tracked(&[
        ("src/aws.rs", format!("const KEY: &str = \"{key}\";\n")),
        ("src/github.rs", format!("const TOKEN: &str = \"{token}\";\n")),
        ("keys/x.pem", pem),
        ("clean.rs", "fn nothing() {}\n".to_owned()),
    ])
    .await?;
    let list = accepted(planted.path(), "Private Key,gone.pem,1,stale")?;
    let said = findings(&mut policy.secrets(planted.path(), Some(&list))).await?;
    for line in
        ["src/aws.rs:1: AWS Access Key", "src/github.rs:1: GitHub Token", "keys/x.pem:1: Private Key", "gone.pem"]
    {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(!said.contains("clean.rs"), "{said}");
    assert!(!said.contains(&key) && !said.contains(&token), "the secret itself is not told");
    Ok(())
}

const WORKFLOW: &str = "name: planted\non: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - STEP\n";

#[tokio::test]
async fn a_workflow_that_github_would_not_read_is_found() -> Result<()> {
    let (_, policy) = tools().await?;
    let text = WORKFLOW.replace("STEP", "run: 'true'").replace("runs-on", "runs-onn");
    let planted = tracked(&[(".github/workflows/ci.yml", text)]).await?;
    let mut checks = policy.workflow_forms(planted.path())?;
    assert_eq!(checks.len(), 1, "there is no dependabot file");
    let said = findings(&mut checks[0]).await?;
    assert!(said.contains("runs-onn") || said.contains("not valid under any"), "{said}");
    Ok(())
}

#[tokio::test]
async fn an_action_that_is_not_pinned_is_found() -> Result<()> {
    let (_, policy) = tools().await?;
    let text = WORKFLOW.replace("STEP", "uses: actions/checkout@v6");
    let planted = tracked(&[(".github/workflows/ci.yml", text)]).await?;
    let said = findings(&mut policy.workflow_safety(planted.path())).await?;
    assert!(said.contains("unpinned-uses") && said.contains("excessive-permissions"), "{said}");
    Ok(())
}
