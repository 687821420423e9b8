//! A report of its own: it joins the ticket of its incident, or opens one.

use jiff::Timestamp;
use kemala_classifier::Classified;
use kemala_domain::author::AuthorKey;
use kemala_domain::incident::Signature;
use kemala_domain::lifecycle::{self, Case, Change};
use kemala_domain::report::VoiceRole;
use kemala_domain::{Decision, PostKey, Report, TicketId, Voice};
use kemala_messages::quarantine::Reason;
use kemala_store::ReadError;

use crate::incidents::Memory;
use crate::plan::{Attempt, Plan, Planner};

/// Ticket numbers tried before giving up; at 40 bits even a second is rare.
const PROBES: u32 = 8;

/// Why a report is left to the triage desk: its author reports more than the pack's limits allow.
const OVER_LIMIT: &str = "author_over_limit";

impl Planner<'_> {
    /// A report of its own: a voice of the open ticket of its incident, or a ticket.
    pub(crate) async fn join_or_open(
        &self,
        report: &Report,
        classified: Classified,
        received_at: Timestamp,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Plan, ReadError> {
        let limits = &self.pack.jurisdiction.limits;
        let activity = self.store.activity(&AuthorKey::of(&report.first_post, &report.author)).await?;
        let is_over_limit = limits.is_reached(&activity, now);
        let signature = self.signature(report, &classified);
        let memory = match (&signature, attempt) {
            (Some(signature), Attempt::Usual) => Memory::of(signature, self.pack, self.store).await?,
            _ => None,
        };
        let found = match &memory {
            Some(memory) => memory.ticket(&classified.decision, self.store).await?,
            None => None,
        };
        let mut change = if let Some((case, role)) = found {
            // Who reports more than the limit adds to no count.
            let role = if is_over_limit { VoiceRole::Copy } else { role };
            let Classified { decision, masked_text, .. } = classified;
            let voice = Voice { role, report: report.clone(), masked_text, received_at };
            lifecycle::join_report(&case, voice, &decision, self.terms, now)
        } else {
            let Some(mut change) = self.open(report, classified, is_over_limit, received_at, now).await? else {
                return Ok(Plan::Quarantine(Reason::Unstorable));
            };
            // Nobody's report may be drawn into a ticket that nothing is posted about.
            match &memory {
                _ if is_over_limit => {}
                Some(memory) => {
                    change.beside.incidents.push(memory.with(change.ticket.id.clone(), now));
                    change.ticket.incident = Some(memory.key().clone());
                }
                None if attempt == Attempt::Usual => {}
                None => change.beside.late_join = signature.filter(|signature| signature.key().is_some()),
            }
            change
        };
        if attempt == Attempt::Usual {
            change.beside.activity = Some(activity.with_one_more(limits, now));
        }
        Ok(Plan::Write(Box::new(change)))
    }

    /// What to know a report of the same incident by; `None` of an accusation, and of a repost, which opens the ticket
    /// of its original.
    pub(crate) fn signature(&self, report: &Report, classified: &Classified) -> Option<Signature> {
        if report.relation.repost_of.is_some() {
            return None;
        }
        self.pack.signature(classified, report.created_at)
    }

    /// The opening post was edited: its ticket is remembered for what it says now, where it says that it is.
    pub(crate) async fn remember_anew(
        &self,
        case: &Case,
        signature: Option<Signature>,
        change: &mut Change,
        now: Timestamp,
    ) -> Result<(), ReadError> {
        let memory = match &signature {
            Some(signature) => Memory::of(signature, self.pack, self.store).await?,
            None => None,
        };
        let key = memory.as_ref().map(|memory| memory.key().clone());
        if let Some(old) = case.ticket.incident.as_ref().filter(|old| key.as_ref() != Some(*old)) {
            change.beside.incidents.extend(self.store.incidents(old).await?.without(&case.ticket.id));
        }
        change.beside.incidents.extend(memory.map(|memory| memory.with(case.ticket.id.clone(), now)));
        change.ticket.incident = key;
        Ok(())
    }

    /// Opens a ticket; `None` where no number is free.
    async fn open(
        &self,
        report: &Report,
        classified: Classified,
        is_over_limit: bool,
        received_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Change>, ReadError> {
        // A repost opens the ticket that its original would open.
        let seed = report.relation.repost_of.as_ref().unwrap_or(&report.first_post);
        let Some(id) = self.free_number(seed).await? else { return Ok(None) };
        let Classified { decision, masked_text, .. } = classified;
        let decision = if is_over_limit { self.over_limit(decision) } else { decision };
        let voice = Voice { role: VoiceRole::Opening, report: report.clone(), masked_text, received_at };
        let change = lifecycle::open(id, &self.pack.jurisdiction.name, decision, voice, self.terms, now);
        Ok(Some(if is_over_limit { change.quietly() } else { change }))
    }

    /// The decision about a report whose author is over the limit: a human looks at it first.
    pub(crate) fn over_limit(&self, decision: Decision) -> Decision {
        decision.leave_to(&self.pack.jurisdiction.triage_desk, OVER_LIMIT)
    }

    /// The first number of a post that no other ticket has.
    async fn free_number(&self, seed: &PostKey) -> Result<Option<TicketId>, ReadError> {
        for probe in 0..PROBES {
            let id = TicketId::of_post(&self.pack.jurisdiction.ticket_prefix, seed, probe);
            if self.store.ticket(&id).await?.is_none() {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}
