//! What the classifier answers, against what careful readers say.

use jiff::civil::Date;
use kemala_classifier::{ClassifyLine, Pack, Post};
use kemala_domain::{Kind, Urgency};
use serde::Serialize;

use crate::data::Gold;
use crate::metrics::{Confusion, Found, Reliability, Share};
use crate::targets::{is_accusation, is_plain_accusation};

/// All figures of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// The pack that was measured.
    pub pack_version: String,
    /// Its model; `null` where the cues decide alone.
    pub model_version: Option<String>,
    /// Posts.
    pub posts: usize,
    /// Complaint, question, other.
    pub kind: Confusion,
    /// Categories of all reports: posts that are something to act on.
    pub category: Confusion,
    /// Categories of the reports whose reader had no doubt.
    pub category_sure: Share,
    /// First agencies that the reader accepts, of the reports that have one.
    pub agency: Share,
    /// The same where the reader had no doubt.
    pub agency_sure: Share,
    /// The same of the 80 % of them that the classifier is most confident about.
    pub agency_confident: Share,
    /// Regencies and cities.
    pub region: Found,
    /// Places outside the jurisdiction, known as such.
    pub outside: Found,
    /// Subdistricts.
    pub subdistrict: Found,
    /// Emergencies.
    pub emergency: Found,
    /// Urgency as a whole.
    pub urgency: Confusion,
    /// Accusations against officials: of what was called one, how much the reader would send to the inspectorate too;
    /// of what the reader sent there first, how much was called one.
    pub supervisory: Found,
    /// Pieces of personal data that are gone from the masked text.
    pub masked: Share,
    /// Texts without labelled personal data in which something was masked.
    pub touched: Share,
    /// Whether confidence means what it says.
    pub reliability: Reliability,
}

/// What readers call a region that is not the pack's.
const OUTSIDE: &str = "outside";

struct Answered<'a> {
    gold: &'a Gold,
    line: ClassifyLine,
    supervisory: bool,
    outside: bool,
}

impl Answered<'_> {
    fn is_report(&self) -> bool {
        self.gold.kind != Kind::Other
    }

    fn is_agency_accepted(&self) -> bool {
        self.line.agencies.first().is_some_and(|first| self.gold.agencies.contains(first))
    }

    /// Whether the answer is right as a whole: the first agency, or that there is nothing to act on.
    fn is_right(&self) -> bool {
        if self.line.kind == Kind::Other { !self.is_report() } else { self.is_agency_accepted() }
    }
}

/// Classifies all posts as of a day, and compares.
pub fn evaluate(pack: &Pack, gold: &[Gold], today: Date) -> Evaluation {
    let answered: Vec<Answered<'_>> = gold
        .iter()
        .map(|gold| {
            let classified = pack.classify(&Post { text: &gold.text, place_tag: None }, today);
            let supervisory = classified.decision.supervisory;
            let outside = classified.decision.place.outside.is_some();
            let line = ClassifyLine::of(gold.id.as_str().into(), classified);
            Answered { gold, line, supervisory, outside }
        })
        .collect();
    let reports = || answered.iter().filter(|answered| answered.is_report());
    let with_agency = || reports().filter(|answered| !answered.gold.agencies.is_empty());
    let is_category = |answered: &Answered<'_>| answered.gold.category == answered.line.category;
    let pairs = |answered: Vec<(String, String)>| Confusion::of(&answered);
    let mut by_confidence: Vec<(f32, bool)> =
        with_agency().map(|answered| (answered.line.confidence, answered.is_agency_accepted())).collect();
    by_confidence.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let most_confident = (by_confidence.len() * 4).div_ceil(5);
    let category = |category: &Option<_>| category.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let place_pairs = |wanted: fn(&Gold) -> Option<String>, said: fn(&Answered<'_>) -> Option<String>| {
        answered.iter().map(|answered| (wanted(answered.gold), said(answered))).collect::<Vec<_>>()
    };
    Evaluation {
        pack_version: pack.jurisdiction.version.clone(),
        model_version: pack.model().map(|model| model.version().to_owned()),
        posts: answered.len(),
        kind: pairs(answered.iter().map(|a| (code(&a.gold.kind), code(&a.line.kind))).collect()),
        category: pairs(reports().map(|a| (category(&a.gold.category), category(&a.line.category))).collect()),
        category_sure: Share::of(reports().filter(|answered| answered.gold.sure).map(is_category)),
        agency: Share::of(with_agency().map(Answered::is_agency_accepted)),
        agency_sure: Share::of(with_agency().filter(|a| a.gold.sure).map(Answered::is_agency_accepted)),
        agency_confident: Share::of(by_confidence.iter().take(most_confident).map(|(_, is_right)| *is_right)),
        region: Found::of(&place_pairs(
            |gold| gold.region.clone().filter(|region| region != OUTSIDE),
            |answered| answered.line.region.as_ref().map(ToString::to_string),
        )),
        outside: Found::of_flags(
            answered.iter().map(|answered| (answered.gold.region.as_deref() == Some(OUTSIDE), answered.outside)),
        ),
        subdistrict: Found::of(&place_pairs(
            |gold| gold.subdistrict.clone(),
            |answered| answered.line.subdistrict.as_ref().map(ToString::to_string),
        )),
        emergency: Found::of_flags(answered.iter().map(|answered| {
            (answered.gold.urgency == Urgency::Emergency, answered.line.urgency == Urgency::Emergency)
        })),
        urgency: pairs(reports().map(|a| (code(&a.gold.urgency), code(&a.line.urgency))).collect()),
        supervisory: Found {
            precision: Share::of(answered.iter().filter(|a| a.supervisory).map(|a| is_accusation(pack, a.gold))),
            recall: Share::of(answered.iter().filter(|a| is_plain_accusation(pack, a.gold)).map(|a| a.supervisory)),
        },
        masked: Share::of(answered.iter().flat_map(|answered| {
            answered.gold.pii.iter().map(|pii| !answered.line.masked_text.contains(pii.as_str()))
        })),
        touched: Share::of(
            answered
                .iter()
                .filter(|answered| answered.gold.pii.is_empty())
                .map(|answered| answered.line.masked_text != answered.gold.text),
        ),
        reliability: Reliability::of(
            &answered.iter().map(|a| (f64::from(a.line.confidence), a.is_right())).collect::<Vec<_>>(),
        ),
    }
}

/// The code of a value, as it stands in JSON.
fn code(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}
