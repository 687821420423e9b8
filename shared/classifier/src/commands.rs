//! What a citizen asks for in the thread, where the whole message is a phrase of the pack.

use kemala_domain::TicketId;
use rustc_hash::FxHashMap;

use crate::pack::Pack;
use crate::text::{Words, tokenize};

/// A short message with a meaning of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// The matter is settled.
    Confirm,
    /// The matter is not settled.
    Reopen,
    /// The report shall be deleted.
    Withdraw,
    /// No more posts to this person about this.
    Stop,
    /// How do things stand?
    Status,
}

/// Most words of a message that is a command. In a longer one a "sudah" or "belum" speaks of something else.
pub(crate) const MOST_WORDS: usize = 3;

/// The phrases of a pack that are commands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Commands {
    phrases: FxHashMap<Vec<String>, Command>,
    /// Phrases of courtesy, the longest first.
    courtesies: Vec<Vec<String>>,
}

impl Commands {
    pub(crate) fn new<'a>(
        words: &Words,
        courtesies: impl IntoIterator<Item = &'a str>,
        phrases: impl IntoIterator<Item = (&'a str, Command)>,
    ) -> Self {
        let mut courtesies: Vec<Vec<String>> = courtesies.into_iter().map(|phrase| words.phrase(phrase)).collect();
        courtesies.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        let phrases = phrases.into_iter().map(|(phrase, command)| (words.phrase(phrase), command)).collect();
        Self { phrases, courtesies }
    }

    fn of(&self, terms: &[String]) -> Option<Command> {
        self.phrases.get(self.without_courtesies(terms)).copied()
    }

    fn without_courtesies<'a>(&self, mut terms: &'a [String]) -> &'a [String] {
        loop {
            let shorter = self.courtesies.iter().find_map(|phrase| {
                let rest = terms.strip_prefix(phrase.as_slice()).or_else(|| terms.strip_suffix(phrase.as_slice()));
                rest.filter(|rest| !rest.is_empty())
            });
            match shorter {
                Some(rest) => terms = rest,
                None => return terms,
            }
        }
    }
}

impl Pack {
    /// What a message in a ticket's thread asks for, where it is nothing but that: a phrase of `commands.toml` with
    /// courtesies, of at most three words, or a ticket number, which asks how things stand. Accounts, the service's own
    /// hashtag, links, emojis and full stops do not count; a question mark makes a question of all but a status.
    pub fn command(&self, text: &str) -> Option<Command> {
        let number = self.ticket_number(text);
        let rest = number.as_ref().map_or_else(|| text.to_owned(), |(written, _)| text.replacen(written, " ", 1));
        let tokens = tokenize(&rest, &self.ignored_hashtags);
        let asks = tokens.iter().any(|token| token.word == "?");
        let says: Vec<_> = tokens
            .into_iter()
            .filter(|token| token.word.chars().all(|char| char.is_alphanumeric() || char == '\''))
            .collect();
        if says.is_empty() {
            return number.map(|_| Command::Status);
        }
        if says.len() > MOST_WORDS {
            return None;
        }
        let command = self.commands.of(&self.words.terms(&says))?;
        match command {
            Command::Status => Some(command),
            // A number beside anything else belongs to a longer thought, and "sudah?" asks.
            _ if asks || number.is_some() => None,
            _ => Some(command),
        }
    }

    /// The first ticket number in a text, as it is written and as it is meant.
    pub fn ticket_number<'a>(&self, text: &'a str) -> Option<(&'a str, TicketId)> {
        let prefix = self.jurisdiction.ticket_prefix.as_str();
        let is_ours = |id: &TicketId| id.as_str().split_once('-').is_some_and(|(of, _)| of == prefix);
        text.split(|char: char| !char.is_ascii_alphanumeric() && char != '-')
            .find_map(|part| Some((part, part.parse::<TicketId>().ok().filter(is_ours)?)))
    }
}

#[cfg(test)]
#[path = "commands_tests.rs"]
mod tests;
