//! From a form to a report. Names, addresses and telephone numbers of who sends it are dropped here: nobody needs them.

use data_encoding::HEXLOWER;
use jiff::{Timestamp, Unit};
use kemala_classifier::CategoryEntry;
use kemala_domain::report::{Addressed, Author, Media, PlaceTag, Point, Relation};
use kemala_domain::{PostKey, RegionCode, Report};
use sha2::{Digest, Sha256};

use crate::form::Form;
use crate::refusal::Refusal;
use crate::site::Site;

/// The longest description (GeoReport v2) and address, in characters.
const LONGEST_TEXT: usize = 4_000;
const LONGEST_ADDRESS: usize = 300;
/// The longest idempotency key and account, in bytes.
const LONGEST_KEY: usize = 255;

/// Who sends a form.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The app's key.
    pub key: &'a str,
    /// The app's name.
    pub app: &'a str,
    /// The request's `Idempotency-Key`.
    pub idempotency_key: Option<&'a str>,
}

/// The report that a form is. The same form, sent again within the hour or with the same `Idempotency-Key`, is the same report.
///
/// # Errors
/// 400 for what is missing or wrong, 404 for a service that there is not.
pub fn report(form: &Form, sender: Sender<'_>, site: &Site, now: Timestamp) -> Result<Report, Refusal> {
    let service = service(form, site)?;
    let description = form.get("description")?;
    let description =
        description.ok_or_else(|| Refusal::bad("description: say what is the matter; its words decide who acts"))?;
    check_length("description", description, LONGEST_TEXT)?;
    let place = place(form, site)?;
    let account = match (form.get("account_id")?, form.get("device_id")?) {
        (Some(account), _) | (None, Some(account)) => Some(account),
        (None, None) => None,
    };
    if let Some(account) = account {
        check_length("account_id and device_id", account, LONGEST_KEY)?;
    }
    let media = form.get("media_url")?.filter(|url| url.starts_with("https://") && url.len() <= 2_000);
    let post = post(form, sender, now)?;
    // What was chosen stands in the text: it helps the classifier, and whoever reads the report knows it.
    let mut text = format!("{description}\nKategori: {}", service.title);
    if let Some(words) = &place.words {
        text += &format!("\nLokasi: {words}");
    }
    Ok(Report {
        first_post: post.clone(),
        post,
        edit: 0,
        author: Author { id: author(sender.app, account), handle: None },
        text,
        created_at: now,
        relation: Relation::default(),
        addressed: Addressed::Mention,
        place_tag: place.point.map(|point| PlaceTag { name: None, point: Some(point) }),
        media: media.map(|url| Media { kind: "photo".to_owned(), url: url.to_owned() }).into_iter().collect(),
    })
}

fn service<'a>(form: &Form, site: &'a Site) -> Result<&'a CategoryEntry, Refusal> {
    let code = form.get("service_code")?.ok_or_else(|| Refusal::bad("service_code: give one of /v2/services.json"))?;
    site.category(code).ok_or_else(|| Refusal::unknown("service_code: see /v2/services.json for those there are"))
}

/// Where the matter is, by words or by a point.
struct Where {
    words: Option<String>,
    point: Option<Point>,
}

fn place(form: &Form, site: &Site) -> Result<Where, Refusal> {
    let degrees = |name: &str, most: f64| match form.get(name)? {
        None => Ok(None),
        Some(text) => match text.parse::<f64>() {
            Ok(degrees) if degrees.abs() <= most => Ok(Some(degrees)),
            _ => Err(Refusal::bad(format!("{name}: degrees from -{most} to {most}, such as -6.97"))),
        },
    };
    let point = match (degrees("lat", 90.0)?, degrees("long", 180.0)?) {
        (Some(latitude), Some(longitude)) => Some(Point { longitude, latitude }),
        (None, None) => None,
        _ => return Err(Refusal::bad("lat and long: give both")),
    };
    let address = form.get("address_string")?;
    if let Some(address) = address {
        check_length("address_string", address, LONGEST_ADDRESS)?;
    }
    let named = match form.get("address_id")? {
        None => None,
        Some(code) => Some(name_of(code, site).ok_or_else(|| {
            Refusal::bad("address_id: a place code of Kemendagri of this jurisdiction, such as 33.16.08")
        })?),
    };
    if point.is_none() && address.is_none() && named.is_none() {
        return Err(Refusal::bad("say where it is: lat and long, address_string, or address_id"));
    }
    let words: Vec<&str> = address.into_iter().chain(named.as_deref()).collect();
    Ok(Where { words: (!words.is_empty()).then(|| words.join(", ")), point })
}

fn name_of(code: &str, site: &Site) -> Option<String> {
    let code: RegionCode = code.parse().ok()?;
    let (district, _) = site.districts.of(&code)?;
    site.districts.name(district)
}

fn check_length(name: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.chars().count() <= most {
        return Ok(());
    }
    Err(Refusal::bad(format!("{name}: at most {most} characters")))
}

/// The author, whose reports are counted: the app and, where it is told, the account. The account is hashed, for it may be a
/// telephone's number.
fn author(app: &str, account: Option<&str>) -> String {
    match account {
        Some(account) => format!("{app}/{}", hashed(&["account", app, account])),
        None => app.to_owned(),
    }
}

/// The identity of the report. Nobody can guess it, for the app's key is in it.
fn post(form: &Form, sender: Sender<'_>, now: Timestamp) -> Result<PostKey, Refusal> {
    if let Some(key) = sender.idempotency_key {
        check_length("Idempotency-Key", key, LONGEST_KEY)?;
        return named(&["idempotency-key", sender.key, key]);
    }
    let hour = now.round(Unit::Hour).unwrap_or(now);
    let hour = if hour > now { hour - jiff::SignedDuration::from_hours(1) } else { hour };
    let hour = hour.to_string();
    let mut parts = vec!["form", sender.key, hour.as_str()];
    for field in
        ["service_code", "description", "lat", "long", "address_string", "address_id", "account_id", "device_id"]
    {
        parts.push(form.get(field)?.unwrap_or_default());
    }
    named(&parts)
}

fn named(parts: &[&str]) -> Result<PostKey, Refusal> {
    // 32 hexadecimal digits are what such an id is.
    PostKey::open311(&hashed(parts)).map_err(|_| Refusal::unavailable("the report could not be named"))
}

/// 32 hexadecimal digits of SHA-256 over parts, each with its length, so that no two lists of parts are one text.
fn hashed(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut digits = HEXLOWER.encode(&hash.finalize());
    digits.truncate(32);
    digits
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
