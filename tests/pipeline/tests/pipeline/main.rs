//! One test binary with a module for each kind of story.

mod agencies;
mod clocks;
mod faults;
mod floods;
mod incidents;
mod overrides;
mod posts;
mod readme;
mod volume;
mod webhook;
mod world;
