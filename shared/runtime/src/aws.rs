//! Client configuration. The SDK sets only a connect time-out by itself; here every call ends.
//!
//! Lambda hands credentials and region to a function by its environment, so no provider chain is needed: that
//! keeps STS, SSO and profile files out of the binaries and out of the start.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::config::Env;

/// How long calls may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Connecting, of each attempt.
    pub connect: Duration,
    /// One attempt.
    pub attempt: Duration,
    /// A call with all its attempts.
    pub operation: Duration,
}

impl Timeouts {
    /// Somebody waits: intake answers the platform within 3 s whatever happens.
    pub const INTERACTIVE: Self = Self {
        connect: Duration::from_millis(500),
        attempt: Duration::from_millis(900),
        operation: Duration::from_millis(2000),
    };
    /// A queue waits: longer than a slow transaction, short beside a function's 30 s.
    pub const BACKGROUND: Self =
        Self { connect: Duration::from_secs(1), attempt: Duration::from_secs(3), operation: Duration::from_secs(8) };
}

/// Configuration for all clients of a function, from Lambda's environment.
///
/// `AWS_ENDPOINT_URL`, where set, points every client at the emulator.
pub fn sdk_config(env: &mut Env<'_>, timeouts: Timeouts) -> SdkConfig {
    let credentials = Credentials::new(
        env.required("AWS_ACCESS_KEY_ID"),
        env.required("AWS_SECRET_ACCESS_KEY"),
        env.optional("AWS_SESSION_TOKEN"),
        None,
        "lambda environment",
    );
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(env.required("AWS_REGION")))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(timeouts.connect)
                .read_timeout(timeouts.attempt)
                .operation_attempt_timeout(timeouts.attempt)
                .operation_timeout(timeouts.operation)
                .build(),
        );
    config.set_endpoint_url(env.optional("AWS_ENDPOINT_URL"));
    config.build()
}
