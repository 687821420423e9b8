//! The body of an update, read so that every fault is told with its place.

use kemala_classifier::mask;
use kemala_domain::decision::Category;
use kemala_domain::lifecycle::Action;
use kemala_domain::weighted::{link, weighted_length};
use kemala_domain::{AgencyCode, Kind, RegionCode, TicketId, Urgency};
use kemala_messages::agency_api::{Fault, Problem, Update};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem;

/// Longest text that is posted, in X's weighted characters; what Kemala adds fits beside it.
const REPLY_LENGTH: usize = 200;
/// Longest text that only agencies see, in characters.
const NOTE_LENGTH: usize = 500;
/// Longest link, in bytes.
const LINK_LENGTH: usize = 500;

/// What is said of a text with a link.
const LINK: &str = "has a link, or what X would make one: leave it out, and put a space after each full stop";

/// What a field holds.
#[derive(Clone, Copy)]
enum Field {
    /// A text that is posted.
    Reply,
    /// A text for agencies.
    Note,
    /// A link to a photo.
    Photo,
    /// A code or flag: what it is, and whether a value is one.
    Code(&'static str, fn(&Value) -> bool),
}

const AGENCY: Field = Field::Code("the code of an agency, such as DINKES", is::<AgencyCode>);

/// The fields of an action: name, what it holds, whether it must be there.
fn fields(action: Action) -> &'static [(&'static str, Field, bool)] {
    match action {
        Action::Accept | Action::Start | Action::Unjoin => &[],
        Action::AskCitizen | Action::Respond => &[("reply_text", Field::Reply, true)],
        Action::Resolve => &[("reply_text", Field::Reply, true), ("photo", Field::Photo, false)],
        Action::NotOurs => &[("reason", Field::Note, true), ("to", AGENCY, false)],
        Action::Note => &[("text", Field::Note, true)],
        Action::Assign => &[("to", AGENCY, true)],
        Action::Reject => &[("reason", Field::Reply, true)],
        Action::Join => &[("into", Field::Code("the number of a ticket, such as KJ-45RQ0X8XD", is::<TicketId>), true)],
        Action::Correct => &[
            ("category", Field::Code("a category of the pack, such as road_damage", is::<Category>), false),
            ("place", Field::Code("the code of a place, such as 33.16.08", is::<RegionCode>), false),
            ("kind", Field::Code("complaint, question or other", is::<Kind>), false),
            ("urgency", Field::Code("normal, high or emergency", is::<Urgency>), false),
            ("supervisory", Field::Code("true or false", is::<bool>), false),
        ],
    }
}

/// Reads an update; texts come out masked.
///
/// # Errors
/// 422 with every fault.
pub fn read(body: &[u8]) -> Result<Update, Problem> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| problem::bad_field("", "the body must be a JSON object"))?;
    of_value(&body, "").map_err(problem::bad_body)
}

/// Reads the update that stands at a place of a body.
///
/// # Errors
/// Every fault.
pub fn of_value(body: &Value, at: &str) -> Result<Update, Vec<Fault>> {
    let fault = |field: &str, detail: String| Fault { pointer: format!("{at}{field}"), detail };
    let Some(body) = body.as_object() else {
        return Err(vec![fault("", "must be a JSON object".to_owned())]);
    };
    let Some(action) = body.get("action").and_then(|action| Action::deserialize(action).ok()) else {
        let actions = Action::ALL.map(|action| action.to_string()).join(", ");
        return Err(vec![fault("/action", format!("say which action: one of {actions}"))]);
    };
    let fields = fields(action);
    let mut faults = Vec::new();
    let mut read = Map::from_iter([("action".to_owned(), Value::from(action.to_string()))]);
    for name in body.keys().filter(|name| *name != "action" && !fields.iter().any(|(known, ..)| known == *name)) {
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        faults.push(fault(&pointer, format!("does not belong to {action}")));
    }
    for &(name, field, is_required) in fields {
        let pointer = format!("/{name}");
        match body.get(name) {
            None if is_required => faults.push(fault(&pointer, format!("is missing: {}", field.expected()))),
            None => {}
            Some(value) => match field.read(value) {
                Ok(value) => drop(read.insert(name.to_owned(), value)),
                Err(detail) => faults.push(fault(&pointer, detail)),
            },
        }
    }
    if action == Action::Correct && read.len() == 1 && faults.is_empty() {
        faults.push(fault("", "say what is otherwise: category, place, kind, urgency or supervisory".to_owned()));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Update::deserialize(Value::Object(read)).map_err(|_| vec![fault("", format!("is no {action}"))])
}

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

impl Field {
    fn expected(self) -> String {
        match self {
            Self::Reply => format!("a text of 1 to {REPLY_LENGTH} characters, as X counts them, without links"),
            Self::Note => format!("a text of 1 to {NOTE_LENGTH} characters"),
            Self::Photo => format!("a link to a photo: https, at most {LINK_LENGTH} characters"),
            Self::Code(what, _) => what.to_owned(),
        }
    }

    /// The value as it is kept.
    fn read(self, value: &Value) -> Result<Value, String> {
        let must_be = || format!("must be {}", self.expected());
        match self {
            Self::Code(_, is_one) if is_one(value) => Ok(value.clone()),
            Self::Photo if value.as_str().is_some_and(is_photo_link) => Ok(value.clone()),
            Self::Code(..) | Self::Photo => Err(must_be()),
            Self::Note => {
                let written = value.as_str().filter(|text| text.chars().count() <= NOTE_LENGTH);
                written.and_then(masked).map(Value::from).ok_or_else(must_be)
            }
            Self::Reply => {
                let written = value.as_str().ok_or_else(must_be)?;
                let text = masked(written).ok_or_else(must_be)?;
                // What is masked may be shorter than what was written, or longer.
                let length = weighted_length(written).max(weighted_length(&text));
                if length > REPLY_LENGTH {
                    return Err(format!("has {length} characters, as X counts them; at most {REPLY_LENGTH} fit"));
                }
                match link(&text) {
                    Some(_) => Err(LINK.to_owned()),
                    None => Ok(Value::from(text)),
                }
            }
        }
    }
}

/// A text without what it has at its ends, personal data masked; `None` where nothing is left.
fn masked(text: &str) -> Option<String> {
    let text = mask(text.trim());
    (!text.trim().is_empty()).then_some(text)
}

/// What [`kemala_messages::agency_api::PHOTO_PATTERN`] says, and no longer than is kept.
fn is_photo_link(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_host = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let last = host.rsplit_once('.').filter(|(name, _)| !name.is_empty()).map_or("", |(_, last)| last);
    let is_domain = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= LINK_LENGTH && is_host && is_domain && is_port && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
