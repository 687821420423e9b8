//! The quarantine queue: reports that became no ticket, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::Result;
use kemala_domain::PostKey;
use kemala_intake::{Outgoing, sort_body, sort_incoming};
use kemala_messages::quarantine::{Message, Source};
use kemala_messages::report::{Channel, Content, Message as ReportMessage};
use kemala_messages::x::Listening;
use kemala_messages::x::search::read_page;

use super::{Held, Queue};

/// Something in quarantine, with what can be told of it.
#[derive(Debug, Clone)]
pub struct Put {
    /// As it was put there.
    pub message: Message,
    /// Of a report or deletion: its (first) post.
    pub post: Option<PostKey>,
    /// Of a report: the platform's id of who wrote it.
    pub author: Option<String>,
}

/// What comes of reading it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// These messages go to the `reports` queue, and it is done with.
    Whole(Vec<String>),
    /// These go there, and as something is still not understood, it stays.
    Partly(Vec<String>),
    /// Its end is missing: nothing can be read.
    Cut,
}

impl Put {
    /// What a message of the queue holds; `None` where this program does not know its shape.
    pub fn read(held: &Held) -> Option<Self> {
        let message = Message::from_json(&held.body).ok()?;
        let (mut post, mut author) = (None, None);
        if message.source() == Source::ReportsQueue
            && let Ok(body) = String::from_utf8(message.body())
            && let Ok(read) = ReportMessage::from_json(&body)
        {
            match read.content {
                Content::Report(report) => (post, author) = (Some(report.first_post), Some(report.author.id)),
                Content::Deletion(deletion) => post = Some(deletion.post),
            }
        }
        Some(Self { message, post, author })
    }

    /// Reads it as if it came now, by the same readers as when it came; it keeps the time when it did.
    pub fn again(&self, listening: &Listening) -> Again {
        let (body, at) = (self.message.body(), self.message.received_at());
        let sorted = match self.message.source() {
            _ if self.message.is_cut() => return Again::Cut,
            Source::ReportsQueue => match String::from_utf8(body) {
                Ok(body) => return Again::Whole(vec![body]),
                Err(_) => return Again::Partly(Vec::new()),
            },
            Source::XWebhook => sort_body(&body, listening, at).ok(),
            Source::XSearch => read_page(&body, listening)
                .ok()
                .and_then(|page| sort_incoming(page.incoming, Channel::XSearch, &body, at).ok()),
        };
        match sorted {
            Some(Outgoing { reports, quarantine: None, .. }) => Again::Whole(reports),
            Some(Outgoing { reports, quarantine: Some(_), .. }) => Again::Partly(reports),
            None => Again::Partly(Vec::new()),
        }
    }

    /// Whether it holds something of an author: a report, or a body that names the account's id.
    pub fn is_of(&self, author: &str) -> bool {
        match &self.author {
            Some(id) => id == author,
            None => names(&self.message.body(), author),
        }
    }
}

/// Whether a text has that number as a whole.
fn names(text: &[u8], number: &str) -> bool {
    let text = String::from_utf8_lossy(text);
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    !number.is_empty()
        && text.match_indices(number).any(|(at, _)| {
            let (before, after) = (text.get(..at), text.get(at + number.len()..));
            !is_digit(before.and_then(|text| text.chars().next_back()))
                && !is_digit(after.and_then(|text| text.chars().next()))
        })
}

/// Looks for reports by their first post in the quarantine queue, which it leaves as it was: the reason's code of each.
pub async fn quarantined(
    queue: &Queue,
    posts: &BTreeSet<PostKey>,
    patience: Duration,
) -> Result<BTreeMap<PostKey, String>> {
    let mut found = BTreeMap::new();
    let look = |held: &Held| {
        if let Some(put) = Put::read(held)
            && let Some(post) = put.post.filter(|post| put.author.is_some() && posts.contains(post))
        {
            found.insert(post, put.message.reason().code().to_owned());
        }
        if found.len() < posts.len() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    queue.look_through(patience, look).await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kemala_messages::quarantine::Reason;
    use kemala_messages::x::Account;

    use super::*;

    const REPORT: &str = r#"{"v":1,"received_at":"2026-11-24T04:06:41Z","channel":"x_activity","report":{"post":"x#12",
            "first_post":"x#11","edit":1,"author":{"id":"1"},"text":"a","created_at":"2026-11-24T04:06:40Z","addressed":"hashtag"}}"#;
    /// Two events: a post for us, and one that cannot be read.
    const MIXED: &str = r##"{"for_user_id":"9","tweet_create_events":[
        {"id_str":"1990000000000000001","text":"Jalan rusak #KemalaJateng","user":{"id_str":"1600000000000000001"},
         "entities":{"hashtags":[{"text":"KemalaJateng","indices":[12,25]}]}}, {"id_str": 7}]}"##;

    fn put(source: Source, body: &str) -> Option<Put> {
        let message = Message::new(Reason::NothingToActOn, source, Timestamp::UNIX_EPOCH, body.as_bytes());
        Put::read(&held(message.to_json().unwrap()))
    }

    fn held(body: String) -> Held {
        let queued_at = Timestamp::UNIX_EPOCH;
        Held {
            id: "1".into(),
            body,
            fifo: None,
            given_up_by: None,
            receive_count: 1,
            queued_at,
            receipt: String::new(),
        }
    }

    fn listening() -> Listening {
        Listening::new(
            &["KemalaJateng".to_owned()],
            [Account { id: "9".to_owned(), handle: "KemalaJateng".to_owned() }],
        )
    }

    #[test]
    fn a_quarantined_report_is_recognised_and_goes_back_as_it_was() {
        let put = |body| put(Source::ReportsQueue, body);
        let report = put(REPORT).unwrap();
        assert_eq!(report.post, Some("x#11".parse().unwrap()));
        assert!(report.is_of("1") && !report.is_of("12"));
        assert_eq!(report.again(&listening()), Again::Whole(vec![REPORT.to_owned()]));
        assert_eq!(put("{}").unwrap().post, None);
        assert!(Put::read(&held("nonsense".to_owned())).is_none());
    }

    #[test]
    fn what_is_understood_of_a_body_goes_on_and_the_rest_stays() {
        let Again::Partly(reports) = put(Source::XWebhook, MIXED).unwrap().again(&listening()) else {
            panic!("a part")
        };
        assert!(matches!(reports.as_slice(), [one] if one.contains("x#1990000000000000001")), "{reports:?}");
        let whole = MIXED.replace(r#", {"id_str": 7}"#, "");
        let put_whole = put(Source::XWebhook, &whole).unwrap();
        assert!(matches!(put_whole.again(&listening()), Again::Whole(reports) if reports.len() == 1));
        assert!(put_whole.is_of("1600000000000000001") && !put_whole.is_of("160000000000000000"));
        assert_eq!(put(Source::XWebhook, "[]").unwrap().again(&listening()), Again::Partly(vec![]));
        assert_eq!(put(Source::XSearch, "{}").unwrap().again(&listening()), Again::Partly(vec![]));
    }

    #[test]
    fn what_is_cut_cannot_be_read() {
        let long = "x".repeat(kemala_messages::SQS_MAX_BYTES);
        assert_eq!(put(Source::XWebhook, &long).unwrap().again(&listening()), Again::Cut);
    }
}
