//! One test binary with a module for each kind of story.

mod agencies;
mod artefacts;
mod board;
mod browser;
mod calls;
mod citizens;
mod clocks;
mod cost;
mod day;
mod desks;
mod faults;
mod figures;
mod floods;
mod incidents;
mod open311;
mod openapi;
mod overrides;
mod permissions;
mod polling;
mod posts;
mod readme;
mod samples;
mod volume;
mod webhook;
mod work;
mod world;
