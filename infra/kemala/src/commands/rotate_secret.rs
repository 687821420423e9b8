//! `rotate-secret`: another secret, without losing an event.

use std::io::Write;

use anyhow::{Result, anyhow, bail};
use jiff::Timestamp;
use kemala_x_api::Credentials;
use serde_json::{Map, Value, json};

use super::{Outcome, deployed, say_only_told};
use crate::aws::SignedHttp;
use crate::cli::{self, Rotated};
use crate::problem::Problem;
use crate::rotation;
use crate::secret_input;
use crate::terminal::{BOLD, GOOD, json_line, out, styled};

pub(super) async fn run(arguments: cli::RotateSecret) -> Result<Outcome> {
    let (_, deployment) = deployed(&arguments.mends.place).await?;
    let has_end = matches!(arguments.secret, Rotated::X | Rotated::Open311);
    if arguments.finish && !has_end {
        bail!(Problem::new("this secret has no second step", "leave --finish out: the new one counts at once"));
    }
    if !arguments.mends.yes {
        let steps = steps_at(arguments.secret, arguments.mends.place.environment.as_deref());
        match arguments.json {
            true => json_line(&json!({ "done": false, "steps": steps }))?,
            false => show_steps(&steps)?,
        }
        say_only_told();
        return Ok(Outcome::Good);
    }
    let names = &deployment.names;
    let secret = match arguments.secret {
        Rotated::X => names.x_secret(),
        Rotated::XAccount => names.x_account_secret(),
        Rotated::DeskSession => names.desk_session_secret(),
        Rotated::Open311 => names.open311_keys(),
    };
    let http = SignedHttp::new(&deployment.target)?;
    let held = http.secret_if_any(&secret).await?;
    let now = Timestamp::now();
    let app = arguments.app.as_deref().unwrap_or_default();
    let mut key = None;
    let content = match (arguments.secret, arguments.finish) {
        (Rotated::X, true) => rotation::finish_x(held, arguments.early, now)?,
        (Rotated::X, false) => rotation::begin_x(held, &secret_input::read("new API Key Secret of the app")?, now)?,
        (Rotated::XAccount, _) => account_of(held, secret_input::read)?,
        (Rotated::DeskSession, _) => {
            let key = http.random_password(64).await?;
            Map::from_iter([("session_key".to_owned(), Value::from(key))])
        }
        (Rotated::Open311, true) => rotation::finish_app(held, app)?,
        (Rotated::Open311, false) => {
            let new = http.random_password(40).await?;
            let content = rotation::begin_app(held, app, &new);
            key = Some(new);
            content
        }
    };
    http.put_secret(&secret, &content.into()).await?;
    let next = next(arguments.secret, arguments.finish);
    if arguments.json {
        json_line(&json!({ "done": true, "secret": secret, "finished": arguments.finish, "key": key, "next": next }))?;
        return Ok(Outcome::Good);
    }
    let mut out = out();
    writeln!(out, "{} {} is changed", styled(GOOD, "✓"), styled(BOLD, &secret))?;
    if let Some(key) = key {
        writeln!(out, "the key of {app}, shown this once: {}", styled(BOLD, key))?;
    }
    writeln!(out, "{next}")?;
    Ok(Outcome::Good)
}

/// The account's four keys; those that are left empty stay as they are.
fn account_of(mut held: Map<String, Value>, read: impl Fn(&str) -> Result<String>) -> Result<Map<String, Value>> {
    for (name, title) in [
        ("consumer_key", "API Key of the app (empty: as it is)"),
        ("consumer_secret", "API Key Secret of the app (empty: as it is)"),
        ("access_token", "Access Token of the account (empty: as it is)"),
        ("access_token_secret", "Access Token Secret of the account (empty: as it is)"),
    ] {
        let new = read(title)?;
        if !new.is_empty() {
            held.insert(name.to_owned(), new.into());
        }
    }
    // The cause would quote them.
    serde_json::from_value::<Credentials>(held.clone().into())
        .map_err(|_| anyhow!(Problem::new("not all four keys are known", "give each once")))?;
    Ok(held)
}

