//! What the classifier says about a report. It holds no personal data: places, codes and matched pack words only.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{AgencyCode, RegionCode};

/// Everything that is decided about a report, with the reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Complaint, question, or nothing to act on.
    pub kind: Kind,
    /// What it is about; `None` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Where it is.
    #[serde(default)]
    pub place: Place,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// Whether officials are accused: then only the inspectorate sees it.
    #[serde(default)]
    pub supervisory: bool,
    /// Whether nobody can act before the place is known.
    #[serde(default)]
    pub needs_location: bool,
    /// Who gets it first: an agency with a queue, or the triage desk.
    pub addressee: AgencyCode,
    /// Whether the addressee is the triage desk, because nobody may act on a guess.
    #[serde(default)]
    pub triage: bool,
    /// With the triage desk as addressee: who it is likely for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likely: Option<AgencyCode>,
    /// Who else may have to act, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<AgencyCode>,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// What was matched and which rule decided, in order.
    pub reasons: Vec<Reason>,
    /// The pack that decided, such as `jateng/2026-11-24`.
    pub pack_version: String,
    /// The model that decided, such as `2026-11-24.1`; `None` where the pack's cues decided alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_version: Option<String>,
}

impl Decision {
    /// Leaves it to the triage desk, for a reason of the pack's words; who would have got it is likely.
    pub fn leave_to(mut self, desk: &AgencyCode, why: &str) -> Self {
        if !self.triage {
            self.likely = Some(std::mem::replace(&mut self.addressee, desk.clone()));
            self.triage = true;
        }
        let (about, concluded, matched) = ("triage".to_owned(), desk.to_string(), why.to_owned());
        self.reasons.push(Reason { about, concluded, matched });
        self
    }
}

/// What kind of post it is (labels as in the labelling guide of the data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something is wrong or missing and an agency could act on it.
    Complaint,
    /// Asks about a procedure or fact of a public service.
    Question,
    /// Praise, greeting, joke, news, advert: nothing to act on.
    Other,
}

/// How soon somebody must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// In its turn.
    Normal,
    /// Serious harm, many people, or long neglected.
    High,
    /// Danger to life or health now, or soon.
    Emergency,
}

/// Code of a category of the pack: `[a-z_]+`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[a-z_]{1,40}$", "examples" = ["road_damage"])))]
#[serde(try_from = "String", into = "String")]
pub struct Category(String);

/// A text that is no category code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a category code is 1 to 40 of a-z and _")]
pub struct InvalidCategory;

impl Category {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Category {
    type Err = InvalidCategory;
    fn from_str(text: &str) -> Result<Self, InvalidCategory> {
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidCategory) }
    }
}

impl TryFrom<String> for Category {
    type Error = InvalidCategory;
    fn try_from(text: String) -> Result<Self, InvalidCategory> {
        text.parse()
    }
}

impl From<Category> for String {
    fn from(category: Category) -> String {
        category.0
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where it is, as far as the text and the tag tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The most specific place that is consistent with all that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<RegionCode>,
    /// Its name with its parents, for people: "Jepon, Kec. Jepon, Kabupaten Blora".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A place outside the jurisdiction that was named, such as "Yogyakarta".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<String>,
    /// Other places it may be, where the name alone does not tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<RegionCode>,
}

impl Place {
    /// The regency or city.
    pub fn regency(&self) -> Option<RegionCode> {
        self.code.as_ref()?.regency()
    }

    /// The subdistrict.
    pub fn subdistrict(&self) -> Option<RegionCode> {
        self.code.as_ref()?.subdistrict()
    }

    /// The village.
    pub fn village(&self) -> Option<RegionCode> {
        self.code.clone().filter(|code| code.as_str().len() > 8)
    }
}

/// One step of the explanation. `matched` is a word of the pack or gazetteer as it stands there, never free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// What this is about: `kind`, `category`, `place`, `urgency`, `agency`, `triage`.
    pub about: String,
    /// What was concluded.
    pub concluded: String,
    /// The word, name or rule id that led there.
    pub matched: String,
}
