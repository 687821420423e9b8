//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use kemala_domain::figures::Month;
use kemala_domain::{AgencyCode, TicketId};

use crate::simulation::Planned;
use crate::since::Since;
use crate::version::Version;
use crate::webhook::Family;

/// Runs Kemala on this machine, sends reports in, and looks at tickets, queues and packs.
#[derive(Debug, Parser)]
#[command(name = "kemala", bin_name = "cargo kemala", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 all well, 1 something failed or is not as expected, 2 wrong usage.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build, start and deploy the whole system on this machine; on a running one, update it in place
    Up(Up),
    /// Stop the local system; all its tickets are gone
    Down(Down),
    /// Show the system at work: sample posts go in, tickets arrive in the agencies' queues
    Demo(Demo),
    /// Post a text as a citizen would, and follow it into the agency's queue
    Tweet(Tweet),
    /// Sign a webhook body and send it in, as X does
    Send(Send),
    /// Poll an agency's queue with the agency's own role, and show its messages or work them off
    Agency(Agency),
    /// Ask an agency to acknowledge a message through the API, before its first day
    Ping(Ping),
    /// Send an agency again what its open tickets were told it since a moment
    Redeliver(Redeliver),
    /// Show a ticket: its row, its events, its way from post to message
    Ticket(Ticket),
    /// Write the package about a ticket for the Ombudsman: events, missed deadlines, evidence
    Handover(Handover),
    /// Say what a text is about, where, and for whom; needs no running system
    Classify(Classify),
    /// Say whether two texts tell of one incident; needs no running system
    Same(Same),
    /// Show the clocks and the ladder of a ticket on a time line, under any policy; needs no running system
    Simulate(Simulate),
    /// Learn a pack's model from labelled posts
    Train(Train),
    /// Measure what the classifier answers against what careful readers say
    Eval(Eval),
    /// Label the posts that the classifier is least certain of
    Label(Label),
    /// Work with packs
    #[command(subcommand)]
    Pack(Pack),
    /// Change rules, thresholds and holidays of the running system without a deployment
    #[command(subcommand)]
    Override(Override),
    /// Run reports through two versions of a pack, and show what changes
    Reclassify(Reclassify),
    /// Show how agencies do in a month, or before and since a pilot began
    Report(Report),
    /// Measure, beside peers
    #[command(subcommand)]
    Bench(Bench),
    /// Run all tests
    Test(Test),
    /// Play X for a local system; `up` starts it
    #[command(hide = true)]
    FakeX {
        /// File with the keys of the account
        #[arg(long)]
        keys: PathBuf,
    },
}

/// Arguments of `up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Port of the local cloud on 127.0.0.1 (4580, or the one that runs)
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..))]
    pub port: Option<u16>,
    /// Stage, a part of every name
    #[arg(long, default_value = "dev", value_parser = ["dev", "staging", "prod"])]
    pub stage: String,
    /// Pack, a folder of shared/packs
    #[arg(long, default_value = "jateng")]
    pub pack: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `down`.
