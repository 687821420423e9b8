//! What agencies receive: CloudEvents 1.0 in JSON on their own queue, and the ticket as the API shows it.
//!
//! The message is the bell: `id` is the event's identity (`<ticket>/<seq>`), by which a consumer recognises a repeat;
//! `data` is the ticket as this agency may see it when the message is sent. A consumer that knows a higher
//! `data.version` ignores the message. The API's `GET` is the truth.

use jiff::Timestamp;
use kemala_domain::clocks::{Clock, Step, Terms};
use kemala_domain::decision::{Category, Reason};
use kemala_domain::ladder::Target;
use kemala_domain::report::Media;
use kemala_domain::{
    Actor, AgencyCode, Event, EventBody, Kind, RegionCode, ReplyFailure, ReplyKind, Status, Ticket, TicketId, Urgency,
    Voice,
};
use serde::{Deserialize, Serialize};

use crate::json;

/// A message in an agency's queue (CloudEvents 1.0, structured mode).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgencyMessage {
    /// Always `1.0`.
    pub specversion: String,
    /// Identity of the event: `<ticket>/<seq>`. The same in every repeat and for every agency.
    pub id: String,
    /// Who sends: `urn:kemala:<pack>`.
    pub source: String,
    /// `id.kemala.ticket.<what>.v1`, see [`MessageType`].
    #[serde(rename = "type")]
    pub message_type: MessageType,
    /// The ticket's number.
    pub subject: TicketId,
    /// When it happened.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub time: Timestamp,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// The ticket, and what happened to it.
    pub data: AgencyData,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MessageType {
    /// The ticket is yours now.
    #[serde(rename = "id.kemala.ticket.assigned.v1")]
    Assigned,
    /// Something about your ticket changed.
    #[serde(rename = "id.kemala.ticket.updated.v1")]
    Updated,
    /// A deadline of your ticket is near or has passed.
    #[serde(rename = "id.kemala.ticket.escalated.v1")]
    Escalated,
    /// Nobody asks for it any more, or another ticket has taken it in (`joined_to`).
    #[serde(rename = "id.kemala.ticket.withdrawn.v1")]
    Withdrawn,
    /// The ticket was yours and is somebody else's now.
    #[serde(rename = "id.kemala.ticket.reassigned.v1")]
    Reassigned,
    /// A citizen wrote in the thread of your ticket.
    #[serde(rename = "id.kemala.ticket.citizen-replied.v1")]
    CitizenReplied,
}

/// The ticket, and what happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgencyData {
    /// The ticket as this agency may see it.
    #[serde(flatten)]
    pub ticket: TicketView,
    /// What happened.
    pub event: EventView,
}

/// A ticket as its agency may see it. Texts are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketView {
    /// Its number.
    pub ticket: TicketId,
    /// Rises with every change.
    pub version: u32,
    /// Where it is in its life.
    pub status: Status,
    /// In whose hands it is.
    pub agency: AgencyCode,
    /// On the triage desk: who it is likely for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likely_agency: Option<AgencyCode>,
    /// Who else may have to act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_agencies: Vec<AgencyCode>,
    /// Complaint or question.
    pub kind: Kind,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Where it is.
    pub place: PlaceView,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// Whether officials are accused.
    pub supervisory: bool,
    /// How many posts speak of it, copies of one text counted once.
    pub voices: u32,
    /// How many posts only copy the text of a voice.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub copies: u32,
    /// Of a joined ticket: the ticket of the same incident that has its voices now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_to: Option<TicketId>,
    /// Promises that are broken and still not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Clock>,
    /// Whether the platform does not let us answer who reported it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreachable: bool,
    /// When the citizen's clock began.
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub opened_at: Timestamp,
    /// When each promise ends.
    pub deadlines: Vec<Deadline>,
    /// What was written, personal data masked; absent once it has expired or was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The post, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// Photos and videos, as links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    /// Why it came here.
    pub reasons: Vec<Reason>,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The pack that decided.
    pub pack_version: String,
    /// The model that decided; absent where the pack's cues decided alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_version: Option<String>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Where a ticket's matter is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlaceView {
    /// Name with parents, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Regency or city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// Subdistrict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdistrict: Option<RegionCode>,
    /// Village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub village: Option<RegionCode>,
    /// A place outside the jurisdiction that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<String>,
}

/// A promise and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deadline {
    /// Which promise.
    pub clock: Clock,
    /// When it ends (UTC).
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub due_at: Timestamp,
}

impl Deadline {
    /// When each promise to the citizen of a ticket ends.
    pub fn all(ticket: &Ticket, terms: Terms<'_>) -> Vec<Self> {
        let due_at = |clock| terms.deadline(ticket, clock);
        Clock::ALL.into_iter().filter_map(|clock| Some(Self { clock, due_at: due_at(clock)? })).collect()
    }
}

