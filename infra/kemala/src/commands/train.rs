//! `train`: a pack's model, learned from labelled posts.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use kemala_classifier::Pack;
use kemala_training::{Corpus, Evaluation, evaluate, model_card, read_gold, train};
use serde_json::json;

use super::{Outcome, today, untrained_pack_in};
use crate::cli;
use crate::local::Workspace;
use crate::progress::Progress;
use crate::terminal::{BOLD, GOOD, json_line, out, styled};

/// The pack's own labelled posts.
const OWN_POSTS: &str = "training/posts.jsonl";
const MODEL: &str = "model.bin";
const CARD: &str = "MODEL.md";

pub(super) fn run(arguments: cli::Train) -> Result<Outcome> {
    let (folder, pack) = untrained_pack_in(arguments.pack)?;
    let out_dir = match (arguments.out, arguments.install) {
        (Some(out), _) => out,
        (None, true) => folder.clone(),
        (None, false) => Workspace::find()?.root().join(".kemala/training"),
    };
    let own = Some(folder.join(OWN_POSTS)).filter(|own| own.exists());
    let corpus = Corpus::read(own.as_deref(), arguments.data.as_deref(), &pack)?;
    let step = Progress::on_stderr().step("training");
    let trained = train(&pack, &corpus, &|what, done, of| step.now(format!("{what}, {done} of {of}")))?;
    let model = trained.model.clone();
    step.done(&format!("{} learned from {} posts and {} texts in all", model.version(), trained.posts, trained.texts));
    let name = pack.jurisdiction.version.clone();
    let pack = pack.with_model(Some(model.clone()));
    let measured = measure(&pack, &arguments.gold)?;
    let card = model_card(&name, &corpus, &trained, &measured);
    let (model_file, card_file) = (out_dir.join(MODEL), out_dir.join(CARD));
    write(&model_file, &model.to_bytes())?;
    write(&card_file, card.as_bytes())?;
    if arguments.json {
        let gold: Vec<_> =
            measured.iter().map(|(name, evaluation)| json!({"set": name, "figures": evaluation})).collect();
        json_line(&json!({
            "model": model_file, "card": card_file, "version": model.version(), "posts": trained.posts,
            "texts": trained.texts, "grams": model.grams(), "gold": gold,
        }))?;
        return Ok(Outcome::Good);
    }
    let mut out = out();
    writeln!(out, "{} {} {}", styled(GOOD, "✓"), styled(BOLD, model.version()), model_file.display())?;
    for (name, evaluation) in &measured {
        writeln!(out, "\n{}", styled(BOLD, name))?;
        super::eval::show(evaluation, &mut out)?;
    }
    if !arguments.install {
        writeln!(
            out,
            "To use it: `cargo kemala train … --install`, or copy {MODEL} and {CARD} into {}",
            folder.display()
        )?;
    }
    Ok(Outcome::Good)
}

fn measure(pack: &Pack, files: &[PathBuf]) -> Result<Vec<(String, Evaluation)>> {
    let day = today(pack);
    let measure = |file: &PathBuf| {
        let gold = read_gold(file, pack)?;
        let name = file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok((name, evaluate(pack, &gold, day)))
    };
    files.iter().map(measure).collect()
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().ok_or_else(|| anyhow!("{} has no folder", file.display()))?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
}
