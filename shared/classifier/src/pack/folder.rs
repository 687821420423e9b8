//! Reads the files of a pack's folder, or those of an override in their place, and collects what is wrong with them.

use std::fmt::Display;
use std::hash::Hash;
use std::ops::Range;
use std::path::{Path, PathBuf};

use kemala_domain::Override;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::base::Base;
use super::errors::{PackError, PackErrors};

/// A pack's folder, and the errors met in it so far.
pub(super) struct Folder<'a> {
    dir: &'a Path,
    /// The pack beside it from which it takes what it does not have itself.
    base: Option<Base>,
    over: Option<&'a Override>,
    errors: Vec<PackError>,
}

/// A row of a table with its line in the file.
pub(super) struct Row<T> {
    pub(super) line: usize,
    pub(super) value: T,
}

/// A TOML file that was read, with what it takes to say where in it something stands.
pub(super) struct Document<T> {
    pub(super) value: T,
    text: String,
    lines: LineIndex,
}

impl<T> Document<T> {
    /// The line of a span that `toml::Spanned` gave.
    pub(super) fn line(&self, span: Range<usize>) -> usize {
        self.lines.line(span.start)
    }

    /// The line where a key of the top level is set; 1 where it is not set.
    pub(super) fn line_of_key(&self, key: &str) -> usize {
        let is_key = |line: &str| {
            line.trim_start_matches(['[', ' '])
                .strip_prefix(key)
                .is_some_and(|rest| rest.starts_with([' ', '=', ']', '.']))
        };
        self.text.lines().position(is_key).map_or(1, |index| index + 1)
    }
}

/// Offsets at which the lines of a file begin.
struct LineIndex(Vec<usize>);

impl LineIndex {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|&start| start <= offset)
    }
}

impl<'a> Folder<'a> {
    pub(super) fn new(dir: &'a Path) -> Self {
        Self { dir, base: Base::of(dir), over: None, errors: Vec::new() }
    }

    /// The folder with files of an override in place of its own.
    pub(super) fn overridden(dir: &'a Path, over: &'a Override) -> Self {
        Self { over: Some(over), ..Self::new(dir) }
    }

    /// The same folder as it was shipped, without what is wrong with it so far.
    pub(super) fn shipped(&self) -> Self {
        Self::new(self.dir)
    }

    /// Whether an override stands in for the file.
    pub(super) fn is_replaced(&self, file: &str) -> bool {
        self.replacement(file).is_some()
    }

