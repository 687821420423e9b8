//! The model card: what a model learned from, how well it does, and what it cannot.

use std::fmt::Write;

use crate::data::Corpus;
use crate::evaluate::Evaluation;
use crate::metrics::Share;
use crate::train::Trained;

/// The card of a model in Markdown, with its figures on posts that it has not seen (`gold`, by the name of the set).
pub fn model_card(pack: &str, corpus: &Corpus, trained: &Trained, gold: &[(String, Evaluation)]) -> String {
    let mut card = String::new();
    let model = &trained.model;
    // Writing to a string does not fail.
    let _ = write!(
        card,
        "# Model card: {pack}, {}\n\nWritten by `cargo kemala train`. How the model works and how it is read: the README \
         of `shared/classifier`; how it is trained: the README of `infra/training`.\n\n\
         ## What it is\n\n{} linear columns over {} n-grams of terms and letters (hashed, 8-bit weights), the votes of \
         the pack's cues, and a few numbers on place and shape. It says kind, category, urgency, accusation and \
         LaporGub's category of a post, and how sure it is. It learned from {} posts with all labels and {} texts in \
         all.\n\n",
        model.version(),
        model.columns().count(),
        model.grams(),
        trained.posts,
        trained.texts,
    );
    card.push_str(DATA);
    card.push_str("| file | texts used |\n|---|---:|\n");
    for (file, rows) in &corpus.files {
        let _ = writeln!(card, "| `{file}` | {rows} |");
    }
    for (name, evaluation) in gold {
        let _ = write!(card, "\n## On {name}\n\n{}", figures(evaluation));
    }
    card.push_str(LIMITS);
    card
}

/// The figures of an evaluation as a table in Markdown.
fn figures(evaluation: &Evaluation) -> String {
    let e = evaluation;
    let mut table = format!(
        "{} posts that the model has not seen; every share with how many it is of, and its 95 % interval.\n\n\
         | measure | share | of | 95 % |\n|---|---:|---:|---|\n",
        e.posts
    );
    let rows = [
        ("kind", e.kind.accuracy),
        ("category, all reports", e.category.accuracy),
        ("category, reader sure", e.category_sure),
        ("first agency accepted, all reports", e.agency),
        ("first agency accepted, reader sure", e.agency_sure),
        ("first agency accepted, most confident 80 %", e.agency_confident),
        ("regency or city, precision", e.region.precision),
        ("regency or city, recall", e.region.recall),
        ("subdistrict, precision", e.subdistrict.precision),
        ("subdistrict, recall", e.subdistrict.recall),
        ("emergency, precision", e.emergency.precision),
        ("emergency, recall", e.emergency.recall),
        ("accusation, precision", e.supervisory.precision),
        ("accusation, recall", e.supervisory.recall),
        ("personal data masked", e.masked),
    ];
    for (name, share) in rows {
        let _ = writeln!(table, "{}", row(name, share));
    }
    let _ = write!(
        table,
        "\nMacro-F1: kind {:.3}, category {:.3}. Expected calibration error {:.3}.\n\n\
         Taken for another most often:\n\n| is | taken for | times |\n|---|---|---:|\n",
        e.kind.macro_f1, e.category.macro_f1, e.reliability.expected_error
    );
    for (is, taken, times) in e.category.mistakes.iter().take(10) {
        let _ = writeln!(table, "| {is} | {taken} | {times} |");
    }
    table
}

fn row(name: &str, share: Share) -> String {
    match (share.share, share.interval) {
        (Some(value), Some((low, high))) => format!("| {name} | {value:.3} | {} | {low:.3} to {high:.3} |", share.of),
        _ => format!("| {name} | - | 0 | |"),
    }
}

const DATA: &str = "## Data and licences\n\n\
    Weights only are shipped: hashes of n-grams with numbers, from which no text can be read back. Labels of kind, \
    category, agency, place and urgency were given by reading, one reader a text, by the labelling guide of the project. \
    `posts.jsonl` was written for the project and ships with it (its licence is the project's). The other files are \
    texts of citizens to government channels from public research repositories, mostly with no licence stated, used for \
    training and measuring only and not shipped; reviews, messages and opinion tweets (each file's own licence) teach \
    what is nothing to act on. Texts with the topics of another city's officials, or with LaporGub's own category, are \
    weak labels: they teach two helper models whose scores the categories see, and which are then folded into the \
    weights. Texts that were labelled by reading are kept out of the helpers.\n\n";

const LIMITS: &str = "\n## Limits\n\n\
    - The sets above are small, and labelled by one reader each: see the intervals.\n\
    - Rare categories (development planning, licensing, women and children) have few posts to learn from.\n\
    - Javanese in krama and Banyumasan is seldom in the data; words that the pack does not translate are known by their \
    letters at most.\n\
    - News that retells complaints, and jokes in the words of complaints, are the most frequent mistakes in kind. Nothing \
    is thrown away for them: a post counts as nothing to act on only above the pack's threshold, and is kept.\n\
    - It does not know what is true. An accusation is passed on as one, to the inspectorate alone.\n";
