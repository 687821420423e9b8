//! The quarantine queue: reports that became no ticket, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::Result;
use kemala_domain::PostKey;
use kemala_messages::report::{Content, Message as ReportMessage};
use serde::Deserialize;

use super::{Held, Queue};

/// Looks for reports by their first post in the quarantine queue, which it leaves as it was: the reason's code of each.
pub async fn quarantined(
    queue: &Queue,
    posts: &BTreeSet<PostKey>,
    patience: Duration,
) -> Result<BTreeMap<PostKey, String>> {
    let mut found = BTreeMap::new();
    let look = |held: &Held| {
        if let Some((post, reason)) = quarantined_report(&held.body).filter(|(post, _)| posts.contains(post)) {
            found.insert(post, reason);
        }
        if found.len() < posts.len() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    queue.look_through(patience, look).await?;
    Ok(found)
}

/// The first post of a report in quarantine, and the reason's code.
fn quarantined_report(body: &str) -> Option<(PostKey, String)> {
    #[derive(Deserialize)]
    struct Quarantined {
        reason: String,
        body: String,
    }
    let Quarantined { reason, body } = serde_json::from_str(body).ok()?;
    match ReportMessage::from_json(&body).ok()?.content {
        Content::Report(report) => Some((report.first_post, reason)),
        Content::Deletion(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kemala_messages::quarantine::{Message, Reason, Source};

    use super::*;

    #[test]
    fn a_quarantined_report_is_recognised() {
        let report = r#"{"v":1,"received_at":"2026-11-24T04:06:41Z","channel":"x_activity","report":{"post":"x#12",
            "first_post":"x#11","edit":1,"author":{"id":"1"},"text":"a","created_at":"2026-11-24T04:06:40Z","addressed":"hashtag"}}"#;
        let put = |body: &str| {
            let message =
                Message::new(Reason::NothingToActOn, Source::ReportsQueue, Timestamp::UNIX_EPOCH, body.as_bytes());
            message.to_json().unwrap()
        };
        assert_eq!(quarantined_report(&put(report)), Some(("x#11".parse().unwrap(), "nothing_to_act_on".to_owned())));
        assert_eq!(quarantined_report(&put("{}")), None);
        assert_eq!(quarantined_report("nonsense"), None);
    }
}