/// What happened, as its agency may see it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventView {
    /// Its place in the ticket's life.
    pub seq: u32,
    /// When (UTC).
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DateTime"))]
    pub at: Timestamp,
    /// What, such as `opened` or `citizen_replied`.
    pub what: String,
    /// Of a clock step: which promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Clock>,
    /// Of a clock step: reminder or breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// Of a clock step: the rung of the ladder, such as `reminder`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<String>,
    /// Of a clock step: who is told: `holder`, `head`, `secretary`, `people` (on duty), or an agency's code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub told_to: Vec<Target>,
    /// Of a clock step: who should be told and has no address; the next rung was told instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub unreached: Vec<Target>,
    /// Of a silent agency: how many tickets wait for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u32>,
    /// Of a silent agency: since when it has acknowledged nothing (UTC); absent where it never has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DateTime>"))]
    pub silent_since: Option<Timestamp>,
    /// Of a clock step: when it was due (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::schema::DateTime>"))]
    pub due_at: Option<Timestamp>,
    /// What was written, by a citizen or an agency, personal data masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of what a citizen wrote: the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// Of a resolution: the photo, as a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Of a ticket that changes hands, or is said to be somebody else's: who had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<AgencyCode>,
    /// Of the same: who gets it, or whose it is said to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<AgencyCode>,
    /// Of a join, an unjoin, or a photo shown before: the other ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_ticket: Option<TicketId>,
    /// Of a post of ours: what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyKind>,
    /// Of a post of ours that was not made: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<ReplyFailure>,
    /// Of a ticket that was closed by time: whether the citizen had been told of the resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<bool>,
}

/// What a message is built from.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The ticket as it stands.
    pub ticket: &'a Ticket,
    /// The voice that opened it, while it is kept.
    pub opening: Option<&'a Voice>,
    /// When each promise ends.
    pub deadlines: &'a [Deadline],
}

impl TicketView {
    /// The ticket for the agency in whose hands it is.
    pub fn for_holder(snapshot: Snapshot<'_>) -> Self {
        let Snapshot { ticket, opening, deadlines } = snapshot;
        let decision = &ticket.decision;
        Self {
            ticket: ticket.id.clone(),
            version: ticket.version,
            status: ticket.status,
            agency: ticket.holder.clone(),
            likely_agency: decision.likely.clone(),
            other_agencies: decision.others.clone(),
            kind: decision.kind,
            category: decision.category.clone(),
            place: PlaceView {
                name: decision.place.name.clone(),
                region: decision.place.regency(),
                subdistrict: decision.place.subdistrict(),
                village: decision.place.village(),
                outside: decision.place.outside.clone(),
            },
            urgency: decision.urgency,
            supervisory: decision.supervisory,
            voices: ticket.voices,
            copies: ticket.copies,
            joined_to: ticket.joined_to.clone(),
            late: ticket.late.clone(),
            unreachable: ticket.unreachable,
            opened_at: ticket.opened_at,
            deadlines: deadlines.to_vec(),
            text: opening.map(|voice| voice.masked_text.clone()),
            permalink: opening.and_then(|voice| voice.report.permalink()),
            media: opening.map(|voice| voice.report.media.clone()).unwrap_or_default(),
            reasons: decision.reasons.clone(),
            confidence: decision.confidence,
            pack_version: decision.pack_version.clone(),
            model_version: decision.model_version.clone(),
        }
    }

    /// The ticket for who does not have it: who had it before, or stands on a rung of its ladder. Nobody's text is shown to
    /// whom it was not given; of an accusation nothing but number, state and deadlines.
    pub fn for_others(snapshot: Snapshot<'_>) -> Self {
        let view = Self::for_holder(Snapshot { opening: None, ..snapshot });
        let view = Self { reasons: Vec::new(), ..view };
        if !snapshot.ticket.decision.supervisory {
            return view;
        }
        let (category, place, other_agencies) = (None, PlaceView::default(), Vec::new());
        Self { category, place, likely_agency: None, other_agencies, ..view }
    }
}

impl AgencyMessage {
    /// The message that tells `agency` of an event. `spoken` is the voice that the event is about, while it is kept.
    pub fn new(event: &Event, agency: &AgencyCode, snapshot: Snapshot<'_>, spoken: Option<&Voice>) -> Self {
        let message_type = type_for(&event.body, agency);
        let is_holder = snapshot.ticket.holder == *agency;
        let ticket = if is_holder { TicketView::for_holder(snapshot) } else { TicketView::for_others(snapshot) };
        Self {
            specversion: "1.0".to_owned(),
            id: event.id().to_string(),
            source: format!("urn:kemala:{}", snapshot.ticket.pack),
            message_type,
            subject: event.ticket.clone(),
            time: event.at,
            datacontenttype: "application/json".to_owned(),
            data: AgencyData { ticket, event: event_view(event, spoken) },
        }
    }

