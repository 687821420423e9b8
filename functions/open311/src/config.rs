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
    /// Stage of the deployment, which discovery tells.
    pub stage: String,
    /// Name of the table.
    pub table: String,
    /// Id of the secret that holds the keys of trusted apps.
    pub keys_secret_id: String,
    /// Where reports go.
    pub reports_url: String,
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
            stage: env.required("STAGE"),
            table: env.required("TABLE_NAME"),
            keys_secret_id: env.required("OPEN311_SECRET_ID"),
            reports_url: env.required("REPORTS_QUEUE_URL"),
            metrics: env.metrics(),
            aws: sdk_config(&mut env, Timeouts::INTERACTIVE),
        };
        env.finish()?;
        Ok(config)
    }
}
