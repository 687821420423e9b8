//! `pack check`: a pack as a whole.

use std::io::Write;

use anyhow::{Result, anyhow};
use kemala_classifier::{Consumer, Pack, PackErrors};
use serde_json::json;

use super::Outcome;
use crate::cli;
use crate::problem::Problem;
use crate::terminal::{BAD, GOOD, json_line, out, styled};
use crate::whole_pack;

pub(super) fn check(arguments: cli::PackCheck) -> Result<Outcome> {
    let folder = &arguments.folder;
    if !folder.is_dir() {
        let what = format!("{} is no folder", folder.display());
        return Err(anyhow!(Problem::new(what, "name a pack's folder, such as shared/packs/jateng")));
    }
    let checked = whole_pack::check(folder);
    match (&checked, arguments.json) {
        (Ok(pack), true) => json_line(&counts(pack))?,
        (Ok(pack), false) => {
            let counts = counts(pack);
            writeln!(out(), "{} {} {}", styled(GOOD, "✓"), folder.display(), pack.jurisdiction.version)?;
            for (name, count) in counts.as_object().into_iter().flatten().filter(|(_, count)| count.is_number()) {
                writeln!(out(), "  {count:>6} {}", name.replace('_', " "))?;
            }
        }
        (Err(PackErrors(errors)), true) => {
            let errors: Vec<_> = errors
                .iter()
                .map(|error| json!({"file": error.file, "line": error.line, "problem": error.problem}))
                .collect();
            json_line(&json!({"ok": false, "errors": errors}))?;
        }
        (Err(PackErrors(errors)), false) => {
            for error in errors {
                writeln!(out(), "{}", folder.join(error.to_string()).display())?;
            }
            writeln!(out(), "{} {} errors in {}", styled(BAD, "✗"), errors.len(), folder.display())?;
        }
    }
    Ok(Outcome::good_if(checked.is_ok()))
}

fn counts(pack: &Pack) -> serde_json::Value {
    let agencies = &pack.jurisdiction.agencies;
    let count = |consumer| agencies.iter().filter(|agency| agency.consumer == consumer).count();
    json!({
        "ok": true,
        "version": pack.jurisdiction.version,
        "places": pack.places(),
        "categories": pack.categories.iter().count(),
        "places": pack.places(),
        "agencies_with_queue": count(Consumer::System),
        "desks": count(Consumer::Desk),
        "bodies_without_queue": count(Consumer::None),
    })
}
