//! `eval`: the classifier's answers against what careful readers say.

use std::io::Write;

use anyhow::{Context, Result, anyhow};
use kemala_classifier::Pack;
use kemala_classifier::model::Model;
use kemala_training::{Benchmark, Confusion, Corpus, Evaluation, Found, Share, Task, benchmark, evaluate, read_gold};

use super::{Outcome, pack_in, today};
use crate::cli::{self, OfficialTask};
use crate::progress::Progress;
use crate::terminal::{BOLD, DIM, Table, json_line, out, styled};

/// Mistakes that are shown; all are in the JSON.
const MISTAKES_SHOWN: usize = 12;

pub(super) fn run(arguments: cli::Eval) -> Result<Outcome> {
    let (_, pack) = pack_in(arguments.pack)?;
    if let (Some(task), Some(data)) = (arguments.benchmark, &arguments.data) {
        let corpus = Corpus::read(None, Some(data), &pack)?;
        let step = Progress::on_stderr().step("benchmark");
        let task = match task {
            OfficialTask::Laporgub => Task::LaporGub,
            OfficialTask::Surabaya => Task::OtherCity,
        };
        let result = benchmark(&pack, &corpus, task, &|what, done, of| step.now(format!("{what}, {done} of {of}")))?;
        step.done(&format!("learned from {} texts", result.learned_from));
        if arguments.json {
            json_line(&result)?
        } else {
            show_benchmark(&result, &mut out())?
        }
        return Ok(Outcome::Good);
    }
    let pack = with_model(pack, arguments.model.as_deref())?;
    let mut gold = Vec::new();
    for file in &arguments.gold {
        gold.extend(read_gold(file, &pack)?);
    }
    if gold.is_empty() {
        return Err(anyhow!("there is no post in the given files; give labelled posts as JSON lines"));
    }
    let evaluation = evaluate(&pack, &gold, today(&pack));
    if arguments.json {
        json_line(&evaluation)?
    } else {
        show(&evaluation, &mut out())?
    }
    Ok(Outcome::Good)
}

fn with_model(pack: Pack, model: Option<&std::path::Path>) -> Result<Pack> {
    let Some(file) = model else { return Ok(pack) };
    if file.as_os_str() == "none" {
        return Ok(pack.with_model(None));
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read the model {}", file.display()))?;
    let model = Model::from_bytes(&bytes).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    if !model.columns().categories.iter().eq(pack.categories.iter().map(|category| &category.code)) {
        return Err(anyhow!("{} was trained for other categories than the pack has; train it again", file.display()));
    }
    Ok(pack.with_model(Some(model)))
}

/// Shows an evaluation to people.
pub(super) fn show(evaluation: &Evaluation, out: &mut impl Write) -> Result<()> {
    let e = evaluation;
    let model = e.model_version.as_deref().unwrap_or("no model, cues alone");
    writeln!(out, "{} posts, {}, {model}", e.posts, e.pack_version)?;
    let mut table = Table::with_head(&["measure", "share", "of", "95 %"]);
    let mut row = |name: &str, share: Share| table.row(cells(name, share));
    row("kind", e.kind.accuracy);
    row("category, all reports", e.category.accuracy);
    row("category, reader sure", e.category_sure);
    row("first agency accepted, all", e.agency);
    row("first agency accepted, reader sure", e.agency_sure);
    row("first agency accepted, surest 80 %", e.agency_confident);
    let mut found = |name: &str, found: Found| {
        row(&format!("{name}, precision"), found.precision);
        row(&format!("{name}, recall"), found.recall);
    };
    found("regency or city", e.region);
    found("subdistrict", e.subdistrict);
    found("outside", e.outside);
    found("emergency", e.emergency);
    found("accusation", e.supervisory);
    row("urgency", e.urgency.accuracy);
    row("personal data masked", e.masked);
    row("texts touched without need", e.touched);
    table.write(out)?;
    writeln!(
        out,
        "macro-F1: kind {:.3}, category {:.3}, urgency {:.3}",
        e.kind.macro_f1, e.category.macro_f1, e.urgency.macro_f1
    )?;
    for (name, confusion) in [("kind", &e.kind), ("category", &e.category)] {
        show_classes(name, confusion, out)?;
    }
    writeln!(out, "\n{}", styled(BOLD, "does confidence mean what it says?"))?;
    let mut table = Table::with_head(&["confidence", "mean", "right", "of", "95 %"]);
    for bin in &e.reliability.bins {
        let name = format!("{:.1} to {:.1}", bin.from, bin.from + 0.1);
        let [name, share, of, interval] = cells(&name, bin.right);
        table.row([name, format!("{:.3}", bin.confidence), share, of, interval]);
    }
    table.write(out)?;
    writeln!(out, "expected calibration error {:.3}", e.reliability.expected_error)?;
    let mut table = Table::with_head(&["surest", "right", "of", "95 %"]);
    for (percent, share) in &e.reliability.coverage {
        table.row(cells(&format!("{percent} %"), *share));
    }
    table.write(out)
}

fn show_benchmark(benchmark: &Benchmark, out: &mut impl Write) -> Result<()> {
    let held_out = &benchmark.held_out;
    let mut table = Table::with_head(&["measure", "share", "of", "95 %"]);
    table.row(cells("accuracy", held_out.accuracy));
    table.write(out)?;
    writeln!(out, "macro-F1 {:.3} over the classes of the held-out texts", held_out.macro_f1)?;
    show_classes("class", held_out, out)
}

fn show_classes(name: &str, confusion: &Confusion, out: &mut impl Write) -> Result<()> {
    writeln!(out)?;
    let mut table = Table::with_head(&[name, "precision", "recall", "F1", "of"]);
    let share = |share: Share| share.share.map_or_else(|| "-".to_owned(), |share| format!("{share:.3}"));
    for class in &confusion.classes {
        let found = class.found;
        let of = found.recall.of.to_string();
        table.row([class.name.clone(), share(found.precision), share(found.recall), format!("{:.3}", class.f1), of]);
    }
    table.write(out)?;
    for (is, taken, times) in confusion.mistakes.iter().take(MISTAKES_SHOWN) {
        writeln!(out, "  {times} × {is} {} {taken}", styled(DIM, "taken for"))?;
    }
    Ok(())
}

fn cells(name: &str, share: Share) -> [String; 4] {
    let value = share.share.map_or_else(|| "-".to_owned(), |share| format!("{share:.3}"));
    let interval = share.interval.map_or_else(String::new, |(low, high)| format!("{low:.3} to {high:.3}"));
    [name.to_owned(), value, share.of.to_string(), interval]
}
