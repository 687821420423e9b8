//! Secrets as people give them: typed unseen on a terminal, or a line of standard input. Never an argument, which other
//! users of the machine and the shell's history would see.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use anyhow::{Context, Result, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Reads one value, without the white space around it; empty where nothing was typed.
///
/// # Errors
/// Where standard input ends before.
pub fn read(prompt: &str) -> Result<String> {
    let input = stdin();
    let mut line = String::new();
    let mut input_line = || -> Result<usize> { Ok(input.lock().read_line(&mut line)?) };
    let read = if input.is_terminal() {
        write!(stderr(), "{prompt}: ")?;
        let hidden = Hidden::begin()?;
        let read = input_line();
        drop(hidden);
        writeln!(stderr())?;
        read?
    } else {
        input_line()?
    };
    if read == 0 {
        bail!("standard input ended where {prompt} was to come");
    }
    Ok(line.trim().to_owned())
}

/// The terminal shows nothing of what is typed until this is dropped.
struct Hidden(Termios);

impl Hidden {
    fn begin() -> Result<Self> {
        let before = tcgetattr(stdin()).context("the terminal cannot be asked")?;
        let mut hidden = before.clone();
        hidden.local_modes -= LocalModes::ECHO;
        tcsetattr(stdin(), OptionalActions::Flush, &hidden).context("the terminal cannot be kept from showing")?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // Nothing can be done about it; `stty sane` can.
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &self.0);
    }
}
