//! What this function measures.

use kemala_domain::lifecycle::Change;
use kemala_domain::{EventBody, Status};
use kemala_messages::quarantine::Reason;
use kemala_messages::report::Channel;
use kemala_runtime::metrics::{Metric, Metrics, Unit};

/// Messages of the reports queue that were dealt with, by the way they came and by what became of them.
pub const REPORTS: Metric = Metric::new("Reports", Unit::Count).by(&[&["channel"], &["outcome"]]);
/// Messages put into quarantine, with the code of the reason.
pub const QUARANTINED: Metric = Metric::new("Quarantined", Unit::Count).by(&[&["reason"]]);
/// How sure the classifier is of what opens a ticket, from 0 to 1.
pub const CONFIDENCE: Metric = Metric::new("Confidence", Unit::None);
/// Of each new ticket, whether it begins at the triage desk: 1 or 0, so that the average is the desk's share.
pub const TRIAGE: Metric = Metric::new("Triage", Unit::None);

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// It opened a ticket.
    Ticket {
        /// Whether that is with the triage desk.
        is_triage: bool,
        /// How sure the classifier was, from 0 to 1.
        confidence: f64,
    },
    /// It joined the ticket of its incident.
    Joined,
    /// It is part of a ticket's thread.
    Thread,
    /// It is a later version of a post.
    Edited,
    /// It says that a post is gone.
    Withdrawn,
    /// Nothing new, or nothing that matters.
    Known,
    /// It was put away.
    Quarantined(Reason),
}

impl Outcome {
    /// What a change is to the message that it was planned for.
    pub fn of(change: &Change) -> Self {
        match change.events.first().map(|event| &event.body) {
            Some(EventBody::Opened { decision }) => Self::Ticket {
                is_triage: change.ticket.status == Status::Triage,
                confidence: f64::from(decision.confidence),
            },
            Some(EventBody::VoiceAdded { .. }) => Self::Joined,
            Some(EventBody::Edited { .. }) => Self::Edited,
            Some(EventBody::VoiceWithdrawn { .. } | EventBody::Withdrawn) => Self::Withdrawn,
            Some(_) => Self::Thread,
            None => Self::Known,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ticket { .. } => "ticket",
            Self::Joined => "joined",
            Self::Thread => "thread",
            Self::Edited => "edited",
            Self::Withdrawn => "withdrawn",
            Self::Known => "known",
            Self::Quarantined(_) => "quarantined",
        }
    }
}

/// Counts a message; of one that cannot be read the way is not known.
pub fn dealt_with(metrics: &Metrics, channel: Option<Channel>, outcome: Outcome) {
    let channel = channel.map_or("unknown", Channel::name);
    metrics.put_by(REPORTS, &[("channel", channel), ("outcome", outcome.name())], 1);
    match outcome {
        Outcome::Ticket { is_triage, confidence } => {
            metrics.put(CONFIDENCE, confidence);
            metrics.put(TRIAGE, u8::from(is_triage));
        }
        Outcome::Quarantined(reason) => metrics.put_by(QUARANTINED, &[("reason", reason.code())], 1),
        _ => {}
    }
}
