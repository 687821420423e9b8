//! `x-replay`: X sends again what its webhook was to bring.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Outcome, deployed_with_pack, say_only_told};
use crate::aws::SignedHttp;
use crate::cli;
use crate::deployment::Deployment;
use crate::progress::Progress;
use crate::terminal::{BOLD, GOOD, WARN, json_line, out, styled};
use crate::x_webhooks::{Window, XWebhooks};

/// Between two looks at the log.
const LOOK_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(arguments: cli::XReplay) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.mends.place).await?;
    let now = Timestamp::now();
    let here = pack.calendar.local(now);
    let from = arguments.from.before(&here).context("--from lies too far away")?;
    let to = arguments.to.map(|to| to.before(&here)).transpose().context("--to lies too far away")?;
    let window = Window::new(from, to, now)?;
    let http = SignedHttp::new(&deployment.target)?;
    let keys = http.secret_if_any(&deployment.names.x_account_secret()).await?;
    // The cause would quote the keys.
    let keys =
        serde_json::from_value(keys.into()).map_err(|_| anyhow!("the secret of the account has not its four keys"))?;
    let x = XWebhooks::of_app(&deployment.x_api_url, &keys).await?;
    let webhook = x.at(deployment.output("WebhookUrl")?).await?;
    let local = |at| pack.calendar.local(at).strftime("%Y-%m-%d %H:%M").to_string();
    let what = format!("{} to {}, to webhook {}", local(window.from), local(window.to), webhook.id);
    if !arguments.mends.yes {
        match arguments.json {
            true => json_line(&json!({ "webhook": webhook.id, "from": window.from, "to": window.to, "job": null }))?,
            false => writeln!(out(), "X would send again what came from {what}")?,
        }
        say_only_told();
        return Ok(Outcome::Good);
    }
    let job = x.replay(&webhook, window).await?;
    let progress = Progress::on_stderr();
    progress.note(&format!("X replays {what}: job {job}"));
    let step = progress.step("replay");
    step.now("waiting for X to say that it is done");
    let ended = ended(&http, &deployment, &job, now, Duration::from_secs(arguments.wait)).await?;
    let told = match ended {
        Some(true) => "complete",
        Some(false) => "incomplete",
        None => "under way",
    };
    step.done(told);
    match (arguments.json, ended) {
        (true, _) => json_line(
            &json!({ "webhook": webhook.id, "from": window.from, "to": window.to, "job": job, "complete": ended }),
        )?,
        (false, Some(true)) => writeln!(out(), "{} job {} is complete", styled(GOOD, "✓"), styled(BOLD, job))?,
        (false, Some(false)) => {
            let told = styled(WARN, format!("X ended job {job} before all was sent"));
            writeln!(out(), "{told}; run it again for the time that is missing")?;
        }
        (false, None) => writeln!(
            out(),
            "{}",
            styled(WARN, format!("job {job} is still under way; its end stands in intake's log"))
        )?,
    }
    Ok(Outcome::good_if(ended != Some(false)))
}

/// How the job ended, as X tells intake by webhook and intake its log; `None` where it has not in that time.
async fn ended(
    http: &SignedHttp,
    deployment: &Deployment,
    job: &str,
    since: Timestamp,
    patience: Duration,
) -> Result<Option<bool>> {
    let started = Instant::now();
    let look = json!({
        "logGroupName": format!("/aws/lambda/{}", deployment.names.function("webhook-intake")),
        "filterPattern": "\"a replay has ended\"",
        // Clocks differ a little.
        "startTime": (since - SignedDuration::from_mins(1)).as_millisecond(),
    });
    loop {
        let mut page = Value::Null;
        loop {
            let mut look = look.clone();
            if let Some(token) = page["nextToken"].as_str() {
                look["nextToken"] = token.into();
            }
            page = http.operation("logs", "Logs_20140328.FilterLogEvents", &look).await?;
            let lines = page["events"].as_array().into_iter().flatten().filter_map(|event| event["message"].as_str());
            if let Some(complete) = lines.filter(|line| line.contains(job)).find_map(complete) {
                return Ok(Some(complete));
            }
            if page["nextToken"].is_null() {
                break;
            }
        }
        if started.elapsed() >= patience {
            return Ok(None);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What a line of the log says of the end, whether lines are JSON or text.
fn complete(line: &str) -> Option<bool> {
    let says = |value| line.contains(&format!("\"complete\":{value}")) || line.contains(&format!("complete={value}"));
    [true, false].into_iter().find(|value| says(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_read_from_either_kind_of_log() {
        assert_eq!(complete(r#"{"fields":{"message":"a replay has ended","job":"7","complete":true}}"#), Some(true));
        assert_eq!(complete(r#"INFO a replay has ended job="7" complete=false"#), Some(false));
        assert_eq!(complete("a replay has ended"), None);
    }
}