/// What is done, in its order.
fn steps(secret: Rotated) -> &'static [&'static str] {
    match secret {
        Rotated::X => &[
            "Have the next command ready: from the moment X has a new secret it signs with that, and intake refuses it until it \
             knows it. X repeats what was refused for about 5 minutes, so nothing is lost in that time.",
            "developer.x.com, your app, Keys and tokens: regenerate API Key and Secret.",
            "cargo kemala rotate-secret x --yes, and paste the new API Key Secret. Intake takes both from the next event on \
             (it looks again when a signature is unknown, at most every 5 seconds), and answers X's challenges with the new one.",
            "cargo kemala rotate-secret x-account --yes, with the new API Key and Secret: posts are signed with them, too.",
            "15 minutes later: cargo kemala rotate-secret x --finish --yes. Up to 5 minutes after that the old one is refused \
             everywhere.",
        ],
        Rotated::XAccount => &[
            "developer.x.com, your app, Keys and tokens: regenerate what is to be changed. Posts with the old keys are refused \
             from then on; they wait 10 minutes and are tried again, for 15 minutes in all.",
            "cargo kemala rotate-secret x-account --yes, and paste the four keys; what is left empty stays as it is. They are \
             read for each post, so they count at once.",
            "If the API Key Secret was among them, change x, too: X signs webhooks with it.",
        ],
        Rotated::DeskSession => &[
            "cargo kemala rotate-secret desk-session --yes. A key nobody knows is made up; within a minute every officer is \
             signed out and signs in again.",
        ],
        Rotated::Open311 => &[
            "cargo kemala rotate-secret open311 --app NAME --yes. A key is made up and shown once: hand it to the app's people. \
             Its old keys go on counting.",
            "When the app uses the new key: cargo kemala rotate-secret open311 --app NAME --finish --yes. Within a minute the old \
             ones are refused.",
        ],
    }
}

/// The steps with their commands as they are typed for that place: one without `--env` would change the local system.
fn steps_at(secret: Rotated, environment: Option<&str>) -> Vec<String> {
    let yes = environment.map_or_else(|| "--yes".to_owned(), |name| format!("--env {name} --yes"));
    steps(secret).iter().map(|step| step.replace("--yes", &yes)).collect()
}

fn show_steps(steps: &[String]) -> Result<()> {
    let mut out = out();
    for (number, step) in (1..).zip(steps) {
        writeln!(out, "{number}. {step}")?;
    }
    Ok(())
}

/// What comes after a step.
fn next(secret: Rotated, finish: bool) -> String {
    let minutes = rotation::OVERLAP.as_mins();
    match (secret, finish) {
        (Rotated::X, false) => format!(
            "both secrets count now; next: rotate-secret x-account with the same app's keys, and after {minutes} minutes \
             rotate-secret x --finish"
        ),
        (Rotated::X, true) => "the old secret is refused within 5 minutes".to_owned(),
        (Rotated::XAccount, _) => {
            "the keys count from the next post on; if the API Key Secret is new, change x, too".to_owned()
        }
        (Rotated::DeskSession, _) => "within a minute every officer is signed out".to_owned(),
        (Rotated::Open311, false) => "old keys of the app count until --finish".to_owned(),
        (Rotated::Open311, true) => "the app's old keys are refused within a minute".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn keys_that_are_left_empty_need_to_be_known() {
        let told = account_of(Map::new(), |_| Ok(String::new())).unwrap_err().to_string();
        assert!(told.contains("not all four"), "{told}");
        let new = account_of(Map::new(), |title| Ok(title.split(' ').next().unwrap_or_default().to_owned())).unwrap();
        let kept = account_of(new.clone(), |_| Ok(String::new())).unwrap();
        assert_eq!((new.len(), kept), (4, new));
    }

    #[test]
    fn commands_are_those_of_the_place() {
        let on_aws = steps_at(Rotated::X, Some("prod"));
        assert!(on_aws[2].contains("rotate-secret x --env prod --yes"), "{on_aws:?}");
        assert_eq!(steps_at(Rotated::X, None), steps(Rotated::X));
    }

    #[test]
    fn every_secret_has_its_steps() {
        for secret in Rotated::value_variants() {
            let steps = steps(*secret);
            assert!(steps.iter().any(|step| step.contains("rotate-secret") && step.contains("--yes")), "{steps:?}");
            assert!(steps.iter().all(|step| !step.contains("  ")), "{steps:?}");
        }
    }
}
