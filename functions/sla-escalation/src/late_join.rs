//! Tickets that were opened without a look at their place's memory, as too many wrote it at once, are compared now.

use jiff::Timestamp;
use kemala_classifier::{SameIncident, Verdict};
use kemala_domain::TicketId;
use kemala_domain::clocks::Terms;
use kemala_domain::incident::{Entry, Incidents, Signature};
use kemala_domain::lifecycle::{self, Beside, Case, Change};
use kemala_domain::report::VoiceRole;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::guard::guarded;
use kemala_store::{JoinError, ReadError, Store};
use serde::Serialize;

/// Tickets found by one look at the index.
const PAGE: i32 = 100;

/// What became of the tickets.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct JoinedLate {
    /// Tickets that were joined into another.
    pub joined: usize,
    /// Tickets whose incident is theirs alone.
    pub alone: usize,
}

/// Compares tickets late.
pub struct LateJoin<'a> {
    store: &'a Store,
    same: &'a SameIncident,
    terms: Terms<'a>,
}

impl<'a> LateJoin<'a> {
    /// Over a table, by the thresholds and the law of a pack.
    pub fn new(store: &'a Store, same: &'a SameIncident, terms: Terms<'a>) -> Self {
        Self { store, same, terms }
    }

    /// Settles every ticket that is marked by `now`, one after the other, until the deadline: those of one place would
    /// only be in each other's way.
    ///
    /// # Errors
    /// Where the index cannot be read; a single ticket that fails is logged and stays marked.
    pub async fn settle(&self, now: Timestamp, deadline: Deadline) -> Result<JoinedLate, ReadError> {
        let mut total = JoinedLate::default();
        for id in self.store.late_joins(now, PAGE).await? {
            match guarded(deadline, self.settle_one(&id, now)).await {
                Ok(true) => total.joined += 1,
                Ok(false) => total.alone += 1,
                Err(error) => tracing::warn!(ticket.id = %id, %error, "not compared yet"),
            }
            if deadline.has_passed() {
                break;
            }
        }
        Ok(total)
    }

    /// Settles one ticket; whether it or the other was joined.
    async fn settle_one(&self, id: &TicketId, now: Timestamp) -> Result<bool, JoinError> {
        let Some(case) = self.store.case(id).await? else {
            self.store.end_late_join(id).await?;
            return Ok(false);
        };
        if let Some(into) = &case.ticket.joined_to {
            // Somebody was stopped between the join and the last voice.
            self.store.move_voices(id, into).await?;
            return Ok(true);
        }
        // Closed meanwhile, or remembered by what it says after an edit.
        let is_settled = !case.ticket.status.is_open() || case.ticket.incident.is_some();
        let signature = self.store.late_join(id).await?.filter(|_| !is_settled);
        let key = signature.as_ref().and_then(Signature::key);
        let (Some(signature), Some(key)) = (signature, key) else {
            self.store.end_late_join(id).await?;
            return Ok(false);
        };
        let incidents = self.store.incidents(&key).await?;
        let Some((other, role)) = self.other_ticket(&case, &signature, &incidents).await? else {
            let change = self.remembered(case, signature, &incidents, now);
            self.store.write(&change, None, now).await?;
            self.store.end_late_join(id).await?;
            return Ok(false);
        };
        let is_younger = is_younger(&case, &other);
        let (older, younger) = if is_younger { (&other, &case) } else { (&case, &other) };
        let mut join = lifecycle::join(older, younger, role, self.terms, now);
        if !is_younger {
            // What goes on is remembered; the other is not.
            let entry = Entry { ticket: older.ticket.id.clone(), signature };
            let without = incidents.without(&younger.ticket.id).unwrap_or(incidents);
            join.into.ticket.incident = Some(key);
            join.into.beside.incidents.push(without.with(entry, self.same.keep(), now));
        }
        let (into, from) = (older.ticket.id.clone(), younger.ticket.id.clone());
        self.store.write_join(&join, None, now).await?;
        tracing::info!(ticket.id = %from, into.id = %into, "joined");
        self.store.move_voices(&from, &into).await?;
        if !is_younger {
            self.store.end_late_join(&into).await?;
        }
        Ok(true)
    }

    /// The ticket of the same incident that is likeliest among those remembered and still open.
    async fn other_ticket(
        &self,
        case: &Case,
        signature: &Signature,
        incidents: &Incidents,
    ) -> Result<Option<(Case, VoiceRole)>, ReadError> {
        let others = incidents.entries.iter().filter(|entry| entry.ticket != case.ticket.id);
        let compared = others.map(|entry| (self.same.compare(signature, &entry.signature), entry));
        let mut likely: Vec<_> = compared.filter(|(comparison, _)| comparison.is_same()).collect();
        likely.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score));
        for (comparison, entry) in likely {
            let Some(other) = self.store.case(&entry.ticket).await? else { continue };
            let (older, younger) = if is_younger(case, &other) { (&other, case) } else { (case, &other) };
            let may_join = older.ticket.may_take_in(&younger.ticket.decision) && other.ticket.status.is_open();
            if may_join && other.ticket.incident.as_ref() == Some(&incidents.key) {
                let is_copy = comparison.verdict == Verdict::Copy;
                let role = if is_copy { VoiceRole::Copy } else { VoiceRole::SameIncident };
                return Ok(Some((other, role)));
            }
        }
        Ok(None)
    }

    /// The ticket stays, and its place remembers it.
    fn remembered(&self, case: Case, signature: Signature, incidents: &Incidents, now: Timestamp) -> Change {
        let mut ticket = case.ticket;
        ticket.incident = Some(incidents.key.clone());
        let entry = Entry { ticket: ticket.id.clone(), signature };
        let incidents = vec![incidents.with(entry, self.same.keep(), now)];
        let beside = Beside { incidents, ..Beside::default() };
        Change { based_on: ticket.version, ticket, events: Vec::new(), voices: Vec::new(), beside }
    }
}

/// Whether a ticket was opened after another; of two of one moment, the number decides.
fn is_younger(case: &Case, other: &Case) -> bool {
    let age = |case: &Case| (case.ticket.opened_at, case.ticket.id.clone());
    age(case) > age(other)
}
