//! A report opens a ticket.

use jiff::Timestamp;

use super::draft::Draft;
use super::{Change, VoiceChange};
use crate::clocks::Terms;
use crate::decision::Decision;
use crate::event::{Actor, Destination, EventBody};
use crate::ids::TicketId;
use crate::report::Voice;
use crate::ticket::{Status, Ticket};

/// Opens a ticket for a report.
pub fn open(id: TicketId, pack: &str, decision: Decision, voice: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let holder = decision.addressee.clone();
    let ticket = Ticket {
        id,
        version: 0,
        status: if decision.triage { Status::Triage } else { Status::Assigned },
        pack: pack.to_owned(),
        origin: voice.report.first_post.clone(),
        decision: decision.clone(),
        holder: holder.clone(),
        policy_version: terms.policies.current.version.clone(),
        opened_at: now,
        voices: 1,
        copies: 0,
        quiet: false,
        unreachable: !voice.report.post.platform.takes_answers(),
        incident: None,
        joined_to: None,
        emergency_since: None,
        held_since: now,
        acknowledged_at: None,
        escalated_to: Vec::new(),
        once_supervisory: false,
        pauses: Vec::new(),
        late: Vec::new(),
        due: None,
    };
    let mut draft = Draft::new(ticket, terms, now);
    draft.add(Actor::Citizen, EventBody::Opened { decision: Box::new(decision) }, [holder]);
    draft.tell_citizens();
    draft.finish(vec![VoiceChange::Add(Box::new(voice))])
}

impl Change {
    /// The same change of a ticket about which nothing may be posted.
    pub fn quietly(mut self) -> Self {
        self.ticket.quiet = true;
        for event in &mut self.events {
            event.undelivered.remove(&Destination::Citizens);
        }
        self
    }
}
