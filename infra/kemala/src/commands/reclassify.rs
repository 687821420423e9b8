//! `reclassify`: the same reports through two versions of a pack, and what changes.

use std::fs::File;
use std::io::{BufRead, BufReader, Write, stdin};
use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala_domain::report::VoiceRole;
use kemala_store::Store;
use serde::Deserialize;
use serde_json::Value;

use super::comparison::{Changed, Comparison, Found, FromTo};
use super::overrides::rows_if_running;
use super::{Outcome, running};
use crate::cli;
use crate::local::Workspace;
use crate::progress::Progress;
use crate::terminal::{BOLD, DIM, GOOD, Table, json_line, out, styled};

/// How many letters of a text are shown in a table.
const SHOWN: usize = 60;

pub(super) async fn run(arguments: cli::Reclassify) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let (rows, shipped) = match rows_if_running(&workspace)? {
        Some((rows, shipped)) => (Some(rows), shipped),
        None => (None, workspace.pack("jateng")),
    };
    let from = arguments.from.load(&shipped, rows.as_ref()).await?;
    let to = arguments.to.load(&shipped, rows.as_ref()).await?;
    // Which agencies are live depends on the day.
    let today = to.jurisdiction.calendar.local(Timestamp::now()).date();
    let mut comparison = Comparison::new(&from, &to, today);
    let step = Progress::on_stderr().step("reclassify");
    let mut told = |comparison: &Comparison<'_>| step.now(format!("{} reports", comparison.found.reports));
    match &arguments.jsonl {
        Some(file) if file.as_os_str() == "-" => lines(stdin().lock(), &mut comparison, &mut told)?,
        Some(file) => lines(open(file)?, &mut comparison, &mut told)?,
        None => stored(&mut comparison, &mut told).await?,
    }
    let found = comparison.found;
    step.done(&format!("{} reports, {} decided otherwise", found.reports, found.changes.len()));
    if arguments.json {
        json_line(&found)?
    } else {
        show(&found)?
    }
    Ok(Outcome::Good)
}

/// Every report of the running system that decides something: replies and reposts belong to what they answer.
async fn stored(comparison: &mut Comparison<'_>, told: &mut impl FnMut(&Comparison<'_>)) -> Result<()> {
    let (_, local) = running()?;
    let store = Store::new(&local.target.sdk_config(), local.names.table());
    let mut from = None;
    loop {
        let page = store.reports(from).await?;
        for (ticket, voice) in &page.voices {
            if !matches!(voice.role, VoiceRole::Reply | VoiceRole::Repost) {
                let report = &voice.report;
                comparison.add(Value::from(ticket.as_str()), &report.text, report.place_tag.as_ref());
            }
        }
        told(comparison);
        from = page.next;
        if from.is_none() {
            return Ok(());
        }
    }
}

/// One text of a file. Other fields are allowed: labelled data can be read as it is.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
}

fn open(file: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(File::open(file).with_context(|| format!("{} cannot be read", file.display()))?))
}

fn lines(input: impl BufRead, comparison: &mut Comparison<'_>, told: &mut impl FnMut(&Comparison<'_>)) -> Result<()> {
    for (index, line) in input.split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        // The cause would quote the line.
        let Ok(Line { id, text }) = serde_json::from_slice(&line) else {
            anyhow::bail!("line {} is not {{\"id\": \"…\", \"text\": \"…\"}}", index + 1);
        };
        comparison.add(id, &text, None);
        if index % 1000 == 0 {
            told(comparison);
        }
    }
    Ok(())
}

