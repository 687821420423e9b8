//! What is said to citizens: the pack's texts, filled in.

use std::collections::BTreeMap;

use kemala_domain::event::ReplyKind;
use kemala_domain::reply::Rules;
use kemala_domain::weighted::weighted_length;
use kemala_domain::{EventBody, Status, Ticket, Urgency};

use crate::pack::{Agencies, Neighbours};

/// What X takes, in its own count ([`weighted_length`]).
pub const LONGEST_POST: usize = 280;
/// What an agency may write, in the same count.
pub const LONGEST_TEXT: usize = 200;

/// The texts of a pack and who gets them.
#[derive(Debug, Clone, PartialEq)]
pub struct Replies {
    /// Who may be answered, and how much.
    pub rules: Rules,
    pub(crate) texts: BTreeMap<String, Vec<String>>,
    pub(crate) neighbours: Neighbours,
}

/// What stands in the braces of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filling<'a> {
    pub(crate) number: &'a str,
    pub(crate) agency: &'a str,
    pub(crate) text: &'a str,
}

impl Filling<'_> {
    /// What may stand in braces.
    pub(crate) const NAMES: [&'static str; 3] = ["number", "agency", "text"];

    /// A text with its braces filled. What is filled in is not looked at again, whatever it holds.
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut filled = String::with_capacity(template.len() + self.agency.len() + self.text.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            filled.push_str(match name {
                "number" => self.number,
                "agency" => self.agency,
                "text" => self.text,
                _ => "",
            });
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

impl Replies {
    /// What to say of a ticket, as it is now, for an event of it. `earlier` is how many posts of that kind it has had: the
    /// next one reads otherwise, since X refuses a text that stands there already.
    pub fn text(
        &self,
        kind: ReplyKind,
        ticket: &Ticket,
        event: &EventBody,
        earlier: usize,
        agencies: &Agencies,
    ) -> String {
        let agency = match event {
            EventBody::Reassigned { to, .. } => to,
            _ => &ticket.holder,
        };
        let name = agencies.get(agency).map_or(agency.as_str(), |agency| agency.name.as_str());
        let key = key(kind, ticket);
        let name = match ticket.decision.place.outside.as_deref().filter(|_| key == OUTSIDE) {
            Some(place) => self.neighbours.turn_to(place),
            None => name,
        };
        let text = match event {
            EventBody::CitizenAsked { text } | EventBody::Responded { text } | EventBody::Resolved { text, .. } => text,
            EventBody::Rejected { reason } => reason,
            _ => "",
        };
        let filling = Filling { number: ticket.id.as_str(), agency: name, text };
        let texts = self.texts.get(&key).map(Vec::as_slice).unwrap_or_default();
        let of_number = ticket.id.as_str().bytes().map(usize::from).sum::<usize>();
        let choice = of_number.wrapping_add(earlier).checked_rem(texts.len()).unwrap_or(0);
        let filled = texts.get(choice).map(|template| filling.fill(template)).unwrap_or_default();
        shortened(filled)
    }
}

/// What is said of a place that lies elsewhere.
const OUTSIDE: &str = "receipt_outside";

/// Which texts say it.
fn key(kind: ReplyKind, ticket: &Ticket) -> String {
    let is_private = ticket.decision.supervisory;
    let is_emergency = ticket.decision.urgency == Urgency::Emergency;
    // Where a person has taken it on all the same, the citizen is told that.
    let is_outside = ticket.status == Status::Triage && ticket.decision.place.outside.is_some();
    match kind {
        ReplyKind::Receipt | ReplyKind::AskPlace if is_private => "receipt_private".to_owned(),
        ReplyKind::Receipt if is_outside => OUTSIDE.to_owned(),
        ReplyKind::AskPlace if is_emergency => "ask_place_emergency".to_owned(),
        ReplyKind::Receipt if is_emergency => "receipt_emergency".to_owned(),
        ReplyKind::AskPlace => "ask_place".to_owned(),
        ReplyKind::Receipt if ticket.status == Status::Triage => "receipt_triage".to_owned(),
        ReplyKind::Status if is_private => "status.private".to_owned(),
        ReplyKind::Status => format!("status.{}", state(ticket.status)),
        kind => kind.name().to_owned(),
    }
}

/// The states whose texts the pack gives. A joined ticket is asked about as the one that goes on.
pub(crate) const STATES: [&str; 10] = [
    "triage",
    "assigned",
    "accepted",
    "in_progress",
    "waiting_citizen",
    "resolved",
    "closed",
    "reopened",
    "withdrawn",
    "rejected",
];

fn state(status: Status) -> &'static str {
    match status {
        Status::Triage => "triage",
        Status::Assigned | Status::Joined => "assigned",
        Status::Accepted => "accepted",
        Status::InProgress => "in_progress",
        Status::WaitingCitizen => "waiting_citizen",
        Status::Resolved => "resolved",
        Status::Closed => "closed",
        Status::Reopened => "reopened",
        Status::Withdrawn => "withdrawn",
        Status::Rejected => "rejected",
    }
}

/// The pack's check proves that everything fits; a text that came by another way (an older limit) is cut all the same,
/// for X would refuse it whole.
fn shortened(text: String) -> String {
    if weighted_length(&text) <= LONGEST_POST {
        return text;
    }
    let mut short = String::new();
    for char in text.chars() {
        if weighted_length(&short) + weighted_length(&char.to_string()) + 2 > LONGEST_POST {
            break;
        }
        short.push(char);
    }
    short.push('…');
    short
}

#[cfg(test)]
#[path = "replies_tests.rs"]
mod tests;
