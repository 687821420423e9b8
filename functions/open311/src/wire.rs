//! What is answered, field by field as GeoReport v2 names it. Fields that it always has are `null` where nothing is known.

use kemala_domain::clocks::Clock;
use kemala_domain::decision::Category;
use kemala_domain::{RegionCode, Status, TicketId};
use serde::Serialize;

/// What there is here (Service Discovery).
#[derive(Debug, Serialize)]
pub struct Discovery {
    /// The version of the pack: it changes with what can be reported.
    pub changeset: String,
    /// Whom to ask.
    pub contact: String,
    /// Where keys come from.
    pub key_service: String,
    /// One.
    pub endpoints: [Endpoint; 1],
}

/// An endpoint.
#[derive(Debug, Serialize)]
pub struct Endpoint {
    /// The specification it keeps.
    pub specification: &'static str,
    /// Its address, without a slash at the end.
    pub url: String,
    /// As above.
    pub changeset: String,
    /// `production` or `test`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Content types.
    pub formats: [&'static str; 2],
}

/// What can be reported: a category of the pack.
#[derive(Debug, Serialize)]
pub struct Service {
    /// Its code.
    pub service_code: Category,
    /// Its title.
    pub service_name: String,
    /// What it is about.
    pub description: String,
    /// Whether more is asked than GeoReport's own fields; never.
    pub metadata: bool,
    /// `batch`: a report gets a token first.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Words for it.
    pub keywords: String,
    /// The category of LaporGub that it belongs to.
    pub group: String,
}

/// What more is asked about a service: nothing.
#[derive(Debug, Serialize)]
pub struct ServiceDefinition {
    /// The service.
    pub service_code: Category,
    /// None.
    pub attributes: [(); 0],
}

/// A ticket.
#[derive(Debug, Serialize)]
pub struct ServiceRequest {
    /// Its number.
    pub service_request_id: TicketId,
    /// Open, or closed: settled, ended or joined.
    pub status: OpenOrClosed,
    /// Our finer state, in words.
    pub status_notes: String,
    /// Title of its category.
    pub service_name: Option<String>,
    /// Its category.
    pub service_code: Option<Category>,
    /// The masked text, while its post is known to be there.
    pub description: Option<String>,
    /// In whose hands it is.
    pub agency_responsible: String,
    /// Where it goes on, or that the deadline has passed.
    pub service_notice: Option<String>,
    /// When the citizen's clock began.
    pub requested_datetime: String,
    /// When something last happened that everybody may hear of.
    pub updated_datetime: String,
    /// Until when it is to be settled.
    pub expected_datetime: Option<String>,
    /// Its subdistrict or regency, by name.
    pub address: Option<String>,
    /// Its subdistrict or regency, by code.
    pub address_id: Option<RegionCode>,
    /// Not known.
    pub zipcode: Option<String>,
    /// Latitude of the middle of that place, not of the matter.
    pub lat: Option<f64>,
    /// Longitude of the middle of that place.
    pub long: Option<f64>,
    /// Citizens' photos are not shown.
    pub media_url: Option<String>,
    /// With `extensions=true`: what GeoReport has no field for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_attributes: Option<Extended>,
}

/// The two states of GeoReport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenOrClosed {
    /// Something is to be done.
    Open,
    /// Nothing is.
    Closed,
}

/// What GeoReport has no field for.
#[derive(Debug, Serialize)]
pub struct Extended {
    /// Our state.
    pub status: Status,
    /// How many posts speak of it.
    pub voices: u32,
    /// Promises that are broken and not kept.
    pub late: Vec<Clock>,
    /// Until when the holder is to say that it is theirs.
    pub acknowledge_datetime: Option<String>,
    /// Until when the citizen is to hear of the agency.
    pub first_response_datetime: Option<String>,
    /// The ticket that goes on with this one's matter.
    pub joined_to: Option<TicketId>,
}

/// Something that happened to a ticket (the extension that FixMyStreet and others read).
#[derive(Debug, Serialize)]
pub struct Update {
    /// Its identity: number of the ticket and of the event.
    pub update_id: String,
    /// The ticket.
    pub service_request_id: TicketId,
    /// What the ticket was after it.
    pub status: OpenOrClosed,
    /// When.
    pub updated_datetime: String,
    /// What happened, and what the agency said with it.
    pub description: String,
    /// A photo that shows the work.
    pub media_url: Option<String>,
}

/// The answer to a POST.
#[derive(Debug, Serialize)]
pub struct Created {
    /// With it one asks for the number.
    pub token: String,
    /// What comes next.
    pub service_notice: &'static str,
    /// Accounts are not told back.
    pub account_id: Option<String>,
}

/// Which ticket came of a POST.
#[derive(Debug, Serialize)]
pub struct Resolved {
    /// Its number.
    pub service_request_id: TicketId,
    /// The token.
    pub token: String,
}

/// What is wrong.
#[derive(Debug, Serialize)]
pub struct Fault<'a> {
    /// The HTTP status.
    pub code: u16,
    /// In words.
    pub description: &'a str,
}
