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
    /// The table.
    pub table: String,
    /// Id of the secret that holds the account's keys; never the keys themselves.
    pub account_secret_id: String,
    /// Where X's API is.
    pub x_api_url: String,
    /// Where reports go.
    pub reports_url: String,
    /// Where goes what cannot be understood.
    pub quarantine_url: String,
    /// Where measurements go.
    pub metrics: Metrics,
    /// For the clients.
    pub aws: SdkConfig,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read() -> Result<Self, ConfigError> {
        let mut env = Env::process();
        let config = Self {
            pack_dir: env.pack_dir(),
            table: env.required("TABLE_NAME"),
            account_secret_id: env.required("X_ACCOUNT_SECRET_ID"),
            x_api_url: env.required("X_API_URL"),
            reports_url: env.required("REPORTS_QUEUE_URL"),
            quarantine_url: env.required("QUARANTINE_QUEUE_URL"),
            metrics: env.metrics(),
            aws: sdk_config(&mut env, Timeouts::BACKGROUND),
        };
        env.finish()?;
        Ok(config)
    }
}
