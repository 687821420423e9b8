//! Where requests go: an endpoint, a region, an account, and the keys to it. The emulator is one, an account on AWS another;
//! whatever calls a service takes it from here and nowhere else.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_types::SdkConfig;
use kemala_runtime::aws::Timeouts;
use kemala_runtime::config::Env;
use serde::{Deserialize, Serialize};

/// Jakarta: the region of production, and so of the emulator.
pub const REGION: &str = "ap-southeast-3";

/// What stands for a service's name in an endpoint.
const SERVICE: &str = "{service}";

/// Keys of a principal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Access key id.
    pub access_key_id: String,
    /// Secret access key.
    pub secret_access_key: String,
    /// Token of a session, where the keys are temporary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_token: Option<String>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

impl Keys {
    /// As the SDK and the signer take them.
    pub fn credentials(&self) -> Credentials {
        let Self { access_key_id, secret_access_key, session_token } = self;
        Credentials::new(access_key_id, secret_access_key, session_token.clone(), None, "kemala")
    }
}

/// Where commands act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Base URL of services, without a slash at the end; `{service}` in it stands for the service's name. The emulator's
    /// is one for all.
    pub endpoint: String,
    /// AWS region.
    pub region: String,
    /// Account number, 12 digits.
    pub account: String,
    /// The principal that commands act as.
    pub keys: Keys,
}

impl Target {
    /// The emulator on a port of this machine, as its root.
    pub fn emulator(port: u16) -> Self {
        Self {
            endpoint: format!("http://127.0.0.1:{port}"),
            region: REGION.to_owned(),
            account: "000000000000".to_owned(),
            // The emulator takes its root's keys from its own environment, where we put these. They open nothing else.
            keys: Keys {
                access_key_id: "KEMALAEMULATORROOT".to_owned(),
                secret_access_key: "KEMALAEMULATORROOT".to_owned(),
                session_token: None,
            },
        }
    }

    /// An account on AWS.
    pub fn aws(region: &str, account: &str, keys: Keys) -> Self {
        Self {
            endpoint: format!("https://{SERVICE}.{region}.amazonaws.com"),
            region: region.to_owned(),
            account: account.to_owned(),
            keys,
        }
    }

    /// Whether it is AWS itself, and no emulator.
    pub fn is_aws(&self) -> bool {
        self.endpoint.contains(SERVICE)
    }

    /// Base URL of a service, such as `sts`, without a slash at the end.
    pub fn service(&self, name: &str) -> String {
        self.endpoint.replace(SERVICE, name)
    }

    /// The same place, as another principal.
    pub fn with_keys(&self, keys: Keys) -> Self {
        Self { keys, ..self.clone() }
    }

    /// Address of a queue.
    pub fn queue_url(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.service("sqs"), self.account)
    }

    /// ARN of a role.
    pub fn role_arn(&self, name: &str) -> String {
        format!("arn:aws:iam::{}:role/{name}", self.account)
    }

    /// Configuration for the SDK's clients: the same as the functions', with time for long polls.
    pub fn sdk_config(&self) -> SdkConfig {
        let timeouts = Timeouts {
            connect: Duration::from_secs(2),
            attempt: Duration::from_secs(25),
            operation: Duration::from_secs(60),
        };
        let mut environment = Env::given(|name| match name {
            "AWS_ACCESS_KEY_ID" => Some(self.keys.access_key_id.clone()),
            "AWS_SECRET_ACCESS_KEY" => Some(self.keys.secret_access_key.clone()),
            "AWS_SESSION_TOKEN" => self.keys.session_token.clone(),
            "AWS_REGION" => Some(self.region.clone()),
            "AWS_ENDPOINT_URL" => (!self.is_aws()).then(|| self.endpoint.clone()),
            _ => None,
        });
        kemala_runtime::aws::sdk_config(&mut environment, timeouts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show() {
        let keys =
            Keys { access_key_id: "AKIA".into(), secret_access_key: "geheim".into(), session_token: Some("x".into()) };
        assert!(!format!("{keys:?}").contains("geheim"));
    }

    #[test]
    fn addresses_on_the_emulator() {
        let target = Target::emulator(4580);
        assert_eq!(target.queue_url("a.fifo"), "http://127.0.0.1:4580/000000000000/a.fifo");
        assert_eq!(target.role_arn("r"), "arn:aws:iam::000000000000:role/r");
        assert_eq!((target.is_aws(), target.service("sts")), (false, "http://127.0.0.1:4580".to_owned()));
    }

    #[test]
    fn addresses_on_aws() {
        let target = Target::aws(REGION, "123456789012", Target::emulator(1).keys);
        assert_eq!(target.queue_url("a.fifo"), "https://sqs.ap-southeast-3.amazonaws.com/123456789012/a.fifo");
        assert_eq!(
            (target.is_aws(), target.service("sts")),
            (true, "https://sts.ap-southeast-3.amazonaws.com".to_owned())
        );
        assert_eq!(target.sdk_config().endpoint_url(), None);
    }
}
