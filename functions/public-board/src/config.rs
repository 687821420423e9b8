//! What the template gives this function.

use std::path::PathBuf;

use aws_types::SdkConfig;
use kemala_runtime::aws::{Timeouts, sdk_config};
use kemala_runtime::config::{ConfigError, Env};

/// Configuration from the environment.
pub struct Config {
    /// Folder of the pack.
    pub pack_dir: PathBuf,
    /// Name of the table.
    pub table: String,
    /// For the clients.
    pub aws: SdkConfig,
}

impl Config {
    /// Reads the environment; all problems are told at once.
    pub fn read() -> Result<Self, ConfigError> {
        let mut env = Env::process();
        let config = Self {
            pack_dir: env.pack_dir(),
            table: env.required("TABLE_NAME"),
            aws: sdk_config(&mut env, Timeouts::INTERACTIVE),
        };
        env.finish()?;
        Ok(config)
    }
}
