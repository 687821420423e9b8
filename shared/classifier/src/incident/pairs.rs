//! Precision and recall on pairs written for it: one incident in other words, other incidents in the same words.

use serde::Deserialize;

use crate::classify::Post;
use crate::pack::Pack;
use crate::pack::tests::shipped;

#[derive(Deserialize)]
struct Pair {
    id: String,
    same: bool,
    a: String,
    b: String,
}

const PAIRS: &str = include_str!("../../fixtures/incidents.jsonl");

#[test]
fn pairs_are_told_apart() {
    let pack = Pack::load(&shipped()).unwrap();
    let at = "2026-11-24T00:00:00Z".parse().unwrap();
    let signature = |text: &str| {
        let classified = pack.classify(&Post { text, place_tag: None }, jiff::civil::date(2026, 11, 24));
        pack.signature(&classified, at)
    };
    let (mut hits, mut false_alarms, mut missed) = (0u16, 0u16, 0u16);
    let mut wrong = String::new();
    for line in PAIRS.lines() {
        let pair: Pair = serde_json::from_str(line).unwrap();
        let comparison =
            signature(&pair.a).zip(signature(&pair.b)).map(|(a, b)| pack.jurisdiction.same_incident.compare(&a, &b));
        let is_same = comparison.as_ref().is_some_and(|comparison| comparison.is_same());
        match (is_same, pair.same) {
            (true, true) => hits += 1,
            (true, false) => false_alarms += 1,
            (false, true) => missed += 1,
            (false, false) => {}
        }
        if is_same != pair.same {
            wrong += &format!("{} {comparison:?}\n", pair.id);
        }
    }
    let precision = f32::from(hits) / f32::from(hits + false_alarms);
    let recall = f32::from(hits) / f32::from(hits + missed);
    println!("precision {precision}, recall {recall}; wrong:\n{wrong}");
    assert!(precision >= 0.95 && recall >= 0.9, "precision {precision}, recall {recall}; wrong:\n{wrong}");
}
