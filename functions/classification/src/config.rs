//! What the template gives this function.

use std::path::PathBuf;

use aws_types::SdkConfig;
use kemala_runtime::aws::{Timeouts, sdk_config};
use kemala_runtime::config::{ConfigError, Env};
use kemala_runtime::metrics::Metrics;

/// Configuration from the environment.
pub struct Config {
    /// Folder of the pack.
    pub pack_dir: PathBuf,
    /// How often another choice of the pack is looked for, in seconds.
    pub pack_refresh_seconds: u32,
    /// Name of the table.
    pub table: String,
    /// Where goes what cannot be understood.
    pub quarantine_url: String,
    /// Where measurements go.
    pub metrics: Metrics,
    /// For the clients.
    pub aws: SdkConfig,
}

impl Config {
    /// Reads the environment; all problems are told at once.
    pub fn read() -> Result<Self, ConfigError> {
        let mut env = Env::process();
        let config = Self {
            pack_dir: env.pack_dir(),
            pack_refresh_seconds: env.parsed("PACK_REFRESH_SECONDS", 60),
            table: env.required("TABLE_NAME"),
            quarantine_url: env.required("QUARANTINE_QUEUE_URL"),
            metrics: env.metrics(),
            aws: sdk_config(&mut env, Timeouts::BACKGROUND),
        };
        env.finish()?;
        Ok(config)
    }
}
