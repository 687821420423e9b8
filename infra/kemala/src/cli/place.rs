//! Where commands act, and whether they write: the same words for all of them.

use clap::Args;

/// Where a command acts.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// Act on AWS, on this environment of samconfig.toml, with your own credentials (else on the local system)
    #[arg(long = "env", value_name = "NAME")]
    pub environment: Option<String>,
}

/// Of a command that writes: on the local system at once, on AWS only when told so.
#[derive(Debug, Clone, Default, Args)]
pub struct Writes {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Write on AWS, too; without this it is only told what would be done there
    #[arg(long, requires = "environment")]
    pub yes: bool,
}

impl Writes {
    /// Whether to write.
    pub fn may_write(&self) -> bool {
        self.yes || self.place.environment.is_none()
    }
}

/// Of a command that mends: it looks first, everywhere.
#[derive(Debug, Clone, Default, Args)]
pub struct Mends {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// Do it; without this it is only told what would be done
    #[arg(long)]
    pub yes: bool,
}
