//! What the template gives a function that delivers.

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
    /// URL of an agency's queue up to the agency's code.
    pub queue_url_prefix: String,
    /// URL of the queue that wakes who posts.
    pub replies_url: String,
    /// ARN of the topic that reaches people without a queue.
    pub people_topic_arn: String,
    /// Where measurements go.
    pub metrics: Metrics,
    /// For the clients.
    pub aws: SdkConfig,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// [`ConfigError`] with all problems at once.
    pub fn read() -> Result<Self, ConfigError> {
        let mut env = Env::process();
        let config = Self {
            pack_dir: env.pack_dir(),
            pack_refresh_seconds: env.parsed("PACK_REFRESH_SECONDS", 60),
            table: env.required("TABLE_NAME"),
            queue_url_prefix: env.required("SKPD_QUEUE_URL_PREFIX"),
            replies_url: env.required("REPLIES_QUEUE_URL"),
            people_topic_arn: env.required("PEOPLE_TOPIC_ARN"),
            metrics: env.metrics(),
            aws: sdk_config(&mut env, Timeouts::BACKGROUND),
        };
        env.finish()?;
        Ok(config)
    }
}
