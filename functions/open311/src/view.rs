//! A ticket as everybody may see it.

use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::Clock;
use kemala_domain::public::{is_news, plain};
use kemala_domain::seen_live::may_be_shown;
use kemala_domain::{AgencyCode, Status, Ticket};
use kemala_web::language::Language;

use crate::known::Known;
use crate::site::Site;
use crate::wire::{Extended, OpenOrClosed, ServiceRequest};

/// The longest description (GeoReport v2), in characters.
const LONGEST_TEXT: usize = 4_000;

/// What a view is made with.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Categories and places.
    pub site: &'a Site,
    /// Names and law.
    pub jurisdiction: &'a Jurisdiction,
    /// The language of our own words.
    pub language: Language,
    /// When.
    pub now: Timestamp,
}

impl View<'_> {
    /// A ticket; `is_extended` with what GeoReport has no field for.
    pub fn request(&self, known: &Known, is_extended: bool) -> ServiceRequest {
        let Known { ticket, .. } = known;
        let service = self.site.service_of(ticket.decision.category.as_ref());
        let district = ticket.decision.place.code.as_ref().and_then(|code| self.site.districts.of(code));
        let middle = district.and_then(|(_, district)| district.middle);
        ServiceRequest {
            service_request_id: ticket.id.clone(),
            status: status(ticket.status),
            status_notes: self.words(ticket.status).to_owned(),
            service_name: service.map(|service| service.title.clone()),
            service_code: service.map(|service| service.code.clone()),
            description: self.description(known),
            agency_responsible: self.agency(&ticket.holder),
            service_notice: self.notice(ticket),
            requested_datetime: w3(ticket.opened_at),
            updated_datetime: w3(known.updated_at()),
            expected_datetime: self.deadline(ticket, Clock::Resolution),
            address: district.and_then(|(code, _)| self.site.districts.name(code)),
            address_id: district.map(|(code, _)| code.clone()),
            zipcode: None,
            lat: middle.map(|point| point.latitude),
            long: middle.map(|point| point.longitude),
            media_url: None,
            extended_attributes: is_extended.then(|| Extended {
                status: ticket.status,
                voices: ticket.voices,
                late: ticket.late.clone(),
                acknowledge_datetime: self.deadline(ticket, Clock::Acknowledge),
                first_response_datetime: self.deadline(ticket, Clock::FirstResponse),
                joined_to: ticket.joined_to.clone(),
            }),
        }
    }

    /// Name of a body; its code where it is none of the pack.
    pub fn agency(&self, code: &AgencyCode) -> String {
        self.jurisdiction.agencies.get(code).map_or_else(|| code.to_string(), |agency| agency.name.clone())
    }

    /// The citizen's text, while its post is known to be there. Who withdraws a report wants it forgotten.
    fn description(&self, known: &Known) -> Option<String> {
        let shown = known.opening.as_ref().filter(|voice| may_be_shown(voice, known.seen.as_ref(), self.now));
        let shown = shown.filter(|_| known.ticket.status != Status::Withdrawn)?;
        Some(plain(&shown.masked_text).chars().take(LONGEST_TEXT).collect())
    }

    fn notice(&self, ticket: &Ticket) -> Option<String> {
        if let (Status::Joined, Some(other)) = (ticket.status, &ticket.joined_to) {
            return Some(format!("{} {other}", self.language.say("Dilanjutkan sebagai", "It goes on as")));
        }
        let is_late = ticket.late.contains(&Clock::Resolution);
        is_late.then(|| self.language.say("Batas waktu penyelesaian terlewati", "The deadline has passed").to_owned())
    }

    fn deadline(&self, ticket: &Ticket, clock: Clock) -> Option<String> {
        self.jurisdiction.terms().deadline(ticket, clock).map(w3)
    }

    /// Our finer state, in words.
    fn words(&self, status: Status) -> &'static str {
        kemala_web::states::status(status, self.language)
    }
}

impl Known {
    /// When something last happened that everybody may hear of.
    fn updated_at(&self) -> Timestamp {
        let latest = self.events.iter().rev().find(|event| is_news(&event.body));
        latest.map_or(self.ticket.opened_at, |event| event.at)
    }
}

/// Open or closed. What its agency says is settled is closed, though the citizen may still object: then it is open again.
pub fn status(status: Status) -> OpenOrClosed {
    if status.is_open() && status != Status::Resolved { OpenOrClosed::Open } else { OpenOrClosed::Closed }
}

/// A time as GeoReport has it: UTC, whole seconds.
pub fn w3(at: Timestamp) -> String {
    format!("{at:.0}")
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
