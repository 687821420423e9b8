//! What the template and the pack give this function.

use std::path::PathBuf;

use aws_types::SdkConfig;
use kemala_runtime::aws::{Timeouts, sdk_config};
use kemala_runtime::config::{ConfigError, Env};
use kemala_runtime::metrics::Metrics;

/// Configuration from the environment.
pub struct Config {
    /// Folder of the pack.
    pub pack_dir: PathBuf,
    /// Id of the secret that holds X's consumer secrets; never the secrets themselves.
    pub secret_id: String,
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
            secret_id: env.required("X_SECRET_ID"),
            reports_url: env.required("REPORTS_QUEUE_URL"),
            quarantine_url: env.required("QUARANTINE_QUEUE_URL"),
            metrics: env.metrics(),
            aws: sdk_config(&mut env, Timeouts::INTERACTIVE),
        };
        env.finish()?;
        Ok(config)
    }
}
