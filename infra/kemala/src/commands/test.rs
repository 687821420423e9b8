//! `test`: all tests, counted, with what is skipped said aloud.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::Outcome;
use crate::cli::{self, Part};
use crate::local::{self, Local, SAM, Venv, Workspace};
use crate::policy::{Advisories, Policy};
use crate::progress::Progress;
use crate::terminal::{BAD, BOLD, GOOD, Table, WARN, json_line, out, styled};

pub(super) async fn run(arguments: cli::Test) -> Result<Outcome> {
    let tester = Tester { workspace: Workspace::find()?, quiet: arguments.json };
    let parts = if arguments.only.is_empty() { Part::value_variants() } else { &arguments.only };
    let mut counts = Vec::new();
    for part in parts {
        tester.say(&heading(&format!("{}: {}", name(*part), about(*part))))?;
        counts.push((name(*part), tester.part(*part).await?));
    }
    let all = counts.iter().fold(Count::default(), |sum, (_, count)| sum.and(*count));
    if arguments.json {
        let parts: serde_json::Map<_, _> =
            counts.into_iter().map(|(name, count)| Ok((name, serde_json::to_value(count)?))).collect::<Result<_>>()?;
        json_line(
            &serde_json::json!({"passed": all.passed, "failed": all.failed, "skipped": all.skipped, "parts": parts}),
        )?;
    } else {
        report(&counts, all)?;
    }
    Ok(Outcome::good_if(all.failed == 0))
}

/// Tests that passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Count {
    const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };

    fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// Runs the parts; what they print goes to stdout, or to stderr where stdout is for JSON.
struct Tester {
    workspace: Workspace,
    quiet: bool,
}