    fn replacement(&self, file: &str) -> Option<&'a str> {
        self.over?.files.get(file).map(|replacement| replacement.text.as_str())
    }

    /// Notes something wrong in a line of a file.
    pub(super) fn error_at(&mut self, file: &str, line: usize, problem: impl Display) {
        let file = self.told(file);
        self.errors.push(PackError { file, line: Some(line), problem: problem.to_string() });
    }

    /// Notes something wrong with a file as a whole.
    pub(super) fn error(&mut self, file: &str, problem: impl Display) {
        let file = self.told(file);
        self.errors.push(PackError { file, line: None, problem: problem.to_string() });
    }

    /// Whether nothing is wrong with a file so far; else what refers to it is not judged by it.
    pub(super) fn is_sound(&self, file: &str) -> bool {
        let file = self.told(file);
        self.errors.iter().all(|error| error.file != file)
    }

    /// How a file is called to people: from the pack's folder, also where another pack has it.
    fn told(&self, file: &str) -> String {
        match self.base_for(file) {
            Some(base) => format!("../{}/{file}", base.name),
            None => file.to_owned(),
        }
    }

    /// Whether there is a pack of that name beside this one, and it is whole itself.
    pub(super) fn extends(&self, name: &str) -> Result<(), String> {
        let base = Base::named(self.dir, name)?;
        match Base::of(&base.dir) {
            Some(other) => Err(format!("{name} extends {} itself; name that one", other.name)),
            None => Ok(()),
        }
    }

    /// The pack that has a file in this one's place.
    fn base_for(&self, file: &str) -> Option<&Base> {
        let base = self.base.as_ref().filter(|_| !self.is_replaced(file))?;
        base.gives(file, self.dir).then_some(base)
    }

    /// The value, if nothing was wrong and it could be made.
    pub(super) fn finish<T>(mut self, value: Option<T>) -> Result<T, PackErrors> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => {
                self.errors.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
                Err(PackErrors(self.errors))
            }
        }
    }

    /// The rows of a CSV file with a header line. Rows that cannot be read are noted and left out.
    pub(super) fn table<T: DeserializeOwned>(&mut self, file: &str) -> Vec<Row<T>> {
        let mut rows = Vec::new();
        self.each_record(file, |folder, line, headers, record| match record.deserialize(Some(headers)) {
            Ok(value) => rows.push(Row { line, value }),
            Err(error) => folder.error_at(file, line, problem_of(&error, headers, record)),
        });
        rows
    }

    /// The same of some columns as they are written, for a long table that no cold start should wait for.
    pub(super) fn columns<const N: usize>(
        &mut self,
        file: &str,
        columns: [&str; N],
        mut each: impl FnMut(&mut Self, usize, [&str; N]),
    ) {
        let mut places = None;
        self.each_record(file, |folder, line, headers, record| {
            let places = places.get_or_insert_with(|| {
                let place = |column| headers.iter().position(|header| header == column);
                columns.map(|column| place(column).ok_or(column))
            });
            match places.iter().find_map(|place| place.err()) {
                Some(column) => folder.error_at(file, line, format!("column {column} is missing; add it")),
                None => {
                    each(folder, line, places.map(|place| place.ok().and_then(|i| record.get(i)).unwrap_or_default()))
                }
            }
        });
    }

    fn each_record(
        &mut self,
        file: &str,
        mut each: impl FnMut(&mut Self, usize, &csv::StringRecord, &csv::StringRecord),
    ) {
        let Some(text) = self.text(file) else { return };
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(error) => {
                self.error_at(file, 1, format!("the header line cannot be read ({error}); give the column names"));
                return;
            }
        };
        let mut is_empty = true;
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    let line = record.position().map_or(0, |position| position.line() as usize);
                    each(self, line, &headers, &record);
                }
                Err(error) => {
                    let line = error.position().map_or(0, |position| position.line() as usize);
                    self.error_at(file, line, problem_of(&error, &headers, &record));
                }
            }
            is_empty = false;
        }
        if is_empty {
            self.error(file, "has no row; fill it or take the pack from the repository again");
        }
    }

    /// A TOML file.
    pub(super) fn document<T: DeserializeOwned>(&mut self, file: &str) -> Option<Document<T>> {
        let text = self.text(file)?;
        let lines = LineIndex::of(&text);
        match toml::from_str(&text) {
            Ok(value) => Some(Document { value, text, lines }),
            Err(error) => {
                let line = error.span().map_or(1, |span| lines.line(span.start));
                self.error_at(file, line, error.message());
                None
            }
        }
    }

    /// The first line of a file that has a text; 1 where none has.
    pub(super) fn line_with(&mut self, file: &str, part: &str) -> usize {
        let text = self.text(file).unwrap_or_default();
        text.lines().position(|line| line.contains(part)).map_or(1, |index| index + 1)
    }

    /// Where a file is that is only read when it is needed.
    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.base_for(file).map_or_else(|| self.dir.join(file), |base| base.dir.join(file))
    }

    /// The content of a file that a pack may go without.
    pub(super) fn bytes_if_there(&mut self, file: &str) -> Option<Vec<u8>> {
        match std::fs::read(self.path(file)) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                self.error(file, format!("cannot be read ({error})"));
                None
            }
        }
    }

    /// The text of a file; what keeps it from being read is noted.
    pub(super) fn text(&mut self, file: &str) -> Option<String> {
        if let Some(text) = self.replacement(file) {
            return Some(text.to_owned());
        }
        match std::fs::read_to_string(self.path(file)) {
            Ok(text) => Some(text),
            Err(error) => {
                self.error(file, format!("cannot be read ({error}); a pack needs this file, UTF-8"));
                None
            }
        }
    }

    /// Notes a row whose key was there before.
    pub(super) fn check_unique<K: Eq + Hash + Display>(
        &mut self,
        file: &str,
        keys: impl IntoIterator<Item = (usize, K)>,
    ) {
        let mut seen = FxHashMap::default();
        for (line, key) in keys {
            match seen.get(&key) {
                Some(first) => {
                    let problem = format!("{key} is already in line {first}; keep one of the two");
                    self.error_at(file, line, problem);
                }
                None => {
                    seen.insert(key, line);
                }
            }
        }
    }
}

/// What is wrong in a row, with the name of the column where the reader knows it.
fn problem_of(error: &csv::Error, headers: &csv::StringRecord, record: &csv::StringRecord) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let column = err.field().and_then(|field| headers.get(field as usize));
            match column {
                Some(column) => format!("column {column}: {}", err.kind()),
                None => format!("{} in the row {}", err.kind(), record.iter().collect::<Vec<_>>().join(",")),
            }
        }
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns instead of {expected_len}; count the commas, quote a text that holds one")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8; save the file as UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// A column that says `yes`, or `no` or nothing.
pub(super) fn yes_or_no<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    is_yes(<&str>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// Whether a column says `yes`, or `no` or nothing.
pub(super) fn is_yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" | "" => Ok(false),
        other => Err(format!("'{other}' is neither yes nor no")),
    }
}
