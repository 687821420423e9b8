//! The command line.

mod classifier;
mod mending;
mod packs;
mod place;
mod system;
mod tickets;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub use classifier::{Bench, BenchClassifier, Classify, Eval, Label, OfficialTask, Same, Train};
pub use mending::{
    Erase, Export, Quarantine, QuarantineDrop, QuarantineList, QuarantinePick, Redrive, RotateSecret, Rotated, XReplay,
};
pub use packs::{
    Override, OverrideCheck, OverrideList, OverrideOff, OverridePut, OverrideUse, Pack, PackCheck, PackMap, PackNew,
    Reclassify,
};
pub use place::{Mends, Place, Writes};
pub use system::{Cost, Demo, Down, Part, Send, Test, Tweet, Up};
pub use tickets::{Agency, Desk, Handover, Ping, Redeliver, Report, Simulate, Ticket, TicketClass};

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
    /// Show the address of the officers' desk, and an account to sign in with
    Desk(Desk),
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
    /// Say what a month costs, by how many reports come; needs no running system
    Cost(Cost),
    /// Send dead letters on their way again
    Redrive(Redrive),
    /// Look at what was accepted and not understood; read it again, or delete it
    #[command(subcommand)]
    Quarantine(Quarantine),
    /// Let X send again what its webhook was to bring in some hours
    XReplay(XReplay),
    /// Change a secret without losing an event
    RotateSecret(RotateSecret),
    /// Delete what is kept of a citizen, at their request
    Erase(Erase),
    /// Write down what is kept of a citizen, at their request
    Export(Export),
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
        /// Its handle
        #[arg(long)]
        handle: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::version::Version;

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
        assert!(matches!(parse("redrive skpd --agency DINKES --yes --env prod").unwrap(), Command::Redrive(_)));
        assert!(matches!(parse("x-replay --from 6h").unwrap(), Command::XReplay(XReplay { to: None, .. })));
        assert!(matches!(parse("rotate-secret open311 --app lapor").unwrap(), Command::RotateSecret(_)));
        assert!(matches!(parse("erase --post x#12").unwrap(), Command::Erase(Erase { author: None, .. })));
        assert!(matches!(parse("override use 3").unwrap(), Command::Override(Override::Use(_))));
        let Command::Reclassify(both) = parse("reclassify --from shipped --to 2 --jsonl -").unwrap() else {
            panic!("a comparison")
        };
        assert_eq!((both.from, both.to), (Version::Shipped, Version::Override(2)));
        assert!(matches!(
            parse("bench classifier --data x").unwrap(),
            Command::Bench(Bench::Classifier(BenchClassifier { data: Some(_), pack: None, json: false }))
        ));
        let Command::Cost(cost) = parse("cost --reports-per-day 50,500 --x-plan 42000").unwrap() else {
            panic!("a cost")
        };
        assert_eq!((cost.reports_per_day, cost.x_plan), (vec![50, 500], Some(42_000.0)));
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
            "desk",
            "desk dinkes",
            "ping DINKES --status --wait 3",
            "redeliver DINKES",
            "handover KJ-45RQ0X8XD --consent=",
            "demo --env prod",
            "tweet jalan --env prod",
            "send - --env prod",
            "desk DINKES --env prod",
            "agency DINKES --env prod",
            "redeliver DINKES --since 1h --yes",
            "redrive failed-invocations",
            "redrive --agency DINKES",
            "redrive --rate 0",
            "quarantine",
            "quarantine drop",
            "x-replay",
            "rotate-secret",
            "rotate-secret x geheim",
            "rotate-secret x --early",
            "rotate-secret open311",
            "erase",
            "export",
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
            "pack new blora --from r.csv --areas a.geojson --code 33.16.08 --prefix BL --hashtag X",
            "bench",
            "test --only all",
            "cost --reports-per-day 0",
            "cost --poll-seconds 0",
            "cost --replies-per-report -1",
            "cost --x-plan nan",
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