impl Tester {
    async fn part(&self, part: Part) -> Result<Count> {
        match part {
            Part::Format => self.component("fmt", &["--all", "--check"]).await,
            Part::Lint => {
                self.component("clippy", &["--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]).await
            }
            Part::Docs => {
                let mut doc = self.cargo();
                doc.args(["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"]);
                self.check(doc.env("RUSTDOCFLAGS", "-D warnings")).await
            }
            Part::Unit => {
                let mut elsewhere = self.under("tests/pipeline").await?;
                elsewhere.extend(self.under("tests/policy").await?);
                let excluded = elsewhere.iter().flat_map(|package| ["--exclude", &package.name]);
                self.tests(self.cargo().args(["test", "--workspace", "--no-fail-fast"]).args(excluded)).await
            }
            Part::Template => self.template().await,
            Part::Policy => self.policy().await,
            Part::Pipeline => self.pipeline(&[&[]]).await,
            // When every permission has been exercised, it is known whether one is used by nobody.
            Part::Permissions => {
                let runs: [&[&str]; 2] = [
                    &["--ignored", "--nocapture", "permissions::without"],
                    &["--ignored", "permissions::nothing_is_granted"],
                ];
                self.pipeline(&runs).await
            }
        }
    }

    /// Runs stories, once for each list of arguments, and stops their systems afterwards. The binaries run side by side, each
    /// on a system of its own: they wait for it more than they work.
    async fn pipeline(&self, runs: &[&[&str]]) -> Result<Count> {
        let pipeline = self.under("tests/pipeline").await?;
        if pipeline.is_empty() {
            return self.skip("there is no tests/pipeline");
        }
        // Named by target and not by package, so that cargo takes the dependencies that it built for `unit`.
        let targets: Vec<&str> = pipeline.iter().flat_map(Package::tests).collect();
        let test = |targets: &[&str]| {
            let mut cargo = self.cargo();
            cargo.args(["test", "--workspace", "--no-fail-fast"]).args(targets.iter().flat_map(|t| ["--test", t]));
            cargo
        };
        if self.check(test(&targets).arg("--no-run")).await? == Count::FAILED {
            return Ok(Count::FAILED);
        }
        let running = Local::all(&self.workspace.home())?;
        let mut count = Count::default();
        for arguments in runs {
            let told = targets.iter().map(|target| async {
                let mut cargo = test(&[*target]);
                self.tests(cargo.arg("--").args(*arguments)).await
            });
            count = futures::future::try_join_all(told).await?.into_iter().fold(count, Count::and);
        }
        self.stop_all_but(&running).await?;
        Ok(count)
    }

    /// Stops the systems that the tests have started.
    async fn stop_all_but(&self, before: &[Local]) -> Result<()> {
        let was_there = |local: &Local| before.iter().any(|other| other.emulator == local.emulator);
        for local in Local::all(&self.workspace.home())?.iter().filter(|local| !was_there(local)) {
            local.down().await?;
        }
        Ok(())
    }

    fn cargo(&self) -> Command {
        let mut cargo = local::cargo(&self.workspace);
        cargo.stdout(Stdio::piped());
        cargo
    }

    fn say(&self, line: &str) -> Result<()> {
        match self.quiet {
            true => anstream::eprintln!("{line}"),
            false => writeln!(out(), "{line}")?,
        }
        Ok(())
    }

    fn skip(&self, why: &str) -> Result<Count> {
        self.say(&format!("{} {why}", styled(WARN, "skipped:")))?;
        Ok(Count::SKIPPED)
    }

    /// Packages of the workspace in a folder.
    async fn under(&self, folder: &str) -> Result<Vec<Package>> {
        let metadata = ["metadata", "--no-deps", "--format-version", "1"];
        let output =
            self.cargo().args(metadata).stderr(Stdio::inherit()).output().await.context("cargo does not start")?;
        let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo cannot read the workspace")?;
        let folder = self.workspace.root().join(folder);
        Ok(metadata.packages.into_iter().filter(|package| package.manifest_path.starts_with(&folder)).collect())
    }

    /// A check by a component of the toolchain, which not every machine has.
    async fn component(&self, name: &str, arguments: &[&str]) -> Result<Count> {
        let version = self.cargo().args([name, "--version"]).stderr(Stdio::null()).output().await;
        if !version.is_ok_and(|version| version.status.success()) {
            return self.skip(&format!("this toolchain has no cargo {name}; add it with rustup component add"));
        }
        self.check(self.cargo().arg(name).args(arguments)).await
    }

    /// `sam validate --lint` on the template as it is written, cfn-lint on what CloudFormation makes of it.
    async fn template(&self) -> Result<Count> {
        let venv = Venv::ensure(SAM, &self.workspace.home(), &Progress::on_stderr()).await?;
        let written = match local::lint(&venv, &self.workspace).await {
            Ok(()) => {
                self.say("sam validate --lint: no findings")?;
                Count::PASSED
            }
            Err(findings) => {
                self.say(&format!("{findings:#}"))?;
                Count::FAILED
            }
        };
        let mut transformed = Command::new(venv.program("python"));
        transformed.arg(self.workspace.root().join("infra/lint-template.py")).stdout(Stdio::piped());
        Ok(written.and(self.check(&mut transformed).await?))
    }

    /// The sources against the rules, then the rules against what is planted (`tests/policy`).
    async fn policy(&self) -> Result<Count> {
        let policy = Policy::ensure(&self.workspace, &Progress::on_stderr()).await?;
        let root = self.workspace.root();
        let rules = root.join("deny.toml");
        self.say("dependencies: licences, bans, versions, sources (deny.toml)")?;
        let mut count = self.check(&mut policy.dependencies(root, &rules)).await?;
        count = count.and(match Advisories::find(&policy).await? {
            Some(database) => {
                self.say("dependencies: known advisories (deny.toml)")?;
                self.check(&mut policy.advisories(root, &rules, &database)).await?
            }
            None => self.skip(
                "advisories: RustSec's database is out of reach; name an archive or a folder in KEMALA_ADVISORY_DB",
            )?,
        });
        self.say("template: checkov (infra/policy/accepted-template.csv)")?;
        count =
            count.and(self.check(policy.template(&self.plain_template().await?, None).stdout(Stdio::piped())).await?);
        self.say("tracked files: detect-secrets (infra/policy/accepted-secrets.csv)")?;
        count = count.and(self.check(policy.secrets(root, None).stdout(Stdio::piped())).await?);
        self.say("workflows: GitHub's schema, zizmor")?;
        for mut check in policy.workflow_forms(root)? {
            count = count.and(self.check(check.stdout(Stdio::piped())).await?);
        }
        count = count.and(self.check(policy.workflow_safety(root).stdout(Stdio::piped())).await?);
        Ok(count.and(self.tests_under("tests/policy").await?))
    }

    /// What CloudFormation makes of the template for the first pack, as a file. Packs differ in their agencies only.
    async fn plain_template(&self) -> Result<PathBuf> {
        let venv = Venv::ensure(SAM, &self.workspace.home(), &Progress::on_stderr()).await?;
        let mut print = Command::new(venv.program("python"));
        print.arg(self.workspace.root().join("infra/lint-template.py")).arg("--print");
        let printed = print.stderr(Stdio::inherit()).output().await?;
        ensure!(printed.status.success(), "infra/lint-template.py --print failed");
        let file = self.workspace.home().join("template.json");
        let of_packs: std::collections::BTreeMap<String, serde_json::Value> = serde_json::from_slice(&printed.stdout)?;
        let (_, template) = of_packs.into_iter().next().context("infra/packs has no pack")?;
        std::fs::write(&file, template.to_string())?;
        Ok(file)
    }

    /// The integration tests of the packages in a folder.
    async fn tests_under(&self, folder: &str) -> Result<Count> {
        let packages = self.under(folder).await?;
        if packages.is_empty() {
            return self.skip(&format!("there is no {folder}"));
        }
        // Named by target and not by package, so that cargo takes the dependencies that it built for `unit`.
        let targets = packages.iter().flat_map(Package::tests).flat_map(|target| ["--test", target]);
        self.tests(self.cargo().args(["test", "--workspace", "--no-fail-fast"]).args(targets)).await
    }

    /// A command whose exit code is the result.
    async fn check(&self, command: &mut Command) -> Result<Count> {
        let (_, is_good) = self.run(command).await?;
        Ok(if is_good { Count::PASSED } else { Count::FAILED })
    }

    /// `cargo test`, its results added up.
    async fn tests(&self, command: &mut Command) -> Result<Count> {
        let (count, is_good) = self.run(command).await?;
        // What does not even build has no result line.
        Ok(if is_good || count.failed > 0 { count } else { count.and(Count::FAILED) })
    }

    /// Runs a command and shows what it prints: the results in that, and whether it succeeded.
    async fn run(&self, command: &mut Command) -> Result<(Count, bool)> {
        let program = command.as_std().get_program().to_owned();
        let mut child = command.spawn().with_context(|| format!("{} does not start", program.display()))?;
        let mut count = Count::default();
        if let Some(stdout) = child.stdout.take() {
            let mut lines = BufReader::new(stdout).lines();
            while let Some(line) = lines.next_line().await? {
                count = count.and(result_of(&line).unwrap_or_default());
                self.say(&line)?;
            }
        }
        Ok((count, child.wait().await?.success()))
    }
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Clone, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Package {
    /// Names of its integration tests.
    fn tests(&self) -> impl Iterator<Item = &str> {
        let is_test = |target: &&Target| target.kind.iter().any(|kind| kind == "test");
        self.targets.iter().filter(is_test).map(|target| target.name.as_str())
    }
}

/// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s`.
fn result_of(line: &str) -> Option<Count> {
    let numbers = line.trim().strip_prefix("test result: ")?;
    let number = |name: &str| {
        let before = numbers.split(';').find_map(|part| part.trim().strip_suffix(name))?;
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some(Count { passed: number("passed")?, failed: number("failed")?, skipped: number("ignored")? })
}

fn name(part: Part) -> String {
    part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn about(part: Part) -> String {
    part.to_possible_value().and_then(|value| Some(value.get_help()?.to_string())).unwrap_or_default()
}

fn heading(text: &str) -> String {
    format!("\n{}", styled(BOLD, format!("== {text}")))
}

fn report(counts: &[(String, Count)], all: Count) -> Result<()> {
    let mut out = out();
    writeln!(out, "{}", heading("results"))?;
    let mut table = Table::with_head(&["part", "passed", "failed", "skipped"]);
    for (name, count) in counts {
        let failed = if count.failed > 0 { styled(BAD, count.failed) } else { count.failed.to_string() };
        table.row([name.clone(), styled(GOOD, count.passed), failed, count.skipped.to_string()]);
    }
    table.write(&mut out)?;
    Ok(writeln!(out, "\n{}", closing_line(all))?)
}

/// The last line, for machines too.
fn closing_line(all: Count) -> String {
    let skipped = if all.skipped > 0 { format!(", {} skipped", all.skipped) } else { String::new() };
    format!("{} passed, {} failed{skipped}", all.passed, all.failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_added_up() {
        let said = "running 14 tests\n\
                    test result: ok. 12 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.02s\n\
                    test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";
        let sum = said.lines().filter_map(result_of).fold(Count::default(), Count::and);
        assert_eq!(sum, Count { passed: 13, failed: 3, skipped: 2 });
    }

    #[test]
    fn the_closing_line_stands_alone() {
        assert_eq!(closing_line(Count { passed: 13, failed: 0, skipped: 0 }), "13 passed, 0 failed");
        assert_eq!(closing_line(Count { passed: 13, failed: 1, skipped: 2 }), "13 passed, 1 failed, 2 skipped");
    }

    #[tokio::test]
    async fn packages_are_found_by_their_folder() {
        let tester = Tester { workspace: Workspace::find().unwrap(), quiet: true };
        let found = tester.under("tests/contract").await.unwrap();
        assert_eq!(found.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["kemala-contract"]);
        assert!(tester.under("tests/nowhere").await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_command_that_fails_without_a_result_is_one_failure() {
        let tester = Tester { workspace: Workspace::find().unwrap(), quiet: true };
        let run = async |script: &str| {
            tester.tests(Command::new("sh").args(["-c", script]).stdout(Stdio::piped())).await.unwrap()
        };
        assert_eq!(run("exit 101").await, Count::FAILED);
        let partly = "echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured'; exit 101";
        assert_eq!(run(partly).await, Count { passed: 2, failed: 1, skipped: 0 });
    }
}
