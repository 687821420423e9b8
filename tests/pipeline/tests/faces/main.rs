//! What people and other programs see and use: pages, APIs, lists, figures, samples, commands, guides, further stacks. One
//! binary with a module for each kind of story.

mod artefacts;
mod board;
mod browser;
mod cities;
mod cost;
mod figures;
mod guides;
mod open311;
mod openapi;
mod polling;
mod readme;
mod samples;
mod watch;
mod work;

use kemala_pipeline::{calls, command, world};
