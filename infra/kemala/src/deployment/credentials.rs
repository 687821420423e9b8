//! The credentials of whoever runs the program: from the environment, else as the AWS CLI finds them (profiles, SSO,
//! roles). The CLI is asked rather than the SDK's provider chain linked: that is what `sam deploy` of the same user goes
//! by, and STS and SSO clients would come into the build for the sake of one look.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Result, anyhow};
use serde::Deserialize;
use tokio::process::Command;

use crate::problem::Problem;
use crate::target::Keys;

/// A role may ask its user for a code.
const PATIENCE: Duration = Duration::from_secs(60);

/// The user's own keys.
///
/// # Errors
/// Where there are none, with what to do.
pub(super) async fn of_user() -> Result<Keys> {
    if let Some(keys) = of_variables(|name| std::env::var(name).ok()) {
        return Ok(keys);
    }
    let export = Command::new("aws")
        .args(["configure", "export-credentials", "--format", "process"])
        .stdin(Stdio::inherit())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    match tokio::time::timeout(PATIENCE, export).await {
        Ok(Ok(output)) if output.status.success() => of_process(&output.stdout),
        Ok(Ok(output)) => Err(none(refusal(&String::from_utf8_lossy(&output.stderr)))),
        Ok(Err(error)) => Err(none(&format!("the AWS CLI does not start: {error}"))),
        Err(_) => Err(none("the AWS CLI did not answer")),
    }
}

/// What the CLI says, without its usage: version 1 does not know the command.
fn refusal(stderr: &str) -> &str {
    match stderr.contains("Invalid choice") || stderr.contains("invalid choice") {
        true => "the AWS CLI is version 1, and version 2 is needed",
        false => stderr.trim(),
    }
}

fn of_variables(variable: impl Fn(&str) -> Option<String>) -> Option<Keys> {
    let some = |name| variable(name).filter(|value| !value.is_empty());
    Some(Keys {
        access_key_id: some("AWS_ACCESS_KEY_ID")?,
        secret_access_key: some("AWS_SECRET_ACCESS_KEY")?,
        session_token: some("AWS_SESSION_TOKEN"),
    })
}

fn of_process(stdout: &[u8]) -> Result<Keys> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Exported {
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    }
    // The cause would quote what was read.
    let Ok(exported) = serde_json::from_slice::<Exported>(stdout) else {
        return Err(none("the AWS CLI's answer is not understood; it must be version 2"));
    };
    let Exported { access_key_id, secret_access_key, session_token } = exported;
    Ok(Keys { access_key_id, secret_access_key, session_token })
}

fn none(why: &str) -> anyhow::Error {
    let remedy = "sign in with the AWS CLI (aws sso login, or aws configure) and name the profile in AWS_PROFILE, or set \
        AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    anyhow!(Problem::new(format!("there are no AWS credentials: {why}"), remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_whole_or_not_at_all() {
        let of = |pairs: &[(&str, &str)]| {
            of_variables(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        let both = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_SESSION_TOKEN", "")];
        assert_eq!(of(&both).unwrap().session_token, None);
        assert_eq!(of(&both[..1]), None);
    }

    #[test]
    fn what_the_cli_says_is_told_in_short() {
        assert!(
            refusal("usage: … aws: error: argument subcommand: Invalid choice, valid choices are:")
                .contains("version 2")
        );
        assert_eq!(refusal("Error loading SSO Token: it has expired\n"), "Error loading SSO Token: it has expired");
    }

    #[test]
    fn what_the_cli_exports_is_read() {
        let json =
            br#"{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": "x"}"#;
        let keys = of_process(json).unwrap();
        assert_eq!((keys.access_key_id.as_str(), keys.session_token.as_deref()), ("a", Some("c")));
        let told = of_process(b"secret").unwrap_err().to_string();
        assert!(told.contains("AWS_PROFILE") && !told.contains("secret"), "{told}");
    }
}
