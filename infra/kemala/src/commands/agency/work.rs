//! `agency --work`: an agency at work, as its own system would be. The queue is the bell, the API is the truth, and a
//! message is deleted once all that it asks for is done; whatever breaks off comes again and does nothing twice.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result};
use kemala_classifier::Jurisdiction;
use kemala_domain::lifecycle::Action;
use kemala_messages::agency::{AgencyMessage, MessageType};
use kemala_messages::agency_api::WholeTicket;
use kemala_messages::in_queue::InQueue;
use serde_json::{Value, json};

use super::{Poll, show};
use crate::agency_api::AgencyApi;
use crate::aws::{Answer, SignedHttp};
use crate::cli;
use crate::commands::Outcome;
use crate::local::Local;
use crate::queue::AgencyQueue;
use crate::terminal::{DIM, GOOD, WARN, json_line, out, styled};

/// Works off an agency's queue.
pub(super) struct Worker<'a> {
    api: AgencyApi,
    pack: &'a Jurisdiction,
    reply: &'a str,
    json: bool,
}

/// What was done about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Done {
    /// Whether it may be deleted.
    settled: bool,
    /// What was done, in words.
    what: Vec<String>,
}

/// What an answer to an update asks of who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It counts, now or since an earlier attempt.
    Counts,
    /// The ticket has moved on; a message that says how is under way, or was here.
    MovedOn,
    /// The request itself is wrong, and people must look.
    Refused,
    /// Nothing is known; try again later.
    Unknown,
}

impl Fate {
    /// Whether nothing is left to try.
    fn is_settled(self) -> bool {
        matches!(self, Self::Counts | Self::MovedOn)
    }

    fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Counts,
            404 | 409 => Self::MovedOn,
            429 | 500..=599 => Self::Unknown,
            _ => Self::Refused,
        }
    }
}

impl<'a> Worker<'a> {
    /// An agency with its role.
    pub(super) async fn new(
        http: &SignedHttp,
        local: &Local,
        pack: &'a Jurisdiction,
        arguments: &'a cli::Agency,
    ) -> Result<Self> {
        let api = AgencyApi::open(http, local, &arguments.code).await?;
        Ok(Self { api, pack, reply: &arguments.reply, json: arguments.json })
    }

    /// Works until the queue is empty.
    pub(super) async fn run(&self, queue: &AgencyQueue, wait: Duration) -> Result<Outcome> {
        let mut poll = Poll { queue, wait };
        let (mut settled, mut kept) = (0, 0);
        loop {
            let page = poll.next().await?;
            if page.is_empty() {
                break;
            }
            for received in page {
                if !self.json {
                    show::message(&received.message, received.held.receive_count, &self.pack.calendar)?;
                }
                let done = self.take(&received.message).await?;
                if done.settled {
                    queue.delete(&received).await?;
                    settled += 1;
                } else {
                    kept += 1;
                }
                self.tell(&received.message, &done)?;
            }
        }
        if !self.json {
            let kept = if kept == 0 { String::new() } else { format!(", {kept} left in the queue to try again") };
            writeln!(out(), "{}: {settled} messages worked off and deleted{kept}", queue.name())?;
        }
        Ok(Outcome::good_if(kept == 0))
    }

    async fn take(&self, message: &InQueue) -> Result<Done> {
        match message {
            InQueue::Ping(ping) => {
                let answer = self.api.post(&format!("pings/{}", ping.id), ping.id.as_str(), &Value::Null).await?;
                Ok(Done { settled: Fate::of(answer.status).is_settled(), what: vec![told("ping", &answer)] })
            }
            InQueue::Ticket(message) => self.take_ticket(message).await,
        }
    }

    /// Accepts what is new, and answers it.
    async fn take_ticket(&self, message: &AgencyMessage) -> Result<Done> {
        let answer = self.api.get(&format!("tickets/{}", message.subject)).await?;
        match Fate::of(answer.status) {
            Fate::Counts => {}
            Fate::MovedOn => return Ok(Done { settled: true, what: vec!["no longer ours".to_owned()] }),
            Fate::Refused | Fate::Unknown => return Ok(Done { settled: false, what: vec![told("read", &answer)] }),
        }
        let whole: WholeTicket = serde_json::from_str(&answer.body).context("the API's ticket is unreadable")?;
        let mut done = Done { settled: true, what: Vec::new() };
        // The truth decides, not the message: one that comes again finds done what was done.
        let is_answered =
            whole.events.iter().any(|event| event.seq > message.data.event.seq && event.what == "responded");
        if message.message_type == MessageType::Assigned {
            if whole.allowed.contains(&Action::Accept) {
                self.update(message, "accept", json!({"action": "accept"}), &mut done).await?;
            }
            if whole.allowed.contains(&Action::Respond) && !is_answered {
                let reply = json!({"action": "respond", "reply_text": self.reply});
                self.update(message, "respond", reply, &mut done).await?;
            }
        }
        Ok(done)
    }

    /// One update, under a key that is the same however often the message comes.
    async fn update(&self, message: &AgencyMessage, what: &str, update: Value, done: &mut Done) -> Result<()> {
        if !done.settled {
            return Ok(());
        }
        let answer = self.api.update(&message.subject, &format!("{}/{what}", message.id), &update).await?;
        done.settled = Fate::of(answer.status).is_settled();
        done.what.push(told(what, &answer));
        Ok(())
    }

    fn tell(&self, message: &InQueue, done: &Done) -> Result<()> {
        let id = match message {
            InQueue::Ticket(message) => message.id.as_str(),
            InQueue::Ping(ping) => ping.id.as_str(),
        };
        if self.json {
            return json_line(&json!({"id": id, "did": done.what, "deleted": done.settled}));
        }
        let fate = if done.settled { styled(GOOD, "deleted") } else { styled(WARN, "kept") };
        let what = if done.what.is_empty() { "nothing to do".to_owned() } else { done.what.join(", ") };
        writeln!(out(), "  {} {what}; {fate}\n", styled(DIM, "→"))?;
        Ok(())
    }
}

fn told(what: &str, answer: &Answer) -> String {
    match Fate::of(answer.status) {
        Fate::Counts => what.to_owned(),
        Fate::MovedOn | Fate::Refused | Fate::Unknown => {
            let problem: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let detail = problem["detail"].as_str().unwrap_or("no reason given");
            format!("{what} {} ({detail})", answer.status)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_asks_for() {
        let fates = [200, 404, 409, 400, 403, 422, 429, 500, 503].map(Fate::of);
        use Fate::{Counts, MovedOn, Refused, Unknown};
        assert_eq!(fates, [Counts, MovedOn, MovedOn, Refused, Refused, Refused, Unknown, Unknown, Unknown]);
    }
}
