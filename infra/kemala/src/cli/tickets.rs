//! Arguments of what looks at tickets, their agencies and their clocks.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use kemala_domain::figures::Month;
use kemala_domain::{AgencyCode, TicketId};

use super::place::{Place, Writes};
use crate::simulation::Planned;
use crate::since::Since;

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

/// Arguments of `desk`.
#[derive(Debug, Args)]
pub struct Desk {
    /// The agency or desk, such as DINKES or TRIAGE; several for an officer who acts for several
    #[arg(required = true)]
    pub codes: Vec<AgencyCode>,
    /// Print one JSON object
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
    /// Where.
    #[command(flatten)]
    pub writes: Writes,
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
    /// Where.
    #[command(flatten)]
    pub writes: Writes,
    /// Print one JSON object per message
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `ticket`.
#[derive(Debug, Args)]
pub struct Ticket {
    /// Number of the ticket, as on the receipt; any case, O for 0 and I for 1 will do
    pub id: TicketId,
    /// Where.
    #[command(flatten)]
    pub place: Place,
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
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Print the package as one JSON object, too
    #[arg(long)]
    pub json: bool,
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
    /// Folder for the files: figures.txt, figures.csv, figures.json and figures.html, or pilot.json and pilot.html
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
