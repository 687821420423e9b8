//! The environment, read once. All problems are reported at once, before the first event.

use std::path::PathBuf;
use std::str::FromStr;

use crate::metrics::Metrics;

/// What is wrong with the environment; one line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the function's environment is incomplete:\n  {}", .0.join("\n  "))]
pub struct ConfigError(Vec<String>);

/// Looks a variable up by name.
type Lookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Reads variables and remembers what is wrong with them.
pub struct Env<'a> {
    read: Box<Lookup<'a>>,
    problems: Vec<String>,
}

impl Env<'static> {
    /// The environment of this process.
    pub fn process() -> Self {
        Self { read: Box::new(|name| std::env::var(name).ok()), problems: Vec::new() }
    }
}

impl<'a> Env<'a> {
    /// An environment given by a function, for tests.
    pub fn given(read: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self { read: Box::new(read), problems: Vec::new() }
    }

    /// A variable that may be absent; an empty one counts as absent.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.read)(name).filter(|value| !value.is_empty())
    }

    /// A variable that must be there. Where it is not, the problem is kept for [`Env::finish`].
    pub fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.problems.push(format!("{name} is not set; the template sets it for this function"));
            String::new()
        })
    }

    /// A variable that must be there and readable as `T`; `fallback` only stands in until [`Env::finish`].
    pub fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, name: &str, fallback: T) -> T {
        let text = self.required(name);
        match text.parse() {
            Ok(value) => value,
            Err(_) if text.is_empty() => fallback,
            Err(error) => {
                self.problems.push(format!("{name}: {error}"));
                fallback
            }
        }
    }

    /// Folder of the pack in the function's zip: `$LAMBDA_TASK_ROOT/packs/$KEMALA_PACK`.
    pub fn pack_dir(&mut self) -> PathBuf {
        let root = self.required("LAMBDA_TASK_ROOT");
        let pack = self.required("KEMALA_PACK");
        PathBuf::from(root).join("packs").join(pack)
    }

    /// Where measurements go: the namespace is the stack's name.
    pub fn metrics(&mut self) -> Metrics {
        Metrics::new(self.required("METRICS_NAMESPACE"))
    }

    /// Reports everything that was wrong.
    ///
    /// # Errors
    /// [`ConfigError`] with a line for each missing or unreadable variable.
    pub fn finish(self) -> Result<(), ConfigError> {
        if self.problems.is_empty() { Ok(()) } else { Err(ConfigError(self.problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_told_at_once() {
        let mut env = Env::given(|name| (name == "LIMIT").then(|| "many".to_owned()));
        env.required("TABLE_NAME");
        env.parsed("LIMIT", 0u32);
        env.parsed("OTHER", 0u32);
        let problems = env.finish().unwrap_err().to_string();
        for part in ["TABLE_NAME is not set", "LIMIT: invalid digit", "OTHER is not set"] {
            assert!(problems.contains(part), "{part} in {problems}");
        }
    }

    #[test]
    fn the_pack_is_in_the_zip() {
        let mut env = Env::given(|name| match name {
            "LAMBDA_TASK_ROOT" => Some("/var/task".to_owned()),
            "KEMALA_PACK" => Some("jateng".to_owned()),
            _ => None,
        });
        assert_eq!(env.pack_dir(), PathBuf::from("/var/task/packs/jateng"));
        assert_eq!(env.finish(), Ok(()));
    }
}
