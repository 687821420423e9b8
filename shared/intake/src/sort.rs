//! What comes from a platform, as messages for the queues.

use jiff::Timestamp;
use kemala_messages::SQS_MAX_BYTES;
use kemala_messages::quarantine::{Message as Quarantined, Reason, Source};
use kemala_messages::report::{Channel, Content, Deletion, Message};
use kemala_messages::x::{self, Incoming, Listening, NotRead};

/// Messages to send, as the queues carry them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// One for each report or deletion.
    pub reports: Vec<String>,
    /// The whole body, once, where something in it was not understood.
    pub quarantine: Option<String>,
    /// Why the body goes there: the reason of the first event that was not understood.
    pub reason: Option<Reason>,
}

/// Why a body gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum NoIntake {
    /// It is none of X's.
    #[error("the body is not a JSON object")]
    NoObject,
    /// A message could not be written as JSON.
    #[error("a message could not be written")]
    Unwritable(#[from] serde_json::Error),
}

/// Sorts what the body of a webhook says into messages.
///
/// # Errors
/// [`NoIntake::NoObject`] for what X does not send.
pub fn sort_body(body: &[u8], listening: &Listening, received_at: Timestamp) -> Result<Outgoing, NoIntake> {
    match x::read(body, listening) {
        Ok(reading) => sort_incoming(reading.incoming, reading.channel, body, received_at),
        Err(NotRead::NotUnderstood(reason)) => {
            let mut outgoing = Outgoing::default();
            outgoing.put_away(reason, Source::XWebhook, body, received_at)?;
            Ok(outgoing)
        }
        Err(NotRead::NoObject) => Err(NoIntake::NoObject),
    }
}

/// Sorts what was read from a body. Where something in it was not understood, the body is kept with the code of the
/// first such event.
///
/// # Errors
/// [`NoIntake::Unwritable`], of which no case is known.
pub fn sort_incoming(
    incoming: Vec<Incoming>,
    channel: Channel,
    body: &[u8],
    received_at: Timestamp,
) -> Result<Outgoing, NoIntake> {
    let mut outgoing = Outgoing::default();
    let mut not_understood = None;
    for incoming in incoming {
        match message(incoming, channel, received_at)? {
            Sorted::Message(json) => outgoing.reports.push(json),
            Sorted::NotUnderstood(reason) => not_understood = not_understood.or(Some(reason)),
            Sorted::Nothing => {}
        }
    }
    if let Some(reason) = not_understood {
        let source = if channel == Channel::XSearch { Source::XSearch } else { Source::XWebhook };
        outgoing.put_away(reason, source, body, received_at)?;
    }
    Ok(outgoing)
}

impl Outgoing {
    fn put_away(&mut self, reason: Reason, source: Source, body: &[u8], at: Timestamp) -> Result<(), NoIntake> {
        tracing::warn!(reason = reason.code(), "not understood: the body goes into quarantine");
        self.reason = Some(reason);
        self.quarantine = Some(Quarantined::new(reason, source, at, body).to_json()?);
        Ok(())
    }
}

enum Sorted {
    Message(String),
    NotUnderstood(Reason),
    Nothing,
}

fn message(incoming: Incoming, channel: Channel, received_at: Timestamp) -> Result<Sorted, serde_json::Error> {
    let content = match incoming {
        Incoming::Report(report) => {
            tracing::info!(post.id = %report.post, "a report");
            Content::Report(report)
        }
        Incoming::Deletion { post, at } => {
            tracing::info!(post.id = %post, "a deletion");
            Content::Deletion(Deletion { post, at })
        }
        Incoming::NotUnderstood(reason) => return Ok(Sorted::NotUnderstood(reason)),
        Incoming::Dropped(reason) => {
            tracing::info!(reason = reason.code(), "nothing to do");
            return Ok(Sorted::Nothing);
        }
        Incoming::Revoked { account } => {
            tracing::warn!(account, "an account took back its permission: X sends no more of its events");
            return Ok(Sorted::Nothing);
        }
        Incoming::ReplayStatus { job, complete } => {
            // The words are what `cargo kemala x-replay` waits for in the log.
            tracing::info!(job, complete, "a replay has ended");
            return Ok(Sorted::Nothing);
        }
    };
    let json = Message { received_at, channel, content }.to_json()?;
    Ok(if json.len() <= SQS_MAX_BYTES { Sorted::Message(json) } else { Sorted::NotUnderstood(Reason::TooLarge) })
}
