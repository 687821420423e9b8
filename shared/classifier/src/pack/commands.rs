//! `commands.toml`: what a citizen may say in the thread.

use std::collections::HashMap;

use serde::Deserialize;
use toml::Spanned;

use super::folder::{Document, Folder};
use crate::commands::{Command, Commands, MOST_WORDS};
use crate::text::Words;

const FILE: &str = "commands.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandsFile {
    courtesies: Vec<String>,
    confirm: Vec<Spanned<String>>,
    reopen: Vec<Spanned<String>>,
    withdraw: Vec<Spanned<String>>,
    stop: Vec<Spanned<String>>,
    status: Vec<Spanned<String>>,
}

pub(super) fn read(folder: &mut Folder<'_>, words: &Words) -> Option<Commands> {
    let file: Document<CommandsFile> = folder.document(FILE)?;
    let CommandsFile { courtesies, confirm, reopen, withdraw, stop, status } = &file.value;
    let lists = [
        (confirm, Command::Confirm),
        (reopen, Command::Reopen),
        (withdraw, Command::Withdraw),
        (stop, Command::Stop),
        (status, Command::Status),
    ];
    let phrases = || lists.into_iter().flat_map(|(list, command)| list.iter().map(move |phrase| (phrase, command)));
    let mut seen: HashMap<Vec<String>, Command> = HashMap::new();
    for (phrase, command) in phrases() {
        let (text, line) = (phrase.get_ref(), file.line(phrase.span()));
        let count = text.split_whitespace().count();
        if !(1..=MOST_WORDS).contains(&count) {
            folder.error_at(FILE, line, format!("'{text}' has {count} words; a phrase has 1 to {MOST_WORDS}"));
        }
        if seen.insert(words.phrase(text), command).is_some_and(|other| other != command) {
            let problem = format!("'{text}' means the same as a phrase of another list; keep one of the two");
            folder.error_at(FILE, line, problem);
        }
    }
    let phrases = phrases().map(|(phrase, command)| (phrase.get_ref().as_str(), command));
    Some(Commands::new(words, courtesies.iter().map(String::as_str), phrases))
}
