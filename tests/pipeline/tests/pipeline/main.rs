//! One test binary with a module for each kind of story.

mod agencies;
mod board;
mod browser;
mod calls;
mod cities;
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
mod polling;
mod posts;
mod readme;
mod samples;
mod volume;
mod webhook;
mod work;
mod world;
