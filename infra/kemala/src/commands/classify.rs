//! `classify`: what the classifier says of a text, without any system running.

use std::io::{BufRead, Write};

use anyhow::Result;
use jiff::civil::Date;
use kemala_classifier::{ClassifyLine, Pack, Post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Outcome, pack_in, today, words};
use crate::cli;
use crate::terminal::{BOLD, DIM, Table, json_line, out, styled};

pub(super) fn run(arguments: cli::Classify) -> Result<Outcome> {
    let (_, pack) = pack_in(arguments.pack)?;
    let today = today(&pack);
    match arguments.text {
        Some(text) if arguments.json => json_line(&line(&pack, Value::Null, &text, today)).map(|()| Outcome::Good),
        Some(text) => show(&pack, &text, today).map(|()| Outcome::Good),
        None => lines(&pack, today, std::io::stdin().lock(), &mut std::io::stdout().lock(), &mut std::io::stderr()),
    }
}

fn line(pack: &Pack, id: Value, text: &str, today: Date) -> ClassifyLine {
    ClassifyLine::of(id, pack.classify(&Post { text, place_tag: None }, today))
}

/// One text of many. Other fields are allowed: labelled data can be read as it is.
#[derive(Debug, Deserialize)]
struct Asked {
    /// Any JSON value; it comes back as it was.
    #[serde(default)]
    id: Value,
    text: String,
}

/// A line for a line. A bad one gets a line that says so, in its place, and is told on `errors`; the others go on.
fn lines(
    pack: &Pack,
    today: Date,
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
            Ok(Asked { id, text }) => serde_json::to_writer(&mut *output, &line(pack, id, &text, today))?,
            Err(error) => {
                let number = index + 1;
                writeln!(errors, "line {number}: {error}; give {{\"id\": \"…\", \"text\": \"…\"}}")?;
                serde_json::to_writer(&mut *output, &json!({"id": null, "line": number, "error": error.to_string()}))?;
                outcome = Outcome::Bad;
            }
        }
        writeln!(output)?;
    }
    output.flush()?;
    Ok(outcome)
}

fn show(pack: &Pack, text: &str, today: Date) -> Result<()> {
    let classified = pack.classify(&Post { text, place_tag: None }, today);
    let decision = &classified.decision;
    let agencies = &pack.jurisdiction.agencies;
    let agency = |code| match agencies.get(code) {
        Some(agency) => format!("{} {}", styled(BOLD, code), agency.name),
        None => styled(BOLD, code),
    };
    let mut table = Table::default();
    let mut row = |name: &str, value: String| table.row([styled(DIM, name), value]);
    row("kind", words::code(&decision.kind));
    if let Some(category) = &decision.category {
        row("category", category.to_string());
    }
    let place = &decision.place;
    let asked_for = if decision.needs_location { ", and must be asked for" } else { "" };
    row("place", format!("{}{asked_for}", words::place(place)));
    if !place.alternatives.is_empty() {
        let codes: Vec<String> = place.alternatives.iter().map(ToString::to_string).collect();
        row("or one of", codes.join(", "));
    }
    row("urgency", words::code(&decision.urgency));
    row("addressee", agency(&decision.addressee));
    if let Some(likely) = &decision.likely {
        row("likely for", agency(likely));
    }
    for other in &decision.others {
        row("may also act", agency(other));
    }
    row("sure", format!("{:.0} %", decision.confidence * 100.0));
    row("text sent on", classified.masked_text.clone());
    for reason in words::reasons(&decision.reasons) {
        row("because", reason);
    }
    table.write(&mut out())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::Workspace;

    fn run(input: &str) -> (Outcome, Vec<serde_json::Value>, String) {
        let pack = Pack::load(&Workspace::find().unwrap().pack("jateng")).unwrap();
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let today = "2026-11-24".parse().unwrap();
        let outcome = lines(&pack, today, input.as_bytes(), &mut output, &mut errors).unwrap();
        let lines = output.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let lines = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
        (outcome, lines, String::from_utf8(errors).unwrap())
    }

    #[test]
    fn a_line_for_a_line() {
        let (outcome, lines, errors) = run(concat!(
            "{\"id\": \"a\", \"text\": \"Jalan rusak di Cepu Blora\", \"kind\": \"complaint\"}\n\n",
            "{\"id\": \"b\", \"text\": \"\"}\r\n",
        ));
        assert_eq!((outcome, errors.as_str()), (Outcome::Good, ""));
        assert_eq!(lines.iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(lines[0]["region"], "33.16");
        let keys = [
            "id",
            "kind",
            "category",
            "laporgub_category",
            "agencies",
            "region",
            "subdistrict",
            "village",
            "urgency",
            "needs_location",
            "confidence",
            "masked_text",
            "reasons",
        ];
        for key in keys {
            assert!(lines[1].get(key).is_some(), "{key} is there, null or not");
        }
    }

    #[test]
    fn bad_lines_are_told_and_the_others_go_on() {
        let (outcome, lines, errors) =
            run("{\"id\": \"a\"}\nnonsense\n{\"id\": 7, \"text\": 1}\n{\"id\": 4, \"text\": \"x\"}\n");
        assert_eq!(outcome, Outcome::Bad);
        assert_eq!(lines.len(), 4);
        assert!(lines[..3].iter().all(|line| line["id"].is_null() && line["error"].is_string()));
        assert_eq!(lines[3]["id"], 4);
        let told: Vec<&str> = errors.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(told, ["line 1", "line 2", "line 3"]);
    }
}