#[derive(Debug, Args)]
pub struct Down {
    /// Stop the tests' system too, and delete the installed tools and logs
    #[arg(long)]
    pub purge: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Leave the system running
    #[arg(long)]
    pub keep: bool,
    /// Port of the local cloud on 127.0.0.1 (4580, or the one that runs)
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..))]
    pub port: Option<u16>,
    /// Print one JSON object per post
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `tweet`.
#[derive(Debug, Args)]
pub struct Tweet {
    /// What is posted; without the pack's hashtag or a mention it is for nobody
    pub text: String,
    /// Handle of the author (somebody else each time)
    #[arg(long)]
    pub from: Option<String>,
    /// How X wraps it: filtered-stream, activity or account-activity
    #[arg(long, default_value = "filtered-stream")]
    pub family: Family,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `send`.
#[derive(Debug, Args)]
pub struct Send {
    /// File with the body, `-` for standard input
    pub file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `agency`.
#[derive(Debug, Args)]
pub struct Agency {
    /// Code of the agency, such as PEMKAB3316
    pub code: AgencyCode,
    /// Delete what was shown, as an agency's system does once it has a message for good
    #[arg(long)]
    pub delete: bool,
    /// Work as an agency's own system does: accept what is new, answer it, acknowledge pings, delete what is done
    #[arg(long, conflicts_with = "delete")]
    pub work: bool,
    /// What `--work` answers citizens
    #[arg(long, requires = "work", default_value = "Terima kasih atas laporannya. Kami sedang menindaklanjutinya.")]
    pub reply: String,
    /// Seconds to wait for a first message
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub wait: u64,
    /// Print one JSON object per message
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `ping`.
#[derive(Debug, Args)]
pub struct Ping {
    /// Code of the agency, such as PEMKAB3316
    pub code: AgencyCode,
    /// Send nothing, and tell what became of the last ping
    #[arg(long, conflicts_with = "wait")]
    pub status: bool,
    /// Seconds to wait for the acknowledgement
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub wait: u64,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `redeliver`.
#[derive(Debug, Args)]
pub struct Redeliver {
    /// Code of the agency, such as PEMKAB3316
    pub code: AgencyCode,
    /// Since when: a moment such as 2026-11-20T08:00+07:00, or how long ago, such as 36h or "3 days"
    #[arg(long)]
    pub since: Since,
    /// Only tell what would be sent
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object per message
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `ticket`.
#[derive(Debug, Args)]
pub struct Ticket {
    /// Number of the ticket, as on the receipt; any case, O for 0 and I for 1 will do
    pub id: TicketId,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `handover`.
#[derive(Debug, Args)]
pub struct Handover {
    /// Number of the ticket
    pub id: TicketId,
    /// How and when the citizen agreed that what they wrote goes with it; without this it does not
    #[arg(long, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub consent: Option<String>,
    /// Folder for the two files (the present one)
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print the package as one JSON object, too
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `classify`.
#[derive(Debug, Args)]
pub struct Classify {
    /// The text
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub text: Option<String>,
    /// Read lines {"id", "text"} from standard input, and write a line of JSON for each
    #[arg(long)]
    pub jsonl: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
}

/// Arguments of `same`.
#[derive(Debug, Args)]
pub struct Same {
    /// A text
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl", requires = "b")]
    pub a: Option<String>,
    /// The text it is compared with
    pub b: Option<String>,
    /// Read lines {"id", "a", "b"} from standard input, and write a line {"id", "same", "score"} for each
    #[arg(long)]
    pub jsonl: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(
    after_help = "--then \"2d3h accept\": 2 working days and 3 working hours after the report (of emergencies: around \
    the clock); or at a moment: \"2026-11-26T10:00+07:00 accept\". What may happen: accept, start, ask, answer, respond, \
    resolve, confirm, reopen, refuse [AGENCY], assign AGENCY."
)]
pub struct Simulate {
    /// What kind of promises the ticket has
    #[arg(long, default_value = "complaint")]
    pub class: TicketClass,
    /// Category of the pack, where it has promises of its own
    #[arg(long)]
    pub category: Option<String>,
    /// Agency that gets it (the pack's first of the province; the inspectorate for supervisory)
    #[arg(long)]
    pub agency: Option<AgencyCode>,
    /// When it comes, such as 2026-11-24T09:00+07:00 (now)
    #[arg(long)]
    pub from: Option<Timestamp>,
    /// What happens on the way, such as "2d3h accept"; may be given several times
    #[arg(long)]
    pub then: Vec<Planned>,
    /// Days after which nothing more is shown
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3660))]
    pub days: u32,
    /// Another sla.toml in the place of the pack's
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What kind of promises a ticket has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TicketClass {
    /// Something is wrong or missing
    Complaint,
    /// A question
    Information,
    /// Officials are accused
    Supervisory,
    /// Danger to life or health
    Emergency,
}

/// Arguments of `train`.
#[derive(Debug, Args)]
pub struct Train {
    /// Folder of labelled data (labelled_train.jsonl; complaints_train.jsonl, negatives_train.jsonl and
    /// surabaya_topics.csv where they are there); without it the pack's own posts alone are learned from
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Labelled posts that the model has not seen, for the figures on its card; may be given several times
    #[arg(long)]
    pub gold: Vec<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Folder for the model and its card (.kemala/training)
    #[arg(long, conflicts_with = "install")]
    pub out: Option<PathBuf>,
    /// Put the model and its card into the pack
    #[arg(long)]
    pub install: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct Eval {
    /// Labelled posts (JSON lines); may be given several times
    #[arg(long, required_unless_present = "benchmark")]
    pub gold: Vec<PathBuf>,
    /// A model other than the pack's own; `none` for the cues alone
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Learn and measure a task with official labels instead
    #[arg(long, requires = "data", conflicts_with = "gold")]
    pub benchmark: Option<OfficialTask>,
    /// Folder of the data of the benchmark
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A task with official labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OfficialTask {
    /// LaporGub's 16 categories, from stemmed texts
    Laporgub,
    /// The agency of another city, from raw texts
    Surabaya,
}

/// Arguments of `label`.
#[derive(Debug, Args)]
pub struct Label {
    /// Posts to label: JSON lines with id and text
    #[arg(long)]
    pub texts: PathBuf,
    /// File that the labelled posts are added to; those in it are not shown again
    #[arg(long)]
    pub out: PathBuf,
    /// Most posts to show
    #[arg(long, default_value_t = 20)]
    pub most: usize,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Show the posts with what the classifier says as JSON lines, least certain first, and ask nothing
    #[arg(long)]
    pub json: bool,
}

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub enum Pack {
    /// Check a pack as a whole, and tell every error with file and line
    Check(PackCheck),
}

/// Arguments of `pack check`.
#[derive(Debug, Args)]
pub struct PackCheck {
    /// Folder of the pack
    pub folder: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What to do with overrides.
#[derive(Debug, Subcommand)]
pub enum Override {
    /// Check files, a folder or a stored override with the shipped pack, and tell every error with file and line
    Check(OverrideCheck),
    /// Check files with the shipped pack, write them as a new override, and let it count
    Put(OverridePut),
    /// Show the overrides, and which one counts
    List(OverrideList),
    /// Let a stored override count: one step, back or forth
    Use(OverrideUse),
    /// Let the shipped pack count
    Off(OverrideList),
}

/// Arguments of `override check`.
#[derive(Debug, Args)]
pub struct OverrideCheck {
    /// Files of a pack, such as rules.toml; a folder with them; or the number of a stored override
    #[arg(required = true)]
    pub what: Vec<PathBuf>,
    /// Folder of the shipped pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override put`.
#[derive(Debug, Args)]
pub struct OverridePut {
    /// Files of a pack, such as rules.toml, or a folder with them
    #[arg(required = true)]
    pub what: Vec<PathBuf>,
    /// Leave out the files of the override that counts; without this, those that are not named stay as they are in it
    #[arg(long)]
    pub alone: bool,
    /// Why, for those who come after
    #[arg(long, default_value = "")]
    pub note: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override use`.
#[derive(Debug, Args)]
pub struct OverrideUse {
    /// Number of the override
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub version: u32,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `override list` and `override off`.
#[derive(Debug, Args)]
pub struct OverrideList {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// The month, such as 2026-11; one that is not over is shown up to now
    #[arg(long, required_unless_present = "pilot", conflicts_with = "pilot")]
    pub month: Option<Month>,
    /// Compare the days since a pilot began with as many before it
    #[arg(long, requires = "from")]
    pub pilot: bool,
    /// The pilot's first day, such as 2026-11-01
    #[arg(long, requires = "pilot")]
    pub from: Option<Date>,
    /// Folder for the files: figures.csv, figures.json and figures.html, or pilot.json and pilot.html
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `reclassify`.
#[derive(Debug, Args)]
pub struct Reclassify {
    /// `shipped`, the number of an override, or a pack's folder
    #[arg(long)]
    pub from: Version,
    /// The version to compare with, named in the same way
    #[arg(long)]
    pub to: Version,
    /// Take lines {"id", "text"} of a file instead of the running system's reports; `-` for standard input
    #[arg(long)]
    pub jsonl: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Set the classifier beside scikit-learn's LinearSVC and fastText: speed, memory, and how often they are right
    Classifier(BenchClassifier),
}

/// Arguments of `bench classifier`.
#[derive(Debug, Args)]
pub struct BenchClassifier {
    /// Folder of labelled data to train the peers on and to measure with (else the pack's own posts)
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Only these parts
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Print one JSON object with the counts; all else goes to stderr
    #[arg(long)]
    pub json: bool,
}

/// A part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The sources are formatted
    Format,
    /// Clippy has no remarks
    Lint,
    /// The documentation builds without remarks
    Docs,
    /// Tests beside the code, and of the wire formats
    Unit,
    /// The template, as written and as CloudFormation transforms it
    Template,
    /// The whole system on the local cloud
    Pipeline,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Cli::try_parse_from(std::iter::once("kemala").chain(line.split_whitespace())).map(|cli| cli.command)
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn usual_lines_are_read() {
        assert!(matches!(parse("up --port 4599").unwrap(), Command::Up(Up { port: Some(4599), .. })));
        assert!(matches!(parse("demo --keep --json").unwrap(), Command::Demo(Demo { keep: true, json: true, .. })));
        assert!(matches!(parse("agency PEMKAB3316 --delete").unwrap(), Command::Agency(Agency { delete: true, .. })));
        assert!(matches!(parse("agency DINKES --work").unwrap(), Command::Agency(Agency { work: true, .. })));
        assert!(matches!(parse("ping DINKES --wait 60").unwrap(), Command::Ping(Ping { wait: 60, .. })));
        assert!(matches!(parse("redeliver DINKES --since 36h").unwrap(), Command::Redeliver(_)));
        assert!(matches!(parse("classify --jsonl").unwrap(), Command::Classify(Classify { text: None, .. })));
        assert!(matches!(parse("override use 3").unwrap(), Command::Override(Override::Use(_))));
        let Command::Reclassify(both) = parse("reclassify --from shipped --to 2 --jsonl -").unwrap() else {
            panic!("a comparison")
        };
        assert_eq!((both.from, both.to), (Version::Shipped, Version::Override(2)));
        assert!(matches!(
            parse("bench classifier --data x").unwrap(),
            Command::Bench(Bench::Classifier(BenchClassifier { data: Some(_), pack: None, json: false }))
        ));
        let Command::Test(test) = parse("test --only unit,pipeline").unwrap() else { panic!("a test") };
        assert_eq!(test.only, [Part::Unit, Part::Pipeline]);
    }

    #[test]
    fn what_is_refused() {
        let refused = [
            "",
            "up --port 80",
            "up --port 70000",
            "up --stage live",
            "agency pemkab3316",
            "agency DINKES --work --delete",
            "agency DINKES --reply Baik",
            "ping",
            "ping DINKES --status --wait 3",
            "redeliver DINKES",
            "handover KJ-45RQ0X8XD --consent=",
            "redeliver DINKES --since kemarin",
            "ticket KJ-123",
            "classify",
            "eval",
            "eval --benchmark laporgub",
            "train --install --out x",
            "label --texts x",
            "classify jalan --jsonl",
            "same",
            "same jalan",
            "same jalan rusak --jsonl",
            "simulate --class urgent",
            "simulate --then accept",
            "simulate --from kemarin",
            "tweet",
            "tweet jalan --family fax",
            "pack",
            "bench",
            "test --only all",
            "override",
            "override put",
            "override use 0",
            "reclassify --from shipped",
        ];
        for line in refused {
            let error = parse(line).expect_err(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}
