//! News of tickets, in words for everybody.

use kemala_domain::public::plain;
use kemala_domain::{Event, EventBody, Status};

use crate::view::{View, status, w3};
use crate::wire::{OpenOrClosed, Update};

impl View<'_> {
    /// What an event tells everybody; `None` of what is not for them. Notes, reasons of refusals and what passes between bodies
    /// is never told.
    pub fn update(&self, event: &Event) -> Option<Update> {
        let (state, what, said) = self.told(&event.body)?;
        let description = match said {
            Some(said) => format!("{what}: {}", plain(said)),
            None => what,
        };
        let photo = match &event.body {
            EventBody::Resolved { photo, .. } => photo.clone().filter(|photo| photo.starts_with("https://")),
            _ => None,
        };
        Some(Update {
            update_id: format!("{}-{}", event.ticket, event.seq),
            service_request_id: event.ticket.clone(),
            status: state,
            updated_datetime: w3(event.at),
            description,
            media_url: photo,
        })
    }

    /// The state after it, what happened, and what the agency said.
    fn told<'e>(&self, body: &'e EventBody) -> Option<(OpenOrClosed, String, Option<&'e str>)> {
        let say = |indonesian: &'static str, english: &'static str| self.language.say(indonesian, english).to_owned();
        let after = |state, what, said| Some((status(state), what, said));
        match body {
            EventBody::Opened { decision } => {
                let to = self.agency(&decision.addressee);
                after(
                    Status::Assigned,
                    format!("{} {to}", say("Diterima dan diteruskan ke", "Came in and went to")),
                    None,
                )
            }
            EventBody::Reassigned { to, .. } => {
                after(Status::Assigned, format!("{} {}", say("Diteruskan ke", "Handed on to"), self.agency(to)), None)
            }
            EventBody::Accepted => {
                after(Status::Accepted, say("Diterima oleh instansi", "Taken on by the agency"), None)
            }
            EventBody::Started => after(Status::InProgress, say("Mulai dikerjakan", "Work has begun"), None),
            EventBody::CitizenAsked { text } => {
                after(Status::WaitingCitizen, say("Instansi bertanya", "The agency asks"), Some(text))
            }
            EventBody::Responded { text } => {
                after(Status::InProgress, say("Instansi menjawab", "The agency answers"), Some(text))
            }
            EventBody::Resolved { text, .. } => {
                after(Status::Resolved, say("Dinyatakan selesai", "Said to be settled"), Some(text))
            }
            EventBody::Rejected { reason } => {
                after(Status::Rejected, say("Tidak dapat ditindaklanjuti", "Nobody can act on it"), Some(reason))
            }
            EventBody::Confirmed { .. } => after(
                Status::Closed,
                say("Warga membenarkan sudah selesai", "The citizen says that it is settled"),
                None,
            ),
            EventBody::Reopened { .. } => after(Status::Reopened, say("Dibuka kembali", "Open again"), None),
            // Not with which: that one may have become an accusation since.
            EventBody::Joined { .. } => {
                after(Status::Joined, say("Digabungkan dengan laporan lain", "Joined with another report"), None)
            }
            EventBody::Unjoined { .. } => after(Status::Triage, say("Dipisahkan kembali", "Taken apart again"), None),
            EventBody::Withdrawn => after(Status::Withdrawn, say("Dicabut", "Withdrawn"), None),
            EventBody::Closed { .. } => after(Status::Closed, say("Ditutup", "Closed"), None),
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "updates_tests.rs"]
mod tests;
