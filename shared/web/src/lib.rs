#![doc = include_str!("../README.md")]

pub mod answer;
pub mod language;
pub mod states;
pub mod words;

/// Address of the sign that browsers show beside a page's title.
pub const ICON_PATH: &str = "/tanda-1.svg";

/// The sign itself.
pub const ICON: &str = include_str!("icon.svg");

/// The style that all faces begin with.
pub const BASE_CSS: &str = include_str!("base.css");
