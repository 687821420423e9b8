//! What a machine must have, looked at before anything is started, each with its remedy.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow};

use crate::problem::Problem;

/// Python 3.10 is the oldest that the emulator and the SAM CLI run on.
const PYTHON: (u32, u32) = (3, 10);
/// The tools (0.5 GB), the functions' build (0.5 GB beyond this program's) and what is staged (0.4 GB), with some air.
const DISK_BYTES: u64 = 2_000_000_000;
/// What is staged and unpacked at each deployment, with some air.
const DISK_BYTES_LATER: u64 = 600_000_000;

/// Everything that can be wrong before the work begins. All that is missing is told at once.
pub fn machine(home: &Path) -> Result<()> {
    let needed = if home.join("tools").is_dir() { DISK_BYTES_LATER } else { DISK_BYTES };
    let findings =
        [python(&run("python3", PYTHON_QUESTION)), compiler(run("cc", &["--version"]).is_some()), disk(home, needed)];
    let problems: Vec<String> =
        findings.into_iter().filter_map(Result::err).map(|problem| problem.to_string()).collect();
    if problems.is_empty() { Ok(()) } else { Err(anyhow!(problems.join("\n"))) }
}

/// Whether the port can be listened on.
pub fn port(port: u16) -> Result<(), Problem> {
    TcpListener::bind(("127.0.0.1", port)).map(drop).map_err(|error| {
        Problem::new(
            format!("port {port} cannot be used ({error})"),
            "stop the program that has it, or choose another with --port",
        )
    })
}

/// Asks for the version, and whether a venv with pip can be made.
const PYTHON_QUESTION: &[&str] =
    &["-c", "import sys; print(*sys.version_info[:2]); import venv, ensurepip; print('venv')"];

/// Judges the answer to [`PYTHON_QUESTION`]; `None` where there is no Python.
fn python(answer: &Option<String>) -> Result<(), Problem> {
    let Some(answer) = answer else {
        return Err(Problem::new(
            "there is no python3",
            "install Python 3.10 or newer (Debian, Ubuntu: apt install python3 python3-venv)",
        ));
    };
    let mut words = answer.split_whitespace();
    let mut number = || words.next().and_then(|word| word.parse::<u32>().ok()).unwrap_or(0);
    let version = (number(), number());
    if version < PYTHON {
        let what = format!("python3 is version {}.{}, which is too old", version.0, version.1);
        return Err(Problem::new(what, "install Python 3.10 or newer and put it first in PATH"));
    }
    if words.next() != Some("venv") {
        return Err(Problem::new(
            "this Python cannot make virtual environments",
            format!("install its venv module (Debian, Ubuntu: apt install python{}.{}-venv)", version.0, version.1),
        ));
    }
    Ok(())
}

fn compiler(there: bool) -> Result<(), Problem> {
    if there {
        return Ok(());
    }
    Err(Problem::new(
        "there is no C compiler (cc)",
        "install one (Debian, Ubuntu: apt install build-essential; Fedora: dnf install gcc)",
    ))
}

fn disk(home: &Path, needed: u64) -> Result<(), Problem> {
    let Some(there) = home.ancestors().find(|folder| folder.exists()) else { return Ok(()) };
    // Where the system does not tell, the work itself will.
    let Ok(space) = rustix::fs::statvfs(there) else { return Ok(()) };
    enough(space.f_bavail.saturating_mul(space.f_frsize), needed, there)
}

fn enough(free: u64, needed: u64, place: &Path) -> Result<(), Problem> {
    if free >= needed {
        return Ok(());
    }
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    Err(Problem::new(
        format!("{:.1} GB are free at {}, {:.1} GB are needed", gigabytes(free), place.display(), gigabytes(needed)),
        "free some space, or build elsewhere with CARGO_TARGET_DIR",
    ))
}

/// What a program prints; `None` where it is not there. One that fails half-way has still printed something.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(result: Result<(), Problem>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_good_python_passes() {
        assert_eq!(python(&Some("3 10\nvenv\n".into())), Ok(()));
        assert_eq!(python(&Some("3 14\nvenv\n".into())), Ok(()));
    }

    #[test]
    fn each_lack_has_its_remedy() {
        insta::assert_snapshot!(told(python(&None)), @"
        there is no python3
          what to do: install Python 3.10 or newer (Debian, Ubuntu: apt install python3 python3-venv)
        ");
        insta::assert_snapshot!(told(python(&Some("3 9\nvenv\n".into()))), @"
        python3 is version 3.9, which is too old
          what to do: install Python 3.10 or newer and put it first in PATH
        ");
        insta::assert_snapshot!(told(python(&Some("3 12\n".into()))), @"
        this Python cannot make virtual environments
          what to do: install its venv module (Debian, Ubuntu: apt install python3.12-venv)
        ");
        insta::assert_snapshot!(told(compiler(false)), @"
        there is no C compiler (cc)
          what to do: install one (Debian, Ubuntu: apt install build-essential; Fedora: dnf install gcc)
        ");
        insta::assert_snapshot!(told(enough(1_200_000_000, DISK_BYTES, Path::new("/home"))), @"
        1.2 GB are free at /home, 2.0 GB are needed
          what to do: free some space, or build elsewhere with CARGO_TARGET_DIR
        ");
    }

    #[test]
    fn a_taken_port_is_told() {
        let other = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let taken = other.local_addr().unwrap().port();
        assert!(told(port(taken)).contains("choose another with --port"));
        drop(other);
        assert_eq!(port(taken), Ok(()));
    }
}
