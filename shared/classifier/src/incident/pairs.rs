//! Precision and recall on pairs written for it: the same incident in other words, other incidents in the same words.

use serde::Deserialize;

use super::{Comparison, Verdict};
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

fn compared(pack: &Pack, a: &str, b: &str) -> Comparison {
    let signature = |text| {
        let classified = pack.classify(&Post { text, place_tag: None }, jiff::civil::date(2026, 11, 24));
        pack.signature(&classified, "2026-11-24T00:00:00Z".parse().unwrap())
    };
    let (Some(a), Some(b)) = (signature(a), signature(b)) else { panic!("{a} {b}") };
    eprintln!("   {:?} {:?} | {:?} {:?}", a.place, a.category, b.place, b.category);
    pack.jurisdiction.same_incident.compare(&a, &b)
}

#[test]
fn pairs_are_told_apart() {
    let pack = Pack::load(&shipped()).unwrap();
    let text = std::env::var("PAIRS").map_or(PAIRS.to_owned(), |p| std::fs::read_to_string(p).unwrap());
    let (mut hits, mut false_alarms, mut missed) = (0, 0, 0);
    for pair in text.lines().map(|line| serde_json::from_str::<Pair>(line).unwrap()) {
        let comparison = compared(&pack, &pair.a, &pair.b);
        let is_same = comparison.verdict != Verdict::Different;
        let mark = if is_same == pair.same { ' ' } else { '!' };
        eprintln!("{mark} {} {:.2} {:?}", pair.id, comparison.score, comparison.why);
        match (is_same, pair.same) {
            (true, true) => hits += 1,
            (true, false) => false_alarms += 1,
            (false, true) => missed += 1,
            (false, false) => {}
        }
    }
    let precision = hits as f32 / (hits + false_alarms) as f32;
    let recall = hits as f32 / (hits + missed) as f32;
    eprintln!("precision {precision} recall {recall}");
    assert!(precision >= 0.95 && recall >= 0.8, "precision {precision}, recall {recall}");
}
