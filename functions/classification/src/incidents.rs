//! What the place of a report remembers, and the open ticket there that the report belongs to.

use futures::future::{try_join, try_join_all};
use jiff::Timestamp;
use kemala_classifier::{Comparison, Pack, Verdict};
use kemala_domain::incident::{Entry, IncidentKey, Incidents, Signature};
use kemala_domain::lifecycle::Case;
use kemala_domain::report::VoiceRole;
use kemala_domain::{Decision, TicketId};
use kemala_store::{ReadError, Store};

/// Tickets that are looked at, the likeliest first; the others are left for people to join.
const MOST_LOOKS: usize = 5;

/// What is remembered where the incident of a report may be.
pub struct Memory<'a> {
    pack: &'a Pack,
    signature: &'a Signature,
    own: Incidents,
    /// The coarser place, or the finer ones: there only a text that agrees strongly is of the same incident.
    others: Vec<Incidents>,
}

impl<'a> Memory<'a> {
    /// Reads it; `None` where nothing can be said about the place and too little else.
    pub async fn of(signature: &'a Signature, pack: &'a Pack, store: &Store) -> Result<Option<Self>, ReadError> {
        let Some(key) = signature.key() else { return Ok(None) };
        let others = others(signature, pack);
        let others = try_join_all(others.iter().map(|key| store.incidents(key)));
        let (own, others) = try_join(store.incidents(&key), others).await?;
        Ok(Some(Self { pack, signature, own, others }))
    }

    /// The open ticket of the incident, and what the report is to it. Tickets are read as they are now: a memory may be
    /// stale, and a ticket that was edited is remembered elsewhere.
    pub async fn ticket(&self, decision: &Decision, store: &Store) -> Result<Option<(Case, VoiceRole)>, ReadError> {
        let same = &self.pack.jurisdiction.same_incident;
        let mut likely: Vec<(Comparison, &IncidentKey, &TicketId)> = Vec::new();
        for incidents in self.others.iter().chain([&self.own]) {
            let compared = incidents
                .entries
                .iter()
                .map(|entry| (same.compare(self.signature, &entry.signature), &incidents.key, &entry.ticket));
            likely.extend(compared.filter(|(comparison, ..)| comparison.is_same()));
        }
        likely.sort_by(|(a, ..), (b, ..)| b.score.total_cmp(&a.score));
        for (comparison, key, ticket) in likely.into_iter().take(MOST_LOOKS) {
            let Some(case) = store.case(ticket).await? else { continue };
            if case.ticket.incident.as_ref() == Some(key) && case.ticket.may_take_in(decision) {
                let is_copy = comparison.verdict == Verdict::Copy;
                return Ok(Some((case, if is_copy { VoiceRole::Copy } else { VoiceRole::SameIncident })));
            }
        }
        Ok(None)
    }

    /// The place's memory with a ticket that says what the report says.
    pub fn with(&self, ticket: TicketId, now: Timestamp) -> Incidents {
        let entry = Entry { ticket, signature: self.signature.clone() };
        self.own.with(entry, self.pack.jurisdiction.same_incident.keep(), now)
    }

    /// What the memory is about.
    pub fn key(&self) -> &IncidentKey {
        &self.own.key
    }
}

/// Where else the incident may be remembered: by its regency, where the report tells the subdistrict, and by each of
/// its subdistricts, where the report tells only the regency.
fn others(signature: &Signature, pack: &Pack) -> Vec<IncidentKey> {
    let Some(place) = &signature.place else { return Vec::new() };
    let Some(regency) = place.regency() else { return Vec::new() };
    match place.subdistrict() {
        Some(_) => vec![IncidentKey::of_place(&regency)],
        None => pack.subdistricts_of(&regency).iter().map(IncidentKey::of_place).collect(),
    }
}
