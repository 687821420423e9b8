//! From a post to its agency and back to the citizen, whatever goes wrong, and what mends it. One binary with a module for
//! each kind of story.

mod agencies;
mod citizens;
mod clocks;
mod day;
mod desks;
mod faults;
mod floods;
mod incidents;
mod mending;
mod overrides;
mod permissions;
mod posts;
mod privacy;
mod restore;
mod volume;
mod webhook;

use kemala_pipeline::{calls, command, world};
