//! `same`: whether two texts tell of one incident, without any system running.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use kemala_classifier::{Comparison, Pack, Post};
use kemala_domain::Decision;
use kemala_domain::incident::Signature;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Outcome, words};
use crate::cli;
use crate::local::Workspace;
use crate::names::Names;
use crate::terminal::{BAD, BOLD, DIM, GOOD, Table, json_line, out, styled};

pub(super) fn run(arguments: cli::Same) -> Result<Outcome> {
    let folder: PathBuf = match arguments.pack {
        Some(folder) => folder,
        None => Workspace::find()?.pack(&Names::usual().pack),
    };
    let pack =
        Pack::load(&folder).map_err(|errors| anyhow!("the pack in {} is broken:\n{errors}", folder.display()))?;
    let reader = Reader { pack: &pack, now: Timestamp::now() };
    match (arguments.a, arguments.b) {
        (Some(a), Some(b)) if arguments.json => {
            json_line(&Line::of(Value::Null, &reader.compare(&a, &b))).map(|()| Outcome::Good)
        }
        (Some(a), Some(b)) => show(&reader, &a, &b).map(|()| Outcome::Good),
        _ => lines(&reader, std::io::stdin().lock(), &mut std::io::stdout().lock(), &mut std::io::stderr()),
    }
}

/// Reads texts as if they had been posted at one moment.
struct Reader<'a> {
    pack: &'a Pack,
    now: Timestamp,
}

impl Reader<'_> {
    /// What is decided about a text, and its signature if it may be compared at all.
    fn read(&self, text: &str) -> (Decision, Option<Signature>) {
        // Which agencies are live depends on the day.
        let today: Date = self.now.to_zoned_datetime(TimeZone::UTC).date();
        let classified = self.pack.classify(&Post { text, place_tag: None }, today);
        let signature = self.pack.signature(&classified, self.now);
        (classified.decision, signature)
    }

    /// `None` where one of the texts accuses officials: such a report joins nothing.
    fn compare(&self, a: &str, b: &str) -> Option<Comparison> {
        let (a, b) = (self.read(a).1?, self.read(b).1?);
        Some(self.pack.jurisdiction.same_incident.compare(&a, &b))
    }
}

/// The answer for one pair.
#[derive(Debug, Serialize)]
struct Line {
    /// The caller's name for the pair, as it was given.
    id: Value,
    /// Whether both are one incident.
    same: bool,
    /// How likely that is, 0 to 1.
    score: f32,
}

impl Line {
    fn of(id: Value, comparison: &Option<Comparison>) -> Self {
        let same = comparison.as_ref().is_some_and(Comparison::is_same);
        Self { id, same, score: comparison.as_ref().map_or(0.0, |comparison| comparison.score) }
    }
}

/// One pair of many. Other fields are allowed: labelled data can be read as it is.
#[derive(Debug, Deserialize)]
struct Asked {
    /// Any JSON value; it comes back as it was.
    #[serde(default)]
    id: Value,
    a: String,
    b: String,
}

/// A line for a line. A bad one gets a line that says so, in its place, and is told on `errors`; the others go on.
fn lines(
    reader: &Reader<'_>,
    input: impl BufRead,
    output: &mut impl Write,
    errors: &mut impl Write,
) -> Result<Outcome> {
    let mut outcome = Outcome::Good;
    for (index, read) in input.split(b'\n').enumerate() {
        let read = read?;
        if read.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Asked>(&read) {
            Ok(Asked { id, a, b }) => serde_json::to_writer(&mut *output, &Line::of(id, &reader.compare(&a, &b)))?,
            Err(error) => {
                let number = index + 1;
                writeln!(errors, "line {number}: {error}; give {{\"id\": \"…\", \"a\": \"…\", \"b\": \"…\"}}")?;
                serde_json::to_writer(&mut *output, &json!({"id": null, "line": number, "error": error.to_string()}))?;
                outcome = Outcome::Bad;
            }
        }
        writeln!(output)?;
    }
    output.flush()?;
    Ok(outcome)
}

fn show(reader: &Reader<'_>, a: &str, b: &str) -> Result<()> {
    let mut table = Table::default();
    let mut row = |name: &str, value: String| table.row([styled(DIM, name), value]);
    for (name, text) in [("first", a), ("second", b)] {
        let (decision, _) = reader.read(text);
        row(name, format!("{}; {}", words::place(&decision.place), words::matter(&decision)));
    }
    match reader.compare(a, b) {
        None => row("same", format!("{} accusations against officials join nothing", styled(BAD, "no,"))),
        Some(comparison) => {
            let verdict = if comparison.is_same() { styled(GOOD, "yes") } else { styled(BAD, "no") };
            row("same", format!("{verdict}, {}", styled(BOLD, format!("{:.0} %", comparison.score * 100.0))));
            for (why, size) in &comparison.why {
                row("because", format!("{size:+.1} {}", why.replace('_', " ")));
            }
        }
    }
    table.write(&mut out())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(input: &str) -> (Outcome, Vec<Value>, String) {
        let pack = Pack::load(&Workspace::find().unwrap().pack("jateng")).unwrap();
        let reader = Reader { pack: &pack, now: "2026-11-24T00:00:00Z".parse().unwrap() };
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let outcome = lines(&reader, input.as_bytes(), &mut output, &mut errors).unwrap();
        let lines = output.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let lines = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        (outcome, lines, String::from_utf8(errors).unwrap())
    }

    #[test]
    fn a_line_for_a_line() {
        let bridge = "Jembatan di Kec. Cepu Blora papannya lapuk dan jebol";
        let pairs = [
            json!({ "id": "a", "a": bridge, "b": "kreteg Cepu Blora jebol, papane lapuk", "same": true }),
            json!({ "id": 2, "a": bridge, "b": bridge.replace("Cepu Blora", "Lasem Rembang") }),
        ];
        let (outcome, lines, errors) = run(&format!("{}\n\n{}\r\n", pairs[0], pairs[1]));
        assert_eq!((outcome, errors.as_str()), (Outcome::Good, ""));
        assert_eq!((&lines[0]["id"], &lines[0]["same"]), (&json!("a"), &json!(true)), "{lines:?}");
        assert_eq!(lines[1], json!({ "id": 2, "same": false, "score": 0.0 }));
    }

    #[test]
    fn bad_lines_are_told_and_the_others_go_on() {
        let (outcome, lines, errors) =
            run("nonsense\n{\"id\": 1, \"a\": \"x\"}\n{\"id\": 4, \"a\": \"x\", \"b\": \"\"}\n");
        assert_eq!(outcome, Outcome::Bad);
        assert!(lines[..2].iter().all(|line| line["id"].is_null() && line["error"].is_string()));
        assert_eq!(lines[2], json!({ "id": 4, "same": false, "score": 0.0 }));
        let told: Vec<&str> = errors.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(told, ["line 1", "line 2"]);
    }

    #[test]
    fn accusations_are_never_the_same() {
        let text = "Pegawai kantor kecamatan di Cepu Blora minta uang pelicin, ini pungli";
        let (_, lines, _) = run(&json!({ "id": 1, "a": text, "b": text }).to_string());
        assert_eq!(lines[0], json!({ "id": 1, "same": false, "score": 0.0 }));
    }
}
