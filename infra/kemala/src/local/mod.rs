//! The whole system on this machine: the same template and the same binaries as on AWS, on an emulator.

mod browser;
mod build;
mod check;
mod emulator;
pub mod fake_x;
mod lock;
mod officers;
mod sam;
mod stage;
mod state;
mod up;
mod venv;
mod workspace;

pub use browser::Browser;
pub use build::cargo;
pub use emulator::Emulator;
pub use fake_x::FakeX;
pub use officers::Login;
pub use sam::{build as sam_build, deploy_built, lint};
pub use state::Local;
pub use up::{Options, up};
pub use venv::{BROWSER, EMULATOR, OPEN311, PEERS, SAM, SAMPLES, SCHEMATHESIS, Tool, Venv};
pub use workspace::Workspace;
