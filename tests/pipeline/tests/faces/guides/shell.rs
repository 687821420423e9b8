//! As much of a shell's grammar as guides use: which programs are called, with which words.

use std::iter::Peekable;
use std::str::CharIndices;

/// Stands for what the reader or the shell puts in: `$NAME`, `$(…)`, `<CODE>`.
pub const PLACEHOLDER: char = '\u{fffd}';

/// A simple command: its words, and the line that it begins on (from 0, in its block).
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    pub line: usize,
    pub words: Vec<String>,
}

/// Words that may stand before a command.
const BEFORE_COMMANDS: [&str; 11] = ["if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec"];

/// All simple commands of a script, those inside `$(…)` among them.
pub fn commands(script: &str) -> Vec<Command> {
    let mut reader = Reader { script, rest: script.char_indices().peekable(), found: Vec::new() };
    while reader.rest.peek().is_some() {
        // A closing bracket too many ends a list; there may be more behind it.
        reader.list();
    }
    reader.found.sort_by_key(|command| command.line);
    reader.found
}

struct Reader<'a> {
    script: &'a str,
    rest: Peekable<CharIndices<'a>>,
    found: Vec<Command>,
}

/// A command that is being read.
#[derive(Default)]
struct Open {
    words: Vec<String>,
    word: Option<String>,
    line: usize,
    /// The next word is a file, or what a here-string holds.
    redirected: bool,
}

impl Open {
    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        if std::mem::take(&mut self.redirected) {
            return;
        }
        let is_first = self.words.is_empty();
        if is_first && (BEFORE_COMMANDS.contains(&word.as_str()) || is_assignment(&word)) {
            return;
        }
        self.words.push(word);
    }

    fn push(&mut self, text: impl Into<String>) {
        self.word.get_or_insert_default().push_str(&text.into());
    }
}

fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Reader<'_> {
    /// Commands up to the closing bracket, or the end.
    fn list(&mut self) {
        let mut open = Open::default();
        while let Some((at, c)) = self.rest.next() {
            if open.words.is_empty() && open.word.is_none() {
                open.line = self.line(at);
            }
            match c {
                ')' => break,
                '\n' | ';' | '|' | '&' | '(' => self.end(&mut open),
                c if c.is_whitespace() => open.end_word(),
                '#' if open.word.is_none() => while self.rest.next_if(|(_, c)| *c != '\n').is_some() {},
                '\\' => match self.rest.next() {
                    Some((_, '\n')) | None => open.end_word(),
                    Some((_, c)) => open.push(c),
                },
                '\'' => {
                    open.push("");
                    while let Some((_, c)) = self.rest.next().filter(|(_, c)| *c != '\'') {
                        open.push(c);
                    }
                }
                '"' => self.quoted(&mut open),
                '$' => {
                    let value = self.value();
                    open.push(value);
                }
                '<' => match self.placeholder(at) {
                    true => open.push(PLACEHOLDER),
                    false => self.redirection(&mut open),
                },
                '>' => self.redirection(&mut open),
                c => open.push(c),
            }
        }
        self.end(&mut open);
    }

    fn end(&mut self, open: &mut Open) {
        open.end_word();
        let Open { words, line, .. } = std::mem::take(open);
        if !words.is_empty() {
            self.found.push(Command { line, words });
        }
    }

    fn quoted(&mut self, open: &mut Open) {
        open.push("");
        while let Some((_, c)) = self.rest.next() {
            match c {
                '"' => return,
                '\\' => open.push(self.rest.next().map_or('\\', |(_, c)| c)),
                '$' => {
                    let value = self.value();
                    open.push(value);
                }
                c => open.push(c),
            }
        }
    }

    /// What follows a `$`.
    fn value(&mut self) -> char {
        match self.rest.peek().map(|(_, c)| *c) {
            Some('(') => {
                let (at, _) = self.rest.next().unwrap_or_default();
                match self.script[at..].starts_with("((") {
                    true => self.arithmetic(),
                    false => self.list(),
                }
            }
            Some('{') => while self.rest.next().is_some_and(|(_, c)| c != '}') {},
            Some(c) if c.is_alphanumeric() || c == '_' => {
                while self.rest.next_if(|(_, c)| c.is_alphanumeric() || *c == '_').is_some() {}
            }
            _ => return '$',
        }
        PLACEHOLDER
    }

    /// Passes over the rest of `$((…))`.
    fn arithmetic(&mut self) {
        let mut open = 1;
        while open > 0 {
            match self.rest.next() {
                Some((_, '(')) => open += 1,
                Some((_, ')')) => open -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// Passes over `<CODE>` or `<your account>`, if that is what begins at a `<`.
    fn placeholder(&mut self, at: usize) -> bool {
        let Some((name, _)) = self.script[at + 1..].split_once('>') else { return false };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '\'' | '.');
        if !name.starts_with(char::is_alphanumeric) || name.ends_with(' ') || !name.chars().all(is_name) {
            return false;
        }
        while self.rest.next().is_some_and(|(_, c)| c != '>') {}
        true
    }

    /// `>`, `>>`, `2>&1`, `<`, `<<<` and here-documents.
    fn redirection(&mut self, open: &mut Open) {
        if open.word.as_ref().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit())) {
            open.word = None;
        }
        open.end_word();
        let mut count = 1;
        while self.rest.next_if(|(_, c)| matches!(c, '<' | '>' | '&')).is_some() {
            count += 1;
        }
        let Some(&(at, _)) = self.rest.peek() else { return };
        open.redirected = true;
        if count == 2 && self.script[..at].ends_with("<<") {
            self.here_document(at);
            open.redirected = false;
        }
    }

    fn here_document(&mut self, at: usize) {
        let end = self.script[at..].lines().next().unwrap_or_default().trim_matches(|c| matches!(c, '\'' | '"' | '-'));
        let mut line = at;
        for text in self.script[at..].split_inclusive('\n') {
            line += text.len();
            if text.trim() == end && line > at + text.len() {
                break;
            }
        }
        while self.rest.next_if(|(here, _)| *here + 1 < line).is_some() {}
    }

    fn line(&self, at: usize) -> usize {
        self.script[..at].matches('\n').count()
    }
}

#[cfg(test)]
fn shown(script: &str) -> Vec<String> {
    commands(script).into_iter().map(|command| format!("{} {}", command.line, command.words.join("|"))).collect()
}

#[test]
fn commands_are_found_wherever_a_shell_finds_them() {
    assert_eq!(
        shown("aws a --b 'c d' \\\n  --e \"f $g\"  # no word\naws h"),
        ["0 aws|a|--b|c d|--e|f \u{fffd}", "2 aws|h"]
    );
    assert_eq!(
        shown("id=$(aws a --query 'x[?y==`z`]') && aws \"$id\"; x | y"),
        ["0 aws|a|--query|x[?y==`z`]", "0 aws|\u{fffd}", "0 x", "0 y"]
    );
    assert_eq!(
        shown("of() {\n  aws a \"$1\" 2>/dev/null\n}\nif ! A=1 b; then c > d; fi"),
        ["0 of", "1 aws|a|\u{fffd}", "2 }", "3 b", "3 c", "3 fi"]
    );
    assert_eq!(
        shown("cargo kemala ping <CODE> --x arn:<your account>:y < file"),
        ["0 cargo|kemala|ping|\u{fffd}|--x|arn:\u{fffd}:y"]
    );
    assert_eq!(shown("cat > x.json <<'END'\n{\"aws\": \"$no\"}\nEND\naws b <<< \"$c\""), ["0 cat", "3 aws|b"]);
}
