//! What the peers are trained on, and what all are measured with.

use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use serde::Deserialize;

use crate::problem::Problem;

/// A text with the label that it should get.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Row {
    pub(super) text: String,
    /// `None` of what is nothing to act on.
    pub(super) category: Option<String>,
    /// Whether the reader had no doubt.
    pub(super) sure: bool,
}

/// Texts to train with and texts to measure with, none of them in both.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Material {
    /// In words, for the report.
    pub(super) about: &'static str,
    pub(super) training: Vec<Row>,
    pub(super) measuring: Vec<Row>,
    /// Whether answers can be compared: nobody was trained on what is measured.
    pub(super) is_scored: bool,
}

/// Of the sample, one post in so many is measured and not trained on.
const HELD_OUT_ONE_IN: usize = 5;

/// Length of a long text in characters: what fits into a post.
const LONG: usize = 280;

impl Material {
    /// A pack's own posts. They are not scored: the pack's model has learned from all of them.
    pub(super) fn of_sample(file: &Path) -> Result<Self> {
        let (mut training, mut measuring) = (Vec::new(), Vec::new());
        for (index, row) in read(file)?.into_iter().enumerate() {
            let of = if index % HELD_OUT_ONE_IN == 0 { &mut measuring } else { &mut training };
            of.push(row);
        }
        Ok(Self { about: "the pack's own posts, a fifth of them held out", training, measuring, is_scored: false })
    }

    /// A folder of labelled data.
    pub(super) fn of_folder(folder: &Path) -> Result<Self> {
        let training = read(&folder.join("labelled_train.jsonl"))?;
        let measuring = [read(&folder.join("gold_dev.jsonl"))?, read(&folder.join("tweets_dev.jsonl"))?].concat();
        Ok(Self { about: "labelled_train, measured on gold_dev and tweets_dev", training, measuring, is_scored: true })
    }

    /// Texts of 280 characters, one for each that is measured: the text and what follows it, cut.
    pub(super) fn long_texts(&self) -> Vec<String> {
        let texts = || self.measuring.iter().map(|row| row.text.trim()).filter(|text| !text.is_empty());
        let count = texts().count();
        let from = |start: usize| texts().cycle().skip(start).take(LONG).flat_map(|text| text.chars().chain([' ']));
        (0..count).map(|start| from(start).take(LONG).collect()).collect()
    }
}

fn read(file: &Path) -> Result<Vec<Row>> {
    let remedy = "give --data a folder with labelled_train.jsonl, gold_dev.jsonl and tweets_dev.jsonl, or leave it out";
    let text = fs::read_to_string(file)
        .map_err(|error| anyhow!(Problem::new(format!("{} cannot be read: {error}", file.display()), remedy)))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let rows = lines.map(|(index, line)| {
        serde_json::from_str(line).map_err(|error| {
            let place = format!("{} line {}", file.display(), index + 1);
            anyhow!(Problem::new(format!("{place}: {error}"), "give a row a text, a category or null, and sure"))
        })
    });
    let rows: Vec<Row> = rows.collect::<Result<_>>()?;
    // Peers learn nothing from fewer, and there would be no 99th of 100.
    if rows.is_empty() {
        return Err(anyhow!(Problem::new(format!("{} is empty", file.display()), remedy)));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::Workspace;

    fn row(text: &str) -> Row {
        Row { text: text.into(), category: None, sure: true }
    }

    #[test]
    fn the_sample_is_split_without_overlap() {
        let file = Workspace::find().unwrap().pack("jateng").join("training/posts.jsonl");
        let material = Material::of_sample(&file).unwrap();
        let (training, measuring) = (material.training.len(), material.measuring.len());
        assert_eq!(measuring, (training + measuring).div_ceil(5));
        assert!(material.measuring.iter().all(|row| !material.training.contains(row)));
        assert!(!material.is_scored);
    }

    #[test]
    fn a_folder_is_read_by_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let line = |text: &str| format!("{{\"text\":\"{text}\",\"category\":\"mining\",\"sure\":false,\"more\":1}}\n");
        for name in ["labelled_train", "gold_dev", "tweets_dev"] {
            fs::write(folder.path().join(format!("{name}.jsonl")), line(name)).unwrap();
        }
        let material = Material::of_folder(folder.path()).unwrap();
        let texts = |rows: &[Row]| rows.iter().map(|row| row.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&material.training), ["labelled_train"]);
        assert_eq!(texts(&material.measuring), ["gold_dev", "tweets_dev"]);
        assert!(material.is_scored);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let error = Material::of_folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains("labelled_train.jsonl cannot be read") && error.contains("what to do"), "{error}");
        fs::write(folder.path().join("labelled_train.jsonl"), "\n{\"text\": 1}\n").unwrap();
        let error = Material::of_folder(folder.path()).unwrap_err().to_string();
        assert!(error.contains("labelled_train.jsonl line 2"), "{error}");
    }

    #[test]
    fn long_texts_have_the_length_of_a_post() {
        let rows = ["", "lampu mati 😭", &"x".repeat(900)].map(row);
        let material = Material { about: "", training: Vec::new(), measuring: rows.into(), is_scored: false };
        let long = material.long_texts();
        assert_eq!(long.iter().map(|text| text.chars().count()).collect::<Vec<_>>(), [LONG, LONG]);
        assert!(long[0].starts_with("lampu mati 😭 xxx"), "{}", long[0]);
    }
}