    /// Writes the message as the queue carries it.
    ///
    /// # Errors
    /// None in practice: see [`serde_json::to_string`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        json::for_sqs(self)
    }

    /// Identity of the message for its agency's FIFO queue: a repeat within 5 minutes is dropped by SQS itself.
    pub fn deduplication_id(&self, agency: &AgencyCode) -> String {
        format!("{}/{agency}", self.id)
    }

    /// Group in the FIFO queue: messages of one ticket stay in order.
    pub fn group_id(&self) -> &str {
        self.subject.as_str()
    }
}

fn type_for(body: &EventBody, agency: &AgencyCode) -> MessageType {
    match body {
        EventBody::Opened { .. } => MessageType::Assigned,
        EventBody::Reassigned { to, .. } if to == agency => MessageType::Assigned,
        EventBody::Reassigned { .. } => MessageType::Reassigned,
        EventBody::VoiceAdded { .. }
        | EventBody::Edited { .. }
        | EventBody::VoiceWithdrawn { .. }
        | EventBody::TicketJoined { .. }
        | EventBody::Accepted
        | EventBody::Started
        | EventBody::CitizenAsked { .. }
        | EventBody::Responded { .. }
        | EventBody::Resolved { .. }
        | EventBody::PhotoReused { .. }
        | EventBody::Refused { .. }
        | EventBody::Noted { .. }
        | EventBody::Corrected { .. }
        | EventBody::Unjoined { .. }
        | EventBody::Placed { .. }
        | EventBody::PlaceOverdue
        | EventBody::AnswerOverdue
        | EventBody::Closed { .. }
        | EventBody::ReplySent { .. }
        | EventBody::ReplyFailed { .. } => MessageType::Updated,
        EventBody::CitizenReplied { .. }
        | EventBody::Confirmed { .. }
        | EventBody::Reopened { .. }
        | EventBody::WithdrawalAsked { .. }
        | EventBody::Stopped { .. }
        | EventBody::StatusAsked { .. } => MessageType::CitizenReplied,
        EventBody::Withdrawn | EventBody::Rejected { .. } | EventBody::Joined { .. } => MessageType::Withdrawn,
        EventBody::ClockStep { .. } | EventBody::AgencySilent { .. } => MessageType::Escalated,
    }
}

/// What happened, as its agency may see it.
pub fn event_view(event: &Event, spoken: Option<&Voice>) -> EventView {
    let mut view = EventView {
        seq: event.seq,
        at: event.at,
        what: event.body.name().to_owned(),
        text: spoken.map(|voice| voice.masked_text.clone()),
        permalink: spoken.and_then(|voice| voice.report.permalink()),
        ..EventView::default()
    };
    match &event.body {
        EventBody::ClockStep { clock, step, rung, due_at, told, unreached } => {
            (view.clock, view.step, view.due_at) = (Some(*clock), Some(*step), Some(*due_at));
            view.rung = Some(rung.clone());
            (view.told_to, view.unreached) = (told.iter().cloned().collect(), unreached.iter().cloned().collect());
        }
        EventBody::AgencySilent { since, waiting } => {
            (view.silent_since, view.waiting) = (*since, Some(*waiting));
        }
        EventBody::CitizenAsked { text } | EventBody::Responded { text } | EventBody::Noted { text } => {
            view.text = Some(text.clone());
        }
        EventBody::Resolved { text, photo } => (view.text, view.photo) = (Some(text.clone()), photo.clone()),
        EventBody::Rejected { reason } => view.text = Some(reason.clone()),
        EventBody::Refused { reason, named } => {
            (view.text, view.to) = (Some(reason.clone()), named.clone());
            if let Actor::Agency(agency) = &event.actor {
                view.from = Some(agency.clone());
            }
        }
        EventBody::Reassigned { from, to } => (view.from, view.to) = (Some(from.clone()), Some(to.clone())),
        EventBody::TicketJoined { ticket, .. }
        | EventBody::Joined { into: ticket }
        | EventBody::Unjoined { ticket }
        | EventBody::PhotoReused { ticket } => view.other_ticket = Some(ticket.clone()),
        EventBody::ReplySent { kind, .. } => view.reply = Some(*kind),
        EventBody::ReplyFailed { kind, why, .. } => (view.reply, view.failure) = (Some(*kind), Some(*why)),
        EventBody::Closed { told } => view.told = Some(*told),
        _ => {}
    }
    view
}

#[cfg(test)]
#[path = "agency_tests.rs"]
mod tests;
