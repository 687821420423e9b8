//! What agencies are told of an event: the ticket as it stands, and what happened.

use jiff::Timestamp;
use kemala_domain::clocks::Terms;
use kemala_domain::{Actor, AgencyCode, Event, EventBody, Ticket, Voice};
use kemala_messages::agency::{AgencyMessage, Deadline, Snapshot, TicketView};
use kemala_messages::notice::Notice;
use kemala_store::{ReadError, Store};

/// An event with all that its messages show.
#[derive(Debug)]
pub struct Telling<'a> {
    ticket: &'a Ticket,
    event: &'a Event,
    /// The voice that opened the ticket, while it is kept.
    opening: Option<Voice>,
    /// The voice that the event is about, where that is another.
    spoken: Option<Voice>,
    deadlines: Vec<Deadline>,
}

impl<'a> Telling<'a> {
    /// Reads what belongs to an event. `terms` give the deadlines.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn read(
        store: &Store,
        ticket: &'a Ticket,
        event: &'a Event,
        terms: Terms<'_>,
    ) -> Result<Self, ReadError> {
        let opening = store.voice(&ticket.id, &ticket.origin).await?;
        let spoken = match event.body.post() {
            Some(post) if *post != ticket.origin => store.voice(&ticket.id, post).await?,
            _ => None,
        };
        Ok(Self { ticket, event, opening, spoken, deadlines: Deadline::all(ticket, terms) })
    }

    /// The message for one agency.
    pub fn to(&self, agency: &AgencyCode) -> AgencyMessage {
        AgencyMessage::new(self.event, agency, self.snapshot(), self.spoken.as_ref())
    }

    /// What people without a queue are told; `None` of an event that is not for them.
    pub fn to_people(&self, terms: Terms<'_>) -> Option<Notice> {
        Notice::of(self.event, &TicketView::for_others(self.snapshot()), terms.hierarchy, terms.calendar)
    }

    /// When the post was made that opened the ticket, while it is kept.
    pub fn posted_at(&self) -> Option<Timestamp> {
        self.opening.as_ref().map(|voice| voice.report.created_at)
    }

    fn snapshot(&self) -> Snapshot<'_> {
        Snapshot { ticket: self.ticket, opening: self.opening.as_ref(), deadlines: &self.deadlines }
    }
}

/// The events since a moment that an agency, in whose hands the ticket is, was told: from the one that brought it there,
/// but for what the agency did itself.
pub fn told_since<'a>(events: &'a [Event], agency: &AgencyCode, since: Timestamp) -> impl Iterator<Item = &'a Event> {
    let brings = |event: &Event| matches!(&event.body, EventBody::Reassigned { to, .. } if to == agency);
    let first = events.iter().rposition(brings).unwrap_or(0);
    let own = Actor::Agency(agency.clone());
    events.iter().skip(first).filter(move |event| event.at >= since && event.actor != own)
}

#[cfg(test)]
mod tests {
    use kemala_domain::EventBody::{Accepted, Noted, Reassigned, StatusAsked};
    use kemala_domain::samples::{agency, monday};

    use super::*;

    #[test]
    fn an_agency_hears_again_what_others_did_since_it_has_the_ticket() {
        let [dinkes, dinsos] = [agency("DINKES"), agency("DINSOS")];
        let post = kemala_domain::PostKey::x("1").unwrap();
        let bodies = [
            (Actor::Agency(dinkes.clone()), Noted { text: "x".to_owned() }),
            (Actor::Agency(dinkes.clone()), Reassigned { from: dinkes, to: dinsos.clone() }),
            (Actor::Agency(dinsos.clone()), Accepted),
            (Actor::Citizen, StatusAsked { post }),
        ];
        let minute = |seq: u32| monday() + jiff::SignedDuration::from_mins(seq.into());
        let event = |(seq, (actor, body))| {
            let ticket = "KJ-45RQ0X8XD".parse().unwrap();
            Event { ticket, seq, at: minute(seq), actor, body, undelivered: Default::default(), filed: None }
        };
        let events: Vec<Event> = (1..).zip(bodies).map(event).collect();
        let told = |since| told_since(&events, &dinsos, minute(since)).map(|event| event.seq).collect::<Vec<_>>();
        assert_eq!((told(0), told(3), told(9)), (vec![2, 4], vec![4], vec![]));
    }
}