fn show(found: &Found) -> Result<()> {
    let Found { from, to, reports, counts, changes } = found;
    let mut out = out();
    if changes.is_empty() {
        return Ok(writeln!(out, "{} {reports} reports, all decided the same by {from} and {to}", styled(GOOD, "✓"))?);
    }
    writeln!(out, "{} of {reports} reports are decided otherwise by {to} than by {from}\n", changes.len())?;
    let mut table = Table::with_head(&["changes", "reports"]);
    for (part, count) in counts {
        table.row([(*part).to_owned(), count.to_string()]);
    }
    table.write(&mut out)?;
    writeln!(out)?;
    let mut table = Table::with_head(&["report", "what", "from", "to", "text, masked"]);
    for Changed { id, text, changes } in changes {
        let mut name = styled(BOLD, id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let mut text = styled(DIM, shortened(text));
        for (part, FromTo { from, to }) in changes {
            let said = |value: &String| if value.is_empty() { "none".to_owned() } else { value.clone() };
            let (name, text) = (std::mem::take(&mut name), std::mem::take(&mut text));
            table.row([name, (*part).to_owned(), said(from), said(to), text]);
        }
    }
    table.write(&mut out)
}

/// The beginning of a text on one line.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kemala_classifier::Pack;
    use kemala_domain::Override;
    use kemala_domain::overrides::Replacement;

    use super::*;

    fn packs() -> (Pack, Pack) {
        let shipped = Workspace::find().unwrap().pack("jateng");
        let from = Pack::load(&shipped).unwrap();
        let settings = std::fs::read_to_string(shipped.join("pack.toml")).unwrap();
        let strict = settings.lines().map(|line| match line.strip_prefix("triage_below = ") {
            Some(_) => "triage_below = 1.0\n".to_owned(),
            None => format!("{line}\n"),
        });
        let over = Override {
            version: 2,
            based_on: from.jurisdiction.version.clone(),
            files: [("pack.toml".to_owned(), Replacement::new(strict.collect::<String>(), &settings))].into(),
            note: String::new(),
            written_at: Timestamp::UNIX_EPOCH,
        };
        (from, Pack::load_overridden(&shipped, &over).unwrap())
    }

    fn found(input: &str, from: &Pack, to: &Pack) -> Result<Found> {
        let mut comparison = Comparison::new(from, to, "2026-11-24".parse().unwrap());
        lines(input.as_bytes(), &mut comparison, &mut |_| ())?;
        Ok(comparison.found)
    }

    #[test]
    fn what_changes_is_counted_and_shown_without_personal_data() {
        let (from, to) = packs();
        let input = concat!(
            "{\"id\": \"a\", \"text\": \"Jalan rusak parah di Kec. Jepon Blora, hub 081234567890\"}\n\n",
            "{\"id\": 7, \"text\": \"Selamat pagi semuanya, semoga sehat selalu\", \"kind\": \"other\"}\n",
        );
        let found = found(input, &from, &to).unwrap();
        assert_eq!((found.reports, found.changes.len()), (2, 1));
        assert_eq!(found.counts, BTreeMap::from([("agency", 1), ("triage", 1)]));
        let changed = serde_json::to_value(&found.changes[0]).unwrap();
        assert_eq!(changed["id"], "a");
        assert_eq!(changed["changes"]["agency"], serde_json::json!({"from": "PEMKAB3316", "to": "TRIAGE"}));
        assert!(!changed.to_string().contains("081234567890"), "{changed}");
    }

    #[test]
    fn a_version_against_itself_changes_nothing() {
        let (from, _) = packs();
        let found = found("{\"id\": 1, \"text\": \"Lampu jalan mati di Cepu Blora\"}", &from, &from).unwrap();
        assert_eq!((found.reports, found.changes.len()), (1, 0));
    }

    #[test]
    fn a_bad_line_is_named_and_not_quoted() {
        let (from, to) = packs();
        let error = found("{\"id\": 1, \"text\": \"x\"}\nrahasia\n", &from, &to).unwrap_err().to_string();
        assert!(error.starts_with("line 2 is not") && !error.contains("rahasia"), "{error}");
    }

    #[test]
    fn long_texts_are_shortened() {
        assert_eq!(shortened("a\nb"), "a b");
        assert_eq!(shortened(&"é".repeat(61)).chars().count(), SHOWN + 1);
    }
}
