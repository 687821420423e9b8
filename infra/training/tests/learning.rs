//! Learning from the posts that ship with the pack, as `cargo kemala train` does on every machine.

use std::path::{Path, PathBuf};

use jiff::civil::date;
use kemala_classifier::Pack;
use kemala_training::{Corpus, Gold, TrainError, evaluate, train};

fn pack() -> Pack {
    Pack::load(&folder()).unwrap().with_model(None)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng")
}

/// Two thirds of the posts to learn from, and the others.
fn halves(pack: &Pack) -> (Corpus, Vec<Gold>) {
    let mut corpus = Corpus::read(Some(&folder().join("training/posts.jsonl")), None, pack).unwrap();
    let mut others = Vec::new();
    let mut row = 0;
    corpus.posts.retain(|post| {
        row += 1;
        if row % 3 == 0 {
            others.push(post.gold.clone());
        }
        row % 3 != 0
    });
    (corpus, others)
}

#[test]
fn the_same_posts_give_the_same_bytes_and_the_model_knows_more_than_the_cues() {
    let pack = pack();
    let (corpus, others) = halves(&pack);
    let trained = train(&pack, &corpus, &|_, _, _| {}).unwrap();
    let again = train(&pack, &corpus, &|_, _, _| {}).unwrap();
    assert_eq!(trained.model.to_bytes(), again.model.to_bytes());
    assert_eq!(trained.model.columns().official, Vec::<String>::new(), "nobody taught it official categories");

    let today = date(2026, 11, 24);
    let by_cues = evaluate(&pack, &others, today);
    let by_model = evaluate(&pack.with_model(Some(trained.model)), &others, today);
    let right = |evaluation: &kemala_training::Evaluation| evaluation.category.accuracy.right;
    assert!(right(&by_model) > right(&by_cues), "{} and {}", right(&by_model), right(&by_cues));
    assert!(by_model.kind.accuracy.right > by_cues.kind.accuracy.right);
}

#[test]
fn too_few_posts_are_told() {
    let pack = pack();
    let (mut corpus, _) = halves(&pack);
    corpus.posts.truncate(3);
    assert!(matches!(train(&pack, &corpus, &|_, _, _| {}), Err(TrainError::TooFew(3))));
}

#[test]
fn bad_lines_are_told_with_their_place() {
    let pack = pack();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("posts.jsonl");
    let good = r#"{"id":"1","text":"x","kind":"other","category":null,"agencies":[],"urgency":"normal","sure":true}"#;
    for (line, problem) in [
        ("{", "line 3: EOF"),
        (&good.replace("null", "\"roads\""), "line 3: category roads is not in the pack's categories.csv"),
        (&good.replace("null", "\"road_damage\""), "line 3: a complaint or question has a category"),
        (&good.replace("[]", "[\"NOBODY\"]"), "line 3: agency NOBODY is not in the pack's agencies.csv"),
    ] {
        std::fs::write(&file, format!("{good}\n\n{line}\n")).unwrap();
        let error = Corpus::read(Some(&file), None, &pack).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    let error = Corpus::read(None, Some(dir.path()), &pack).unwrap_err().to_string();
    assert!(error.contains("labelled_train.jsonl"), "{error}");
}
