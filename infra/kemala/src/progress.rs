//! What is going on, told on stderr: live lines on a terminal, one plain line per finished step elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Several steps, shown under each other.
#[derive(Debug, Clone)]
pub struct Progress {
    bars: MultiProgress,
    show: Show,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    Live,
    Lines,
    Nothing,
}

impl Progress {
    /// Progress for people.
    pub fn on_stderr() -> Self {
        let show = if std::io::stderr().is_terminal() { Show::Live } else { Show::Lines };
        Self { bars: MultiProgress::new(), show }
    }

    /// Progress that nobody sees, for tests.
    pub fn silent() -> Self {
        Self { bars: MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden()), show: Show::Nothing }
    }

    /// Begins a step.
    pub fn step(&self, title: &'static str) -> Step {
        let bar = match self.show {
            Show::Live => self.bars.add(ProgressBar::new_spinner()),
            Show::Lines | Show::Nothing => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {prefix:<12} {wide_msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(title);
        bar.enable_steady_tick(Duration::from_millis(120));
        Step { bar, title, show: self.show, since: Instant::now() }
    }

    /// Shows a line above the steps.
    pub fn note(&self, line: &str) {
        match self.show {
            Show::Live => drop(self.bars.println(line)),
            Show::Lines => anstream::eprintln!("{line}"),
            Show::Nothing => {}
        }
    }
}

/// One step of the work.
#[derive(Debug)]
pub struct Step {
    bar: ProgressBar,
    title: &'static str,
    show: Show,
    since: Instant,
}

impl Step {
    /// Says what the step is doing now.
    pub fn now(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
    }

    /// Ends the step with its result.
    pub fn done(self, what: &str) {
        let line = format!("{what} ({:.1} s)", self.since.elapsed().as_secs_f64());
        if self.show == Show::Lines {
            anstream::eprintln!("{:<12} {line}", self.title);
        }
        if let Ok(style) = ProgressStyle::with_template("✓ {prefix:<12} {wide_msg}") {
            self.bar.set_style(style);
        }
        self.bar.finish_with_message(line);
    }
}
