//! The posts that packs ship, to train on or to measure with: every label is one that the pack knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use kemala_domain::{Kind, RegionCode, Urgency};
use serde_json::Value;

/// The sets: a pack with a file of it.
const SETS: [(&str, &str); 2] = [("jateng", "training/posts.jsonl"), ("kota-yogyakarta", "training/gold.jsonl")];

fn of_pack(pack: &str, file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs").join(pack).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// First column of a table of the pack.
fn codes(pack: &str, file: &str) -> BTreeSet<String> {
    let table = of_pack(pack, file);
    table.lines().skip(1).filter_map(|row| row.split(',').next()).map(str::to_owned).collect()
}

/// The posts to train on.
fn posts() -> Vec<Value> {
    let (pack, file) = SETS[0];
    posts_of(pack, file)
}

fn posts_of(pack: &str, file: &str) -> Vec<Value> {
    of_pack(pack, file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every post of every set, with its pack.
fn all() -> impl Iterator<Item = (&'static str, Value)> {
    SETS.into_iter().flat_map(|(pack, file)| posts_of(pack, file).into_iter().map(move |post| (pack, post)))
}

/// A field that is a text or null.
fn text<'a>(post: &'a Value, field: &str) -> Option<&'a str> {
    match post.get(field) {
        Some(Value::String(text)) => Some(text),
        Some(Value::Null) => None,
        other => panic!("{}: {field} is {other:?}", post["id"]),
    }
}

fn flag(post: &Value, field: &str) -> bool {
    post[field].as_bool().unwrap_or_else(|| panic!("{}: {field} is no flag", post["id"]))
}

#[test]
fn no_post_is_there_twice() {
    let posts: Vec<Value> = all().map(|(_, post)| post).collect();
    let different = |field: &str| posts.iter().filter_map(|post| text(post, field)).collect::<BTreeSet<_>>().len();
    assert_eq!((different("id"), different("text")), (posts.len(), posts.len()));
}

#[test]
fn kind_category_and_agencies_are_known_and_fit() {
    let known = SETS.map(|(pack, _)| (pack, codes(pack, "categories.csv"), codes(pack, "agencies.csv")));
    for (pack, post) in all() {
        let (_, categories, agencies) = known.iter().find(|(of, ..)| *of == pack).unwrap();
        let id = post["id"].clone();
        let kind: Kind = serde_json::from_value(post["kind"].clone()).unwrap();
        serde_json::from_value::<Urgency>(post["urgency"].clone()).unwrap();
        let category = text(&post, "category");
        assert_eq!(category.is_none(), kind == Kind::Other, "{id}");
        assert!(category.is_none_or(|category| categories.contains(category)), "{id}: {category:?}");
        let named: Vec<&str> = post["agencies"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
        assert!(named.len() <= 3 && named.iter().all(|code| agencies.contains(*code)), "{id}: {named:?}");
        let is_ours = kind != Kind::Other && text(&post, "region") != Some("outside");
        assert_eq!(named.is_empty(), !is_ours, "{id}: a report from here has an agency, another has none");
        let _ = flag(&post, "sure");
    }
}

#[test]
fn places_exist_and_lie_in_each_other() {
    let known = SETS.map(|(pack, _)| (pack, codes(pack, "regions.csv")));
    for (pack, post) in all() {
        let (_, places) = known.iter().find(|(of, _)| *of == pack).unwrap();
        let id = &post["id"];
        let code = |field| text(&post, field).filter(|code| *code != "outside").map(|code| code.parse().unwrap());
        let (region, subdistrict): (Option<RegionCode>, Option<RegionCode>) = (code("region"), code("subdistrict"));
        for code in region.iter().chain(&subdistrict) {
            assert!(places.contains(code.as_str()), "{id}: there is no {code}");
        }
        assert_eq!(region.as_ref().and_then(RegionCode::regency), region, "{id}: {region:?} is no regency");
        let of = subdistrict.as_ref().and_then(RegionCode::regency);
        assert!(subdistrict.is_none() || of == region, "{id}: {subdistrict:?} is not in {region:?}");
        assert!(!(flag(&post, "needs_location") && region.is_some()), "{id}: the place is known");
    }
}

/// Who accuses officials is heard by the inspectorate, never by the accused.
#[test]
fn accusations_go_to_the_inspectorate() {
    let accusing: Vec<Value> = posts().into_iter().filter(|post| flag(post, "supervisory")).collect();
    assert!(accusing.len() >= 40);
    for post in &accusing {
        assert_eq!(post["agencies"][0], "INSPEKTORAT", "{}", post["id"]);
    }
    for post in posts().iter().filter(|post| text(post, "category") == Some("corruption")) {
        assert!(flag(post, "supervisory") || post["kind"] == "question", "{}", post["id"]);
    }
}

#[test]
fn every_category_has_its_examples() {
    let posts = posts();
    for category in codes(SETS[0].0, "categories.csv") {
        let complaints =
            posts.iter().filter(|post| text(post, "category") == Some(&category) && post["kind"] == "complaint");
        let count = complaints.count();
        assert!(count >= 20, "{category}: {count}");
    }
}
