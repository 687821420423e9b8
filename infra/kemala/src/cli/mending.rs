//! Arguments of what mends: dead letters, quarantine, replays, secrets, what is kept of a citizen.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use kemala_domain::AgencyCode;

use super::place::{Mends, Place};
use crate::queue::DeadLetters;
use crate::since::Since;

/// Arguments of `redrive`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each message is sent first and deleted then. A crash in between leaves at most one of them twice, which \
    its reader knows by the event's or the post's id. failed-invocations is not sent again: it holds no reports, and the \
    sweep has delivered what it was about."
)]
pub struct Redrive {
    /// Whose dead letters (all)
    #[arg(value_name = "QUEUE")]
    pub queue: Option<DeadLetters>,
    /// Only those of this agency
    #[arg(long, requires = "queue")]
    pub agency: Option<AgencyCode>,
    /// Messages a second, at most
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=300))]
    pub rate: u32,
    /// Where, and whether.
    #[command(flatten)]
    pub mends: Mends,
    /// Print one JSON object per message
    #[arg(long)]
    pub json: bool,
}

/// What to do with the quarantine.
#[derive(Debug, Subcommand)]
pub enum Quarantine {
    /// Show what is in quarantine, by reason
    List(QuarantineList),
    /// Read messages again as if they came now; what is understood goes on its way, what is not stays
    Retry(QuarantinePick),
    /// Delete messages for good
    Drop(QuarantineDrop),
}

/// Arguments of `quarantine list`.
#[derive(Debug, Args)]
pub struct QuarantineList {
    /// Only with this reason, such as unknown_thread
    #[arg(long)]
    pub reason: Option<String>,
    /// Show the bodies, too: personal data
    #[arg(long)]
    pub show_text: bool,
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object per message
    #[arg(long)]
    pub json: bool,
}

/// Which messages of the quarantine.
#[derive(Debug, Args)]
pub struct QuarantinePick {
    /// Ids of messages, as `quarantine list` shows them (retry: all)
    pub ids: Vec<String>,
    /// Only with this reason, such as unknown_event
    #[arg(long)]
    pub reason: Option<String>,
    /// Where, and whether.
    #[command(flatten)]
    pub mends: Mends,
    /// Print one JSON object per message
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `quarantine drop`: all is never meant.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").args(["ids", "reason"]).required(true).multiple(true)))]
pub struct QuarantineDrop {
    /// Which.
    #[command(flatten)]
    pub pick: QuarantinePick,
}

/// Arguments of `x-replay`.
#[derive(Debug, Args)]
#[command(
    after_help = "X replays what its webhook was to bring in that time: from 24 hours ago at most, to 10 minutes ago, by whole \
    minutes. The posts come as usual webhooks; those that are known change nothing."
)]
pub struct XReplay {
    /// From when: a moment such as 2026-11-24T08:00+07:00, or how long ago, such as 6h
    #[arg(long)]
    pub from: Since,
    /// To when (10 minutes ago)
    #[arg(long)]
    pub to: Option<Since>,
    /// Seconds to wait for X to say that it is done
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub wait: u64,
    /// Where, and whether.
    #[command(flatten)]
    pub mends: Mends,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A secret that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rotated {
    /// The consumer secret that signs X's webhooks
    X,
    /// The keys of the account that answers
    XAccount,
    /// The key that signs the desk's sessions
    DeskSession,
    /// The key of an app that sends reports by Open311
    Open311,
}

/// Arguments of `rotate-secret`.
#[derive(Debug, Args)]
#[command(
    after_help = "A new secret is read from the terminal without showing it, or from standard input, one value a line; it is \
    never an argument. Without --yes the steps are shown in their order, with what to do in X's developer portal."
)]
pub struct RotateSecret {
    /// Which
    pub secret: Rotated,
    /// Let the old one count no more (x, open311)
    #[arg(long)]
    pub finish: bool,
    /// Finish though events signed with the old one may still be under way: they are lost then
    #[arg(long, requires = "finish")]
    pub early: bool,
    /// Name of the app, of open311
    #[arg(long, required_if_eq("secret", "open311"))]
    pub app: Option<String>,
    /// Where, and whether.
    #[command(flatten)]
    pub mends: Mends,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `erase`.
#[derive(Debug, Args)]
#[command(
    after_help = "It reads the whole table, as nothing lists reports by author: about $0.02 a GB. What it does is what X's own \
    delete would do, so it may be repeated, and a ticket without any voice left is withdrawn and its agency told."
)]
pub struct Erase {
    /// The platform's id of the account, a number; handles change
    #[arg(long, required_unless_present = "post")]
    pub author: Option<String>,
    /// Only this post, such as x#1900000000000000001
    #[arg(long)]
    pub post: Option<kemala_domain::PostKey>,
    /// Where, and whether.
    #[command(flatten)]
    pub mends: Mends,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "It reads the whole table, as nothing lists reports by author: about $0.02 a GB.")]
pub struct Export {
    /// The platform's id of the account, a number; handles change
    #[arg(long)]
    pub author: String,
    /// Folder for two files, data.json and data.html for the citizen; they are personal data
    #[arg(long)]
    pub out: Option<std::path::PathBuf>,
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
