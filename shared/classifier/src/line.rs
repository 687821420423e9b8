//! A decision as one line of JSON, for people and scripts who compare it with labels.

use kemala_domain::decision::Category;
use kemala_domain::decision::Reason;
use kemala_domain::{AgencyCode, Kind, RegionCode, Urgency};
use serde::Serialize;
use serde_json::Value;

use crate::classify::Classified;

/// A decision in the terms of the labelled data. `null` is what is not known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassifyLine {
    /// The caller's name for the text, as it was given.
    pub id: Value,
    /// Complaint, question, or nothing to act on.
    pub kind: Kind,
    /// What it is about; `null` where there is nothing to act on.
    pub category: Option<Category>,
    /// LaporGub's name of what it is about.
    pub laporgub_category: Option<String>,
    /// Who should act, best first, whether or not a human looks at it before.
    pub agencies: Vec<AgencyCode>,
    /// Regency or city.
    pub region: Option<RegionCode>,
    /// Subdistrict.
    pub subdistrict: Option<RegionCode>,
    /// Village.
    pub village: Option<RegionCode>,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// Whether nobody can act before the place is known.
    pub needs_location: bool,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The text with personal data masked.
    pub masked_text: String,
    /// What was matched and which rule decided.
    pub reasons: Vec<Reason>,
}

impl ClassifyLine {
    /// The line of a text that was classified.
    pub fn of(id: Value, classified: Classified) -> Self {
        let Classified { decision, official_category, masked_text, .. } = classified;
        let first = if decision.triage { decision.likely } else { Some(decision.addressee) };
        Self {
            id,
            kind: decision.kind,
            category: decision.category,
            laporgub_category: official_category,
            agencies: first.into_iter().chain(decision.others).collect(),
            region: decision.place.regency(),
            subdistrict: decision.place.subdistrict(),
            village: decision.place.village(),
            urgency: decision.urgency,
            needs_location: decision.needs_location,
            confidence: decision.confidence,
            masked_text,
            reasons: decision.reasons,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::ClassifyLine;
    use crate::classify::Post;
    use crate::pack::Pack;
    use crate::pack::tests::shipped;

    fn line(text: &str) -> String {
        let pack = Pack::load(&shipped()).unwrap();
        let classified = pack.classify(&Post { text, place_tag: None }, date(2026, 11, 24));
        let mut line = ClassifyLine::of("7".into(), classified);
        line.confidence = 0.5;
        line.reasons.truncate(1);
        serde_json::to_string_pretty(&line).unwrap()
    }

    #[test]
    fn who_should_act_is_named_even_where_triage_decides() {
        insta::assert_snapshot!(line("Mohon bantuan, listrik padam 3 hari di Kec. Todanan Blora"), @r#"
        {
          "id": "7",
          "kind": "complaint",
          "category": "electricity_fuel",
          "laporgub_category": "energi",
          "agencies": [
            "EXTPLN",
            "ESDM"
          ],
          "region": "33.16",
          "subdistrict": "33.16.14",
          "village": null,
          "urgency": "normal",
          "needs_location": false,
          "confidence": 0.5,
          "masked_text": "Mohon bantuan, listrik padam 3 hari di Kec. Todanan Blora",
          "reasons": [
            {
              "about": "kind",
              "concluded": "complaint",
              "matched": "mohon"
            }
          ]
        }
        "#);
    }

    #[test]
    fn a_post_that_is_no_report_is_for_nobody() {
        insta::assert_snapshot!(line("Selamat hari jadi Kabupaten Blora, semoga makin maju"), @r#"
        {
          "id": "7",
          "kind": "other",
          "category": null,
          "laporgub_category": null,
          "agencies": [],
          "region": "33.16",
          "subdistrict": null,
          "village": null,
          "urgency": "normal",
          "needs_location": false,
          "confidence": 0.5,
          "masked_text": "Selamat hari jadi Kabupaten Blora, semoga makin maju",
          "reasons": [
            {
              "about": "kind",
              "concluded": "other",
              "matched": "selamat hari"
            }
          ]
        }
        "#);
    }
}
